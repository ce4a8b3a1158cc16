import { InputError, parseInput } from "../../terraform/errors";
import type {
  CniManagement,
  Each,
  Endpoint,
  EnforcingMode,
  Flow,
  GroupKey,
  Input,
  Inventory,
} from "../model";
import { elementsOf, filledIn, isWanted, type Outcome } from "./each";
import { Endpoints, type Meaning, unknownEndpoint } from "./endpoints";
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
  const endpoints = new Endpoints(parsed.endpoints ?? {}, file, inventory, module, problems);
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
        ? `${where}: "${name}" has a meaning only in a flow with for_each`
        : unknownEndpoint(where, name, endpoints),
    );
    return undefined;
  }
  const meaning = endpoints.meaning(name, undefined);
  return "endpoint" in meaning ? meaning.endpoint : undefined;
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
  const isAbsent = (endpoint: string, each?: Each) => "isAbsent" in endpoints.meaning(endpoint, each);
  const missing = [words.from, words.to].filter((end) => !endpoints.isOfEach(end) && isAbsent(end));
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
    const gone = [words.from, words.to].filter((end) => isAbsent(end, each));
    if (gone.length > 0 && words.when === undefined) {
      notes.push(
        `${ofElement}: there is no group and no address of ${gone.join(" and ")} here: it is left out.`,
      );
    }
    if (gone.length > 0) return [];
    const from = told(endOf(words.from, endpoints, each), ofElement);
    const to = told(endOf(words.to, endpoints, each), ofElement);
    const written = told(filledIn(words.traffic, each), ofElement);
    const traffic = written === undefined ? undefined : parseTraffic(written);
    if (traffic !== undefined && "problem" in traffic) problems.push(`${where}: ${traffic.problem}`);
    if (from === undefined || to === undefined) return [];
    if (traffic === undefined || "problem" in traffic) return [];
    const required = words.required.flatMap((name) => groupsOf(endpoints.meaning(name, each)));
    const { expect, description } = words;
    return [
      {
        id: ofElement,
        expect,
        from,
        to,
        traffic,
        required: new Set(required),
        ...(description && { description: describedBy(description, each) }),
      },
    ];
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
  const named = [from, to, ...(required ?? [])];
  const unknown = named.filter((endpoint) => !endpoints.has(endpoint));
  problems.push(...unknown.map((endpoint) => unknownEndpoint(where, endpoint, endpoints)));
  const ofEach = for_each === undefined ? named.filter((endpoint) => endpoints.isOfEach(endpoint)) : [];
  problems.push(...ofEach.map((one) => `${where}: "${one}" has a meaning only in a flow with for_each`));
  // Traffic that is filled in later is looked at then.
  const parsed = traffic.includes("${") ? [] : parseTraffic(traffic);
  if ("problem" in parsed) problems.push(`${where}: ${parsed.problem}`);
  if (unknown.length > 0 || ofEach.length > 0 || "problem" in parsed) return undefined;
  return { expect, from, to, traffic, description, required: required ?? [], when, forEach: for_each };
}

function endOf(name: string, endpoints: Endpoints, each: Each | undefined): Outcome<Endpoint> {
  const meaning = endpoints.meaning(name, each);
  if ("endpoint" in meaning) return { value: meaning.endpoint };
  return { unknown: "unknown" in meaning ? meaning.unknown : `the endpoint ${name}` };
}

function groupsOf(meaning: Meaning): readonly GroupKey[] {
  return "endpoint" in meaning ? meaning.endpoint.groups : [];
}

/** A description, with the element filled in where it is known. */
function describedBy(description: string, each: Each | undefined): string {
  const filled = filledIn(description, each);
  return "value" in filled ? filled.value : description;
}
