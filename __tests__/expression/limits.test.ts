import { describe, expect, test } from "vitest";
import { evaluateExpression, type Scope } from "../../expression/evaluate";
import { Unknown, type Value } from "../../expression/value";

/**
 * Evaluates `l0`, then each next local by the same expression of the one before, until something is noted, and gives the last
 * with what is noted.
 */
function repeated(first: string, next: (before: string) => string, times: number) {
  const notes: string[] = [];
  const locals = new Map<string, Value>();
  const scope: Scope = {
    label: "local",
    name: (name) => (locals.has(name) ? (locals.get(name) as Value) : new Unknown(name)),
    surroundings: {
      file: () => ({ kind: "missing" }),
      filesIn: () => undefined,
      note: (sentence) => void notes.push(sentence),
    },
  };
  let value = evaluateExpression(first, scope);
  locals.set("l0", value);
  for (let index = 1; index <= times && notes.length === 0; index += 1) {
    value = evaluateExpression(next(`l${index - 1}`), scope);
    locals.set(`l${index}`, value);
  }
  return { value, notes };
}

describe("what is more than is worked out is unknown, with a note that names the limit", () => {
  test.each<[string, string, (before: string) => string, number, RegExp]>([
    [
      "doubled lists",
      '["a", "b"]',
      (l) => `concat(${l}, ${l})`,
      30,
      /concat\(\) makes more than 250000 items/,
    ],
    ["lists of lists", "[1]", (l) => `[${l}, ${l}]`, 40, /a list makes more than 250000 items/],
    ["objects of objects", "{}", (l) => `{ a = ${l}, b = ${l} }`, 40, /an object makes more than/],
    ["doubled text", '"abcdefgh"', (l) => `"\${${l}}\${${l}}"`, 40, /a template makes a text of more than/],
    ["doubled text that is known in part", '"a${x}"', (l) => `"\${${l}}\${${l}}"`, 30, /a template makes/],
    [
      "text in place of letters",
      '"aaaaaaaa"',
      (l) => `replace(${l}, "a", ${l})`,
      8,
      /replace\(\) makes a text/,
    ],
    [
      "loops in loops",
      "range(1000)",
      (l) => `[for a in ${l} : [for b in ${l} : [for c in ${l} : a]]]`,
      1,
      /its for-expressions go through more than 250000 rounds/,
    ],
    ["combinations", "range(1000)", (l) => `setproduct(${l}, ${l}, ${l})`, 1, /setproduct\(\) makes more/],
    ["a wide format", '"x"', (l) => `format("%99999999s", ${l})`, 1, /format\(\) makes a text of more than/],
    [
      "joined text",
      '["x"]',
      (l) => `join(format("%9000000s", "x"), concat(${l}, ${l}, ${l}))`,
      1,
      /join\(\) makes/,
    ],
    ["an indented text", '"a\\nb\\nc"', (l) => `indent(9000000, ${l})`, 1, /indent\(\) makes/],
  ])("%s", (_, first, next, times, sentence) => {
    const { value, notes } = repeated(first, next, times);
    expect(value).toBeInstanceOf(Unknown);
    expect((value as Unknown).expression.length).toBeLessThan(1_000);
    expect(notes.join("\n")).toMatch(sentence);
  });

  test("what is within the limits is worked out, and says nothing", () => {
    const { value, notes } = repeated(
      "range(1000)",
      (l) => `length([for a in ${l} : [for b in range(200) : a]])`,
      1,
    );
    expect(value).toBe(1000);
    expect(notes).toStrictEqual([]);
  });
});
