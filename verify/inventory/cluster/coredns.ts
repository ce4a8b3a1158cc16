import { documentsOf } from "../../../expression/partial-text";
import { Unknown, type Value } from "../../../expression/value";
import { podTemplateOf } from "../../read/kubernetes/pod-template";
import type { Resource } from "../../read/model";
import { type Labels, type Workload, workloads } from "../kubernetes/workloads";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { elements, field, isObject } from "../values";
import { isKeptOnEc2 } from "./fargate";
import { placementOf } from "./nodes";

export const SYSTEM = "kube-system";

/** What the pods of a cluster's DNS are, and where they may run. */
export interface CoreDns {
  /** The workload, where the input shows it. */
  readonly workload?: Workload;
  readonly labels: Labels;
  /** Whether it may have other labels besides. */
  readonly hasOpenLabels: boolean;
  readonly tolerations: readonly Value[];
  readonly nodeSelector: Labels;
  /** Whether something else says where it runs that is not looked into, such as affinity, or is not known. */
  readonly isPlacedOtherwise: boolean;
  /** What it is kept on, where something says so. */
  readonly compute?: "ec2" | "fargate";
}

/** As EKS installs it: https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html */
const LABELS: Labels = { "eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns" };
const TOLERATIONS: readonly Value[] = [
  { key: "CriticalAddonsOnly", operator: "Exists" },
  { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
];

/** The cluster's DNS of an input: as its manifests or its add-on have it, else as EKS installs it. */
export const coreDns: (of: Inventory) => CoreDns = once((inventory) => {
  const workload = workloads(inventory).find(isCoreDns);
  if (workload !== undefined) return ofWorkload(inventory, workload);
  const addOn = resources(inventory, "aws_eks_addon").find(
    ({ values }) => values["addon_name"] === "coredns",
  );
  return ofAddOn(addOn);
});

function isCoreDns({ namespace, labels, name, kind }: Workload): boolean {
  if (namespace !== SYSTEM || kind === "DaemonSet") return false;
  return labels["k8s-app"] === "kube-dns" || name === "coredns";
}

function ofWorkload(inventory: Inventory, workload: Workload): CoreDns {
  const { spec, labels, address } = workload;
  const body = inventory.objects.find((one) => one.address === address)?.body ?? null;
  const affinity = field(spec, "affinity", "nodeAffinity");
  return {
    workload,
    labels,
    hasOpenLabels: false,
    ...placementOf(spec),
    isPlacedOtherwise: affinity !== undefined && !isOfEks(affinity),
    compute: isKeptOnEc2(podTemplateOf(body)?.metadata ?? null) ? "ec2" : "fargate",
  };
}

/** EKS's own affinity asks for Linux and an architecture that CoreDNS has. */
function isOfEks(affinity: Value): boolean {
  const terms = elements(
    field(affinity, "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"),
  ).flatMap((term) => elements(field(term, "matchExpressions")));
  return terms.every((term) =>
    ["kubernetes.io/os", "kubernetes.io/arch"].includes(String(field(term, "key"))),
  );
}

function ofAddOn(addOn: Resource | undefined): CoreDns {
  const text = addOn?.values["configuration_values"] ?? null;
  const [values = null] = text === null || text === "" ? [{}] : (documentsOf(text) ?? []);
  if (!isObject(values)) {
    return {
      labels: LABELS,
      hasOpenLabels: true,
      tolerations: TOLERATIONS,
      nodeSelector: {},
      isPlacedOtherwise: true,
    };
  }
  const { tolerations = null, podLabels = {}, computeType = null, affinity = null } = values;
  const compute = typeof computeType === "string" ? computeType.toLowerCase() : undefined;
  return {
    labels: { ...LABELS, ...(isObject(podLabels) ? podLabels : {}) },
    hasOpenLabels: !isObject(podLabels),
    ...placementOf(values),
    ...(tolerations === null && { tolerations: TOLERATIONS }),
    isPlacedOtherwise: affinity !== null || computeType instanceof Unknown,
    ...((compute === "ec2" || compute === "fargate") && { compute }),
  };
}
