import { describe, expect, test } from "vitest";
import { NOTHING } from "./support/adopt";
import type { Role } from "./support/estates";
import { changedBack, changesBack, DIFFERENCES, mustApplyFirst } from "./support/estates/drift";
import { bare, changesIn, type Drifted, EstateRoot, type Killed, type Way } from "./support/estates/root";
import { isAll } from "./support/sample";
import { awsStage } from "./support/stage";
import { type Terraform, workFolder } from "./support/terraform";

const { reason } = awsStage();

/** How many estates; each has the seed after that of the one before. */
const ESTATES = Number(process.env["ESTATES"] ?? 5);
const FIRST = Number(process.env["ESTATES_SEED"] ?? 1);
/** Estates in one root, which share the time that Terraform takes. */
const TOGETHER = 3;

const SEEDS = Array.from({ length: ESTATES }, (_, index) => FIRST + index);

/** Both ways by turns. */
const WAY_OF: Readonly<Record<Way, (seed: number) => boolean>> = {
  moved: (seed) => seed % 2 === 1,
  imported: (seed) => seed % 2 === 0,
};
const ROOTS = Object.entries(WAY_OF).flatMap(([way, isIts]) => {
  const seeds = SEEDS.filter(isIts);
  const one = Array.from({ length: Math.ceil(seeds.length / TOGETHER) }, (_, index) => ({
    way: way as Way,
    seeds: seeds.slice(index * TOGETHER, (index + 1) * TOGETHER),
    regions: 1 as const,
  }));
  // Terraform starts the provider in each step for these, which takes minutes.
  const two =
    isAll || ESTATES >= 30 ? [{ way: way as Way, seeds: SEEDS.slice(0, 2), regions: 2 as const }] : [];
  return [...one, ...two];
});

const killed: Killed[] = [];
/** Plans that forget fewer objects may be applied before anybody sees it. */
const ENOUGH_TO_KILL = 8;
/** Where groups and rules were afterwards, over all estates. */
const counted = {
  all: 0,
  held: 0,
  /** Of the groups by what they are, in which modules. */
  roles: {} as Partial<Record<Role, Record<string, number>>>,
  /** Groups that the module made for them does not hold, and what is left, each with why, where that is not as it must be. */
  unexplained: [] as string[],
  /** How many must be, and are as they must be. */
  toExplain: 0,
  explained: 0,
};

