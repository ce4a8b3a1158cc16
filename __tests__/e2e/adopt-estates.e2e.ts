import { describe, expect, test } from "vitest";
import { NOTHING } from "./support/adopt";
import type { Role } from "./support/estates";
import { changesIn, EstateRoot, type Way } from "./support/estates/root";
import { rulesInForce } from "./support/rules-in-force";
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
  return Array.from({ length: Math.ceil(seeds.length / TOGETHER) }, (_, index) => ({
    way: way as Way,
    seeds: seeds.slice(index * TOGETHER, (index + 1) * TOGETHER),
  }));
});

/** How many objects the states had when their applies were killed; undefined where the apply was faster. */
const killed: (number | undefined)[] = [];
/** Where groups and rules were afterwards, over all estates. */
const counted = {
  all: 0,
  held: 0,
  /** Of the groups by what they are, in which modules. */
  roles: {} as Partial<Record<Role, Record<string, number>>>,
  unexplained: [] as string[],
};

describe.skipIf(reason)(`estates of the seeds ${FIRST} to ${FIRST + ESTATES - 1}`, () => {
  // A busy machine is no failure.
  const options = { timeout: 1_800_000 };
  test.each(ROOTS)(
    "$seeds, $way: adopted and taken back, and nothing changes",
    options,
    async ({ way, seeds }) => {
      const root = await EstateRoot.running(workFolder(), seeds, way);
      const { terraform, next } = root;
      expectEmpty(terraform);
      const rules = await rulesInForce();
      const before = terraform.state();
      const roles = root.roles();

      const inputs = way === "moved" ? ["."] : [".", "--import"];
      const said = root.adopt(...inputs, "--into", root.into);
      expect(said, said.output).toMatchObject({ status: 0 });
      root.deleteAdopted();
      const { calls } = root.read("adoption.json") as { calls: { takes: unknown[] }[] };
      const taken = calls.flatMap(({ takes }) => takes).length;
      const roots = way === "moved" ? [terraform] : [next, terraform];
      const expectNothing = (planned: Planned | undefined) =>
        expect(planned?.summary, planned?.changes).toBe(
          `Plan: ${way === "moved" ? "" : `${taken} to import, `}${NOTHING}`,
        );
      for (const one of way === "moved" ? [terraform] : [next]) one.init();
      const plan = () => roots.map((one) => root.planned(one));
      expectNothing(plan()[0]);
      const check = () => root.adopt("--check-plan", ...roots.map((one) => root.planOf(one)));
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
      expect(await rulesInForce()).toStrictEqual(rules);
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
      expect(await rulesInForce()).toStrictEqual(rules);
      terraform.destroy();
    },
  );

  test("nearly all of them stand in module calls then, the article's all, and what is left has its reason", () => {
    console.log(JSON.stringify({ counted, killed }));
    expect(counted.held / counted.all).toBeGreaterThanOrEqual(0.95);
    expect(Object.keys(counted.roles.article ?? {})).toStrictEqual(["rds-mysql"]);
    expect(counted.unexplained).toStrictEqual([]);
    // Groups that a module is made for are in it.
    const made = (["pods", "service", "article"] as const).flatMap((role) =>
      Object.entries(counted.roles[role] ?? {}),
    );
    const sum = (some: typeof made) => some.reduce((total, [, count]) => total + count, 0);
    const specific = made.filter(([module]) => !["security-group", "left"].includes(module));
    expect(sum(specific) / sum(made)).toBeGreaterThanOrEqual(0.8);
  });
});

type Planned = ReturnType<EstateRoot["planned"]>;

function expectEmpty(terraform: Terraform): void {
  const { status, output } = terraform.plan();
  expect(status, changesIn(output)).toBe(0);
}

/** Counts where the groups and rules are, by the state and the configuration that Terraform has. */
function count(root: EstateRoot, roles: ReadonlyMap<string, Role>): void {
  const { module } = root.read("adopted.tf.json") as { module: Record<string, { source: string }> };
  const { left } = root.read("adoption.json") as { left: { address: string; reason: string }[] };
  const objects = [
    ...root.managed(root.next),
    ...(root.way === "imported" ? root.managed(root.terraform) : []),
  ];
  for (const { address, id } of objects) {
    const [, call = ""] = /^module\.(\w+)\./.exec(address) ?? [];
    const source = module[call]?.source.replace("./modules/", "") ?? "left";
    if (source === "left" && !left.some((one) => one.address === address && one.reason !== ""))
      counted.unexplained.push(address);
    const role = roles.get(id);
    if (role !== undefined) {
      const counts = counted.roles[role] ?? {};
      counted.roles[role] = { ...counts, [source]: (counts[source] ?? 0) + 1 };
    }
    if (role === "others") continue;
    counted.all += 1;
    if (source !== "left") counted.held += 1;
  }
}
