import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { describe, expect, test } from "vitest";
import { DATA_SERVICES } from "../aws/data-services";
import { isJson } from "../io/json";
import { moduleStacks } from "../modules";
import { synthesize } from "../synth/synthesize";
import { synthesizedExamples } from "./support/examples";
import { temporaryFolder } from "./support/folders";
import { blocksIn, blocksOf, configurationIn, PAGES, pageText } from "./support/pages";
import { committedStack, PROJECT } from "./support/project";

describe.each(PAGES)("docs/%s.md", (page) => {
  test("has calls that the modules accept: every argument a variable, and all that are needed", async () => {
    const files = Object.entries(configurationIn(page, "stacks"));
    expect(files).not.toHaveLength(0);
    for (const [name, text] of files) {
      const { module = {} } = await parse(name, text);
      for (const [id, [call]] of Object.entries<Record<string, unknown>[]>(module)) {
        const { source, depends_on, ...values } = call as Record<string, unknown>;
        const { variable } = committedStack(String(source).replace("stacks/", ""));
        expect(Object.keys(variable), `module.${id}`).toEqual(expect.arrayContaining(Object.keys(values)));
        const needed = Object.keys(variable).filter(
          (key) => !Object.hasOwn(variable[key] as object, "default"),
        );
        expect(Object.keys(values), `module.${id}`).toEqual(expect.arrayContaining(needed));
      }
    }
  });

  test("links to what is there", () => {
    for (const [, target = ""] of pageText(page).matchAll(/\]\((?!https:)([^)]+)\)/g)) {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? `${page}.md` : path;
      expect(readdirSync(join(PROJECT, "docs", file, "..")), target).toContain(file.split("/").pop());
      if (anchor === undefined) continue;
      const headings = readFileSync(join(PROJECT, "docs", file), "utf8").matchAll(/^#+ (.*)$/gm);
      const anchors = [...headings].map(([, heading = ""]) => heading.toLowerCase().replaceAll(" ", "-"));
      expect(anchors, target).toContain(anchor);
    }
  });
});

test("the JSON of the pages is part of what is synthesized", async () => {
  const folder = temporaryFolder();
  await synthesizedExamples(folder);
  mkdirSync(join(folder, "classic"));
  synthesize(moduleStacks(["pod-to-pod"], { ruleForm: "classic" }), join(folder, "classic"));
  const synthesized = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("cdk.tf.json"))
    .map((path) => JSON.parse(readFileSync(join(folder, path), "utf8")));
  for (const page of PAGES) {
    const blocks = blocksIn(page, "json");
    expect(blocks).not.toHaveLength(0);
    for (const block of blocks) {
      const part = JSON.parse(block);
      expect(
        synthesized.some((whole) => holds(whole, part)),
        `docs/${page}.md: ${block}`,
      ).toBe(true);
    }
  }
});

/** Whether a value holds all of another: objects may have more, lists may not. */
function holds(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) &&
      whole.length === part.length &&
      part.every((one, index) => holds(whole[index], one))
    );
  }
  if (!isJson(part)) return whole === part;
  return isJson(whole) && Object.entries(part).every(([key, value]) => holds(whole[key], value));
}

test("docs/data-services.md lists the services as they are", () => {
  const rows = pageText("data-services")
    .split("\n")
    .filter((line) => line.includes("[AWS]("));
  const expected = Object.entries(DATA_SERVICES).map(([name, { title, ports, attachTo, source }]) => {
    const listed = Object.entries<number>(ports).map(([key, port]) => `${port} (${key})`);
    return `| \`${name}\` | ${title} | ${listed.join(", ")} | ${attachTo} | [AWS](${source}) |`;
  });
  expect(rows).toStrictEqual(expected);
});

describe("README.md", () => {
  const readme = readFileSync(join(PROJECT, "README.md"), "utf8");
  const isIn = (path: string) => (block: string) =>
    essence(readFileSync(join(PROJECT, path), "utf8")).includes(essence(block));
  /** Without indentation and comments, and with a module's folder as its source. */
  const essence = (code: string) =>
    code.replace(/^ *(# .*\n)?/gm, "").replace(/"[^"]*\/(stacks\/[a-z-]+)(\?ref=[^"]*)?"/g, '"$1"');

  test("composes a workload as the examples do", () => {
    const section = readme.slice(readme.indexOf("### Compose a workload"), readme.indexOf("## Verify it"));
    expect(blocksOf(section, "hcl").map(isIn("examples/terraform/one-workload/main.tf"))).toStrictEqual([
      true,
    ]);
    expect(blocksOf(section, "ts").map(isIn("examples/typescript/one-workload/main.ts"))).toStrictEqual([
      true,
    ]);
  });
});