describe.skipIf(reason)(`estates of the seeds ${FIRST} to ${FIRST + ESTATES - 1}`, () => {
  // A busy machine is no failure.
  const options = { timeout: 1_800_000 };
  test.each(ROOTS)(
    "$seeds, $way, regions: $regions: adopted and taken back, and nothing changes",
    options,
    async ({ way, seeds, regions }) => {
      const root = await EstateRoot.running(workFolder(), { seeds, way, regions });
      const { terraform, next } = root;
      expectEmpty(terraform);
      const rules = await root.rules();
      const before = terraform.state();
      const objects = root.managed(terraform);
      const roles = root.roles(objects);
      const reasons = root.reasons();
      counted.toExplain += objects.filter(({ address }) => bare(address) in reasons).length;

      const inputs = way === "moved" ? ["."] : [".", "--import"];
      const said = root.adopt(...inputs);
      expect(said, said.output).toMatchObject({ status: 0 });
      root.deleteAdopted();
      // Inside their state, rules that get another form are imported.
      const { import: imports = [] } = root.read("adopted.tf.json") as { import?: unknown[] };
      const roots = [...root.roots];
      const expectNothing = (planned: Planned | undefined) =>
        expect(planned?.summary, planned?.changes).toBe(
          `Plan: ${imports.length === 0 ? "" : `${imports.length} to import, `}${NOTHING}`,
        );
      next.init();
      const plan = () => roots.map((one) => root.planned(one));
      expectNothing(plan()[0]);
      const check = () => root.check(roots);
      const checked = check();
      expect(checked, checked.output).toMatchObject({ status: 0 });
      expect(checked.output).toContain(" 0 changed in place.");
      // Each apply is killed; what is planned anew ends it.
      for (const one of roots) {
        killed.push(await root.kill(one));
        plan();
        const again = check();
        // Where the apply was faster, nothing is left to do.
        if (again.status !== 0) expect(again.output).toContain("nothing is imported or moved");
        one.run("apply", "-no-color", "plan");
      }
      for (const one of roots) expectEmpty(one);
      expect(await root.rules()).toStrictEqual(rules);
      count(root, roles);

      root.undo();
      roots.reverse();
      // Import reads blocks joined and no argument that only Terraform knows: the old root's are put right in place.
      expect(plan()[0]?.summary).toMatch(way === "moved" ? NOTHING : /0 to add, \d+ to change, 0 to destroy/);
      const undone = check();
      expect(undone, undone.output).toMatchObject({ status: 0 });
      for (const one of roots) one.run("apply", "-no-color", "plan");
      root.endUndo();
      expectEmpty(terraform);
      expect(terraform.state()).toStrictEqual(before);
      expect(await root.rules()).toStrictEqual(rules);

      const drifted = await root.drift();
      if (drifted.length > 0) {
        await expectSettled(root, drifted, inputs);
        root.destroy(root.next);
      }
      if (drifted.length === 0 || way === "imported") root.destroy(terraform);
    },
  );

  test("nearly all of them stand in module calls then, the article's all, and what is left has its reason", () => {
    console.log(JSON.stringify({ counted, killed }));
    expect(counted.held / counted.all).toBeGreaterThanOrEqual(0.95);
    expect(Object.keys(counted.roles.article ?? {})).toStrictEqual(["rds-mysql"]);
    expect(counted.unexplained).toStrictEqual([]);
    expect(counted.explained).toBe(counted.toExplain);
    // Some had forgotten a part of it.
    const many = killed.filter(({ forgotten }) => forgotten >= ENOUGH_TO_KILL);
    if (many.length > 0)
      expect(
        many.some(({ missing = 0, forgotten }) => missing > 0 && missing < forgotten),
        JSON.stringify(many),
      ).toBe(true);
    // Groups that a module is made for are in it.
    const made = Object.entries(counted.roles).flatMap(([role, modules]) =>
      isMadeFor(role) ? Object.entries(modules) : [],
    );
    const sum = (some: typeof made) => some.reduce((total, [, count]) => total + count, 0);
    const specific = made.filter(([module]) => !["security-group", "left"].includes(module));
    expect(sum(specific) / sum(made)).toBeGreaterThanOrEqual(0.8);
  });
});

/** Whether a module is made for groups that are that to their team. */
const isMadeFor = (role: string) => ["pods", "service", "article"].includes(role);

type Planned = ReturnType<EstateRoot["planned"]>;

function expectEmpty(terraform: Terraform): void {
  const { status, output } = terraform.plan();
  expect(status, changesIn(output)).toBe(0);
}

