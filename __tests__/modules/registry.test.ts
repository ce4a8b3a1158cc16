import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMITTED_MODULES, MODULES } from "../../modules/registry";
import { PROJECT } from "../support/project";

test("every folder of a module is in the registry", () => {
  const folders = readdirSync(join(PROJECT, "modules"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["shared", "data-service"].includes(entry.name))
    .map(({ name }) => name);
  expect(Object.keys(COMMITTED_MODULES)).toEqual(expect.arrayContaining(folders));
});

test.each(Object.entries(MODULES))("%s has the name of its contract", (name, { contract }) => {
  expect(contract.name).toBe(name);
});

test("docs/modules.md lists the committed modules in the order and the words of the registry", () => {
  const names = new Map<string, string[]>();
  for (const [name, { summary }] of Object.entries(COMMITTED_MODULES)) {
    names.set(summary, [...(names.get(summary) ?? []), name]);
  }
  const rows = [...names].map(([summary, modules]) => {
    const links = modules.map((name) => `[\`${name}\`](../cdktf.out/stacks/${name}/README.md)`).join(", ");
    return `| ${links} | module${modules.length > 1 ? "s" : ""}: ${summary} |`;
  });
  const listed = readFileSync(join(PROJECT, "docs/modules.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| [`"));
  expect(listed).toStrictEqual(rows);
});

test("modules name their variables by typed references: no other text has one", () => {
  const sources = readdirSync(join(PROJECT, "modules"), { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts"),
  );
  expect(sources.length).toBeGreaterThan(30);
  for (const path of sources) {
    expect(readFileSync(join(PROJECT, "modules", path), "utf8"), path).not.toMatch(/\bvar\.[a-z{$]/);
  }
});
