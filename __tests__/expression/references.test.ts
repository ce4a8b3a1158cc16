import { describe, expect, it } from "vitest";
import { type ReferencePath, referenceOf, referencesIn } from "../../expression/references";

describe("the references in an expression", () => {
  it.each<[string, ReferencePath[]]>([
    ["var.a", [["var", "a"]]],
    ['var.groups["a.b/c]"].id', [["var", "groups", "a.b/c]", "id"]]],
    ["x.y[0].z", [["x", "y", 0, "z"]]],
    [
      '"${var.a}-${local.b} var.c"',
      [
        ["var", "a"],
        ["local", "b"],
      ],
    ],
    [
      "var.a ? [local.b] : { k = local.c }",
      [
        ["var", "a"],
        ["local", "b"],
        ["local", "c"],
      ],
    ],
    [
      "concat(var.a, -var.b)",
      [
        ["var", "a"],
        ["var", "b"],
      ],
    ],
    [
      "[for k, v in var.a : v.id if k != local.b]",
      [
        ["var", "a"],
        ["local", "b"],
      ],
    ],
    [
      "a.b[each.key].c",
      [
        ["a", "b"],
        ["each", "key"],
      ],
    ],
    ["a.b[*].c", [["a", "b"]]],
    ["resource.a.b.c", [["a", "b", "c"]]],
    ["[for resource in var.a : resource.b.c]", [["var", "a"]]],
    ["1 + true", []],
    ["var.", []],
  ])("%s", (expression, references) => {
    expect(referencesIn(expression)).toStrictEqual(references);
  });
});

it.each(["a.b[c.d]", "a.b[*]", "1", "f(a.b)", "a.b + 1", "a.", ""])(
  "%s is not one reference",
  (expression) => {
    expect(referenceOf(expression)).toBeUndefined();
  },
);
