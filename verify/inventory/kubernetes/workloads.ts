import { Unknown, type Value } from "../../../expression/value";
import { podTemplateOf } from "../../read/kubernetes/pod-template";
import type { KubernetesObject, Source } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { field, isObject, text } from "../values";
import { probedPorts } from "./probes";

export type Labels = Readonly<Record<string, Value>>;

/** Pods that the input declares, with all of their labels. */
export interface Workload {
  readonly address: string;
  readonly source: Source;
  readonly namespace: Value;
  readonly labels: Labels;
  /** The keys of those that the cluster may add. */
  readonly addedLabels: readonly string[];
  /** The labels of its service account; undefined where the input does not show it. */
  readonly accountLabels?: Labels;
  /** Whether its pods have the network of their node: then they have no groups of their own. */
  readonly isOnHostNetwork: boolean | "unknown";
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
 * Labels that the controllers of Kubernetes add to the pods of a kind.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  DaemonSet: ["controller-revision-hash", "pod-template-generation"],
  Deployment: ["pod-template-hash"],
  Job: [
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
  ],
  StatefulSet: [
    "apps.kubernetes.io/pod-index",
    "controller-revision-hash",
    "statefulset.kubernetes.io/pod-name",
  ],
};

function addedTo(kind: Value | undefined): readonly string[] {
  // A CronJob makes Jobs.
  return typeof kind === "string" ? (ADDED[kind === "CronJob" ? "Job" : kind] ?? []) : [];
}

/** The workloads of the input whose pods' labels it determines. */
export const workloads: (of: Inventory) => readonly Workload[] = once(({ objects }) => {
  const accounts = accountsOf(objects);
  return objects.flatMap((object): Workload[] => {
    const { address, source, body, isUncertain } = object;
    const template = podTemplateOf(body);
    const labels = template && (field(template.metadata, "labels") ?? (object.isManifest ? {} : undefined));
    if (template === undefined || isUncertain || !isObject(labels)) return [];
    const { spec } = template;
    const namespace = field(body, "metadata", "namespace") ?? "default";
    const account = field(spec, "serviceAccountName") ?? field(spec, "serviceAccount") ?? "default";
    const accountLabels = accounts.get(accountKey(namespace, account));
    const host = field(spec, "hostNetwork") ?? false;
    const dnsPolicy = field(spec, "dnsPolicy");
    const probes = probedPorts(spec);
    return [
      {
        address,
        source,
        spec,
        kind: text(field(body, "kind")) ?? "",
        name: text(field(body, "metadata", "name")) ?? text(field(body, "metadata", "generateName")) ?? "",
        labels,
        addedLabels: addedTo(field(body, "kind")),
        namespace,
        isOnHostNetwork: host instanceof Unknown || spec instanceof Unknown ? "unknown" : host === true,
        ...(accountLabels && { accountLabels }),
        ...(dnsPolicy !== undefined && { dnsPolicy }),
        ...(probes && { probes }),
      },
    ];
  });
});

/** The labels of the service accounts that the input declares. */
function accountsOf(objects: readonly KubernetesObject[]): ReadonlyMap<string, Labels> {
  return new Map(
    objects.flatMap(({ body, isUncertain }): [string, Labels][] => {
      if (isUncertain || text(field(body, "kind")) !== "ServiceAccount") return [];
      const labels = field(body, "metadata", "labels") ?? {};
      const namespace = field(body, "metadata", "namespace") ?? "default";
      const name = field(body, "metadata", "name") ?? null;
      return isObject(labels) ? [[accountKey(namespace, name), labels]] : [];
    }),
  );
}

/** What is not known is no account of another. */
function accountKey(namespace: Value, name: Value): string {
  return [namespace, name].map((part) => (typeof part === "string" ? part : "?")).join("/");
}
