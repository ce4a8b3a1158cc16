import { Unknown, type Value } from "../../../expression/value";
import { isJson } from "../../../io/json";
import { groupedBy } from "../../../io/lists";
import type { CniManagement, EnforcingMode } from "../../../network/cni";
import type { Resource, Source } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { at, blocks, elements, text } from "../values";

/** The container that runs on every node, and the one that prepares the node for it. */
export const AWS_NODE = "aws-node";
export const CNI_INIT = "aws-vpc-cni-init";

/** An environment variable of the CNI that the input sets. */
export interface CniSetting {
  readonly container: string;
  readonly name: string;
  /** Unknown where the input does not determine it. */
  readonly value: unknown;
}

/** A resource that configures the CNI. */
export interface CniSource {
  readonly address: string;
  readonly source: Source;
  readonly kind: "add-on" | "env";
  /** Of an add-on: the name of its cluster, where one is given. */
  readonly cluster?: string | Unknown;
  /** Whether it exists at all is not known. */
  readonly isUncertain: boolean;
  /** Undefined when the input does not say what it sets. */
  readonly settings: readonly CniSetting[] | undefined;
}

/** What configures the CNI: the managed add-on, and variables that are patched into the DaemonSet aws-node. */
export const cniSources: (of: Inventory) => readonly CniSource[] = once((inventory) => {
  const addOns = resources(inventory, "aws_eks_addon").filter(
    ({ values }) => values["addon_name"] === "vpc-cni",
  );
  const envs = resources(inventory, "kubernetes_env").filter(
    ({ values }) => values["kind"] === "DaemonSet" && at(values["metadata"], "name") === AWS_NODE,
  );
  return [
    ...addOns.map((addOn) => ({
      ...placeOf(addOn),
      kind: "add-on" as const,
      ...clusterOf(addOn),
      settings: addOnSettings(addOn),
    })),
    ...envs.map((env) => ({ ...placeOf(env), kind: "env" as const, settings: envSettings(env) })),
  ];
});

/** The enforcing mode that the input sets, and where; undefined where it sets none, or none that is known. */
export function enforcingModeOf(
  sources: readonly CniSource[],
): { readonly mode: EnforcingMode; readonly by: CniSource } | undefined {
  for (const by of sources) {
    const setting = by.settings?.find(
      ({ container, name }) => container === AWS_NODE && name === "POD_SECURITY_GROUP_ENFORCING_MODE",
    );
    // The CNI takes whatever is not `standard` for strict.
    if (typeof setting?.value === "string") {
      return { mode: setting.value === "standard" ? "standard" : "strict", by };
    }
  }
  return undefined;
}

/** What may configure the CNI. */
const ALLOWED: Readonly<Record<CniManagement, readonly CniSource["kind"][]>> = {
  kubernetes_env: ["env"],
  addon: ["add-on"],
  external: [],
};

/** Whether a source may configure the CNI by what flows.yaml says of it; any may where it says nothing. */
export function isAsStated(
  stated: { readonly management: CniManagement } | undefined,
  { kind }: CniSource,
): boolean {
  return stated === undefined || ALLOWED[stated.management].includes(kind);
}

/** Patches of which each sets the same variable of one container as another, by what they set. */
export function patchesOfOneVariable(envs: readonly CniSource[]): ReadonlyMap<string, readonly CniSource[]> {
  const all = envs.flatMap((env) =>
    (env.settings ?? []).map(({ container, name }) => ({ env, variable: `${name} of ${container}` })),
  );
  const lists = [...groupedBy(all, ({ variable }) => variable)].map(
    ([variable, list]) => [variable, [...new Set(list.map(({ env }) => env))]] as const,
  );
  return new Map(lists.filter(([, list]) => list.length > 1));
}

function clusterOf({ values: { cluster_name } }: Resource): Pick<CniSource, "cluster"> {
  const isNamed = typeof cluster_name === "string" || cluster_name instanceof Unknown;
  return isNamed ? { cluster: cluster_name } : {};
}

function placeOf({
  address,
  source,
  isUncertain = false,
}: Resource): Pick<CniSource, "address" | "source" | "isUncertain"> {
  return { address, source, isUncertain };
}

function addOnSettings({ values }: Resource): CniSetting[] | undefined {
  const configuration = values["configuration_values"];
  if (configuration === undefined || configuration === null || configuration === "") return [];
  const parsed = typeof configuration === "string" ? parseJson(configuration) : undefined;
  if (!isJson(parsed)) return undefined;
  const init = isJson(parsed["init"]) ? parsed["init"] : {};
  return [[AWS_NODE, parsed["env"]] as const, [CNI_INIT, init["env"]] as const].flatMap(([container, env]) =>
    Object.entries(isJson(env) ? env : {}).map(([name, value]) => ({ container, name, value })),
  );
}

/** YAML is accepted by EKS as well; it is not read here. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function envSettings({ values }: Resource): CniSetting[] | undefined {
  const container = text(values["container"]) ?? text(values["init_container"]);
  const isKnown = !elements(values["env"]).some((block) => block instanceof Unknown);
  if (container === undefined || !isKnown) return undefined;
  return blocks(values["env"]).flatMap(({ name, value = null }): CniSetting[] =>
    typeof name === "string" ? [{ container, name, value: asText(value) }] : [],
  );
}

/** Terraform makes text of numbers and booleans here. */
function asText(value: Value): Value {
  return typeof value === "boolean" || typeof value === "number" ? String(value) : value;
}

/** How far the input shows a variable of a container to be `"true"`. */
export function isSwitchedOn(
  sources: readonly CniSource[],
  container: string,
  name: string,
): boolean | "unknown" {
  const values = sources.flatMap(({ settings }) =>
    (settings ?? [])
      .filter((one) => one.container === container && one.name === name)
      .map(({ value }) => value),
  );
  if (values.some((value) => value === "true" || value === true)) return true;
  const isUnknown = sources.some(({ settings }) => settings === undefined);
  return isUnknown || values.some((value) => value instanceof Unknown) ? "unknown" : false;
}
