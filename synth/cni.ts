import { expressionIn } from "../expression/parse";
import { referenceOf } from "../expression/references";
import type { Json } from "../io/json";
import type { EnforcingMode } from "../network/cni";
import { cniFlowsYaml } from "./flows-yaml";
import { ModuleCall } from "./module-call";
import { resolve } from "./render";
import type { RootStack } from "./root-stack";

/** A module call, with the root that it stands in. */
interface Call {
  readonly root: RootStack;
  readonly call: ModuleCall<object, string>;
}

/**
 * What runs one thing of a cluster twice, such as its CNI: calls of modules that exclude each other, of one that
 * excludes itself, or of one that runs the CNI where a root says that others do. Roots are of one cluster when one
 * waits for the other, unless the calls name their clusters.
 *
 * @param before the roots that the root waits for, directly or through others
 */
export function exclusions(root: RootStack, before: readonly RootStack[]): string[] {
  const own = callsIn(root);
  const all = [...own, ...before.flatMap(callsIn)];
  const pairs = own.flatMap((one, index) =>
    all
      .slice(index + 1)
      .filter((other) => (excludes(one, other) || excludes(other, one)) && areOfOneCluster(one, other))
      .map(
        (other) =>
          `${place(one, root)} and ${place(other, root)} exclude each other: both would configure the same part of the cluster`,
      ),
  );
  const claims = [root, ...before].filter(({ externalCni }) => externalCni !== undefined);
  const contradictions = claims.flatMap((claim) =>
    all
      .filter((one) => one.call.contract.cni !== undefined && (claim === root || one.root === root))
      .map(
        (one) =>
          `${place(one, root)} runs the CNI, and externalCni${claim === root ? "" : ` of stack "${claim.node.id}"`} declares that it is configured elsewhere`,
      ),
  );
  return [...pairs, ...contradictions];
}

function excludes(one: Call, other: Call): boolean {
  return one.call.contract.excludes?.includes(other.call.contract.name) ?? false;
}

/** Calls that name their clusters are of one where that is certain: the same text, or one expression of one root. */
function areOfOneCluster(one: Call, other: Call): boolean {
  if (one.root === other.root && hasOtherProvider(one, other)) return false;
  const [name, otherName] = [clusterOf(one), clusterOf(other)];
  // Roots of two clusters may wait for one another, as production does for staging: with the same patch in each.
  if (name === undefined || otherName === undefined) {
    return one.root === other.root || one.call.contract.name !== other.call.contract.name;
  }
  return name === otherName && (one.root === other.root || !name.includes("${"));
}

function clusterOf({ root, call: { contract, variables } }: Call): string | undefined {
  if (contract.clusterVariable === undefined) return undefined;
  return String(resolve(root, variables?.[contract.clusterVariable]));
}

/** One root reaches two clusters with two configurations of a provider. */
function hasOtherProvider({ call }: Call, { call: other }: Call): boolean {
  const given = ({ providers = [] }: Call["call"]) =>
    providers.map((one) => ("provider" in one ? one.provider : one).node.path).sort();
  return call.contract.provider === other.contract.provider && `${given(call)}` !== `${given(other)}`;
}

function callsIn(root: RootStack): Call[] {
  return root.node
    .findAll()
    .filter((element) => element instanceof ModuleCall)
    .map((call) => ({ root, call }));
}

function place({ root, call }: Call, from: RootStack): string {
  const where = root === from ? "" : ` of stack "${root.node.id}"`;
  return `module call "${call.node.id}"${where} (module "${call.contract.name}")`;
}

/** The `flows.yaml` of a root that decides how the cluster's CNI is run. */
export function cniRecord(root: RootStack, configuration: Json): string | undefined {
  if (root.externalCni) return cniFlowsYaml("external", root.externalCni);
  const calls = callsIn(root).map(({ call }) => call);
  const found = calls.filter(({ contract }) => contract.cni !== undefined);
  const cni = found[0]?.contract.cni;
  if (cni === undefined) return undefined;
  const modes = new Set(found.map((call) => modeOf(call, configuration)));
  // Clusters of one root may differ.
  return cniFlowsYaml(cni, modes.size === 1 ? [...modes][0] : undefined);
}

/** The enforcing mode that a call gives, be it by the default of a variable of the module or of the root. */
function modeOf(
  { node, contract }: ModuleCall<object, string>,
  configuration: Json,
): EnforcingMode | undefined {
  const { module, variable } = configuration as {
    module: Record<string, Json>;
    variable?: Record<string, Json>;
  };
  const given = module[node.id]?.["enforcing_mode"];
  const [root, name] = referenceOf(expressionIn(String(given))) ?? [];
  const specs = contract.variables as Readonly<Record<string, { default?: unknown }>>;
  const mode =
    given === undefined
      ? specs["enforcing_mode"]?.default
      : root === "var" && name !== undefined
        ? variable?.[name]?.["default"]
        : given;
  return mode === "strict" || mode === "standard" ? mode : undefined;
}
