import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BLOCKS, blocksFor, blocksOf, PAGES, pageText, RUNS, type RunName, runOf } from "./support/pages";
import { PROJECT } from "./support/project";

test("every fenced block of the pages is run by a test, or says why not", () => {
  const unclaimed = BLOCKS.filter((block) => block.notRun === undefined && runOf(block) === undefined).map(
    ({ page, line, language }) => `${page}:${line} (${language || "no language"})`,
  );
  expect(unclaimed, "name who runs it in RUNS, or put `<!-- not run: REASON -->` before it").toStrictEqual(
    [],
  );
});

test("blocks that nobody can run are none in the README, and few elsewhere", () => {
  const marked = BLOCKS.filter(({ notRun }) => notRun !== undefined).map(
    ({ page, line }) => `${page}:${line}`,
  );
  expect(marked.filter((place) => place.startsWith("README.md"))).toStrictEqual([]);
  expect(marked.length, marked.join(", ")).toBeLessThanOrEqual(5);
});

test.each(Object.entries(RUNS))("%s: its test asks for its blocks, and there are some", (name, { test }) => {
  expect(blocksFor(name as RunName)).not.toHaveLength(0);
  const asks = test.endsWith(".ts") ? new RegExp(`(blocksFor|pagesFor)\\("${name}"`) : /^step npm test\b/m;
  expect(readFileSync(join(PROJECT, test), "utf8")).toMatch(asks);
});

describe("a fenced block", () => {
  const only = (text: string) => blocksOf(text, "a.md")[0];

  test("is found with its language, its line and the file that it is for", () => {
    expect(only("# A\n\nWrite `shop/main.tf`:\n\n```hcl\nlocals {\n}\n```\n")).toStrictEqual({
      page: "a.md",
      line: 5,
      language: "hcl",
      text: "locals {\n}\n",
      file: "shop/main.tf",
    });
  });

  test("in a list loses the indentation of the list, and no more", () => {
    expect(only('1. Write:\n\n   ```json\n   {\n     "a": 1\n   }\n   ```\n')?.text).toBe('{\n  "a": 1\n}\n');
  });

  test("may say why nobody runs it", () => {
    const block = only("`a.tf`:\n\n<!-- not run: it needs a cluster -->\n```sh\nls\n```\n");
    expect(block).toMatchObject({ notRun: "it needs a cluster", file: "a.tf" });
    expect(block && runOf(block)).toBeUndefined();
  });

  test("without an end is an error", () => {
    expect(() => only("```sh\nls\n")).toThrow("a.md:1: the fence is not closed");
  });
});

describe("README.md", () => {
  const lines = pageText("README.md").trimEnd().split("\n");

  test("is short, and fits a window", () => {
    expect(lines.length).toBeLessThanOrEqual(150);
    expect(lines.filter((line) => line.length > 120)).toStrictEqual([]);
  });

  test("has the two commands of the set-up where they are seen at once", () => {
    const first = lines.slice(0, 60);
    expect(first).toContain("$ npm ci && npm run synth");
    expect(first).toContain("$ npm test");
  });
});

test("no page names a tag of this project that does not exist", () => {
  const named = PAGES.filter((page) => /eks-pod-security-groups\S*\?ref=v\d/.test(pageText(page)));
  expect(named).toStrictEqual([]);
});
