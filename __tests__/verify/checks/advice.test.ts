/** Whoever does what a finding advises must not break what worked, in random worlds (`../judge/worlds.ts`). */
import fc from "fast-check";
import { expect, test } from "vitest";
import { runChecks } from "../../../verify/checks";
import { withoutContradictions } from "../../../verify/checks/advice";
import type { Advice } from "../../../verify/checks/model";
import type { Flow } from "../../../verify/expect/model";
import { takeInventory } from "../../../verify/inventory";
import type { Group, SecurityGroupRule } from "../../../verify/inventory/model";
import { judge } from "../../../verify/judge/judge";
import type { Verdict } from "../../../verify/judge/model";
import { world } from "../judge/worlds";
import { type ContextOptions, contextOf } from "../support/context";
import { inputOf, type Resources } from "../support/input";
import { PODS } from "./support/pods";
import { A, B, GROUPS, PRIVATE, rule, WORLD } from "./support/rules";

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
  const findings = withoutContradictions(runChecks({ inventory, flows, verdicts, mode: "strict" }));
  return findings.flatMap(({ check, advice }) => (advice === undefined ? [] : [[check, advice]]));
}

function followed(given: Estate, advice: Advice): Estate {
  const rules = given.rules.flatMap((rule): SecurityGroupRule[] => {
    if (rule.address !== advice.rule) return [rule];
    if (advice.kind === "remove") return advice.peers?.includes(rule.peer) === false ? [rule] : [];
    // What is needed of it is written, and nothing that another rule admits as well.
    if (advice.kind === "rewrite") return [rule];
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
  expect([...seen].sort()).toStrictEqual([
    "open-to-the-world",
    "shadowed-rule",
    "wide-egress",
    "wider-than-flows",
  ]);
});

/** What is said of estates with a wide rule and a narrow one within it. */
function said(resources: Resources, options: ContextOptions = {}): [check: string, address: string][] {
  const found = withoutContradictions(runChecks(contextOf(inputOf(resources), options)));
  return found
    .filter(({ advice }) => advice !== undefined)
    .map(({ check, address }) => [check, address.replace("aws_security_group_rule.", "")]);
}

const TO_DATABASE: ContextOptions = {
  flows: {
    data: {
      from: { name: "a", groups: ["aws_security_group.a"] },
      to: { name: "b", groups: ["aws_security_group.b"] },
      traffic: [{ protocol: "tcp", ports: { from: 3306, to: 3306 } }],
    },
  },
};

const CONTRADICTIONS: [what: string, Resources, ContextOptions, [check: string, address: string][]][] = [
  [
    "egress for the database, within egress of everything that is to be narrowed",
    {
      ...PODS,
      "aws_security_group_rule.data": rule("egress", A, WORLD, "tcp", 3306),
      "aws_security_group_rule.wide": rule("egress", A, WORLD, "-1", 0),
    },
    {},
    [["wide-egress", "wide"]],
  ],
  [
    "the same, where a flow needs the database and its address is not known",
    {
      ...PODS,
      "aws_security_group_rule.data": rule("egress", A, WORLD, "tcp", 3306),
      "aws_security_group_rule.wide": rule("egress", A, WORLD, "-1", 0),
      "aws_security_group_rule.in": rule("ingress", B, A, "tcp", 3306),
    },
    TO_DATABASE,
    [["wide-egress", "wide"]],
  ],
  [
    "ingress from the network, within ingress of the world",
    {
      ...GROUPS,
      "aws_security_group_rule.network": rule("ingress", A, PRIVATE),
      "aws_security_group_rule.world": rule("ingress", A, WORLD),
    },
    {},
    [["open-to-the-world", "world"]],
  ],
  [
    "a port, within a rule that opens everything by mistake",
    {
      ...GROUPS,
      "aws_security_group_rule.https": rule("ingress", A, PRIVATE),
      "aws_security_group_rule.ssh": rule("ingress", A, PRIVATE, "-1", 22),
    },
    {},
    [["all-traffic-with-ports", "ssh"]],
  ],
  [
    "a rule, within one that is wider than the flows, and that within a third",
    {
      ...GROUPS,
      "aws_security_group_rule.out": rule("egress", A, B, "tcp", 3306),
      "aws_security_group_rule.in": rule("ingress", B, A, "tcp", 3306),
      "aws_security_group_rule.more": rule("ingress", B, A, "tcp", 3306, 3310),
      "aws_security_group_rule.most": rule("ingress", B, A, "tcp", 3300, 3310),
    },
    TO_DATABASE,
    [
      ["wider-than-flows", "more"],
      ["wider-than-flows", "most"],
    ],
  ],
  [
    "a block inside a group, within a resource of its own that each apply removes",
    {
      ...GROUPS,
      "aws_security_group.a": {
        ingress: [{ protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.1.0.0/16"] }],
      },
      "aws_security_group_rule.wide": rule("ingress", A, PRIVATE),
    },
    {},
    [],
  ],
  [
    "a rule within a wide one that stays",
    {
      ...GROUPS,
      "aws_security_group_rule.https": rule("ingress", A, B),
      "aws_security_group_rule.all": rule("ingress", A, B, "-1", 0),
    },
    {},
    [["shadowed-rule", "https"]],
  ],
];

test.each(CONTRADICTIONS)(
  "no advice relies on a rule that other advice changes: %s",
  (_, resources, options, expected) => {
    expect(said(resources, options)).toStrictEqual(expected);
  },
);
