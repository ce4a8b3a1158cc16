import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { blocksFor } from "./support/pages";
import { PROJECT } from "./support/project";

const CONFIGURATION = ".dependency-cruiser.mjs";
/** The rules for what is loaded at the start. */
const START = ".dependency-cruiser.start.mjs";

/** What the lint says of a tree of these files, and whether both of its steps pass. */
function lint(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-lint-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  for (const file of [CONFIGURATION, START, "tsconfig.json"]) cpSync(join(PROJECT, file), join(folder, file));
  // A package of that name: the lint looks at where an import leads, not at what is there.
  mkdirSync(join(folder, "node_modules/cdktf/lib/tokens/private"), { recursive: true });
  writeFileSync(join(folder, "node_modules/cdktf/package.json"), '{"name":"cdktf","main":"lib/index.js"}');
  for (const file of ["index", "tokens/private/token-map"])
    writeFileSync(join(folder, `node_modules/cdktf/lib/${file}.js`), "");
  const depcruise = join(PROJECT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const runs = [CONFIGURATION, START].map((configuration) => {
    const args = [depcruise, "--config", configuration, "--output-type", "err", "."];
    return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  });
  rmSync(folder, { recursive: true });
  return {
    isClean: runs.every(({ status }) => status === 0),
    output: runs.map(({ stdout }) => stdout).join("\n"),
  };
}

const VALUE = "export const value = 1;\n";
const importing = (path: string) => `export { value } from "${path}";\n`;

/** What is planted, and what the lint says of it; all of it stands in one tree. */
const PLANTED: Readonly<Record<string, readonly [files: Record<string, string>, words: string]>> = {
  "the ground imports a stage": [
    { "verify/judge/a.ts": VALUE, "network/b.ts": importing("../verify/judge/a") },
    "network imports only what is below it: network/b.ts",
  ],
  "an earlier stage imports a later one": [
    { "verify/checks/a.ts": VALUE, "verify/inventory/b.ts": importing("../checks/a") },
    "verify/inventory imports only what is below it: verify/inventory/b.ts",
  ],
  "the writer of stacks imports a module": [
    { "modules/a.ts": VALUE, "synth/b.ts": importing("../modules/a") },
    "synth imports only what is below it: synth/b.ts",
  ],
  "the verifier reaches cdktf by way of others": [
    { "network/c.ts": `import "cdktf";\n${VALUE}`, "verify/judge/c.ts": importing("../../network/c") },
    "the verifier needs no cdktf: verify/judge/c.ts",
  ],
  "the command loads the stacks before anybody asks for them": [
    { "main.ts": `import "cdktf";\n${VALUE}`, "cli/commands/a.ts": importing("../../main") },
    "what needs cdktf is loaded by the command that needs it: cli/commands/a.ts",
  ],
  "the command reaches cdktf by way of others": [
    { "io/c.ts": `import "cdktf";\n${VALUE}`, "cli/c.ts": importing("../io/c") },
    "the verifier needs no cdktf: cli/c.ts",
  ],
  "a contract loads cdktf": [
    { "modules/x/contract.ts": `import "cdktf";\n${VALUE}` },
    "the verifier needs no cdktf: modules/x/contract.ts",
  ],
  "a check opens a file": [
    { "verify/checks/d.ts": 'export { readFileSync } from "node:fs";\n' },
    "files are touched in io: verify/checks/d.ts",
  ],
  "a stack goes into cdktf's insides": [
    { "synth/e.ts": 'export { TokenMap } from "cdktf/lib/tokens/private/token-map";\n' },
    "cdktf's insides are touched in one file: synth/e.ts",
  ],
  "two files need each other": [
    { "io/a.ts": importing("./b"), "io/b.ts": importing("./a") },
    "no circles: io/a.ts",
  ],
};

/** What stands in the same tree, and is as it should be. */
const SOUND: Readonly<Record<string, string>> = {
  "network/sound.ts": VALUE,
  "verify/inventory/sound.ts": importing("../../network/sound"),
  "verify/checks/sound.ts": importing("../inventory/sound"),
  // The stacks, which need cdktf, are loaded when the command runs.
  "cli/commands/sound.ts": 'export const load = () => import("../../main");\n',
};

const planted = lint(Object.assign({ ...SOUND }, ...Object.values(PLANTED).map(([files]) => files)));

test("the lint refuses imports that lead upwards, to cdktf or to files", () => {
  for (const [what, [, words]] of Object.entries(PLANTED)) expect(planted.output, what).toContain(words);
  expect(planted.isClean).toBe(false);
});

test("the lint accepts that a stage imports an earlier one and the ground", () => {
  for (const path of Object.keys(SOUND)) expect(planted.output).not.toContain(path);
});

test("docs/architecture.md has the rooms of the lint, each with what it may import", async () => {
  const { GROUND, ROOMS } = (await import(join(PROJECT, CONFIGURATION))) as Record<
    string,
    Record<string, string[]>
  >;
  const document = readFileSync(join(PROJECT, "docs/architecture.md"), "utf8");
  const rows = [...document.matchAll(/^\| `([a-z/]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(
    ([, room = "", below = ""]) => [room, [...below.matchAll(/`([a-z/]+)`/g)].map(([, name]) => name).sort()],
  );
  const rooms = Object.entries({ ...GROUND, ...ROOMS }).map(([room, below]) => [room, [...below].sort()]);
  expect(Object.fromEntries(rows)).toStrictEqual(Object.fromEntries(rooms));
});

test.each(blocksFor("drawing"))("$page:$line has no arrow that the lint refuses", async ({ text }) => {
  const { ROOMS } = (await import(join(PROJECT, CONFIGURATION))) as { ROOMS: Record<string, string[]> };
  const roomOf = (name: string) => (`verify/${name}` in ROOMS ? `verify/${name}` : name);
  // `a & b --> c --> d["words"]`: what is below, then what may import it.
  const arrows = text.split("\n").flatMap((line) => {
    const steps = line.split("-->").map((step) =>
      step
        .replace(/\[.*?\]/g, "")
        .trim()
        .split(" & "),
    );
    return steps
      .slice(1)
      .flatMap((above, index) =>
        (steps[index] ?? []).flatMap((below) => above.map((one) => [roomOf(below), roomOf(one)] as const)),
      );
  });
  const between = arrows.filter((names) => names.every((name) => name in ROOMS));
  expect(between.length).toBeGreaterThan(10);
  for (const [below, above] of between) expect(ROOMS[above], `${below} --> ${above}`).toContain(below);
});
