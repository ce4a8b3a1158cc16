import { describe, expect, test } from "vitest";
import {
  groupExpression,
  isAbsent,
  isOwnGroup,
  namesNothing,
} from "../../../../verify/expect/stated/group-expression";
import { takeInventory } from "../../../../verify/inventory";
import { inputOf } from "../../support/input";

const MODULE = 'module.w["a]b"]';
const DECLARED = [
  "aws_security_group.pods",
  "aws_security_group.none",
  "data.aws_vpc.main",
  "local.ids",
  "module.w",
  "var.nodes",
  `${MODULE}.aws_security_group.pods`,
  `${MODULE}.var.nodes`,
];
const inventory = takeInventory({
  ...inputOf({
    'aws_security_group.pods["x.y]z"]': {},
    [`${MODULE}.aws_security_group.pods`]: {},
  }),
  declared: new Set(DECLARED),
});

describe("a group by its name is its id", () => {
  test.each([
    ["data.aws_security_group.db", "data.aws_security_group.db.id"],
    ['aws_security_group.other["a]b"]', 'aws_security_group.other["a]b"].id'],
    ["aws_security_group.other[each.key]", "aws_security_group.other[each.key].id"],
    ["module.w[each.key].aws_default_security_group.x", "module.w[each.key].aws_default_security_group.x.id"],
    // The key of a declared group is the group.
    ['aws_security_group.pods["x.y]z"]', 'aws_security_group.pods["x.y]z"]'],
    ["aws_security_group.other.id", "aws_security_group.other.id"],
    ["aws_security_group.other[*]", "aws_security_group.other[*]"],
    ["module.w.security_group_id", "module.w.security_group_id"],
    ["sg-0a1b2c3d", "sg-0a1b2c3d"],
  ])("%s", (words, expression) => {
    expect(groupExpression(words, inventory, "")).toBe(expression);
  });
});

test.each([
  ["aws_security_group.pods", true],
  ['module.w["a]b"].aws_security_group.pods["c"].id', true],
  ["data.aws_security_group.pods", false],
  ["aws_security_group.pods.name", false],
  ["aws_security_group.pods[*].id", false],
  ["aws_vpc.main.id", false],
])("only a group of this configuration can be meant by %s: %s", (expression, isOwn) => {
  expect(isOwnGroup(expression)).toBe(isOwn);
});

test.each([
  ["aws_security_group.none", "", true],
  ['aws_security_group.none["a]b"].id', "", true],
  ['aws_security_group.pods["x.y]z"].id', "", false],
  ['aws_security_group.pods["other"]', "", false],
  ["aws_security_group.typo", "", false],
  ["data.aws_security_group.none", "", false],
  ["aws_security_group.pods", MODULE, false],
])("%s in the module %j is declared and not made: %s", (expression, module, isSo) => {
  expect(isAbsent(expression, inventory, module)).toBe(isSo);
});

describe("what a reference starts with and nobody declares", () => {
  test.each([
    ["var.typo", "", "var.typo"],
    ["var.nodes.id", "", undefined],
    ['local.typo["a]b"].id', "", "local.typo"],
    ["module.x[0].group_id", "", "module.x"],
    ["module.w[0].group_id", "", undefined],
    ["data.aws_vpc.typo.id", "", "data source aws_vpc.typo"],
    ["aws_security_group.typo[each.key].id", "", "resource aws_security_group.typo"],
    ["foo.typo.id", "", "resource foo.typo"],
    ["var.nodes", MODULE, undefined],
    [`${MODULE}.var.nodes`, MODULE, undefined],
    [`${MODULE}.var.typo`, MODULE, "var.typo"],
    ["each.value.id", "", undefined],
    ["path.module", "", undefined],
    ["upper(var.typo)", "", undefined],
    ["sg-0a1b2c3d", "", undefined],
  ])("%s in the module %j: %s", (expression, module, missing) => {
    expect(namesNothing(expression, inventory.input, module)).toBe(missing);
  });
});
