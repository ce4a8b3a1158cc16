import { InputError, parseInput } from "../../terraform/errors";
import type { CniManagement, Each, Endpoint, EnforcingMode, Flow, Input, Inventory, Traffic } from "../model";
import { elementsOf, filledIn, isWanted, type Outcome } from "./each";
import { bindEndpoints, type Endpoints, unknownEndpoint } from "./endpoints";
import { type FlowsFile, flowsFileSchema } from "./schema";
import { parseTraffic } from "./traffic-words";

/** What one `flows.yaml` says, with its endpoints resolved in the module that it belongs to. */
export interface Expectations {
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
  readonly suppressions: readonly {
    readonly check: string;
    readonly address: string;
    readonly reason: string;
    /** Whether it also holds at the policies that give the group at its address. */
    readonly withPolicies?: boolean;
    /** Whether it is one of a module's, which has it for whoever calls it. */
    readonly isOfModule?: boolean;
  }[];
}

/**
 * Parses the text of a `flows.yaml`.
 *
 * @param file its path, for messages
 * @throws InputError naming every problem of its form with its place
 */
export async function parseFlowsFile(text: string, file: string): Promise<FlowsFile> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new InputError(document.errors.map(({ message }) => `${file}: ${message.split("\n")[0]}`));
  }
  return parseInput(file, flowsFileSchema, document.toJS());
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
  const endpoints = bindEndpoints(parsed.endpoints ?? {}, file, inventory, module, problems);
  const specs = Object.entries(parsed.flows ?? {});
  const bound = specs.map(([name, spec]) =>
    flowsOf(name, spec, `${file}: flows.${name}`, endpoints, inventory.input, module, problems),
  );
  const nodes = parsed.nodes === undefined ? undefined : endpoints.byName.get(parsed.nodes);
  if (parsed.nodes !== undefined && !nodes)
    problems.push(unknownEndpoint(`${file}: nodes`, parsed.nodes, endpoints));
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
    flows: bound.flatMap((one) => one.flows),
    notes: [
      ...[...new Set(bound.flatMap((one) => one.absent))]
        .sort()
        .map(
          (name) => `${prefix}${name}: there is no such group here (${WHY_ABSENT}): its flows are left out.`,
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
    ...(nodes && parsed.nodes && !endpoints.absent.has(parsed.nodes) && { nodes }),
  };
}

const WHY_ABSENT = "its count is 0, or it is null";

type FlowSpec = NonNullable<FlowsFile["flows"]>[string];

/** What one entry of the file states. */
interface BoundFlows {
  readonly flows: readonly Flow[];
  /** Endpoints that are not here, for whose sake a flow is left out that does not say when it is wanted. */
  readonly absent: readonly string[];
  readonly notes: readonly string[];
}

const NO_FLOWS: BoundFlows = { flows: [], absent: [], notes: [] };

/** The flow of an entry, or one for each element of its `for_each`. */
function flowsOf(
  name: string,
  spec: FlowSpec,
  where: string,
  endpoints: Endpoints,
  input: Input,
  module: string,
  problems: string[],
): BoundFlows {
  const words = wordsOf(spec, where, endpoints, problems);
  if (words === undefined) return NO_FLOWS;
  const missing = [words.from, words.to].filter((endpoint) => endpoints.absent.has(endpoint));
  if (missing.length > 0) return { ...NO_FLOWS, absent: words.when === undefined ? missing : [] };

  const id = module === "" ? name : `${module}/${name}`;
  const notes: string[] = [];
  /** A value; what is wrong and what is not known is told. */
  const told = <T>(outcome: Outcome<T>, ofFlow: string): T | undefined => {
    if ("problem" in outcome) problems.push(`${where}: ${outcome.problem}`);
    if ("unknown" in outcome) notes.push(`${ofFlow}: ${outcome.unknown} is not known here: it is left out.`);
    return "value" in outcome ? outcome.value : undefined;
  };
  const elements: readonly (readonly [string, Each | undefined])[] =
    words.forEach === undefined
      ? [[id, undefined]]
      : (told(elementsOf(words.forEach, input, module), id) ?? []).map(([key, each]) => [
          `${id}[${JSON.stringify(key)}]`,
          each,
        ]);
  const flows = elements.flatMap(([ofElement, each]): Flow[] => {
    if (words.when !== undefined && !told(isWanted(words.when, input, module, each), ofElement)) return [];
    const written = told(filledIn(words.traffic, each), ofElement);
    const traffic = written === undefined ? undefined : parseTraffic(written);
    if (traffic !== undefined && "problem" in traffic) problems.push(`${where}: ${traffic.problem}`);
    if (traffic === undefined || "problem" in traffic) return [];
    return [flowOf(ofElement, words, endpoints, traffic, each)];
  });
  return { flows, absent: [], notes };
}

/** An entry taken apart. */
interface FlowWords {
  readonly expect: Flow["expect"];
  readonly from: string;
  readonly to: string;
  readonly traffic: string;
  readonly description: string | undefined;
  readonly required: readonly string[];
  readonly when: string | undefined;
  readonly forEach: string | undefined;
}

function wordsOf(
  spec: FlowSpec,
  where: string,
  endpoints: Endpoints,
  problems: string[],
): FlowWords | undefined {
  const { flow, description, required, when, for_each } = {
    description: undefined,
    required: [],
    when: undefined,
    for_each: undefined,
    ...spec,
  };
  const match = /^(allow|deny)\s+(\S+)\s*->\s*(\S+)(?:\s+(.*))?$/s.exec(flow.trim());
  if (!match) {
    problems.push(
      `${where}: "${flow}" must be allow or deny, FROM -> TO, and the traffic, such as "allow pods -> rds TCP 3306"`,
    );
    return undefined;
  }
  const [, expect, from, to, traffic = "all"] = match as unknown as [
    string,
    Flow["expect"],
    string,
    string,
    string?,
  ];
  const unknown = [from, to, ...(required ?? [])].filter((endpoint) => !endpoints.byName.has(endpoint));
  problems.push(...unknown.map((endpoint) => unknownEndpoint(where, endpoint, endpoints)));
  // Traffic that is filled in later is looked at then.
  const parsed = traffic.includes("${") ? [] : parseTraffic(traffic);
  if ("problem" in parsed) problems.push(`${where}: ${parsed.problem}`);
  if (unknown.length > 0 || "problem" in parsed) return undefined;
  return { expect, from, to, traffic, description, required: required ?? [], when, forEach: for_each };
}

function flowOf(
  id: string,
  { expect, from, to, description, required }: FlowWords,
  { byName }: Endpoints,
  traffic: readonly Traffic[],
  each: Each | undefined,
): Flow {
  const endpoint = (name: string) => byName.get(name) as Endpoint;
  const described = description === undefined ? undefined : filledIn(description, each);
  const shown = described !== undefined && "value" in described ? described.value : description;
  return {
    id,
    expect,
    from: endpoint(from),
    to: endpoint(to),
    traffic,
    required: new Set(required.flatMap((name) => endpoint(name).groups)),
    ...(shown && { description: shown }),
  };
}
