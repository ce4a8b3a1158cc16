/**
 * Completions of a world: each decides everything that the input leaves open, so that every packet passes or does not.
 * Against them the conditions of a verdict are proved.
 */

import type { Family } from "../../../network/addresses";
import type { GroupKey } from "../../../network/peers";
import type { Endpoint } from "../../../verify/expect/model";
import type { Doubt, SecurityGroupRule } from "../../../verify/inventory/model";
import type { Condition, Fact } from "../../../verify/judge/model";
import {
  type Answer,
  cellsOf,
  type Direction,
  endsOf,
  isForeign,
  type Knowledge,
  mayBeAbsent,
  type Spot,
  type World,
} from "./oracle";
import { FAMILIES, has, representatives } from "./space";

/** What an expression turns out to be: these groups, and the addresses of these ends. */
interface Meaning {
  readonly groups: readonly GroupKey[];
  readonly ends: readonly string[];
}

/** The decisions, by what is decided. */
export interface Completion {
  readonly isSo: ReadonlyMap<string, boolean>;
  readonly covers: ReadonlyMap<string, boolean>;
  readonly means: ReadonlyMap<string, Meaning>;
  readonly holds: ReadonlyMap<string, boolean>;
  readonly permits: ReadonlyMap<string, boolean>;
  readonly spot: ReadonlyMap<string, Spot>;
}

/** Something to decide, with all that it may be. */
interface Question {
  readonly of: keyof Completion;
  readonly key: string;
  readonly options: readonly (boolean | Meaning | Spot)[];
}

const doubtKey = ({ kind }: Doubt, rule: string) => `${kind} of ${rule}`;
const holdsKey = (list: string, end: string) => `${list} holds ${end}`;
const permitsKey = (group: GroupKey, direction: Direction) => `${group} permits ${direction}`;
const spotKey = (end: string, family: Family) => `${end} in ${family}`;

/** What the rules say about an expression, together: a group in any case, or one of some groups. */
function meaningsOf(expression: string, { rules, groups, flow }: World): readonly Meaning[] {
  const isOwner = rules.some((rule) => rule.unknownGroup === expression);
  const peers = rules.flatMap(({ peer }) =>
    peer.kind === "unknown" && peer.expression === expression ? [peer] : [],
  );
  const candidates = new Set(peers.flatMap((peer) => peer.candidates));
  // A key is an expression, too: what it names is that group, at least.
  const itself = groups.has(expression) ? [expression] : [];
  const other = [...groups.keys()].filter((key) => candidates.size === 0 || candidates.has(key));
  const asGroup = [[], ...other.map((key) => [key])].map((more) => ({
    groups: [...itself, ...more],
    ends: [],
  }));
  if (isOwner || candidates.size > 0 || peers.some((peer) => peer.isGroup)) return asGroup;
  const [from, to] = [flow.from.name, flow.to.name];
  return [...asGroup, ...[[from], [to], [from, to]].map((ends) => ({ groups: itself, ends }))];
}

function questionsOf(world: World): readonly Question[] {
  const { rules, flow } = world;
  const ends = [flow.from, flow.to];
  const unique = (keys: readonly string[]) => [...new Set(keys)];
  const yesOrNo = (of: Question["of"], keys: readonly string[]): Question[] =>
    unique(keys).map((key) => ({ of, key, options: [false, true] }));
  const expressions = rules.flatMap(({ unknownGroup, peer }) => [
    ...(unknownGroup === undefined ? [] : [unknownGroup]),
    ...(peer.kind === "unknown" ? [peer.expression] : []),
  ]);
  const lists = rules.flatMap(({ peer }) => (peer.kind === "prefix-list" && !peer.entries ? [peer.id] : []));
  const families = new Set(cellsOf(world).map(({ family }) => family));
  return [
    ...yesOrNo(
      "isSo",
      rules.flatMap(({ address, doubts = [] }) => doubts.map((doubt) => doubtKey(doubt, address))),
    ),
    ...yesOrNo(
      "covers",
      rules.filter(({ traffic }) => !traffic).map(({ address }) => address),
    ),
    ...yesOrNo(
      "holds",
      lists.flatMap((list) => ends.map((end) => holdsKey(list, end.name))),
    ),
    ...yesOrNo(
      "permits",
      (["egress", "ingress"] as const).flatMap((direction) =>
        endsOf(flow, direction)
          .near.groups.filter((group) => isForeign(world, group))
          .map((group) => permitsKey(group, direction)),
      ),
    ),
    ...unique(expressions).map((key): Question => ({ of: "means", key, options: meaningsOf(key, world) })),
    ...ends
      .filter(({ cidrs }) => !cidrs)
      .flatMap((end) =>
        [...families].map(
          (family): Question => ({
            of: "spot",
            key: spotKey(end.name, family),
            options: [
              ...representatives(family, rules, ends),
              ...(mayBeAbsent(flow, end, family) ? [null] : []),
            ],
          }),
        ),
      ),
  ];
}

