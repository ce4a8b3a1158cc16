import { expect, test } from "vitest";
import { parseYaml } from "../../io/yaml";

/* Keys are held against a set, and not each against all: thousands of entries are no work. */

test("every key that stands twice is named, with its place", () => {
  const text = "a: { x: 1, x: 2 }\nb:\n  - c: 1\n    c: 2\n? a\n: 3\n";
  expect(() => parseYaml(text, "flows.yaml")).toThrow(
    [
      "flows.yaml: Map keys must be unique at line 1, column 12",
      "flows.yaml: Map keys must be unique at line 4, column 5",
      "flows.yaml: Map keys must be unique at line 5, column 3",
    ].join("\n"),
  );
});

test("keys of different types, and of different maps, are different", () => {
  expect(parseYaml("a: { x: 1 }\nb: { x: 2 }\n", "flows.yaml")).toStrictEqual({ a: { x: 1 }, b: { x: 2 } });
});

test("a mistake of form is told with the keys that stand twice", () => {
  expect(() => parseYaml("a: 1\na: 2\nb: [\n", "flows.yaml")).toThrow(
    /flows\.yaml: Flow sequence.*\n.*Map keys must be unique/s,
  );
});
