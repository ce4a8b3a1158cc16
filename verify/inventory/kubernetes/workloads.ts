import type { Value } from "../../../expression/value";
import type { Source } from "../../read/model";
import type { Inventory } from "../model";
import { field, isObject } from "../values";

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
}

/** The workloads of the input whose pods' labels it determines. */
export function workloads({ objects }: Inventory): Workload[] {
  return objects.flatMap(({ address, source, body, isUncertain }) => {
    const kind = field(body, "kind");
    const path = typeof kind === "string" && Object.hasOwn(PODS, kind) ? PODS[kind] : undefined;
    const labels = path && field(body, ...path, "labels");
    if (isUncertain || !isObject(labels)) return [];
    return [{ address, source, labels, namespace: field(body, "metadata", "namespace") ?? "default" }];
  });
}
