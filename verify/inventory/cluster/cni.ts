import { documentsOf } from "../../../expression/partial-text";
import { Unknown, type Value } from "../../../expression/value";
import { groupedBy } from "../../../io/lists";
import type { CniManagement, EnforcingMode } from "../../../network/cni";
import { CNI_CONFIG_MAP } from "../../read/kubernetes/manifests";
import type { HelmRelease, Resource, Source } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { at, blocks, elements, field, isObject, text } from "../values";
import { cniConfigMap, isCniDaemonSet, variablesOf } from "./cni-daemon-set";
import { AWS_NODE, CNI_INIT, type CniSetting, type CniVariables } from "./cni-variables";

export { AWS_NODE, CNI_INIT, type CniSetting } from "./cni-variables";

/** What configures the CNI, or shows how it is configured. */
export interface CniSource extends CniVariables {
  readonly address: string;
  readonly source: Source;
  /**
   * The managed add-on, variables that are patched into the DaemonSet aws-node, the chart aws-vpc-cni, or the DaemonSet itself,
   * which any of the others makes.
   */
  readonly kind: "add-on" | "env" | "chart" | "daemon-set";
  /** Of an add-on: the name of its cluster, where one is given. */
  readonly cluster?: string | Unknown;
  /** The configuration of its provider, where it is not the default one: another may lead to another cluster. */
  readonly provider?: string;
  /** Of an add-on: its version, where one is given. */
  readonly version?: string;
  /** Whether it exists at all is not known. */
  readonly isUncertain: boolean;
  /** Of an add-on and a chart: what is given to it, a map; null where it is no map, nor JSON nor YAML of one. */
  readonly values?: Value;
}

/** What configures the CNI. */
export const cniSources: (of: Inventory) => readonly CniSource[] = once((inventory) => {
  const addOns = resources(inventory, "aws_eks_addon").filter(
    ({ values }) => values["addon_name"] === "vpc-cni",
  );
  const envs = resources(inventory, "kubernetes_env").filter(
    ({ values }) => values["kind"] === "DaemonSet" && at(values["metadata"], "name") === AWS_NODE,
  );
  const charts = inventory.releases.filter(({ chart }) => chart === CHART);
  return [
    ...addOns.map(addOnSource),
    ...envs.map((env) => ({ ...placeOf(env), kind: "env" as const, ...envSettings(env) })),
    ...charts.map((release) => ({
      ...placeOf(release),
      kind: "chart" as const,
      values: release.values,
      ...settingsIn(release.values),
    })),
    ...daemonSets(inventory),
  ];
});

/** The DaemonSet of the CNI in manifests and in a live dump: what runs, by whatever it was configured. */
function daemonSets(inventory: Inventory): CniSource[] {
  const { objects } = inventory;
  const ofTerraform = resources(
    inventory,
    "kubernetes_config_map",
    "kubernetes_config_map_v1",
    "kubernetes_config_map_v1_data",
  ).filter(({ values }) => at(values["metadata"], "name") === CNI_CONFIG_MAP);
  const held = [
    ...ofTerraform.map(({ values }) => values["data"] ?? {}),
    ...objects.flatMap(({ body }) => cniConfigMap(body) ?? []),
  ];
  const maps = new Map(held.map((data) => [CNI_CONFIG_MAP, data]));
  return objects
    .filter(({ body }) => isCniDaemonSet(body))
    .map((object) => ({
      ...placeOf(object),
      kind: "daemon-set" as const,
      ...variablesOf(object.body, maps),
    }));
}

/** https://github.com/aws/amazon-vpc-cni-k8s/tree/master/charts/aws-vpc-cni */
const CHART = "aws-vpc-cni";

/** An enforcing mode that the input sets for the CNI, and where. */
export interface SetMode {
  readonly mode: EnforcingMode;
  readonly by: CniSource;
}

/** The enforcing mode that the input sets, and where; undefined where it sets none, or none that is known. */
export function enforcingModeOf(sources: readonly CniSource[]): SetMode | undefined {
  return enforcingModesOf(sources)[0];
}

function enforcingModesOf(sources: readonly CniSource[]): SetMode[] {
  return sources.flatMap((by): SetMode[] => {
    const setting = by.settings.find(
      ({ container, name }) => container === AWS_NODE && name === "POD_SECURITY_GROUP_ENFORCING_MODE",
    );
    // The CNI takes whatever is not `standard` for strict.
    if (typeof setting?.value !== "string") return [];
    return [{ mode: setting.value === "standard" ? "standard" : "strict", by }];
  });
}

/**
 * The modes that what certainly configures the CNI sets, and add-ons that are given to modules which were not read. The first one
 * counts: what is declared before what a dump shows to run.
 */
export function certainEnforcingModes(inventory: Inventory): readonly SetMode[] {
  const certain = cniSources(inventory).filter(({ isUncertain }) => !isUncertain);
  const isShown = ({ kind }: CniSource) => kind === "daemon-set";
  return enforcingModesOf([
    ...certain.filter((source) => !isShown(source)),
    ...addOnsOfModules(inventory),
    ...certain.filter(isShown),
  ]);
}

