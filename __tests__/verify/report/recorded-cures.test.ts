import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cureTerraform, cureWriter } from "../../../verify/report/cure-terraform";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";

const ID = { a: "sg-0aaaaaaaaaaaaaaa1", b: "sg-0aaaaaaaaaaaaaaa2", pods: "sg-0aaaaaaaaaaaaaaa3" };
const ADDRESSES = {
  pods: "aws_security_group.pods",
  a: 'module.x["a"].aws_security_group.y[0]',
  b: 'module.x["b"].aws_security_group.y[0]',
};
type Name = keyof typeof ADDRESSES;

const group = (name: Name, values: object) => ({
  address: ADDRESSES[name],
  mode: "managed",
  type: "aws_security_group",
  name: name === "pods" ? "pods" : "y",
  values: { name, ...values },
});

/** A root with the pods' group, and a module in two instances with a group each. */
const values = (of: (name: Name) => object) => ({
  root_module: {
    resources: [group("pods", of("pods"))],
    child_modules: (["a", "b"] as const).map((key) => ({
      address: `module.x["${key}"]`,
      resources: [group(key, of(key))],
    })),
  },
});

const STATE = {
  format_version: "1.0",
  values: values((name) => ({ id: ID[name], ingress: [], egress: [] })),
};

/** A plan that makes all groups, of which the module has an output that refers to these things. */
const plan = (output: string, references: readonly string[]) => ({
  format_version: "1.2",
  planned_values: values(() => ({})),
  resource_changes: (["pods", "a", "b"] as const).map((name) => ({
    ...group(name, {}),
    change: {
      actions: ["create"],
      before: null,
      after: { name },
      after_unknown: { id: true, ingress: true, egress: true },
    },
  })),
  configuration: {
    root_module: {
      module_calls: {
        x: { module: { outputs: { [output]: { expression: { references } } } } },
      },
    },
  },
});

/** What is to be added for a flow from the pods' group to that of the second instance. */
async function added(recorded: object): Promise<string> {
  const folder = temporaryFolder();
  const file = join(folder, "recorded.json");
  const flows = join(folder, "flows.yaml");
  writeFileSync(file, JSON.stringify(recorded));
  writeFileSync(
    flows,
    `format: 1\nendpoints:\n  pods: { group: ${ADDRESSES.pods} }\n  db: { group: '${ADDRESSES.b}' }\nflows:\n  f: allow pods -> db TCP 5432\n`,
  );
  const report = await verify(file, { flows });
  return cureTerraform(cureWriter(report)(report.verdicts.flatMap(({ cures }) => cures))).join("\n");
}

describe("a rule to add for a group inside of a module that a plan makes", () => {
  const own = ["aws_security_group.y[0].id", "aws_security_group.y[0]", "aws_security_group.y"];

  test.each([
    ["an id", "group_id", own],
    ["an id, or none", "group_id", ["var.create", ...own]],
    ["the only one of several", "group_id", ["aws_security_group.y"]],
  ])("names the module's output that is %s", async (_, output, references) => {
    const terraform = await added(plan(output, references));
    expect(terraform).toContain(`referenced_security_group_id = module.x["b"].${output}\n`);
    expect(terraform).toContain(`security_group_id            = module.x["b"].${output}\n`);
    expect(terraform).not.toContain("#");
  });

  test.each([
    ["ids", own],
    ["y_security_group_id", ["aws_security_group.y[0].id", "aws_security_group.z.id"]],
  ])("says which output is not seen where %s may be another thing", async (output, references) => {
    const terraform = await added(plan(output, references));
    expect(terraform).toContain(
      "# module x shows no output with the id of aws_security_group.y[0]: add one\n# in module x\n",
    );
    expect(terraform).toContain("value = aws_security_group.y[0].id\n");
    expect(terraform).not.toContain(`module.x["b"].${output}\n`);
  });
});

test("a state knows no outputs of modules: the rule names the group by its id", async () => {
  const terraform = await added(STATE);
  expect(terraform).toContain(`referenced_security_group_id = "${ID.b}"\n`);
  expect(terraform).toContain("security_group_id            = aws_security_group.pods.id\n");
  expect(terraform).not.toContain("#");
});
