import { expect, test } from "vitest";
import { hclArguments, hclValue } from "../../expression/hcl";

test.each<[unknown, string]>([
  ["plain", '"plain"'],
  ['a "quoted" \\ line\n', '"a \\"quoted\\" \\\\ line\\n"'],
  ["${a} %{b} $${c}", '"$${a} %%{b} $$${c}"'],
  [5, "5"],
  [true, "true"],
  [null, "null"],
  [["a", 1], '["a", 1]'],
  [[], "[]"],
])("%j is written as %s", (value, hcl) => {
  expect(hclValue(value)).toBe(hcl);
});

test("the equals signs of neighbouring lines are aligned, as `terraform fmt` does", () => {
  expect(hclArguments({ a: 1, name: "x", groups: { worker: "w", in: "i" }, id: 2, vpc: 3 }, 2)).toBe(
    `
  a    = 1
  name = "x"
  groups = {
    worker = "w"
    in     = "i"
  }
  id  = 2
  vpc = 3
`.slice(1, -1),
  );
});

test("objects nest", () => {
  expect(hclArguments({ a: { b: { c: "d" } } }, 0)).toBe('a = {\n  b = {\n    c = "d"\n  }\n}');
});
