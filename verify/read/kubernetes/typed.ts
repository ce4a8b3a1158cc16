import { Unknown, type Value } from "../../../expression/value";
import { isList, isObject } from "../../../expression/values";

/** Resources of the provider hashicorp/kubernetes by the kinds that they are. */
const KINDS: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  kubernetes_cron_job: ["batch/v1", "CronJob"],
  kubernetes_cron_job_v1: ["batch/v1", "CronJob"],
  kubernetes_daemonset: ["apps/v1", "DaemonSet"],
  kubernetes_daemon_set_v1: ["apps/v1", "DaemonSet"],
  kubernetes_deployment: ["apps/v1", "Deployment"],
  kubernetes_deployment_v1: ["apps/v1", "Deployment"],
  kubernetes_job: ["batch/v1", "Job"],
  kubernetes_job_v1: ["batch/v1", "Job"],
  kubernetes_pod: ["v1", "Pod"],
  kubernetes_pod_v1: ["v1", "Pod"],
  kubernetes_replication_controller: ["v1", "ReplicationController"],
  kubernetes_replication_controller_v1: ["v1", "ReplicationController"],
  kubernetes_stateful_set: ["apps/v1", "StatefulSet"],
  kubernetes_stateful_set_v1: ["apps/v1", "StatefulSet"],
};

/** Blocks that may stand several times, by the names of their lists in YAML. */
const LISTS: Readonly<Record<string, string>> = {
  container: "containers",
  env: "env",
  env_from: "envFrom",
  image_pull_secrets: "imagePullSecrets",
  init_container: "initContainers",
  match_expressions: "matchExpressions",
  port: "ports",
  toleration: "tolerations",
  volume: "volumes",
  volume_mount: "volumeMounts",
};

/** Maps whose keys are the user's. */
const MAPS = ["annotations", "labels", "limits", "match_labels", "node_selector", "requests"];

/** A typed resource as the object that it is in YAML; undefined for one that is none of those known here. */
export function typedObject(type: string, values: { readonly [argument: string]: Value }): Value | undefined {
  if (!Object.hasOwn(KINDS, type)) return undefined;
  const [apiVersion = "", kind = ""] = KINDS[type] ?? [];
  return { apiVersion, kind, ...(inYaml(values) as object) };
}

/** Blocks as objects and lists, with the keys of YAML. */
function inYaml(value: Value): Value {
  if (value instanceof Unknown || !isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]): [string, Value] => {
    if (MAPS.includes(name)) return [camelCase(name), item];
    if (Object.hasOwn(LISTS, name))
      return [LISTS[name] as string, isList(item) ? item.map(inYaml) : [inYaml(item)]];
    // A block that stands once is a list of one.
    const [only] = isList(item) ? item : [];
    return [
      camelCase(name),
      only !== undefined && isList(item) && isObject(only) ? inYaml(only) : inYaml(item),
    ];
  });
  return Object.fromEntries(entries);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
