import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { read } from "../read/support/configuration";
import { inputOf, type Resources } from "../support/input";

/** Blocks of Terraform in JSON, which is read faster than HCL: one to a line. */
const block = (kind: string, labels: readonly string[], body: object) =>
  `${JSON.stringify({ [kind]: labels.reduceRight<object>((inner, label) => ({ [label]: inner }), body) })}\n`;
const group = (name: string, more: object = {}) => block("resource", ["aws_security_group", name], more);
const output = (name: string, value: string) => block("output", [name], { value: `\${${value}}` });
const variable = (name: string, more: object = {}) => block("variable", [name], more);
const data = (name: string) => block("data", ["aws_security_group", name], {});
const call = (name: string, more: object = {}, source = `./${name}`) =>
  block("module", [name], { source, ...more });
const EACH = { for_each: '${toset(["a", "b.c"])}' };
const rule = (peer: string) =>
  block("resource", ["aws_vpc_security_group_ingress_rule", "r"], {
    security_group_id: "sg-0d",
    referenced_security_group_id: `\${${peer}}`,
    ip_protocol: "-1",
  });

/** Folders of Terraform by the blocks of each module, `""` for the root. */
async function inventoryOf(modules: Readonly<Record<string, string>>) {
  const files = Object.entries(modules).flatMap(([folder, blocks]) => {
    const lines = blocks.split("\n").filter((line) => line !== "");
    return (lines.length === 0 ? ["{}"] : lines).map((line, index) => [
      join(folder, `${index}.tf.json`),
      line,
    ]);
  });
  return takeInventory(await read(Object.fromEntries(files)));
}

const Y = "module.x.aws_security_group.y";

/** Who pastes a proposed rule into the files of a module must write an expression there that gives the id of the group. */
describe("names by which the files of a module know a group", () => {
  test.each<
    [what: string, modules: Record<string, string>, where: string, key: string, name: string | undefined]
  >([
    ["its own address", { "": group("pods") }, "", "aws_security_group.pods", "aws_security_group.pods.id"],
    [
      "its own address inside of a module",
      { "": call("x"), x: group("y") },
      "module.x",
      Y,
      "aws_security_group.y.id",
    ],
    [
      "an instance by its key",
      { "": group("pods", EACH) },
      "",
      'aws_security_group.pods["b.c"]',
      'aws_security_group.pods["b.c"].id',
    ],
    [
      "the first of some number that is not known",
      { "": variable("n") + group("pods", { count: "${var.n}" }) },
      "",
      "aws_security_group.pods",
      "aws_security_group.pods[0].id",
    ],
    ["an id as text", { "": "" }, "", "sg-0a1b2c3d", '"sg-0a1b2c3d"'],
    [
      "an output",
      { "": call("x"), x: group("y") + output("group_id", "aws_security_group.y.id") },
      "",
      Y,
      "module.x.group_id",
    ],
    [
      "an output of an instance of a module",
      { "": call("x", EACH), x: group("y") + output("group_id", "aws_security_group.y.id") },
      "",
      'module.x["b.c"].aws_security_group.y',
      'module.x["b.c"].group_id',
    ],
    [
      "an output that is the whole resource",
      { "": call("x"), x: group("y") + output("group", "aws_security_group.y") },
      "",
      Y,
      "module.x.group.id",
    ],
    [
      "an item of an output that is a list",
      {
        "": call("x"),
        x: group("y") + group("z") + output("ids", "[aws_security_group.z.id, aws_security_group.y.id]"),
      },
      "",
      Y,
      "module.x.ids[1]",
    ],
    [
      "an item of a map, by a key that needs quotes",
      {
        "": call("x"),
        x: group("y", EACH) + output("ids", "{ for key, one in aws_security_group.y : key => one.id }"),
      },
      "",
      'module.x.aws_security_group.y["b.c"]',
      'module.x.ids["b.c"]',
    ],
    [
      "a map in a map",
      { "": call("x"), x: group("y") + output("all", "{ groups = { y = aws_security_group.y } }") },
      "",
      Y,
      'module.x.all["groups"]["y"].id',
    ],
    [
      "the one item of a set",
      { "": call("x"), x: group("y") + output("ids", "toset([aws_security_group.y.id])") },
      "",
      Y,
      "one(module.x.ids)",
    ],
    [
      "none, where a set has several, which nothing tells apart",
      {
        "": call("x"),
        x:
          group("y") +
          group("z") +
          output("ids", "toset([aws_security_group.y.id, aws_security_group.z.id])"),
      },
      "",
      Y,
      undefined,
    ],
    [
      "the id itself rather than a list that holds it, though the list comes first",
      {
        "": call("x"),
        x:
          group("y") + output("all", "[aws_security_group.y.id]") + output("b_id", "aws_security_group.y.id"),
      },
      "",
      Y,
      "module.x.b_id",
    ],
    [
      "the shorter way, where a list of a list holds it, too",
      {
        "": call("x"),
        x: group("y") + output("a", "[[aws_security_group.y.id]]") + output("b", "[aws_security_group.y.id]"),
      },
      "",
      Y,
      "module.x.b[0]",
    ],
    [
      "the first of two outputs",
      {
        "": call("x"),
        x: group("y") + output("a_id", "aws_security_group.y.id") + output("b_id", "aws_security_group.y.id"),
      },
      "",
      Y,
      "module.x.a_id",
    ],
    [
      "a variable that the module is given it by",
      { "": group("pods") + call("x", { peer: "${aws_security_group.pods.id}" }), x: variable("peer") },
      "module.x",
      "aws_security_group.pods",
      "var.peer",
    ],
    [
      "an item of what a module is given",
      {
        "": group("pods") + call("x", { peers: { pods: "${aws_security_group.pods.id}" } }),
        x: variable("peers"),
      },
      "module.x",
      "aws_security_group.pods",
      'var.peers["pods"]',
    ],
    ["none, where no output gives it out", { "": call("x"), x: group("y") }, "", Y, undefined],
    [
      "none, where the module is not given it",
      { "": group("pods") + call("x"), x: variable("peer", { default: "" }) },
      "module.x",
      "aws_security_group.pods",
      undefined,
    ],
    [
      "none, where an output is another attribute of it",
      { "": call("x"), x: group("y") + output("name", "aws_security_group.y.name") },
      "",
      Y,
      undefined,
    ],
  ])("%s", async (_, modules, where, key, name) => {
    const { names, groups } = await inventoryOf(modules);
    if (!key.startsWith("sg-")) expect([...groups.keys()]).toContain(key);
    expect(names.nameIn(where, key)).toBe(name);
  });

  test("of more than a thousand items of a list the others have none", async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `sg-${index.toString(16).padStart(8, "0")}`);
    const { names, groups } = await inventoryOf({
      "": group("pods") + call("x", { ids: [...ids, "${aws_security_group.pods.id}"] }),
      x: variable("ids"),
    });
    expect(groups.has("aws_security_group.pods")).toBe(true);
    expect(names.nameIn("module.x", "sg-000003e7")).toBe("var.ids[999]");
    expect(names.nameIn("module.x", "aws_security_group.pods")).toBeUndefined();
  });
});

