import { afterAll, describe, expect, inject, test } from "vitest";
import type { Role } from "./support/estates";
import { EstateRoot, type Way } from "./support/estates/root";
import { rulesInForce } from "./support/rules-in-force";
import { workFolder } from "./support/terraform";

const { reason } = inject("aws");

/** How many estates; each has the seed after that of the one before. */
const ESTATES = Number(process.env["ESTATES"] ?? 5);
const FIRST = Number(process.env["ESTATES_SEED"] ?? 1);
/** Estates in one root, which share the time that Terraform takes. */
const TOGETHER = 3;

const ROOTS = Array.from({ length: Math.ceil(ESTATES / TOGETHER) }, (_, index) => {
  const first = FIRST + index * TOGETHER;
  const length = Math.min(TOGETHER, FIRST + ESTATES - first);
  const way: Way = index % 2 === 0 ? "moved" : "imported";
  return { way, seeds: Array.from({ length }, (__, at) => first + at) };
});

const NOTHING = "0 to add, 0 to change, 0 to destroy.";

/** Where groups and rules were afterwards, over all estates. */
const counted = { all: 0, held: 0, roles: {} as Record<Role, Record<string, number>> };

describe.skipIf(reason)(`estates of the seeds ${FIRST} to ${FIRST + ESTATES - 1}`, () => {
  test.each(ROOTS)("$seeds, $way: adopted and taken back, and nothing changes", async ({ way, seeds }) => {
    const root = await EstateRoot.running(workFolder(), seeds, way);
    const { terraform, next } = root;
    expect(terraform.plan(), "the estate itself").toMatchObject({ status: 0 });
    const rules = await rulesInForce();
    const before = terraform.state();
    const roles = root.roles();

    const inputs = way === "moved" ? ["."] : ["terraform.tfstate"];
    const said = root.adopt(...inputs, "--into", root.into);
    expect(said, said.output).toMatchObject({ status: 0 });
    root.deleteAdopted();
    const { calls } = root.read("adoption.json") as { calls: { takes: unknown[] }[] };
    const taken = calls.flatMap(({ takes }) => takes).length;
    const roots = way === "moved" ? [terraform] : [next, terraform];
    const plan = () => roots.map((one) => root.planned(one.init()));
    expect(plan()[0]).toBe(`Plan: ${way === "moved" ? "" : `${taken} to import, `}${NOTHING}`);
    const check = () => root.adopt("--check-plan", ...roots.map((one) => root.planOf(one)));
    const checked = check();
    expect(checked, checked.output).toMatchObject({ status: 0 });
    expect(checked.output).toContain(" 0 changed in place.");
    for (const one of roots) one.run("apply", "-no-color", "plan");
    for (const one of roots) expect(one.plan(), "the second plan").toMatchObject({ status: 0 });
    expect(await rulesInForce()).toStrictEqual(rules);
    count(root, roles);

    root.undo();
    roots.reverse();
    expect(plan()[0]).toBe(`Plan: ${way === "moved" ? "" : `${taken} to import, `}${NOTHING}`);
    const undone = check();
    expect(undone, undone.output).toMatchObject({ status: 0 });
    for (const one of roots) one.run("apply", "-no-color", "plan");
    root.endUndo();
    expect(terraform.plan(), "the original").toMatchObject({ status: 0 });
    expect(terraform.state()).toStrictEqual(before);
    expect(await rulesInForce()).toStrictEqual(rules);
    terraform.destroy();
  });

  afterAll(() => {
    console.log(JSON.stringify(counted, null, 2));
  });
});

/** Counts where the groups and rules are, by the state and the configuration that Terraform has. */
function count(root: EstateRoot, roles: ReadonlyMap<string, Role>): void {
  const { module } = root.read("adopted.tf.json") as { module: Record<string, { source: string }> };
  const objects = [
    ...root.managed(root.next),
    ...(root.way === "imported" ? root.managed(root.terraform) : []),
  ];
  for (const { address, id } of objects) {
    const [, call = ""] = /^module\.(\w+)\./.exec(address) ?? [];
    const source = module[call]?.source.replace("./modules/", "") ?? "left";
    const role = roles.get(id);
    if (role !== undefined) {
      const counts = counted.roles[role] ?? {};
      counted.roles[role] = { ...counts, [source]: (counts[source] ?? 0) + 1 };
    }
    if (role === "others") continue;
    counted.all += 1;
    if (source !== "left") counted.held += 1;
    else console.log(`left: ${address}`);
  }
}
