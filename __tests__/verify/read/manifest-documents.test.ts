import { expect, test } from "vitest";
import { InputError } from "../../../io/errors";
import { manifestDocuments } from "../../../verify/read/kubernetes/yaml-text";

/* Many documents are parsed together, because that is quicker: each must be what it is by itself. */

const DOCUMENTS: readonly (readonly [text: string, content: unknown])[] = [
  ["\na: 1\n", { a: 1 }],
  ["\na: |+\n  kept\n\n\n", { a: "kept\n\n\n" }],
  ["\na: |\n  clipped\n\n\n", { a: "clipped\n" }],
  [" # said beside the mark\na: { b: 1 }\n", { a: { b: 1 } }],
  ["\n- 1\n- 2\n", [1, 2]],
  ["\na: &anchor 1\n", { a: 1 }],
  [" |\n in the line of the mark\n", "in the line of the mark\n"],
];

const read = (text: string) => manifestDocuments(text, "k8s.yaml").map(({ content }) => content);

test.each(DOCUMENTS)("between others and at the end of a file without a newline: %j", (text, content) => {
  const others = Array.from({ length: 3 }, () => "---\nkind: Other\n").join("");
  const other = { kind: "Other" };
  expect(read(`${others}---${text}${others}`)).toStrictEqual([
    other,
    other,
    other,
    content,
    other,
    other,
    other,
  ]);
  expect(read(`${others}---${text}`)).toStrictEqual([other, other, other, content]);
  const last = read(`${others}---${text.replace(/\n+$/, "")}`).at(-1);
  expect(last).toStrictEqual(read(`---${text.replace(/\n+$/, "")}`).at(-1));
});

test("an alias is of its own document", () => {
  expect(() => read("a: &one 1\n---\nb: *one\n")).toThrow("k8s.yaml:3: this document is not YAML.");
});

test("of hundreds of documents each that is wrong is named, with its line", () => {
  const many = Array.from({ length: 250 }, (_, index) => `kind: Number${index}\n`);
  const wrong = many.with(20, "a: [\n").with(120, "a: 1\na: 2\n").with(240, "a: {{ b }}\n");
  expect(read(many.join("---\n"))).toHaveLength(250);
  const problems = (() => {
    try {
      read(wrong.join("---\n"));
    } catch (error) {
      if (error instanceof InputError) return error.problems;
    }
    return [];
  })();
  expect(problems.map((problem) => problem.split(" ").slice(0, 4).join(" "))).toStrictEqual([
    "k8s.yaml:41: this document is",
    "k8s.yaml:241: this document is",
    "k8s.yaml:482: this document has",
  ]);
});

test("what stands before the first mark is a document, and marks of an end divide", () => {
  expect(read("a: 1\n---\nb: 2\n")).toStrictEqual([{ a: 1 }, { b: 2 }]);
  expect(read("a: 1\n...\n---\nb: 2\n...\n---\nc: 3\n")).toStrictEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
});
