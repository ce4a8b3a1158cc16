import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { describe, expect, test } from "vitest";
import { DATA_SERVICES } from "../aws/data-services";
import { isJson } from "../io/json";
import { moduleStacks } from "../modules";
import { synthesize } from "../synth/synthesize";
import { synthesizedExamples } from "./support/examples";
import { temporaryFolder } from "./support/folders";
import { blocksFor, configurationIn, PAGES, pagesFor, pageText } from "./support/pages";
import { committedStack, PROJECT } from "./support/project";

describe.each(pagesFor("terraform"))("%s", (page) => {
  test("has calls that the modules accept: every argument a variable, and all that are needed", async () => {
    for (const [name, text] of Object.entries(configurationIn(page, "stacks"))) {
      const { module = {} } = await parse(name, text);
      for (const [id, [call]] of Object.entries<Record<string, unknown>[]>(module)) {
        const { source, depends_on, ...values } = call as Record<string, unknown>;
        expectAccepted(Object.keys(values), String(source).replace("stacks/", ""), `module.${id}`);
      }
    }
  });
});

/** Every value is one of a variable of the stack, and none that the stack needs is missing. */
function expectAccepted(given: string[], stack: string, what: string): void {
  const { variable } = committedStack(stack);
  expect(Object.keys(variable), what).toEqual(expect.arrayContaining(given));
  const needed = Object.keys(variable).filter((key) => !Object.hasOwn(variable[key] as object, "default"));
  expect(given, what).toEqual(expect.arrayContaining(needed));
}

test.each(blocksFor("values").map((block) => [block.file ?? "", block] as const))(
  "%s has the values of its root, all that it needs and no other, so that Terraform warns of none",
  (file, { text }) => {
    expectAccepted(Object.keys(JSON.parse(text)), file.replace(".tfvars.json", ""), file);
  },
);

test.each(PAGES)("%s links to what is there", (page) => {
  for (const [, target = ""] of pageText(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(page, "..", path);
    expect(existsSync(join(PROJECT, file)), target).toBe(true);
    if (anchor !== undefined) expect(anchorsIn(file), target).toContain(anchor);
  }
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsIn(file: string): string[] {
  const headings = pageText(file).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("the JSON of the pages is part of what is synthesized", async () => {
  const folder = temporaryFolder();
  await synthesizedExamples(folder);
  mkdirSync(join(folder, "classic"));
  synthesize(moduleStacks(["pod-to-pod"], { ruleForm: "classic" }), join(folder, "classic"));
  const synthesized = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("cdk.tf.json"))
    .map((path) => JSON.parse(readFileSync(join(folder, path), "utf8")));
  for (const { page, line, text } of blocksFor("synthesized")) {
    const part = JSON.parse(text);
    expect(
      synthesized.some((whole) => holds(whole, part)),
      `${page}:${line}`,
    ).toBe(true);
  }
});

test.each(blocksFor("stacks"))("$page:$line can stand in main.ts, and is synthesized", async ({ text }) => {
  const [, name = ""] = /^"([^"]+)"/.exec(text) ?? [];
  const main = readFileSync(join(PROJECT, "main.ts"), "utf8");
  const inPlace = main.replace(new RegExp(`^  "${name}": .*,\n`, "m"), text);
  expect(inPlace).not.toBe(main);
  const folder = temporaryFolder();
  const sources = inPlace.replace(/"\.\//g, JSON.stringify(PROJECT).replace(/"$/, "/"));
  writeFileSync(join(folder, "main.ts"), sources);
  const { synthesizeProject } = await import(join(folder, "main.ts"));
  synthesizeProject({ root: PROJECT, outdir: folder, isQuiet: true });
  const written = JSON.parse(readFileSync(join(folder, "stacks", name, "cdk.tf.json"), "utf8"));
  // What it says of its backend is what the root has, and the committed one has not.
  const said = [...text.matchAll(/(?:organization|name|bucket|key): "([^"]+)"/g)].map(([, value]) => value);
  expect(said).not.toHaveLength(0);
  for (const value of said) expect(JSON.stringify(written.terraform)).toContain(`"${value}"`);
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
  const rows = pageText("docs/data-services.md")
    .split("\n")
    .filter((line) => line.includes("[AWS]("));
  const expected = Object.entries(DATA_SERVICES).map(([name, { title, ports, attachTo, source }]) => {
    const listed = Object.entries<number>(ports).map(([key, port]) => `${port} (${key})`);
    return `| \`${name}\` | ${title} | ${listed.join(", ")} | ${attachTo} | [AWS](${source}) |`;
  });
  expect(rows).toStrictEqual(expected);
});
