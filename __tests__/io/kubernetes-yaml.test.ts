import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { kubernetesDocuments } from "../../io/kubernetes-yaml";
import { KUBERNETES_YAML } from "../support/kubernetes-yaml";

describe("YAML for Kubernetes", () => {
  test.each(KUBERNETES_YAML)("%j is what kubectl makes of it", (text, value) => {
    expect(kubernetesDocuments(text)).toStrictEqual(value === undefined ? undefined : [value]);
  });

  test("is read back as it is written", () => {
    const written = (value: unknown) => stringify(value, { version: "1.1" });
    // What is no number of YAML 1.1 may be one for Go, such as 0o7.
    const text = fc.string({ unit: "grapheme" }).filter((one) => !/^[-+.\d]/.test(one));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        text,
        fc.constantFrom("yes", "n", "on", "~", "a\nb\n\n", " a", "a: b", "# a", "- a", '"', "'", "*a", "!a"),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        fc.constantFrom(true, false, null),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (one) => {
        expect(kubernetesDocuments(written(one))).toStrictEqual([one]);
      }),
      { numRuns: 300 },
    );
  });

  test("may hold documents without content, which are null", () => {
    expect(kubernetesDocuments("a: 1\n---\n# nothing\n---\nb: 2\n")).toStrictEqual([
      { a: 1 },
      null,
      { b: 2 },
    ]);
    expect(kubernetesDocuments("# nothing\n")).toStrictEqual([]);
  });

  test("is none where a key stands twice: which of the two holds, nobody meant to ask", () => {
    expect(kubernetesDocuments("a: 1\nb: 2\na: 3\n")).toBeUndefined();
  });

  test("is none where a few lines of aliases hold more than the memory does", () => {
    const lines = ["a0: &a0 [1]"];
    for (let index = 1; index < 12; index += 1) {
      lines.push(
        `a${index}: &a${index} [${Array(10)
          .fill(`*a${index - 1}`)
          .join(", ")}]`,
      );
    }
    expect(kubernetesDocuments(lines.join("\n"))).toBeUndefined();
    expect(kubernetesDocuments(lines.slice(0, 4).join("\n"))).toHaveLength(1);
  });

  test("is deep before it is none", () => {
    expect(kubernetesDocuments(`${"[".repeat(200)}${"]".repeat(200)}`)).toHaveLength(1);
    expect(kubernetesDocuments("[".repeat(100_000))).toBeUndefined();
  });
});
