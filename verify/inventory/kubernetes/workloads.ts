import { Unknown, type Value } from "../../../expression/value";
import { addedLabels, JOB_NAMES } from "../../read/kubernetes/added-labels";
import { podTemplateOf } from "../../read/kubernetes/pod-template";
import type { LineOf, Source } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { field, isObject, text } from "../values";
import { probedPorts } from "./probes";
import { type Account, serviceAccounts } from "./service-accounts";

export type Labels = Readonly<Record<string, Value>>;

/** Pods that the input declares, with all of their labels. */
export interface Workload {
  readonly address: string;
  readonly source: Source;
  readonly lineOf?: LineOf;
  readonly namespace: Value;
  readonly labels: Labels;
  /** The keys of those that the cluster may add. */
  readonly addedLabels: readonly string[];
  /** Its service account. */
  readonly account: Account;
  /** Why its pods have the groups of their node, whatever policies say; `unknown` where the input does not determine it. */
  readonly passedOver?: PassedOver | "unknown";
  /** Absent where the pods have Kubernetes's default, ClusterFirst. */
  readonly dnsPolicy?: Value;
  /** The spec of its pods. */
  readonly spec: Value;
  /** Its kind and its name, as far as they are known. */
  readonly kind: string;
  readonly name: string;
  /** The TCP ports that the kubelet probes; absent where the input does not determine them. */
  readonly probes?: readonly number[];
}

/**
 * Pods that the controller passes over: those on the network of their node, and those whose nodeSelector asks for Windows. No other
 * field makes a pod one of Windows: https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/v1.8.2/webhooks/core/pod_webhook.go
 */
export type PassedOver = "host network" | "windows";

/** The labels of nodes by which a nodeSelector asks for an operating system; the second is of old. */
export const OS_LABELS = ["kubernetes.io/os", "beta.kubernetes.io/os"] as const;

/** What EKS adds to pods that it runs on Fargate, before the controller sees them. */
const FARGATE_PROFILE = "eks.amazonaws.com/fargate-profile";

function addedTo(kind: Value | undefined): readonly string[] {
  const own = typeof kind === "string" ? addedLabels(kind) : [];
  return kind === "Pod" ? own : [...own, FARGATE_PROFILE];
}

/** The labels of a pod that a Job makes have the Job's name; of a CronJob's nobody knows it before. */
function jobLabels(body: Value): Labels {
  const name = field(body, "metadata", "name");
  if (field(body, "kind") !== "Job" || typeof name !== "string") return {};
  return Object.fromEntries(JOB_NAMES.map((key) => [key, name]));
}

function passedOver(spec: Value, labels: Labels): Workload["passedOver"] {
  const host = field(spec, "hostNetwork") ?? false;
  if (host === true) return "host network";
  // Whatever nodes it asks for.
  const isOfFargate = Object.hasOwn(labels, FARGATE_PROFILE);
  const nodes = isOfFargate ? null : (field(spec, "nodeSelector") ?? null);
  const asked = nodes instanceof Unknown ? [nodes] : OS_LABELS.map((label) => field(nodes, label));
  if (asked.includes("windows")) return "windows";
  return [spec, host, ...asked].some((one) => one instanceof Unknown) ? "unknown" : undefined;
}

/** The workloads of the input whose pods' labels it determines. */
export const workloads: (of: Inventory) => readonly Workload[] = once((inventory) => {
  const { objects } = inventory;
  const accounts = serviceAccounts(inventory);
  return objects.flatMap((object): Workload[] => {
    const { address, source, lineOf, body, isUncertain } = object;
    const template = podTemplateOf(body);
    const labels = template && (field(template.metadata, "labels") ?? {});
    if (template === undefined || isUncertain || !isObject(labels)) return [];
    const { spec } = template;
    const namespace = field(body, "metadata", "namespace") ?? "default";
    const skipped = passedOver(spec, labels);
    const dnsPolicy = field(spec, "dnsPolicy");
    const probes = probedPorts(spec);
    return [
      {
        address,
        source,
        ...(lineOf && { lineOf }),
        spec,
        kind: text(field(body, "kind")) ?? "",
        name: text(field(body, "metadata", "name")) ?? text(field(body, "metadata", "generateName")) ?? "",
        labels: { ...labels, ...jobLabels(body) },
        addedLabels: addedTo(field(body, "kind")),
        namespace,
        account: accounts.of(namespace, spec),
        ...(skipped && { passedOver: skipped }),
        ...(dnsPolicy !== undefined && { dnsPolicy }),
        ...(probes && { probes }),
      },
    ];
  });
});

/** Whether the input has workloads that may be there or whose labels it does not determine: they are none of those above. */
export const hasUnreadWorkloads: (of: Inventory) => boolean = once((inventory) => {
  const known = new Set(workloads(inventory).map(({ address }) => address));
  return inventory.objects.some(
    ({ address, body }) => podTemplateOf(body) !== undefined && !known.has(address),
  );
});
