import type { Each } from "../../../expression/value";
import type { GroupKey } from "../../../network/peers";
import type { FlowsFile } from "../../read/flows/schema";
import { parseTraffic } from "../../read/flows/traffic-words";
import type { Input } from "../../read/model";
import { flowIdText } from "../flow-id";
import type { Endpoint, Flow, FlowId } from "../model";
import { elementsOf, filledIn, isWanted, type Outcome } from "./each";
import { type Endpoints, type Meaning, unknownEndpoint } from "./endpoints";

type FlowSpec = NonNullable<FlowsFile["flows"]>[string];

/** What one entry of the file states. */
export interface BoundFlows {
  readonly flows: readonly Flow[];
  /** Endpoints that are not here, for whose sake a flow is left out that does not say when it is wanted. */
  readonly absent: readonly string[];
  readonly notes: readonly string[];
}

const NO_FLOWS: BoundFlows = { flows: [], absent: [], notes: [] };

/** The flow of an entry, or one for each element of its `for_each`. */
export function flowsOf(
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
  const missing = [words.from, words.to].filter(
    (end) => !endpoints.isOfEach(end) && "isAbsent" in endpoints.meaning(end, undefined),
  );
  if (missing.length > 0) return { ...NO_FLOWS, absent: words.when === undefined ? missing : [] };

  const id: FlowId = { module, name };
  const notes: string[] = [];
  /** A value; what is wrong and what is not known is told. */
  const told = <T>(outcome: Outcome<T>, ofFlow: string): T | undefined => {
    if ("problem" in outcome) problems.push(`${where}: ${outcome.problem}`);
    if ("unknown" in outcome) notes.push(`${ofFlow}: ${outcome.unknown} is not known here: it is skipped.`);
    return "value" in outcome ? outcome.value : undefined;
  };
  const elements: readonly (readonly [FlowId, Each | undefined])[] =
    words.forEach === undefined
      ? [[id, undefined]]
      : (told(elementsOf(words.forEach, input, module), flowIdText(id)) ?? []).map(([key, each]) => [
          { ...id, key },
          each,
        ]);
  const flows = elements.flatMap(([flowId, each]): Flow[] => {
    const ofElement = flowIdText(flowId);
    if (words.when !== undefined && !told(isWanted(words.when, input, module, each), ofElement)) return [];
    /** The end of the flow; one that is not here is told of unless the flow says when it is wanted. */
    const end = (name: string): Endpoint | undefined => {
      const meaning = endpoints.meaning(name, each);
      if (!("isAbsent" in meaning)) return told(meaning, ofElement);
      if (words.when === undefined) {
        notes.push(`${ofElement}: there is no group and no address of ${name} here: it is skipped.`);
      }
      return undefined;
    };
    const [from, to] = [end(words.from), end(words.to)];
    const written = told(filledIn(words.traffic, each), ofElement);
    const traffic = written === undefined ? undefined : parseTraffic(written);
    if (traffic !== undefined && "problem" in traffic) problems.push(`${where}: ${traffic.problem}`);
    if (from === undefined || to === undefined) return [];
    if (traffic === undefined || "problem" in traffic) return [];
    if (from.groups.length === 0 && to.groups.length === 0) {
      notes.push(
        `${ofElement}: neither ${words.from} nor ${words.to} has a security group, so no rule decides about it.`,
      );
    }
    const required = words.required.flatMap((name) => groupsOf(endpoints.meaning(name, each)));
    const { expect, description } = words;
    return [
      {
        id: flowId,
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
  problems.push(...ofEach.map((one) => `${where}: "${one}" works only in a flow with for_each`));
  // Traffic that is filled in later is looked at then.
  const parsed = traffic.includes("${") ? [] : parseTraffic(traffic);
  if ("problem" in parsed) problems.push(`${where}: ${parsed.problem}`);
  if (unknown.length > 0 || ofEach.length > 0 || "problem" in parsed) return undefined;
  return { expect, from, to, traffic, description, required: required ?? [], when, forEach: for_each };
}

function groupsOf(meaning: Meaning): readonly GroupKey[] {
  return "value" in meaning ? meaning.value.groups : [];
}

/** A description, with the element filled in where it is known. */
function describedBy(description: string, each: Each | undefined): string {
  const filled = filledIn(description, each);
  return "value" in filled ? filled.value : description;
}
