/** Whoever does what a finding advises must not break what worked, in random worlds (`../judge/worlds.ts`). */
import fc from "fast-check";
import { expect, test } from "vitest";
import { runChecks } from "../../../verify/checks";
import type { Advice } from "../../../verify/checks/model";
import type { Flow } from "../../../verify/expect/model";
import { takeInventory } from "../../../verify/inventory";
import type { Group, SecurityGroupRule } from "../../../verify/inventory/model";
import { judge } from "../../../verify/judge/judge";
import type { Verdict } from "../../../verify/judge/model";
import { world } from "../judge/worlds";
import { inputOf } from "../support/input";

const WORLDS = Number(process.env["WORLDS"] ?? 200);
const SEED = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

interface Estate {
  readonly groups: ReadonlyMap<string, Group>;
  readonly rules: readonly SecurityGroupRule[];
  readonly flows: readonly Flow[];
}

/** In a world every prefix list that is declared has the same id. */
function withOwnList(rule: SecurityGroupRule): SecurityGroupRule {
  const { peer } = rule;
  if (peer.kind !== "prefix-list" || peer.entries === undefined) return rule;
  return { ...rule, peer: { ...peer, id: `pl-${peer.entries.join()}` } };
}

/** Two flows between the same groups, each with the rules that were made for it. */
const estate: fc.Arbitrary<Estate> = fc.tuple(world, world).map(([one, other]) => ({
  groups: one.groups,
  rules: [
    ...one.rules.map(withOwnList),
    ...other.rules.map((rule) => ({ ...withOwnList(rule), address: `other.${rule.address}` })),
  ],
  flows: [one.flow, { ...other.flow, id: { module: "", name: "other" } }],
}));

const judged = ({ groups, rules, flows }: Estate) => judge({ groups, rules }, flows, { mode: "strict" });

const EMPTY = takeInventory(inputOf({}));

function advicesFor(given: Estate, verdicts: readonly Verdict[]): [check: string, advice: Advice][] {
  const { groups, rules, flows } = given;
  const inventory = { ...EMPTY, groups, rules };
  return runChecks({ inventory, flows, verdicts, mode: "strict" }).flatMap(({ check, advice }) =>
    advice === undefined ? [] : [[check, advice]],
  );
}

function followed(given: Estate, advice: Advice): Estate {
  const rules = given.rules.flatMap((rule): SecurityGroupRule[] => {
    if (rule.address !== advice.rule) return [rule];
    if (advice.kind === "remove") return advice.peers?.includes(rule.peer) === false ? [rule] : [];
    return advice.to.map((traffic) => ({ ...rule, traffic }) as SecurityGroupRule);
  });
  return { ...given, rules };
}

const RANK: Readonly<Record<Verdict["status"], number>> = { broken: 0, "holds-if": 1, holds: 2 };

function expectNothingWorse(before: readonly Verdict[], after: readonly Verdict[], why: string) {
  before.forEach(({ status }, index) => {
    const now = after[index]?.status ?? "broken";
    expect(RANK[now], `${why}: ${status} becomes ${now}`).toBeGreaterThanOrEqual(RANK[status]);
  });
}

test("no advice makes a flow worse, be it followed alone or with all others", () => {
  const seen = new Set<string>();
  const look = (given: Estate) => {
    const before = judged(given);
    const advices = advicesFor(given, before);
    for (const [check, advice] of advices) {
      seen.add(check);
      expectNothingWorse(before, judged(followed(given, advice)), check);
    }
    const all = advices.reduce((rest, [, advice]) => followed(rest, advice), given);
    expectNothingWorse(before, judged(all), "all together");
  };
  fc.assert(fc.property(estate, look), { numRuns: WORLDS, seed: SEED });
  expect([...seen].sort()).toStrictEqual(["shadowed-rule", "wide-egress", "wider-than-flows"]);
});