/** A group that is no resource of the input: a variable, a data source, the output of a module that is not read. */
describe("names of groups that the input does not declare", () => {
  const UNREAD = call("eks", {}, "terraform-aws-modules/eks/aws");
  test.each<
    [what: string, modules: Record<string, string>, names: Record<string, string | undefined>, key: string]
  >([
    [
      "a variable of the root, which no module knows",
      { "": variable("nodes") + rule("var.nodes") + call("x"), x: "" },
      { "": "var.nodes", "module.x": undefined },
      "var.nodes",
    ],
    [
      "an item of a variable",
      { "": variable("groups") + rule('var.groups["k8s_worker"]') },
      { "": 'var.groups["k8s_worker"]' },
      'var.groups["k8s_worker"]',
    ],
    [
      "a data source",
      { "": data("db") + rule("data.aws_security_group.db.id") },
      { "": "data.aws_security_group.db.id" },
      "data.aws_security_group.db.id",
    ],
    [
      "a data source in a module, which only the module knows",
      { "": call("x"), x: data("db") + rule("data.aws_security_group.db.id") },
      { "": undefined, "module.x": "data.aws_security_group.db.id" },
      "module.x.data.aws_security_group.db.id",
    ],
    [
      "a data source in a module of a module",
      {
        "": call("x"),
        x: call("y", {}, "./y"),
        "x/y": data("db") + rule("data.aws_security_group.db.id"),
      },
      { "": undefined, "module.x": undefined, "module.x.module.y": "data.aws_security_group.db.id" },
      "module.x.module.y.data.aws_security_group.db.id",
    ],
    [
      "a data source in an instance of a module",
      {
        "": call("x", EACH),
        x: data("db") + rule("data.aws_security_group.db.id"),
      },
      { "": undefined, 'module.x["b.c"]': "data.aws_security_group.db.id", 'module.x["a"]': undefined },
      'module.x["b.c"].data.aws_security_group.db.id',
    ],
    [
      "two of one module in one expression",
      {
        "": call("x"),
        x:
          data("a") +
          data("b") +
          rule("coalesce(data.aws_security_group.a.id, data.aws_security_group.b.id)"),
      },
      {
        "": undefined,
        "module.x": "coalesce(data.aws_security_group.a.id, data.aws_security_group.b.id)",
      },
      "coalesce(module.x.data.aws_security_group.a.id, module.x.data.aws_security_group.b.id)",
    ],
    [
      "the output of a module that is not read, which its caller knows",
      { "": UNREAD + rule("module.eks.node_security_group_id") },
      { "": "module.eks.node_security_group_id", "module.eks": undefined },
      "module.eks.node_security_group_id",
    ],
    [
      "an item of such an output",
      { "": UNREAD + rule('module.eks.groups["a"].id') },
      { "": 'module.eks.groups["a"].id', "module.eks": undefined },
      'module.eks.groups["a"].id',
    ],
    [
      "such an output in a module",
      { "": call("x"), x: UNREAD + rule("module.eks.node_security_group_id") },
      { "": undefined, "module.x": "module.eks.node_security_group_id" },
      "module.x.module.eks.node_security_group_id",
    ],
    [
      "an output that a module which was read does not have",
      { "": call("x"), x: "" },
      { "": "module.x.nothing", "module.x": undefined },
      "module.x.nothing",
    ],
    [
      "a data source in another instance",
      { "": call("x", EACH), x: data("db") + rule("data.aws_security_group.db.id") },
      { "": undefined, 'module.x["a"]': "data.aws_security_group.db.id", 'module.x["b.c"]': undefined },
      'module.x["a"].data.aws_security_group.db.id',
    ],
    ["a word", { "": "" }, { "": undefined }, "nodes"],
    [
      "the element of a loop, which stands in its block alone",
      { "": variable("groups") },
      { "": undefined },
      "each.value",
    ],
    ["a number in a loop", { "": "" }, { "": undefined }, "var.groups[count.index]"],
    ["the resource itself", { "": "" }, { "": undefined }, "self.id"],
    ["one word, which names nothing", { "": "" }, { "": undefined }, "null"],
    ["a call with nothing in it", { "": "" }, { "": undefined }, "uuid()"],
  ])("%s", async (_, modules, expected, key) => {
    const { names } = await inventoryOf(modules);
    const found = Object.keys(expected).map((module) => [module, names.nameIn(module, key)]);
    expect(Object.fromEntries(found)).toStrictEqual(expected);
  });
});

