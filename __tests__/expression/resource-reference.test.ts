import { describe, expect, it } from "vitest";
import { expressionIn, templateParts } from "../../expression/parse";
import { isAttribute, lastAttribute, resourceReference, wordsOf } from "../../expression/resource-reference";

describe("a reference to a resource", () => {
  it.each<[string, Record<string, unknown>]>([
    ["aws_vpc.main", { module: "", mode: "managed", address: "aws_vpc.main", all: "aws_vpc.main", rest: 0 }],
    [" data.http.x.body ", { mode: "data", type: "http", name: "x", address: "data.http.x", rest: 1 }],
    [
      'module.w["a]b"].module.x[0].aws_security_group.pods["c.d[0]"].id',
      {
        module: 'module.w["a]b"].module.x[0]',
        type: "aws_security_group",
        name: "pods",
        address: 'module.w["a]b"].module.x[0].aws_security_group.pods["c.d[0]"]',
        all: 'module.w["a]b"].module.x[0].aws_security_group.pods',
        rest: 1,
      },
    ],
    ["aws_security_group.pods[each.key].id", { address: "aws_security_group.pods[each.key]", rest: 1 }],
    ["module.w[each.value].aws_vpc.main", { module: "module.w[each.value]", name: "main", rest: 0 }],
    ["aws_vpc.main.0.id", { address: "aws_vpc.main.0", all: "aws_vpc.main", rest: 1 }],
    ["aws_vpc.main[*].id", { address: "aws_vpc.main", all: "aws_vpc.main", rest: 2 }],
    [
      "aws_eks_cluster.main.vpc_config[0].cluster_security_group_id",
      { address: "aws_eks_cluster.main", rest: 3 },
    ],
  ])("%s", (expression, { rest, ...reference }) => {
    const found = resourceReference(expression);
    expect(found).toMatchObject(reference);
    expect(found?.rest).toHaveLength(Number(rest));
  });

  it.each([
    "var.a.b",
    "local.a.b",
    "each.value.id",
    "module.a.out",
    "module.a",
    "path.module",
    "aws_vpc",
    "(aws_vpc.main).id",
    "aws_vpc.main.id == 1",
    '"${aws_vpc.main.id}"',
    "each.value in aws_vpc.main",
    "sg-0a1b2c3d",
    "",
  ])("%s is none", (expression) => {
    expect(resourceReference(expression)).toBeUndefined();
  });

  it.each([
    ["aws_vpc.main.id", true],
    ['aws_vpc.main["id"]', false],
    ["aws_vpc.main.arn", false],
    ["aws_vpc.main", false],
    ["aws_vpc.main.tags.id", false],
    ["aws_vpc.main[*].id", false],
  ])("is the attribute id in %s: %s", (expression, isId) => {
    expect(isAttribute(resourceReference(expression) ?? { rest: [] }, "id")).toBe(isId);
  });
});

it.each([
  ['var.roles["a.b"].name', { of: 'var.roles["a.b"]', name: "name" }],
  ["module.role.arn", { of: "module.role", name: "arn" }],
  ['var.roles["a.name"]', undefined],
  ["aws_iam_role.x[*].name", undefined],
  ["name", undefined],
  ["upper(var.x).name", undefined],
])("the last attribute of %s", (expression, attribute) => {
  expect(lastAttribute(expression)).toEqual(attribute);
});

it.each([
  ['module.a.aws_security_group.pods["x.y"].id', ["module", "a", "aws_security_group", "pods", "x.y", "id"]],
  ["a.b[each.key].c", ["a", "b", "c"]],
  ["a + b", undefined],
])("the words of %s", (expression, words) => {
  expect(wordsOf(expression)).toEqual(words);
});

describe("a template", () => {
  it.each([
    ["plain", ["plain"]],
    [
      "TCP ${each.value}, ${ each.key }!",
      ["TCP ", { expression: "each.value" }, ", ", { expression: "each.key" }, "!"],
    ],
    ['${each.value["a}b"]}', [{ expression: 'each.value["a}b"]' }]],
    ["$${each.key}", ["${each.key}"]],
    ["${a}/${b}", [{ expression: "a" }, "/", { expression: "b" }]],
    ["an open ${each.key", ["an open ${each.key"]],
    ["%{ if a }b%{ endif }", ["%{ if a }b%{ endif }"]],
  ])("%s has its parts", (text, parts) => {
    expect(templateParts(text)).toEqual(parts);
  });

  it.each([
    [" ${var.x} ", "var.x"],
    ["var.x", "var.x"],
    ["${a}-${b}", "${a}-${b}"],
  ])("%j means %j", (text, expression) => {
    expect(expressionIn(text)).toBe(expression);
  });
});
