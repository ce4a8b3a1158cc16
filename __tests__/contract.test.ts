import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../compose/run";
import { InputError } from "../io/errors";
import type { Json } from "../io/json";
import { synthesizeProject } from "../main";
import { moduleStacks } from "../modules";
import { contractFile } from "../synth/contract-file";
import { filesIn, temporaryFolder } from "./support/folders";
import { here } from "./support/here";
import { committedStack, PROJECT } from "./support/project";
import { projectRoot } from "./support/synth";

/*
 * The public contract: what consumers' states, plans and calls name. `cdktf.out/contract.json` holds it.
 *
 * A name that leaves it or changes owes its users a `moved` block where Terraform can follow it (resources and module
 * calls), a major version, and a line in CHANGELOG.md under "Breaking". A name that is new owes a minor version.
 */

const BEFORE = {
  orders: {
    kind: "module",
    names: ["aws_security_group.pods", "output.id", "var.name"],
    required: ["var.name"],
  },
  redis: { kind: "module", names: ["var.port"], required: [] },
};
/** What is kept of it, as configurations. */
const ORDERS = {
  resource: { aws_security_group: { pods: {} } },
  output: { id: {} },
  variable: { name: {} },
};
const REDIS = { variable: { port: { default: 6379 } } };

const WHERE = 'under "### Breaking" in the top section of';

/** What is written of stacks after a contract, or every problem. */
function contractOf(stacks: Record<string, Json>, changelog = "", before: string = JSON.stringify(BEFORE)) {
  const folder = temporaryFolder();
  const places = { committed: join(folder, "contract.json"), changelog: join(folder, "CHANGELOG.md") };
  writeFileSync(places.committed, before);
  writeFileSync(places.changelog, changelog);
  try {
    const files = contractFile(places)(
      Object.entries(stacks).map(([name, configuration]) => ({ name, kind: "module", configuration })),
    );
    return { contract: JSON.parse(files["contract.json"] ?? "") };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {
      problems: error.problems.map((problem) => problem.replace(/ \S*CHANGELOG\.md$/, " CHANGELOG.md")),
    };
  }
}

test("what is kept stays, and what is new is added", () => {
  expect(contractOf({ orders: ORDERS, redis: REDIS })).toStrictEqual({ contract: BEFORE });
  const more = { ...ORDERS, locals: { ports: [] } };
  expect(contractOf({ orders: more, redis: REDIS, msk: REDIS })).toStrictEqual({
    contract: {
      ...BEFORE,
      orders: {
        ...BEFORE.orders,
        names: [...BEFORE.orders.names.slice(0, 1), "local.ports", "output.id", "var.name"],
      },
      msk: BEFORE.redis,
    },
  });
});

describe.each([
  {
    what: "an address",
    stacks: { orders: { ...ORDERS, resource: { aws_security_group: { pod: {} } } }, redis: REDIS },
    problem: `stack "orders": aws_security_group.pods would be removed from the contract: keep it, or announce it in an entry with \`orders\` and \`aws_security_group.pods\` ${WHERE} CHANGELOG.md`,
    entry: "- `aws_security_group.pods` of `orders` is\n  `aws_security_group.pod` now.",
  },
  {
    what: "an output",
    stacks: { orders: { ...ORDERS, output: {} }, redis: REDIS },
    problem: `stack "orders": output.id would be removed from the contract: keep it, or announce it in an entry with \`orders\` and \`output.id\` ${WHERE} CHANGELOG.md`,
    entry: "- `orders`: no `output.id` any more.",
  },
  {
    what: "a variable with its default",
    stacks: { orders: ORDERS, redis: { variable: { port: {} } } },
    problem: `stack "redis": var.port would be required for callers: give it a default, or announce it in an entry with \`redis\` and \`var.port\` ${WHERE} CHANGELOG.md`,
    entry: "- `redis` needs `var.port`.",
  },
  {
    what: "a stack",
    stacks: { orders: ORDERS },
    problem: `stack "redis" would be removed from the contract: keep it, or announce it in an entry with \`stacks/redis\` ${WHERE} CHANGELOG.md`,
    entry: "- `stacks/redis` is gone.",
  },
])("$what that is lost", ({ stacks, problem, entry }) => {
  test("is refused", () => {
    expect(contractOf(stacks)).toStrictEqual({ problems: [problem] });
  });

  test("is accepted where the changelog says so", () => {
    const { contract } = contractOf(
      stacks,
      `# Changelog\n\n## 2.0.0\n\n### Breaking\n\n- More.\n${entry}\n\n### Added\n`,
    );
    expect(Object.keys(contract)).toStrictEqual(Object.keys(stacks));
  });

  test.each([
    [
      "in the section of an earlier version",
      `## 2.0.0\n\n### Added\n\n- More.\n\n## 1.0.0\n\n### Breaking\n\n${entry}\n`,
    ],
    ["under another heading", `## 2.0.0\n\n### Breaking\n\n- More.\n\n### Added\n\n${entry}\n`],
  ])("is refused where it says so %s", (_where, changelog) => {
    expect(contractOf(stacks, changelog)).toStrictEqual({ problems: [problem] });
  });
});

