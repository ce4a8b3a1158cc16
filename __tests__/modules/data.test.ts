import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "../support/project";

/*
 * What a module promises can be read where there is no cdktf: its contract, rules, flows and tests load none of it.
 */

/** Files that make constructs: the stacks, what they are made of, and the list of them. */
const MAKE_CONSTRUCTS = [
  "modules/registry.ts",
  "modules/security-group-policy/jobs.ts",
  "modules/security-group-policy/policy.ts",
  "modules/shared/rules-as-resources.ts",
  "modules/shared/security-group.ts",
];

const all = readdirSync(join(PROJECT, "modules"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((path) => basename(path) !== "index.ts")
  .map((path) => relative(PROJECT, path).replaceAll("\\", "/"));
const data = [...all.filter((path) => !MAKE_CONSTRUCTS.includes(path)), "synth/providers.ts"].sort();

/** Loads files one by one in a process of its own, and prints what of cdktf each has brought along. */
const LOAD = `
  const constructs = () => Object.keys(require.cache).filter((path) =>
    /node_modules.(cdktf|constructs|@cdktf.provider-[a-z]+)\\W/.test(path));
  const brought = {};
  for (const path of process.argv.slice(1)) {
    const before = constructs().length;
    require(path);
    brought[path] = constructs().length - before;
  }
  console.log(JSON.stringify(brought));
`;

test("every module has a contract and tests, which are among these files", () => {
  const folders = readdirSync(join(PROJECT, "modules"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "shared")
    .map(({ name }) => name);
  const needed = folders.flatMap((name) => [`modules/${name}/contract.ts`, `modules/${name}/tests.ts`]);
  expect(data).toEqual(expect.arrayContaining(needed));
});

test("the data of modules loads nothing of cdktf", () => {
  const paths = data.map((path) => join(PROJECT, path));
  const { stdout, stderr } = spawnSync(process.execPath, ["--require", "tsx/cjs", "-e", LOAD, ...paths], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toStrictEqual(Object.fromEntries(paths.map((path) => [path, 0])));
});