/** The first of these. */
export function certainEnforcingMode(inventory: Inventory): SetMode | undefined {
  return certainEnforcingModes(inventory)[0];
}

/**
 * The add-on in what modules are given that were not read: a map of add-ons by their names, with the arguments of
 * `aws_eks_addon`, as https://registry.terraform.io/modules/terraform-aws-modules/eks/aws has it.
 */
function addOnsOfModules({ input }: Inventory): CniSource[] {
  return input.modules.flatMap(({ address, source, passed = {} }) =>
    Object.values(passed).flatMap((addOns) => {
      const values = field(addOns, "vpc-cni");
      return isObject(values) ? [addOnSource({ address, source, values })] : [];
    }),
  );
}

/** What may configure the CNI. */
const ALLOWED: Readonly<Record<CniManagement, readonly CniSource["kind"][]>> = {
  kubernetes_env: ["env", "chart"],
  addon: ["add-on"],
  external: ["chart"],
};

/** Whether a source may configure the CNI by what flows.yaml says of it; any may where it says nothing. */
export function isAsStated(
  stated: { readonly management: CniManagement } | undefined,
  { kind }: CniSource,
): boolean {
  // The DaemonSet is there in any case.
  return stated === undefined || kind === "daemon-set" || ALLOWED[stated.management].includes(kind);
}

/**
 * Patches of which each sets the same variable of one container as another, by what they set. Those of different providers
 * may be of different clusters.
 */
export function patchesOfOneVariable(envs: readonly CniSource[]): ReadonlyMap<string, readonly CniSource[]> {
  const result = new Map<string, readonly CniSource[]>();
  for (const ofOneProvider of groupedBy(envs, ({ provider = "" }) => provider).values()) {
    const all = ofOneProvider.flatMap((env) =>
      env.settings.map(({ container, name }) => ({ env, variable: `${name} of ${container}` })),
    );
    for (const [variable, list] of groupedBy(all, (one) => one.variable)) {
      const same = [...new Set(list.map(({ env }) => env))];
      if (same.length > 1) result.set(variable, [...(result.get(variable) ?? []), ...same]);
    }
  }
  return result;
}

function clusterOf({ values: { cluster_name } }: Pick<Resource, "values">): Pick<CniSource, "cluster"> {
  const isNamed = typeof cluster_name === "string" || cluster_name instanceof Unknown;
  return isNamed ? { cluster: cluster_name } : {};
}

type Place = Pick<HelmRelease, "address" | "source" | "isUncertain"> & Pick<Resource, "provider">;

function placeOf({
  address,
  source,
  provider,
  isUncertain = false,
}: Place): Pick<CniSource, "address" | "source" | "isUncertain" | "provider"> {
  return { address, source, isUncertain, ...(provider !== undefined && { provider }) };
}

function addOnSource(addOn: Place & Pick<Resource, "values">): CniSource {
  const { addon_version: version, configuration_values: text = "" } = addOn.values;
  // EKS takes JSON and YAML, which holds JSON.
  const [document = {}] = text === "" ? [{}] : (documentsOf(text) ?? [text instanceof Unknown ? text : null]);
  const values = isObject(document) || document instanceof Unknown ? document : null;
  return {
    ...placeOf(addOn),
    kind: "add-on",
    ...clusterOf(addOn),
    ...(typeof version === "string" && { version }),
    values,
    ...settingsIn(values),
  };
}

/** The variables in the values of the add-on and of the chart, which have them in the same places. */
function settingsIn(values: Value): CniVariables {
  const places = [
    [AWS_NODE, field(values, "env")],
    [CNI_INIT, field(values, "init", "env")],
  ] as const;
  return {
    settings: places.flatMap(([container, env]) =>
      Object.entries(isObject(env) ? env : {}).map(([name, value]) => ({ container, name, value })),
    ),
    unknown: new Set(
      places.flatMap(([container, env]) => (values === null || env instanceof Unknown ? [container] : [])),
    ),
  };
}

function envSettings({ values }: Resource): CniVariables {
  const container = text(values["container"]) ?? text(values["init_container"]);
  if (container === undefined) return { settings: [], unknown: new Set([AWS_NODE, CNI_INIT]) };
  const isKnown = !elements(values["env"]).some((block) => block instanceof Unknown);
  const settings = blocks(values["env"]).flatMap(({ name, value = null }): CniSetting[] =>
    typeof name === "string" ? [{ container, name, value: asText(value) }] : [],
  );
  return { settings, unknown: new Set(isKnown ? [] : [container]) };
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
    settings.filter((one) => one.container === container && one.name === name).map(({ value }) => value),
  );
  if (values.some((value) => value === "true" || value === true)) return true;
  const isUnknown = sources.some(({ unknown }) => unknown.has(container));
  return isUnknown || values.some((value) => value instanceof Unknown) ? "unknown" : false;
}
