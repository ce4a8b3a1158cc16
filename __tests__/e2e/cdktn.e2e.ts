/** On cdktn, which goes on where cdktf ended: as docs/versions.md says, with the versions that it names. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesIn } from "../support/folders";
import { blocksFor } from "../support/pages";
import { PROJECT } from "../support/project";
import { run } from "./support/build";
import { fromRegistry, packProject } from "./support/package";
import { awsStage } from "./support/stage";

/** A user's package.json, as the page has it. */
const [onCdktn = {}] = blocksFor("cdktn").map(({ text }) => JSON.parse(text));

const { folder, built, tarball } = packProject();

/** Installs the package beside others. @returns why these cannot be had, where they cannot */
function install(name: string, project: object, ...options: string[]): string | undefined {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  const { dependencies, ...others } = project as { dependencies: object };
  const all = { ...dependencies, "eks-pod-security-groups": `file:${tarball}` };
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ private: true, dependencies: all, ...others }));
  return fromRegistry(cwd, "npm", "install", ...options);
}

const reason = install("user", onCdktn);
if (reason !== undefined) {
  if (process.env["E2E_REQUIRED"] === "all") throw new Error(`the tests on cdktn are required: ${reason}`);
  console.warn(`the tests on cdktn are skipped: ${reason}`);
}

describe.skipIf(reason)("on cdktn", () => {
  test("the packed package installs, and writes the committed bytes", () => {
    const user = join(folder, "user");
    run(user, process.execPath, "node_modules/.bin/ekspsg", "synth", "--outdir", "out");
    const committed = filesIn(join(built, "cdktf.out"));
    const written = filesIn(join(user, "out"));
    expect(Object.keys(written).length).toBeGreaterThan(50);
    for (const [path, content] of Object.entries(written)) expect(content, path).toBe(committed[path]);
  });

  test("the tests of synthesis pass, and those of the committed bytes", () => {
    const copy = join(folder, "copy");
    cpSync(awsStage().copy, copy, {
      recursive: true,
      // What is not committed: links to packages, and where Terraform keeps the states of tests.
      filter: (path) => !["node_modules", "states_override.tf.json"].includes(basename(path)),
    });
    linkPackages(copy, join(folder, "user/node_modules"));
    const vitest = [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--reporter=json",
      "--testTimeout=600000",
      "--project",
    ];
    const passed = [["synth"], ["processes", "committed-output"]].map((words) => {
      const report = JSON.parse(run(copy, process.execPath, ...vitest, ...words));
      return report.numPassedTests as number;
    });
    expect(Math.min(...passed)).toBeGreaterThan(3);
    expect(readFileSync(join(copy, "node_modules/cdktf/package.json"), "utf8")).toContain('"name": "cdktn"');
  });
});

/** The packages of the project, but those of cdktn instead of cdktf's. */
function linkPackages(target: string, cdktn: string): void {
  const own = join(PROJECT, "node_modules");
  const link = (from: string, name: string) =>
    symlinkSync(join(from, name), join(target, "node_modules", name));
  mkdirSync(join(target, "node_modules/@cdktf"), { recursive: true });
  for (const name of Object.keys((onCdktn as { dependencies: object }).dependencies)) link(cdktn, name);
  link(own, "@cdktf/hcl2json");
  for (const name of readdirSync(own)) {
    if (!["@cdktf", "cdktf", "constructs"].includes(name)) link(own, name);
  }
}

test("the packed package goes together with cdktf, in the versions that it is developed with", ({ skip }) => {
  const { peerDependencies, devDependencies } = JSON.parse(
    readFileSync(join(PROJECT, "package.json"), "utf8"),
  );
  const names = Object.keys(peerDependencies);
  const dependencies = Object.fromEntries(names.map((name) => [name, devDependencies[name]]));
  // Resolved, not downloaded: a conflict is found all the same.
  const reason = install("on-cdktf", { dependencies }, "--package-lock-only");
  skip(reason !== undefined, reason);
  expect(existsSync(join(folder, "on-cdktf/package-lock.json"))).toBe(true);
});
