import { attempt, InputError } from "../../io/errors";
import { cidrsOverlap } from "../../network/addresses";
import { isWorld, type RulePeer } from "../../network/peers";
import { overlaps, type Traffic } from "../../network/traffic";
import type { Endpoint, Flow } from "../expect/model";
import type { Inventory, SecurityGroupRule } from "../inventory/model";
import { rulesByAddress, rulesByGroup } from "../inventory/rule-index";
import { judge } from "../judge/judge";
import type { Half, Verdict } from "../judge/model";
import type { Estate } from "../needs/model";
import { parseTraffic } from "../read/flows/traffic-words";
import { Ends } from "./ends";
import type { Answer, ExplainedHalf, NearRule } from "./model";

/** A question taken apart. */
export interface Question {
  readonly expect: Flow["expect"];
  readonly from: string;
  readonly to: string;
  /** Empty where it does not say which, or not in words for traffic. */
  readonly traffic: readonly Traffic[];
  /** What is wrong with its traffic, in sentences: what is wrong with its ends is found out when it is answered. */
  readonly problems: readonly string[];
}

const EXAMPLE = `"orders -> database TCP 3306"`;

/** Words of a question, in which an index of an address may have spaces. */
const WORD = /(?:\[[^\]]*\]|[^\s[])+/g;

/** What a workload begins with where reports call it: `Deployment shop/orders`. */
const KIND = /^[A-Z][A-Za-z0-9]*$/;

/**
 * A question such as `orders -> database TCP 3306`, or with `-/->` whether it does not get through.
 *
 * @throws InputError where it is none
 */
export function parseQuestion(words: string): Question {
  const match = /^\s*(\S.*?)\s*(-\/?->|->)\s*(\S.*?)\s*$/s.exec(words);
  const [, from = "", arrow, rest = ""] = match ?? [];
  const parts = rest.match(WORD);
  if (parts === null || /->|\/>/.test(rest)) {
    throw new InputError([
      `"${words}" must be FROM -> TO and the traffic, such as ${EXAMPLE}; -/-> asks whether it is blocked`,
    ]);
  }
  const expect = arrow === "->" ? "allow" : "deny";
  for (const length of KIND.test(parts[0] ?? "") ? [1, 2] : [1]) {
    const traffic = trafficIn(parts.slice(length));
    if (!("problem" in traffic)) {
      return { expect, from, to: parts.slice(0, length).join(" "), traffic, problems: [] };
    }
  }
  const [to = "", ...given] = parts;
  const traffic = trafficIn(given);
  const isMissing = given.length === 0 || given.join(" ") === "*";
  const problem = isMissing
    ? `"${words}" does not say which traffic: add it, such as ${EXAMPLE}`
    : `"${words}": ${"problem" in traffic ? traffic.problem : ""}`;
  return { expect, from, to, traffic: [], problems: [problem] };
}

function trafficIn(words: readonly string[]): ReturnType<typeof parseTraffic> {
  const given = words.join(" ");
  return parseTraffic(/^\d+$/.test(given) ? `TCP ${given}` : given);
}

/**
 * Answers a question: a verdict for each pair of what its ends mean, with the rules that speak of it.
 *
 * @param nodes the worker nodes, for the mode `standard`
 * @throws InputError naming each end that is not understood, and what is wrong with its traffic
 */
export function answer(estate: Estate, question: Question, nodes?: Endpoint): Answer {
  const { inventory, mode } = estate;
  const ends = new Ends(estate);
  const problems: string[] = [...question.problems];
  const [from, to] = (["from", "to"] as const).map((side) =>
    attempt(problems, () => ends.meaning(question[side], side)),
  );
  if (from === undefined || to === undefined || question.problems.length > 0)
    throw new InputError([...new Set(problems)]);
  if ([...from.endpoints, ...to.endpoints].every(({ groups }) => groups.length === 0)) {
    throw new InputError([
      `neither ${from.words} nor ${to.words} has a security group, so no rule decides about it: name a workload, a group or what carries one as one of the two`,
    ]);
  }
  const { expect, traffic } = question;
  const flows = from.endpoints.flatMap((source) =>
    to.endpoints.map(
      (target): Flow => ({
        id: { module: "", name: "question" },
        expect,
        from: source,
        to: target,
        traffic,
        required: new Set(),
      }),
    ),
  );
  const verdicts = judge(inventory, flows, { mode, ...(nodes && { nodes }) }).map((verdict) => ({
    verdict,
    halves: verdict.halves.map((half) => explained(inventory, verdict, half)),
  }));
  return { expect, traffic, from, to, verdicts };
}

function explained(inventory: Inventory, { flow }: Verdict, half: Half): ExplainedHalf {
  const { direction, endpoint, admittedBy, missing } = half;
  const far = direction === "egress" ? flow.to : flow.from;
  const own = new Set(endpoint.groups);
  const rules = admittedBy.flatMap((address) => {
    const ofIt = (rulesByAddress(inventory).get(address) ?? []).filter(
      (rule) => rule.direction === direction && rule.group !== undefined && own.has(rule.group),
    );
    const speaking = ofIt.filter(({ peer }) => isFor(peer, far));
    return speaking.length > 0 ? speaking : ofIt.slice(0, 1);
  });
  const isWhole = admittedBy.length > 0 && missing.length === 0;
  const near = isWhole
    ? []
    : endpoint.groups
        .flatMap((group) => rulesByGroup(inventory)[direction].get(group) ?? [])
        .filter(({ address }) => !admittedBy.includes(address))
        .flatMap((rule) => nearRule(rule, flow.traffic, far));
  return { half, rules, near: [...near].sort((a, b) => weight(a) - weight(b)) };
}

/** The same peer with other traffic is nearest. */
function weight({ differs }: NearRule): number {
  return differs === "traffic" ? 0 : 1;
}

function nearRule(rule: SecurityGroupRule, traffic: readonly Traffic[], far: Endpoint): NearRule[] {
  const isPeer = isFor(rule.peer, far);
  const own = rule.traffic;
  const isTraffic = own !== undefined && traffic.some((one) => overlaps(one, own));
  if (isPeer === isTraffic) return [];
  return [{ rule, differs: isPeer ? "traffic" : "peer" }];
}

function isFor(peer: RulePeer, { groups, cidrs = [] }: Endpoint): boolean {
  if (peer.kind === "group") return groups.includes(peer.group);
  if (peer.kind !== "cidr") return false;
  return cidrs.some((cidr) => (cidr === "internet" ? isWorld(peer) : cidrsOverlap(cidr, peer.cidr)));
}
