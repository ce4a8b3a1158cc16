import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "../support/folders";
import { PROJECT } from "../support/project";

const STACKS = "cdktf.out/stacks";
const MODULES = ["pod-group", "rds-mysql"];

let folder = "";

function command(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(name, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

const git = (...args: string[]) =>
  command("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args]);
const release = (args: readonly string[], env?: NodeJS.ProcessEnv) =>
  command(process.execPath, [join(PROJECT, "build/release.cjs"), ...args], {
    GIT_COMMITTER_NAME: "Test",
    GIT_COMMITTER_EMAIL: "test@example.com",
    ...env,
  });
const tags = () => git("tag", "--list").stdout.trim();
const archives = () => readdirSync(folder).filter((name) => name.endsWith(".tgz"));

function write(file: string, text: string) {
  writeFileSync(join(folder, file), text);
}

/** A repository with two modules and a root, whose synthesis changes nothing. */
beforeEach(() => {
  folder = temporaryFolder();
  for (const name of [...MODULES, "example-aws"]) {
    cpSync(join(PROJECT, STACKS, name), join(folder, STACKS, name), { recursive: true });
  }
  const scripts = { synth: "node --version", package: "npm pack" };
  write("package.json", JSON.stringify({ name: "modules", version: "1.2.3", scripts, files: ["cdktf.out"] }));
  write("CHANGELOG.md", "# Changelog\n\n## 1.2.3 — 2030-01-31\n");
  write(".gitignore", "*.tgz\n.terraform/\n");
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "All");
});

test("tags, packs, and has Terraform fetch every module by the tag", () => {
  const { status, stdout, stderr } = release(["1.2.3"]);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stdout).toContain("v1.2.3: modules-1.2.3.tgz, and 2 modules");
  expect(tags()).toBe("v1.2.3");
  expect(archives()).toStrictEqual(["modules-1.2.3.tgz"]);
});

test("a dry run leaves neither a tag nor an archive", () => {
  const { status, stdout } = release(["1.2.3", "--dry-run"]);
  expect(status).toBe(0);
  expect(stdout).toContain("2 modules");
  expect([tags(), archives()]).toStrictEqual(["", []]);
});

test.each<[what: string, prepare: () => void, version: string, message: RegExp]>([
  ["a working tree with changes", () => write("new.txt", "x\n"), "1.2.3", /has changes.*\n\?\? new\.txt/],
  ["a tag that exists", () => git("tag", "v1.2.3"), "1.2.3", /^tag v1\.2\.3 already exists/m],
  [
    "another version than that of package.json",
    () => {},
    "1.2.4",
    /package\.json has version 1\.2\.3, not 1\.2\.4/,
  ],
  ["a version that CHANGELOG.md lacks", () => {}, "1.2.4", /CHANGELOG\.md has no section "## 1\.2\.4/],
  ["no version", () => {}, "next", /^usage: /],
  [
    "a version that is not released in CHANGELOG.md",
    () => {
      write("CHANGELOG.md", "# Changelog\n\n## 1.2.3 — unreleased\n");
      git("commit", "--quiet", "--all", "--message", "Open");
    },
    "1.2.3",
    /CHANGELOG\.md says "## 1\.2\.3 — unreleased": end it with the date/,
  ],
  [
    "output that is not current",
    () => {
      const text = readFileSync(join(folder, "package.json"), "utf8");
      write("package.json", text.replace("node --version", "node -e \\\"fs.writeFileSync('late', '')\\\""));
      git("commit", "--quiet", "--all", "--message", "Late");
    },
    "1.2.3",
    /npm run synth changes the output; commit it:\n\?\? late/,
  ],
])("%s fails before anything is tagged", (_what, prepare, version, message) => {
  prepare();
  const before = tags();
  const { status, stderr } = release([version]);
  expect(stderr).toMatch(message);
  expect(status).toBe(1);
  expect([tags(), archives()]).toStrictEqual([before, []]);
});

test("modules that cannot be fetched leave neither a tag nor an archive", () => {
  const { status, stderr } = release(["1.2.3"], { TERRAFORM_BINARY_NAME: "no-such-terraform" });
  expect(stderr).toMatch(/^no-such-terraform cannot be started .*: install it/m);
  expect(status).toBe(1);
  expect([tags(), archives()]).toStrictEqual(["", []]);
});
