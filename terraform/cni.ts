import type { CniManagement, EnforcingMode } from "../verify/model";
import type { Json } from "./json";
import { ModuleCall } from "./module-call";
import type { RootStack } from "./root-stack";

/** A module call, with the root that it stands in. */
interface Call {
  readonly root: RootStack;
  readonly call: ModuleCall<object, string>;
}

/**
 * What runs one thing of a cluster twice, such as its CNI: calls of modules that exclude each other, or of one that
 * runs the CNI where a root says that others do. Roots are of one cluster when one waits for the other.
 *
 * @param before the roots that the root waits for, directly or through others
 */
export function exclusions(root: RootStack, before: readonly RootStack[]): string[] {
  const own = callsIn(root);
  const all = [...own, ...before.flatMap(callsIn)];
  const pairs = own.flatMap((one, index) =>
    all
      .slice(index + 1)
      .filter(
        ({ call }) =>
          one.call.contract.excludes?.includes(call.contract.name) ||
          call.contract.excludes?.includes(one.call.contract.name),
      )
      .map(
        (other) =>
          `${place(one, root)} and ${place(other, root)} exclude each other: both would run one and the same thing of the cluster`,
      ),
  );
  const claims = [root, ...before].filter(({ externalCni }) => externalCni !== undefined);
  const contradictions = claims.flatMap((claim) =>
    all
      .filter((one) => one.call.contract.cni !== undefined && (claim === root || one.root === root))
      .map(
        (one) =>
          `${place(one, root)} runs the CNI, and externalCni${claim === root ? "" : ` of stack "${claim.node.id}"`} says that others do`,
      ),
  );
  return [...pairs, ...contradictions];
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
  const found = callsIn(root).find(({ call }) => call.contract.cni !== undefined);
  if (root.externalCni) return record("external", root.externalCni);
  if (!found?.call.contract.cni) return undefined;
  return record(found.call.contract.cni, modeOf(found.call, configuration));
}

function record(cni: CniManagement, mode: EnforcingMode | undefined): string {
  const lines = [
    "# How the cluster's CNI is run, for the verifier.",
    "format: 1",
    `cni: ${cni}`,
    // Not known where a value comes from elsewhere: then the verifier's option says it.
    ...(mode ? [`mode: ${mode}`] : []),
  ];
  return `${lines.join("\n")}\n`;
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
  const name = /^\$\{var\.([\w-]+)\}$/.exec(String(given))?.[1];
  const specs = contract.variables as Readonly<Record<string, { default?: unknown }>>;
  const mode =
    given === undefined
      ? specs["enforcing_mode"]?.default
      : name === undefined
        ? given
        : variable?.[name]?.["default"];
  return mode === "strict" || mode === "standard" ? mode : undefined;
}
