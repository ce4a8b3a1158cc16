import { Unknown, type Value } from "../../../expression/value";
import { CNI_CONFIG_MAP } from "../../read/kubernetes/manifests";
import { podTemplateOf } from "../../read/kubernetes/pod-template";
import { elements, field, isObject, text } from "../values";
import { AWS_NODE, CNI_INIT, type CniSetting, type CniVariables } from "./cni-variables";

/**
 * The variables of the CNI that decide about groups of pods. Whatever else stands in the environment of its containers is not
 * taken: it may be what nobody may see.
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md#cni-configuration-variables
 */
const VARIABLES: ReadonlySet<string> = new Set([
  "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG",
  "AWS_VPC_K8S_CNI_EXTERNALSNAT",
  "DISABLE_TCP_EARLY_DEMUX",
  "ENABLE_IPv4",
  "ENABLE_IPv6",
  "ENABLE_POD_ENI",
  "ENABLE_PREFIX_DELEGATION",
  "ENI_CONFIG_ANNOTATION_DEF",
  "ENI_CONFIG_LABEL_DEF",
  "POD_SECURITY_GROUP_ENFORCING_MODE",
]);

/** What a ConfigMap holds, by its name. */
export type ConfigMaps = ReadonlyMap<string, Value>;

/** Whether an object is the DaemonSet by which the CNI runs on every node. */
export function isCniDaemonSet(body: Value): boolean {
  return field(body, "kind") === "DaemonSet" && field(body, "metadata", "name") === AWS_NODE;
}

/** What the ConfigMap of the CNI holds, if an object is that one. */
export function cniConfigMap(body: Value): Value | undefined {
  const isIt = field(body, "kind") === "ConfigMap" && field(body, "metadata", "name") === CNI_CONFIG_MAP;
  return isIt ? (field(body, "data") ?? {}) : undefined;
}

/**
 * The variables that the CNI's DaemonSet sets for its containers, as Kubernetes makes them of `env` and `envFrom`.
 *
 * @param maps what the ConfigMaps hold that the input shows: a value from another one is not known
 */
export function variablesOf(body: Value, maps: ConfigMaps): CniVariables {
  const spec = podTemplateOf(body)?.spec;
  const containers = ["containers", "initContainers"].map((name) => field(spec, name) ?? null);
  const all = containers.flatMap((list) => elements(list));
  const settings: CniSetting[] = [];
  const unknown = new Set<string>();
  // A container that is not known may be either of them.
  if (spec === undefined || all.some((one) => one instanceof Unknown)) {
    unknown.add(AWS_NODE).add(CNI_INIT);
  }
  for (const container of all) {
    const name = text(field(container, "name"));
    if (name === undefined) continue;
    const { variables, isComplete } = environmentOf(container, maps);
    if (!isComplete) unknown.add(name);
    for (const [variable, value] of variables) settings.push({ container: name, name: variable, value });
  }
  return { settings, unknown };
}

/** What is stated last holds, and `env` before `envFrom`. */
function environmentOf(
  container: Value,
  maps: ConfigMaps,
): { variables: ReadonlyMap<string, Value>; isComplete: boolean } {
  const env = elements(field(container, "env"));
  const sources = elements(field(container, "envFrom"));
  const variables = new Map<string, Value>();
  const take = (name: Value | undefined, value: Value) => {
    if (typeof name === "string" && VARIABLES.has(name)) variables.set(name, value);
  };
  for (const source of sources) {
    const data = maps.get(text(field(source, "configMapRef", "name")) ?? "");
    const prefix = text(field(source, "prefix")) ?? "";
    for (const [key, value] of Object.entries(isObject(data) ? data : {})) take(prefix + key, value);
  }
  for (const one of env) take(field(one, "name"), valueIn(one, maps));
  const isKnownSource = (source: Value) =>
    isObject(maps.get(text(field(source, "configMapRef", "name")) ?? ""));
  return {
    variables,
    isComplete: env.every((one) => !(one instanceof Unknown)) && sources.every(isKnownSource),
  };
}

function valueIn(variable: Value, maps: ConfigMaps): Value {
  const from = field(variable, "valueFrom") ?? null;
  if (from === null) return field(variable, "value") ?? "";
  const reference = field(from, "configMapKeyRef");
  const key = text(field(reference, "key"));
  const data = maps.get(text(field(reference, "name")) ?? "");
  const value = key === undefined ? undefined : field(data, key);
  return value ?? new Unknown(`valueFrom of ${text(field(variable, "name")) ?? "a variable"}`);
}
