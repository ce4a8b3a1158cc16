/**
 * The verifier's judgement against a second opinion (`oracle.ts`), in random worlds (`worlds.ts`). `npm run test:worlds`
 * looks at more of them; a failure says the seed, which the variable SEED takes.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SecurityGroupRule } from "../../../verify/inventory/model";
import { judge } from "../../../verify/judge/judge";
import type { Condition, Verdict } from "../../../verify/judge/model";
import { type Completion, completionsOf, isTrue, knowledgeOf, questionsIn } from "./completions";
import { KINDS, kindsOf } from "./kinds";
import { cellsOf, type Direction, endsOf, halvesOf, impossibilityOf, statusOf, type World } from "./oracle";
import { anotherRule, world } from "./worlds";

const WORLDS = Number(process.env["WORLDS"] ?? 2500);
const SEED = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
/** As many completions of a world are looked at, which are often all that there are. */
const COMPLETIONS = Number(process.env["COMPLETIONS"] ?? 24);
const DIRECTIONS: readonly Direction[] = ["egress", "ingress"];

/** Looks at so many random worlds; fast-check makes those in which something is wrong smaller before it shows one. */
function inWorlds(numRuns: number, look: (random: World, more: SecurityGroupRule) => void) {
  fc.assert(fc.property(world, anotherRule, look), { numRuns: Math.ceil(numRuns), seed: SEED });
}

function verdictOf({ groups, rules, flow }: World): Verdict {
  return judge({ groups, rules }, [flow], { mode: "strict" })[0] as Verdict;
}

const withRules = (before: World, rules: readonly SecurityGroupRule[]): World => ({
  ...before,
  rules: [...before.rules, ...rules],
});

function cured(before: World, { cures }: Verdict): World {
  return withRules(
    before,
    cures.map((cure, index) => ({
      address: `cure.${index}`,
      form: "classic",
      group: cure.group,
      direction: cure.direction,
      traffic: cure.traffic,
      peer: cure.peer,
      source: { file: "main.tf" },
    })),
  );
}

test(`agrees with a packet-by-packet look at ${WORLDS} random worlds of all kinds`, () => {
  const counts = new Map(KINDS.map((kind) => [kind, 0]));
  inWorlds(WORLDS, (random) => {
    const { status, impossible } = verdictOf(random);
    expect({ status, impossible }).toStrictEqual({
      status: statusOf(random),
      impossible: impossibilityOf(random),
    });
    for (const kind of kindsOf(random)) counts.set(kind, (counts.get(kind) ?? Number.NaN) + 1);
  });
  if (process.env["WORLDS"]) {
    const lines = [...counts].map(([kind, count]) => `${String(count).padStart(7)}  ${kind}`);
    console.info([`${WORLDS} worlds, SEED=${SEED}`, ...lines].join("\n"));
  }
  // What never comes up is not tested. Here and below, the bound is so far below what comes up that chance does not reach it.
  const rare = [...counts].filter(([, count]) => !(count >= 0.015 * WORLDS));
  expect(rare).toEqual([]);
});

/** Whether so much of an `allow` is certainly refused that rules are missing; no rule helps where no packet exists. */
function isToBeCured({ flow }: World, { status, impossible }: Verdict): boolean {
  return flow.expect === "allow" && status === "broken" && !impossible;
}

test("the rules that it proposes cure each half that they are for, and leave to doubt what was in doubt", () => {
  let curedFlows = 0;
  inWorlds(WORLDS / 3.5, (random) => {
    const verdict = verdictOf(random);
    if (!isToBeCured(random, verdict)) {
      expect(verdict.cures).toEqual([]);
      return;
    }
    curedFlows += 1;
    const answersOf = (half: Direction, of: World) =>
      new Set(cellsOf(of).flatMap((cell) => halvesOf(of, cell)[half]));
    const treated = DIRECTIONS.filter((half) => verdict.cures.some(({ direction }) => direction === half));
    // Whatever certainly refuses a part of the flow is to be cured …
    expect(treated).toEqual(
      expect.arrayContaining(DIRECTIONS.filter((half) => answersOf(half, random).has("no"))),
    );
    // … by rules of its own groups, …
    for (const { group, direction } of verdict.cures) {
      expect(endsOf(random.flow, direction).near.groups).toContain(group);
    }
    // … after which it admits everything, …
    const after = cured(random, verdict);
    for (const half of treated) expect(answersOf(half, after)).toEqual(new Set(["yes"]));
    // … and the flow holds, unless the half that refused nothing for certain still does not say.
    const isOpen = DIRECTIONS.some((half) => answersOf(half, after).has("maybe"));
    expect(statusOf(after)).toBe(isOpen ? "holds-if" : "holds");
    expect(verdictOf(after).status).toBe(isOpen ? "holds-if" : "holds");
  });
  expect(curedFlows).toBeGreaterThan(0.02 * WORLDS);
});

/** The flow holds in a completion of the world if and only if all of the conditions are true in it. */
function proveConditions(open: World, conditions: readonly Condition[]): readonly Completion[] | undefined {
  const { isAll, list } = completionsOf(open, COMPLETIONS);
  const contradicting = list.filter((completion) => {
    const isHolding = conditions.every((condition) => isTrue(condition, open, completion));
    return statusOf(open, knowledgeOf(completion)) !== (isHolding ? "holds" : "broken");
  });
  expect(contradicting).toEqual([]);
  return isAll ? list : undefined;
}

test("a flow holds exactly where its conditions are true, whatever the input leaves open", () => {
  let reached = 0;
  inWorlds(WORLDS / 2, (random) => {
    const { status, conditions } = verdictOf(random);
    if (status !== "holds-if") {
      if (status === "holds") expect(conditions).toEqual([]);
      const contradicting = completionsOf(random, COMPLETIONS).list.filter(
        (completion) => statusOf(random, knowledgeOf(completion)) !== status,
      );
      expect(contradicting).toEqual([]);
      return;
    }
    expect(conditions).not.toEqual([]);
    const completions = proveConditions(random, conditions);
    // Two facts about one unknown may exclude each other. Where each unknown is asked for one fact, the conditions can
    // be true, all of them, and none of them is so in any case.
    const unknowns = questionsIn(conditions, random).map(({ unknown }) => unknown);
    if (!completions || new Set(unknowns).size < unknowns.length) return;
    reached += 1;
    expect(
      completions.some((completion) => conditions.every((each) => isTrue(each, random, completion))),
    ).toBe(true);
    for (const condition of conditions) {
      expect(completions.some((completion) => !isTrue(condition, random, completion))).toBe(true);
    }
  });
  expect(reached).toBeGreaterThan(0.01 * WORLDS);
});

test("of a broken flow, its conditions are what remains when its cures are there", () => {
  let open = 0;
  inWorlds(WORLDS / 3.5, (random) => {
    const verdict = verdictOf(random);
    if (!isToBeCured(random, verdict)) return;
    proveConditions(cured(random, verdict), verdict.conditions);
    if (verdict.conditions.length > 0) open += 1;
  });
  expect(open).toBeGreaterThan(0.001 * WORLDS);
});

test("one rule more never breaks an allowed flow, and never closes an open one", () => {
  const order = { broken: 0, "holds-if": 1, holds: 2 };
  inWorlds(WORLDS / 3.5, (random, more) => {
    const before = order[verdictOf(random).status];
    const after = order[verdictOf(withRules(random, [more])).status];
    if (random.flow.expect === "allow") expect(after).toBeGreaterThanOrEqual(before);
    else expect(after).toBeLessThanOrEqual(before);
  });
});
