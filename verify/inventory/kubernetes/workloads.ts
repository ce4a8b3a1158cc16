import type { Value } from "../../../expression/value";
import type { Source } from "../../read/model";
import type { Inventory } from "../model";
import { field, isObject } from "../values";
import { probedPorts } from "./probes";

/** What makes pods, and where the labels of these stand. */
const TEMPLATE = ["spec", "template", "metadata"] as const;
const PODS: Readonly<Record<string, readonly string[]>> = {
  CronJob: ["spec", "jobTemplate", "spec", "template", "metadata"],
  DaemonSet: TEMPLATE,
  Deployment: TEMPLATE,
  Job: TEMPLATE,
  Pod: ["metadata"],
  ReplicaSet: TEMPLATE,
  ReplicationController: TEMPLATE,
  StatefulSet: TEMPLATE,
};

/** Pods that the input declares, with all of their labels. */
export interface Workload {
  readonly address: string;
  readonly source: Source;
  readonly namespace: Value;
  readonly labels: Readonly<Record<string, Value>>;
  /** Absent where the pods have Kubernetes's default, ClusterFirst. */
  readonly dnsPolicy?: Value;
  /** The TCP ports that the kubelet probes; absent where the input does not determine them. */
  readonly probes?: readonly number[];
}

/** The workloads of the input whose pods' labels it determines. */
export function workloads({ objects }: Inventory): Workload[] {
  return objects.flatMap(({ address, source, body, isUncertain }) => {
    const kind = field(body, "kind");
    const path = typeof kind === "string" && Object.hasOwn(PODS, kind) ? PODS[kind] : undefined;
    const labels = path && field(body, ...path, "labels");
    if (path === undefined || isUncertain || !isObject(labels)) return [];
    const namespace = field(body, "metadata", "namespace") ?? "default";
    const spec = field(body, ...path.slice(0, -1), "spec");
    const dnsPolicy = field(spec, "dnsPolicy");
    const probes = probedPorts(spec);
    return [
      {
        address,
        source,
        labels,
        namespace,
        ...(dnsPolicy !== undefined && { dnsPolicy }),
        ...(probes && { probes }),
      },
    ];
  });
}