function completionOf(questions: readonly Question[], choice: readonly number[]): Completion {
  const decided = (of: Question["of"]) =>
    new Map(
      questions.flatMap((question, index) =>
        question.of === of ? [[question.key, question.options[choice[index] as number]] as const] : [],
      ),
    );
  return {
    isSo: decided("isSo"),
    covers: decided("covers"),
    means: decided("means"),
    holds: decided("holds"),
    permits: decided("permits"),
    spot: decided("spot"),
  } as Completion;
}

/** Numbers below a limit that look random and are the same in each run (a linear congruential generator). */
function numbers(): (limit: number) => number {
  let state = 12345;
  return (limit) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * limit);
  };
}

export interface Completions {
  /** Whether these are all. */
  readonly isAll: boolean;
  readonly list: readonly Completion[];
}

/** All completions of a world where they are no more than the limit, else so many of them. */
export function completionsOf(world: World, limit: number): Completions {
  const questions = questionsOf(world);
  const total = questions.reduce((product, { options }) => product * options.length, 1);
  const isAll = total <= limit;
  const next = numbers();
  const choices = isAll
    ? Array.from({ length: total }, (_, index) => {
        let rest = index;
        return questions.map(({ options }) => {
          const chosen = rest % options.length;
          rest = Math.floor(rest / options.length);
          return chosen;
        });
      })
    : Array.from({ length: limit }, () => questions.map(({ options }) => next(options.length)));
  return { isAll, list: choices.map((choice) => completionOf(questions, choice)) };
}

// ── What is true in a completion ──────────────────────────────────────────────────────────────────────────

const answer = (truth: boolean | undefined): Answer => {
  if (truth === undefined) throw new Error("a completion decides everything");
  return truth ? "yes" : "no";
};

function means(completion: Completion, expression: string): Meaning {
  const meaning = completion.means.get(expression);
  if (!meaning) throw new Error(`a completion decides everything, not so ${expression}`);
  return meaning;
}

function namesGroupOf(completion: Completion, expression: string, end: Endpoint): boolean {
  return means(completion, expression).groups.some((group) => end.groups.includes(group));
}

function names(completion: Completion, expression: string, end: Endpoint): boolean {
  return namesGroupOf(completion, expression, end) || means(completion, expression).ends.includes(end.name);
}

export function knowledgeOf(completion: Completion): Knowledge {
  return {
    isSo: (doubt, { address }) => answer(completion.isSo.get(doubtKey(doubt, address))),
    covers: ({ address }) => answer(completion.covers.get(address)),
    namesGroupOf: (expression, end) => answer(namesGroupOf(completion, expression, end)),
    names: (expression, end) => answer(names(completion, expression, end)),
    holds: (list, end) => answer(completion.holds.get(holdsKey(list, end.name))),
    permits: (group, direction) => answer(completion.permits.get(permitsKey(group, direction))),
    spots: (end, family) => [completion.spot.get(spotKey(end.name, family)) as Spot],
  };
}

