import { describe, expect, test } from "vitest";
import * as conditions from "../../expression/conditions";
import { evaluateData } from "../../expression/evaluate";
import { Unknown, type Value } from "../../expression/value";
import { variablesOf } from "../../expression/variables";
import { isSecurityGroupId } from "../../modules/shared/ids";
import {
  firstPort,
  inOneSpelling,
  isInOrder,
  isPort,
  isPortOrRange,
  lastPort,
} from "../../modules/shared/ports";

const { all, any, areDistinct, differs, each, equals, every, group, hasAtLeast, hasAtMost } = conditions;
const { isBetween, isEmpty, isGiven, isIn, isNotEmpty, isNull, isOneOf, isWhole } = conditions;
const { listOf, matches, not, orFalse, orTrue, quoted, some, those } = conditions;

/** What an expression is where `x` has a value, by the verifier's evaluator. */
function evaluated(code: string, x: Value): unknown {
  const label = "";
  return evaluateData(`\${${code}}`, { label, name: (name) => (name === "x" ? x : new Unknown(name)) });
}

describe.each<[what: string, code: string, text: string, yes: readonly Value[], no: readonly Value[]]>([
  ["matches", matches("x", "^a\\.b$"), 'can(regex("^a\\\\.b$", x))', ["a.b"], ["axb", null]],
  ["isOneOf", isOneOf("x", "a", "b"), 'contains(["a", "b"], x)', ["a", "b"], ["c"]],
  ["isIn", isIn('"a"', "x"), 'contains(x, "a")', [["a"]], [[]]],
  ["isNull", isNull("x"), "x == null", [null], ["a"]],
  ["isGiven", isGiven("x"), "x != null", ["a"], [null]],
  ["equals", equals("x", "1"), "x == 1", [1], [2]],
  ["differs", differs("x", "1"), "x != 1", [2], [1]],
  ["isEmpty", isEmpty("x"), "length(x) == 0", [[], ""], [["a"], "a"]],
  ["isNotEmpty", isNotEmpty("x"), "length(x) > 0", [["a"], "a"], [[], ""]],
  ["hasAtMost", hasAtMost(2, "x"), "length(x) <= 2", ["ab"], ["abc"]],
  ["hasAtLeast", hasAtLeast(2, "x"), "length(x) >= 2", ["ab"], ["a"]],
  ["isBetween", isBetween(1, 3, "x"), "x >= 1 && x <= 3", [1, 3], [0, 4]],
  ["all", all(isGiven("x"), hasAtMost(1, "x")), "x != null && length(x) <= 1", ["a"], ["ab"]],
  ["any", any(isNull("x"), equals("x", "1")), "x == null || x == 1", [null, 1], [2]],
  ["not", not(group(isNull("x"))), "!(x == null)", ["a"], [null]],
  [
    "every",
    every("one", "x", (one) => equals(one, "1")),
    "alltrue([for one in x : one == 1])",
    [[], [1, 1]],
    [[1, 2]],
  ],
  [
    "some",
    some("one", "x", (one) => equals(one, "1")),
    "anytrue([for one in x : one == 1])",
    [[1, 2]],
    [[], [2]],
  ],
  [
    "each",
    areDistinct(
      each("one", "x", (one) => `lower(${one})`),
      "x",
    ),
    "length(distinct([for one in x : lower(one)])) == length(x)",
    [["a", "b"]],
    [["a", "A"]],
  ],
  [
    "those",
    isEmpty(those("one", "x", isGiven)),
    "length([for one in x : one if one != null]) == 0",
    [[], [null]],
    [["a"]],
  ],
  ["areDistinct", areDistinct("x"), "length(distinct(x)) == length(x)", [["a", "b"]], [["a", "a"]]],
  ["orFalse", orFalse(hasAtMost(1, "x")), "try(length(x) <= 1, false)", ["a"], ["ab"]],
  ["orTrue", orTrue(hasAtMost(1, "x")), "try(length(x) <= 1, true)", ["a"], ["ab"]],
  [
    "isSecurityGroupId",
    isSecurityGroupId("x"),
    'can(regex("^sg-([0-9a-f]{8}|[0-9a-f]{17})$", x))',
    ["sg-0a1b2c3d"],
    ["sg-workers", ""],
  ],
  ["isPort", isPort("x"), "x <= 65535", [65535], [65536]],
  [
    "isPortOrRange",
    isPortOrRange("x"),
    'can(regex("^(0|[1-9][0-9]{0,4})(-(0|[1-9][0-9]{0,4}))?$", x))',
    ["0", "8080", "80-90", "90-80"],
    ["", "-1", "080", "80-", "80,90", "http", null],
  ],
  [
    "isInOrder",
    isInOrder("x"),
    'tonumber(split("-", x)[0]) <= tonumber(reverse(split("-", x))[0])',
    ["80", "80-80", "80-443"],
    ["443-80"],
  ],
])("%s", (_what, code, text, yes, no) => {
  test("is written as Terraform has it", () => {
    expect(code).toBe(text);
  });

  test("is true of what fulfils it, and false of what does not", () => {
    expect(yes.map((x) => evaluated(code, x))).toStrictEqual(yes.map(() => true));
    expect(no.map((x) => evaluated(code, x))).toStrictEqual(no.map(() => false));
  });
});

test("isWhole compares with the number without its fraction", () => {
  expect(isWhole("x")).toBe("floor(x) == x");
});

test("the ends of ports are numbers, and one port has one spelling", () => {
  expect([evaluated(firstPort("x"), "80-90"), evaluated(lastPort("x"), "80-90")]).toStrictEqual([80, 90]);
  expect([evaluated(firstPort("x"), "80"), evaluated(lastPort("x"), "80")]).toStrictEqual([80, 80]);
  expect(["80-80", "80", "80-90"].map((x) => evaluated(inOneSpelling("x"), x))).toStrictEqual([
    "80",
    "80",
    "80-90",
  ]);
});

test("text is a literal whatever is in it", () => {
  for (const text of ['a "b" \\ c', "two\nlines", "${var.x} and %{ if }", "grüße"]) {
    expect(evaluated(quoted(text), null)).toBe(text);
  }
  expect(listOf([])).toBe("[]");
  expect(listOf(["a", "b"])).toBe('["a", "b"]');
});

test("a reference names a variable that there is", () => {
  const variable = variablesOf<{ ports: number; name?: string }>();
  expect([variable("ports"), variable("name")]).toStrictEqual(["var.ports", "var.name"]);
  // @ts-expect-error there is no such variable
  expect(variable("port")).toBe("var.port");
});