/** Groups that drifted are left until somebody says which side is right, and taken over then as that side has them. */
async function expectSettled(
  root: EstateRoot,
  drifted: readonly Drifted[],
  inputs: readonly string[],
): Promise<void> {
  root.again();
  const { terraform, next } = root;
  const all = [...inputs, ...root.list(drifted)];
  const lines = (output: string, start: string) =>
    output.split("\n").filter((line) => line.startsWith(start));
  const lefts = (groups: readonly Drifted[]) =>
    groups.flatMap(({ group, rules }) => [group, ...rules]).sort();
  const leftIn = (output: string) =>
    lines(output, "LEFT ")
      .map((line) => line.replace(/^LEFT (\S+):.*/, "$1"))
      .sort();
  const unsaid = root.adopt(...all, "--dry-run");
  expect(unsaid.status, unsaid.output).toBe(3);
  expect(unsaid.output).toMatch(/^drift /);
  for (const { group, id, changes } of drifted) {
    const [, own = ""] = unsaid.output.split(
      `drift ${group} (${id}): left until somebody says which side is right\n`,
    );
    const [told = ""] = own.split(/^(?! {2})/m);
    for (const [change, words] of Object.entries(DIFFERENCES))
      expect(words.test(told), `${change} of ${group}: ${told}`).toBe(changes.some((one) => one === change));
    expect(unsaid.output).toContain(`LEFT ${group}: it drifted, and nobody said which side is right`);
  }
  expect(leftIn(unsaid.output)).toStrictEqual(lefts(drifted));

  const [side] = drifted.map((one) => one.side);
  const sides = drifted.every((one) => one.side === side)
    ? ["--accept", `drift=${side}`]
    : drifted.flatMap((one) => ["--answer", `drift.${one.id}=${one.side}`]);
  const first = drifted.filter(mustApplyFirst);
  if (first.length > 0) {
    const refused = root.adopt(...all, ...sides, "--dry-run");
    expect(refused.status, refused.output).toBe(3);
    expect(leftIn(refused.output)).toStrictEqual(lefts(first));
    for (const { group } of first)
      expect(lines(refused.output, `LEFT ${group}: `)[0]).toMatch(
        /apply today's configuration first|settle it first/,
      );
    terraform.apply(...lefts(first).map((address) => `-target=${address}`));
    root.list(drifted);
  }

  const live = await root.rules();
  const said = root.adopt(...all, ...sides);
  expect(said.status, said.output).toBe(0);
  root.deleteAdopted();
  next.init();
  const { import: imports = [] } = root.read("adopted.tf.json") as { import?: unknown[] };
  const back = drifted.filter(changesBack);
  const [planned] = root.roots.map((one) => root.planned(one));
  expect(planned?.summary, planned?.changes).toBe(
    `Plan: ${imports.length === 0 ? "" : `${imports.length} to import, `}0 to add, ${back.length} to change, 0 to destroy.`,
  );
  const checked = root.check();
  expect(checked.status, checked.output).toBe(0);
  expect(checked.output).toContain(` ${back.length} changed in place.`);
  for (const one of root.roots) one.run("apply", "-no-color", "plan");
  for (const one of root.roots) expectEmpty(one);
  const changed = live.map((line) => back.reduce((text, { id }) => changedBack(text, id), line)).sort();
  expect(await root.rules()).toStrictEqual(changed);
}

interface Said {
  readonly calls: readonly {
    readonly call: string;
    readonly reason?: string;
    readonly takes: readonly { readonly from: string; readonly to: string }[];
  }[];
  readonly left: readonly { readonly address: string; readonly reason: string }[];
}

/** Counts where the groups and rules are, by the state and the configuration that Terraform has. */
function count(root: EstateRoot, roles: ReadonlyMap<string, Role>): void {
  const { module } = root.read("adopted.tf.json") as { module: Record<string, { source: string }> };
  const { calls, left } = root.read("adoption.json") as Said;
  const page = root.page();
  const reasons = root.reasons();
  const explain = (address: string, reason = "", ...parts: string[]) => {
    const isSaid = parts.every((part) => page.includes(part));
    if (isSaid && reasons[bare(address)]?.test(reason)) counted.explained += 1;
    else counted.unexplained.push(`${address}: ${reason}`);
  };
  const objects = [
    ...root.managed(root.next),
    ...(root.way === "imported" ? root.managed(root.terraform) : []),
  ];
  for (const { address, id } of objects) {
    const [, call = ""] = /^module\.(\w+)\./.exec(address) ?? [];
    const source = module[call]?.source.replace("./modules/", "") ?? "left";
    const reason = left.find((one) => one.address === address)?.reason;
    if (source === "left") explain(address, reason, `| \`${address}\` | ${reason} |`);
    const role = roles.get(id);
    if (source === "security-group" && role !== undefined && isMadeFor(role)) {
      const { reason = "", takes } = calls.find((one) => one.call === `module.${call}`) ?? { takes: [] };
      const old = takes.find(({ to }) => to === address)?.from ?? address;
      explain(
        old,
        reason,
        `### module.${call}\n\nModule \`security-group\``,
        ` Not the module made for it, ${reason}.`,
      );
    }
    if (role !== undefined) {
      const counts = counted.roles[role] ?? {};
      counted.roles[role] = { ...counts, [source]: (counts[source] ?? 0) + 1 };
    }
    if (role === "others") continue;
    counted.all += 1;
    if (source !== "left") counted.held += 1;
  }
}