test("an entry names the stack and what it loses: two entries together announce nothing", () => {
  const changelog = "## 2.0.0\n\n### Breaking\n\n- `orders` is simpler.\n- `output.id` of another stack.\n";
  const stacks = { orders: { ...ORDERS, output: {} }, redis: REDIS };
  expect(contractOf(stacks, changelog).problems).toHaveLength(1);
});

test("a root is listed, and may be changed by whoever deploys it: the README tells how", () => {
  const before = { ...BEFORE, shop: { kind: "root", names: ["module.orders"], required: ["var.region"] } };
  const stacks = { orders: ORDERS, redis: REDIS };
  expect(contractOf(stacks, "", JSON.stringify(before))).toStrictEqual({ contract: BEFORE });
});

test("everything that is lost is said at once", () => {
  expect(contractOf({ orders: { variable: {} } }).problems).toHaveLength(4);
});

test.each([
  ["is no JSON", "{", /^\S+contract\.json is no JSON \(.*\): restore the committed one with "git restore /],
  ["holds something else", '{"orders": []}', /contract\.json\.orders: .*given: \[\]/],
])("a committed file that %s is an error", (_what, before, problem) => {
  expect(contractOf({}, "", before).problems).toStrictEqual([expect.stringMatching(problem)]);
});

describe("npm run synth", () => {
  test("refuses to go without the committed file, and writes nothing", async () => {
    const root = projectRoot();
    rmSync(join(root, "cdktf.out/contract.json"));
    const outdir = temporaryFolder();
    const { status, stderr } = await here(() => synthesizeProject({ root, outdir }), { cwd: root });
    expect(stderr).toBe(
      'Nothing was written. Fix:\n- cdktf.out/contract.json is missing, so names that are gone from the contract would go unnoticed: restore the committed one with "git restore cdktf.out/contract.json"\n',
    );
    expect(status).toBe(1);
    expect(filesIn(outdir)).toStrictEqual({});
  });

  test("refuses to drop a name that the committed file has, and writes nothing", async () => {
    const root = projectRoot();
    const committed = join(root, "cdktf.out/contract.json");
    const contract = JSON.parse(readFileSync(committed, "utf8"));
    contract["rds-mysql"].names.push("output.password");
    writeFileSync(committed, JSON.stringify(contract));
    const outdir = temporaryFolder();
    const { status, stderr } = await here(() => synthesizeProject({ root, outdir }), { cwd: root });
    expect(stderr).toBe(
      `Nothing was written. Fix:\n- stack "rds-mysql": output.password would be removed from the contract: keep it, or announce it in an entry with \`rds-mysql\` and \`output.password\` ${WHERE} CHANGELOG.md\n`,
    );
    expect(status).toBe(1);
    expect(filesIn(outdir)).toStrictEqual({});
  });

  test("asks nothing of a user's app, and writes none for it", async () => {
    const outdir = temporaryFolder();
    const said = await here(() => run(moduleStacks(["vpc-cni"]), outdir));
    expect(said).toMatchObject({ status: 0, stderr: "" });
    expect(Object.keys(filesIn(outdir))).not.toContain("contract.json");
  });
});

test("the committed file has the stacks that are committed, and what they ask of callers", () => {
  const contract = JSON.parse(readFileSync(join(PROJECT, "cdktf.out/contract.json"), "utf8"));
  for (const [stack, { names, required }] of Object.entries<{ names: string[]; required: string[] }>(
    contract,
  )) {
    const { variable = {}, output = {} } = committedStack(stack);
    const asked = Object.keys(variable).filter((name) => !("default" in (variable[name] ?? {})));
    expect(required).toStrictEqual(asked.map((name) => `var.${name}`).sort());
    expect(names).toEqual(expect.arrayContaining(Object.keys(output).map((name) => `output.${name}`)));
  }
});
