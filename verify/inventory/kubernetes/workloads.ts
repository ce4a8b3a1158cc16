import type { Value } from "../../../expression/value";
import type { Resource, Source } from "../../read/model";
import type { Inventory } from "../model";
import { resources } from "../resources";
import { at, isObject } from "../values";

/** What makes pods, and where the labels of these stand. */
const TEMPLATE = ["spec", "template", "metadata"] as const;
const JOB_TEMPLATE = ["spec", "job_template", "spec", "template", "metadata"] as const;
const WORKLOADS: Readonly<Record<string, readonly string[]>> = {
  kubernetes_cron_job: JOB_TEMPLATE,
  kubernetes_cron_job_v1: JOB_TEMPLATE,
  kubernetes_daemonset: TEMPLATE,
  kubernetes_daemon_set_v1: TEMPLATE,
  kubernetes_deployment: TEMPLATE,
  kubernetes_deployment_v1: TEMPLATE,
  kubernetes_job: TEMPLATE,
  kubernetes_job_v1: TEMPLATE,
  kubernetes_pod: ["metadata"],
  kubernetes_pod_v1: ["metadata"],
  kubernetes_stateful_set: TEMPLATE,
  kubernetes_stateful_set_v1: TEMPLATE,
};
const MANIFESTS: Readonly<Record<string, readonly string[]>> = {
  CronJob: ["spec", "jobTemplate", "spec", "template", "metadata"],
  DaemonSet: TEMPLATE,
  Deployment: TEMPLATE,
  Job: TEMPLATE,
  Pod: ["metadata"],
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
export function workloads(inventory: Inventory): Workload[] {
  return [
    ...Object.entries(WORKLOADS).flatMap(([type, path]) =>
      resources(inventory, type).flatMap((resource) => workloadOf(resource, resource.values, path)),
    ),
    ...resources(inventory, "kubernetes_manifest").flatMap((resource) => {
      const { manifest = null } = resource.values;
      const kind = at(manifest, "kind");
      const path = typeof kind === "string" && Object.hasOwn(MANIFESTS, kind) ? MANIFESTS[kind] : undefined;
      return path === undefined ? [] : workloadOf(resource, manifest, path);
    }),
  ];
}

function workloadOf(
  { address, source, isUncertain }: Resource,
  body: Value,
  path: readonly string[],
): Workload[] {
  const labels = at(body, ...path, "labels");
  if (isUncertain || !isObject(labels)) return [];
  return [{ address, source, labels, namespace: at(body, "metadata", "namespace") ?? "default" }];
}
