import { Unknown, type Value } from "../../../expression/value";
import { isList, isObject } from "../../../expression/values";
import { UNCERTAIN } from "../terraform/uncertain-block";

/** What a typed resource is in YAML; `maps` are those of its arguments whose keys are the user's, besides those of every kind. */
interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly maps?: readonly string[];
}

const ADMISSION = "admissionregistration.k8s.io/v1";
const API_SERVICE: Kind = { apiVersion: "apiregistration.k8s.io/v1", kind: "APIService" };
const CRON_JOB: Kind = { apiVersion: "batch/v1", kind: "CronJob" };
const DAEMON_SET: Kind = { apiVersion: "apps/v1", kind: "DaemonSet" };
const DEPLOYMENT: Kind = { apiVersion: "apps/v1", kind: "Deployment" };
const INGRESS_CLASS: Kind = { apiVersion: "networking.k8s.io/v1", kind: "IngressClass" };
const JOB: Kind = { apiVersion: "batch/v1", kind: "Job" };
const MUTATING: Kind = { apiVersion: ADMISSION, kind: "MutatingWebhookConfiguration" };
const NAMESPACE: Kind = { apiVersion: "v1", kind: "Namespace" };
const NETWORK_POLICY: Kind = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
const POD: Kind = { apiVersion: "v1", kind: "Pod" };
const REPLICATION_CONTROLLER: Kind = { apiVersion: "v1", kind: "ReplicationController" };
const SERVICE: Kind = { apiVersion: "v1", kind: "Service", maps: ["selector"] };
const SERVICE_ACCOUNT: Kind = { apiVersion: "v1", kind: "ServiceAccount" };
const STATEFUL_SET: Kind = { apiVersion: "apps/v1", kind: "StatefulSet" };
const VALIDATING: Kind = { apiVersion: ADMISSION, kind: "ValidatingWebhookConfiguration" };

/** Resources of the provider hashicorp/kubernetes by the kinds that they are. */
const KINDS: Readonly<Record<string, Kind>> = {
  kubernetes_api_service: API_SERVICE,
  kubernetes_api_service_v1: API_SERVICE,
  kubernetes_cron_job: CRON_JOB,
  kubernetes_cron_job_v1: CRON_JOB,
  kubernetes_daemonset: DAEMON_SET,
  kubernetes_daemon_set_v1: DAEMON_SET,
  kubernetes_default_service_account: SERVICE_ACCOUNT,
  kubernetes_default_service_account_v1: SERVICE_ACCOUNT,
  kubernetes_deployment: DEPLOYMENT,
  kubernetes_deployment_v1: DEPLOYMENT,
  kubernetes_ingress: { apiVersion: "networking.k8s.io/v1beta1", kind: "Ingress" },
  kubernetes_ingress_v1: { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
  kubernetes_ingress_class: INGRESS_CLASS,
  kubernetes_ingress_class_v1: INGRESS_CLASS,
  kubernetes_job: JOB,
  kubernetes_job_v1: JOB,
  kubernetes_mutating_webhook_configuration: MUTATING,
  kubernetes_mutating_webhook_configuration_v1: MUTATING,
  kubernetes_namespace: NAMESPACE,
  kubernetes_namespace_v1: NAMESPACE,
  kubernetes_network_policy: NETWORK_POLICY,
  kubernetes_network_policy_v1: NETWORK_POLICY,
  kubernetes_pod: POD,
  kubernetes_pod_v1: POD,
  kubernetes_replication_controller: REPLICATION_CONTROLLER,
  kubernetes_replication_controller_v1: REPLICATION_CONTROLLER,
  kubernetes_service: SERVICE,
  kubernetes_service_v1: SERVICE,
  kubernetes_service_account: SERVICE_ACCOUNT,
  kubernetes_service_account_v1: SERVICE_ACCOUNT,
  kubernetes_stateful_set: STATEFUL_SET,
  kubernetes_stateful_set_v1: STATEFUL_SET,
  kubernetes_validating_webhook_configuration: VALIDATING,
  kubernetes_validating_webhook_configuration_v1: VALIDATING,
};

/**
 * Blocks that may stand several times, by the names of their lists in YAML; with the block around them where only they may.
 * Null are those that are something else there: a single value or block.
 */
const LISTS: Readonly<Record<string, string | null>> = {
  container: "containers",
  "egress.ports": "ports",
  "egress.to": "to",
  env: "env",
  env_from: "envFrom",
  "grpc.port": null,
  "http.path": "paths",
  "http_get.port": null,
  image_pull_secrets: "imagePullSecrets",
  "ingress.from": "from",
  "ingress.ports": "ports",
  init_container: "initContainers",
  match_expressions: "matchExpressions",
  node_selector_term: "nodeSelectorTerms",
  port: "ports",
  "port.port": null,
  "ports.port": null,
  rule: "rules",
  "service.port": null,
  "spec.egress": "egress",
  "spec.ingress": "ingress",
  "tcp_socket.port": null,
  toleration: "tolerations",
  volume: "volumes",
  volume_mount: "volumeMounts",
  webhook: "webhooks",
};

/** Maps whose keys are the user's. */
const MAPS = ["annotations", "labels", "limits", "match_labels", "node_selector", "requests"];

/** The arguments of a typed resource that are maps and no blocks; undefined for a type that is none of those known here. */
export function mapsOfTyped(type: string): readonly string[] | undefined {
  const known = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  return known && [...MAPS, ...(known.maps ?? [])];
}

/** A typed resource as the object that it is in YAML; undefined for one that is none of those known here. */
export function typedObject(type: string, values: { readonly [argument: string]: Value }): Value | undefined {
  const known = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (known === undefined) return undefined;
  const { apiVersion, kind, maps = [] } = known;
  return { apiVersion, kind, ...(inYaml(values, "", [...MAPS, ...maps]) as object) };
}

/** Blocks as objects and lists, with the keys of YAML. */
function inYaml(value: Value, around: string, maps: readonly string[]): Value {
  if (value instanceof Unknown || !isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, item]): [string, Value][] => {
    if (maps.includes(name)) return [[camelCase(name), item]];
    const list = listOf(around, name);
    // A plan and a state have an empty list in the place of a block that is not there.
    if (list === undefined && isList(item) && item.length === 0) return [];
    const inside = (body: Value) =>
      mayBeNone(body) ? new Unknown(`dynamic ${name}`) : inYaml(body, name, maps);
    if (list !== undefined) return [[list, isList(item) ? item.map(inside) : [inside(item)]]];
    // A block that stands once is a list of one.
    const [only] = isList(item) ? item : [];
    return [
      [camelCase(name), only !== undefined && isList(item) && isObject(only) ? inside(only) : inside(item)],
    ];
  });
  return Object.fromEntries(entries);
}

/** Whether a block may stand several times or never: of such a list nobody knows what is in it. */
function mayBeNone(body: Value): boolean {
  return isObject(body) && body[UNCERTAIN] === true;
}

/** The name of the list that a block is an item of; undefined for what is none. */
function listOf(around: string, name: string): string | undefined {
  const found = [`${around}.${name}`, name].find((one) => Object.hasOwn(LISTS, one));
  return (found && LISTS[found]) ?? undefined;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