describe("names of modules in the files of their callers", () => {
  test.each<[what: string, module: string, name: string]>([
    ["a module", "module.x", "module.x"],
    ["a module of a module", "module.x.module.y", "module.y"],
    ["an instance", 'module.z["b.c"]', 'module.z["b.c"]'],
    ["a module of an instance", 'module.z["b.c"].module.y', "module.y"],
  ])("%s", async (_, module, name) => {
    const { names } = await inventoryOf({
      "": call("x") + call("z", EACH, "./x"),
      x: call("y", {}, "./y"),
      "x/y": group("a"),
    });
    expect(names.callOf(module)).toBe(name);
  });

  test("has a key to be filled in where its instances are not known", async () => {
    const { names } = await inventoryOf({
      "": variable("parts") + call("x", { for_each: "${var.parts}" }),
      x: group("a"),
    });
    expect(names.callOf("module.x")).toBe('module.x["KEY"]');
  });

  test("knows its outputs and variables, so that a new one gets a name of its own", async () => {
    const { names } = await inventoryOf({
      "": call("x"),
      x: output("name", '"a"') + variable("inner", { default: "" }),
    });
    const taken = ["module.x.name", "module.x.other", "var.inner"];
    expect(taken.map((one) => names.isTaken("", one))).toStrictEqual([true, false, false]);
    expect(taken.map((one) => names.isTaken("module.x", one))).toStrictEqual([false, false, true]);
  });
});

test("names of a group that may have several instances: none, where nothing lists them", () => {
  const input = inputOf({ "aws_security_group.a": {}, "aws_security_group.b": {} });
  const resources = input.resources.map((one) => ({ ...one, isUncertain: one.name === "a" }));
  const { names } = takeInventory({ ...input, resources });
  expect(names.nameIn("", "aws_security_group.a")).toBeUndefined();
  expect(names.nameIn("", "aws_security_group.b")).toBe("aws_security_group.b.id");
});

/** A state says no outputs and no variables: what has an id is named by it. */
test.each<[what: string, where: string, key: string, name: string | undefined]>([
  ["in the files of its own module", "module.x", Y, "aws_security_group.y.id"],
  ["elsewhere", "", Y, '"sg-0a1b2c3d"'],
  ["without an id elsewhere", "", "module.x.aws_security_group.new", undefined],
  ["by its id", "", "sg-0a1b2c3d", '"sg-0a1b2c3d"'],
])("names of a group of a state: %s", (_, where, key, name) => {
  const resources: Resources = {
    [Y]: { id: "sg-0a1b2c3d" },
    "module.x.aws_security_group.new": {},
  };
  const { names } = takeInventory(inputOf(resources, { kind: "state" }));
  expect(names.nameIn(where, key)).toBe(name);
});