function ruleAt(address: string, { rules }: World): SecurityGroupRule {
  const found = rules.find((rule) => rule.address === address);
  if (!found) throw new Error(`a fact is about ${address}, which is no rule`);
  return found;
}

function endNamed(name: string, { flow }: World): Endpoint {
  const found = [flow.from, flow.to].find((end) => end.name === name);
  if (!found) throw new Error(`a fact is about ${name}, which is no end of the flow`);
  return found;
}

function isFact(fact: Fact, world: World, completion: Completion): boolean {
  const decided = (truth: boolean | undefined) => answer(truth) === "yes";
  switch (fact.kind) {
    case "rule":
      return decided(completion.isSo.get(doubtKey(fact.doubt, fact.rule)));
    case "owner": {
      const { unknownGroup, direction } = ruleAt(fact.rule, world);
      return namesGroupOf(completion, unknownGroup ?? "", endsOf(world.flow, direction).near);
    }
    case "ports":
      return decided(completion.covers.get(fact.rule));
    case "peer":
      return names(completion, fact.expression, endNamed(fact.endpoint, world));
    case "prefix-list":
      return decided(completion.holds.get(holdsKey(fact.list, fact.endpoint)));
    case "group":
      return decided(completion.permits.get(permitsKey(fact.group, fact.direction)));
    case "address":
      return FAMILIES.some((family) => {
        const spot = completion.spot.get(spotKey(fact.endpoint, family));
        return spot && fact.cidrs.some((cidr) => has(cidr, spot));
      });
    case "ipv6":
      return completion.spot.get(spotKey(fact.endpoint, "ipv6")) !== null;
    default:
      throw new Error(`in the mode strict nothing depends on ${fact.kind}`);
  }
}

export function isTrue(condition: Condition, world: World, completion: Completion): boolean {
  switch (condition.kind) {
    case "is":
      return isFact(condition.fact, world, completion);
    case "not":
      return !isFact(condition.fact, world, completion);
    case "all":
      return condition.of.every((part) => isTrue(part, world, completion));
    case "any":
      return condition.of.some((part) => isTrue(part, world, completion));
    case "should":
      throw new Error("in the mode strict it does not matter whether an end lies in the VPC");
  }
}

// ── What conditions ask for ───────────────────────────────────────────────────────────────────────────────

/** Which unknown decides on a fact, and what is asked of it. */
interface Asked {
  readonly unknown: string;
  readonly question: string;
}

function askedBy(fact: Fact, world: World): Asked {
  switch (fact.kind) {
    case "owner": {
      const { unknownGroup, direction } = ruleAt(fact.rule, world);
      return { unknown: `what ${unknownGroup} means`, question: `a group of ${direction}` };
    }
    case "peer":
      return { unknown: `what ${fact.expression} means`, question: `the end ${fact.endpoint}` };
    case "prefix-list":
      return { unknown: holdsKey(fact.list, fact.endpoint), question: "" };
    case "group":
      return { unknown: permitsKey(fact.group, fact.direction), question: "" };
    case "address":
      return { unknown: `where ${fact.endpoint} is`, question: fact.cidrs.join(" ") };
    case "ipv6":
      return { unknown: `where ${fact.endpoint} is`, question: "in IPv6" };
    case "rule":
      return { unknown: doubtKey(fact.doubt, fact.rule), question: "" };
    case "ports":
      return { unknown: `ports of ${fact.rule}`, question: "" };
    default:
      throw new Error(`in the mode strict nothing depends on ${fact.kind}`);
  }
}

/** Each different question that the conditions ask, once. */
export function questionsIn(conditions: readonly Condition[], world: World): readonly Asked[] {
  const factsOf = (condition: Condition): readonly Fact[] => {
    if (condition.kind === "should")
      throw new Error("in the mode strict nothing depends on the place of an end");
    return "of" in condition ? condition.of.flatMap(factsOf) : [condition.fact];
  };
  const asked = conditions.flatMap(factsOf).map((fact) => askedBy(fact, world));
  return [...new Map(asked.map((one) => [`${one.unknown}: ${one.question}`, one])).values()];
}
