import { InputError, parseInput } from "../../../io/errors";
import { parseYaml } from "../../../io/yaml";
import type { CniManagement, EnforcingMode } from "../../../network/cni";
import type { Inventory } from "../../inventory/model";
import { type FlowsFile, flowsFileSchema } from "../../read/flows/schema";
import type { Endpoint, Flow, Suppression } from "../model";
import { isWanted } from "./each";
import { Endpoints, unknownEndpoint } from "./endpoints";
import { flowsOf } from "./flow";

/** What one `flows.yaml` says, with its endpoints resolved in the module that it belongs to. */
export interface Expectations {
  /** The path of the file, as the user would open it. */
  readonly file: string;
  readonly flows: readonly Flow[];
  /** What is left out and why, one sentence each. */
  readonly notes: readonly string[];
  readonly mode?: EnforcingMode;
  /** How the cluster's CNI is run, and the file that says so. */
  readonly cni?: { readonly management: CniManagement; readonly file: string };
  /** The quota of groups on one interface, where it was raised. */
  readonly groupsPerInterface?: number;
  /** The worker nodes, for the mode `standard`. */
  readonly nodes?: Endpoint;
  readonly suppressions: readonly Suppression[];
}

/**
 * Parses the text of a `flows.yaml`.
 *
 * @param file its path, for messages
 * @throws InputError naming every problem of its form with its place
 */
export function parseFlowsFile(text: string, file: string): FlowsFile {
  return parseInput(file, flowsFileSchema, parseYaml(text, file));
}

/**
 * Resolves the endpoints and flows of a file for one module call.
 *
 * @param module the address of the module call that it speaks for, "" for the root
 * @throws InputError naming every endpoint and flow that is wrong
 */
export function bindFlows(
  parsed: FlowsFile,
  file: string,
  inventory: Inventory,
  module: string,
): Expectations {
  const problems: string[] = [];
  const endpoints = new Endpoints(parsed.endpoints ?? {}, file, inventory, module, parsed.nodes, problems);
  const specs = Object.entries(parsed.flows ?? {});
  const bound = specs.map(([name, spec]) =>
    flowsOf(name, spec, `${file}: flows.${name}`, endpoints, inventory.input, module, problems),
  );
  const nodes = nodesOf(parsed.nodes, `${file}: nodes`, endpoints, problems);
  const suppressions = (parsed.suppress ?? []).filter(({ when }, index) => {
    if (when === undefined) return true;
    const wanted = isWanted(when, inventory.input, module, undefined);
    if ("problem" in wanted) problems.push(`${file}: suppress.${index}: ${wanted.problem}`);
    // What is not known hides nothing.
    return "value" in wanted && wanted.value;
  });
  if (problems.length > 0) throw new InputError([...new Set(problems)]);
  const prefix = module === "" ? "" : `${module}.`;
  return {
    file,
    flows: bound.flatMap((one) => one.flows),
    notes: [
      ...[...new Set(bound.flatMap((one) => one.absent))]
        .sort()
        .map(
          (name) => `${prefix}${name}: there is no such group here (${WHY_ABSENT}): its flows are skipped.`,
        ),
      ...bound.flatMap((one) => one.notes),
    ],
    suppressions: suppressions.map(({ check, address, reason, with_policies }) => ({
      check,
      address: `${prefix}${address}`,
      reason,
      ...(with_policies && { withPolicies: true }),
      ...(module !== "" && { isOfModule: true }),
    })),
    ...(parsed.mode && { mode: parsed.mode }),
    ...(parsed.cni && { cni: { management: parsed.cni, file } }),
    ...(parsed.groups_per_interface && { groupsPerInterface: parsed.groups_per_interface }),
    ...(nodes && { nodes }),
  };
}

function nodesOf(
  name: string | undefined,
  where: string,
  endpoints: Endpoints,
  problems: string[],
): Endpoint | undefined {
  if (name === undefined) return undefined;
  if (!endpoints.has(name) || endpoints.isOfEach(name)) {
    problems.push(
      endpoints.has(name)
        ? `${where}: "${name}" works only in a flow with for_each`
        : unknownEndpoint(where, name, endpoints),
    );
    return undefined;
  }
  const meaning = endpoints.meaning(name, undefined);
  return "value" in meaning ? meaning.value : undefined;
}

const WHY_ABSENT = "its count is 0, or it is null";
