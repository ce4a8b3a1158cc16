/** The verifier as a pipeline runs it: on a git repository with several roots, against another revision. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { COMMAND } from "../support/synth";
import { type Files, git as runGit, write as writeFiles } from "./support/git";

/** A folder whose only content is what the test makes, and where the program makes its temporary folders. */
function workshop() {
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-pipeline-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const write = (at: string, files: Files) => writeFiles(join(folder, at), files);
  const git = (at: string, ...words: string[]) => runGit(join(folder, at), ...words);
  const commit = (at: string, files: Files = {}) => {
    write(at, files);
    git(at, "add", "-A");
    git(at, "commit", "-q", "-m", "x", "--allow-empty");
  };
  const repository = (at: string, files: Files) => {
    mkdirSync(join(folder, at), { recursive: true });
    git(at, "init", "-q", "-b", "main");
    commit(at, files);
  };
  const verify = (at: string, args: readonly string[], env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, "verify", ...args], {
      cwd: join(folder, at),
      encoding: "utf8",
      env: { ...process.env, TMPDIR: temporary, ...env },
    });
    expect(stderr).not.toMatch(/\n\s+at /);
    // Nothing is left behind, whatever came of it.
    expect(readdirSync(temporary)).toStrictEqual([]);
    return { status, stdout, stderr };
  };
  return { folder, write, git, commit, repository, verify };
}

const group = (name: string) => `resource "aws_security_group" "${name}" {\n  name = "${name}"\n}\n`;
const rule = (name: string, from: string) =>
  `resource "aws_vpc_security_group_ingress_rule" "${name}" {\n  security_group_id = aws_security_group.db.id\n  cidr_ipv4 = "${from}"\n  ip_protocol = "tcp"\n  from_port = 5432\n  to_port = 5432\n}\n`;
const DB = group("db") + rule("old", "10.0.0.0/16");
const MORE = DB + rule("new", "10.1.0.0/16");

/** What becomes reachable, as `PATH FROM`. */
function reachable(stdout: string): string[] {
  return JSON.parse(stdout).difference.reachable.map(
    ({ path, from }: { path: string; from: string }) => `${path} ${from}`,
  );
}

const JSON_AGAINST = (revision: string) => ["--base", `git:${revision}`, "--format", "json"];

describe("--base git:REF", () => {
  test.each<[string, string, string[], string[]]>([
    ["several roots", "repo", ["."], ["b c/live 10.1.0.0/16", "new 10.0.0.0/16"]],
    ["several PATHs", "repo", ["b c/live", "a"], ["b c/live 10.1.0.0/16"]],
    ["a subfolder with a space", "repo/b c", ["live"], ["live 10.1.0.0/16"]],
    ["a path above", "repo/b c/live", ["../../b c"], ["../../b c/live 10.1.0.0/16"]],
    ["from outside", ".", ["repo/b c/live"], ["repo/b c/live 10.1.0.0/16"]],
    ["through a link", ".", ["link/b c/live"], ["link/b c/live 10.1.0.0/16"]],
    ["a folder that was not there", "repo", ["new"], ["new 10.0.0.0/16"]],
  ])("%s: only what changed becomes reachable", (_what, cwd, paths, expected) => {
    const { folder, repository, commit, git, verify } = workshop();
    repository("repo", {
      "a/main.tf": DB,
      "b c/live/main.tf": 'module "m" {\n  source = "../../m"\n}\n',
      "m/main.tf": DB,
    });
    git("repo", "branch", "before");
    commit("repo", { "m/main.tf": MORE, "new/main.tf": DB });
    symlinkSync(join(folder, "repo"), join(folder, "link"));
    const { stdout, stderr } = verify(cwd, [...paths, ...JSON_AGAINST("before")]);
    expect(stdout, stderr).not.toBe("");
    expect(reachable(stdout).sort()).toStrictEqual(expected);
  });

  test("leaves the repository as it was, runs nothing of it, and reads what git has, not what attributes make of it", () => {
    const { folder, repository, commit, git, write, verify } = workshop();
    repository("repo", { "main.tf": DB, ".gitattributes": "*.tf filter=evil export-ignore\n" });
    git("repo", "config", "filter.evil.smudge", `touch ${join(folder, "smudged")}; cat`);
    git("repo", "config", "core.fsmonitor", `touch ${join(folder, "monitored")}`);
    for (const hook of ["post-checkout", "post-index-change", "reference-transaction"]) {
      const path = `repo/.git/hooks/${hook}`;
      write(".", { [path]: `#!/bin/sh\ntouch ${join(folder, "hooked")}\n` });
      spawnSync("chmod", ["+x", join(folder, path)]);
    }
    write("repo", { "main.tf": MORE });
    const before = spawnSync("find", ["."], { cwd: join(folder, "repo"), encoding: "utf8" }).stdout;
    const { stdout } = verify("repo", [".", ...JSON_AGAINST("HEAD")], { GIT_DIR: "/nowhere" });
    expect(reachable(stdout)).toStrictEqual([". 10.1.0.0/16"]);
    expect(spawnSync("find", ["."], { cwd: join(folder, "repo"), encoding: "utf8" }).stdout).toBe(before);
    expect(readdirSync(folder).sort()).toStrictEqual(["repo", "tmp"]);
    commit("repo");
  });

  test("a root that is gone is told, under the path that it had", () => {
    const { repository, commit, git, verify } = workshop();
    const flows =
      "format: 1\nendpoints: { db: aws_security_group.db, net: 10.0.0.0/16 }\nflows: { one: allow net -> db TCP 5432 }\n";
    repository("repo", { "x/a/main.tf": DB, "x/old/main.tf": DB, "x/old/flows.yaml": flows });
    git("repo", "rm", "-q", "-r", "x/old");
    commit("repo");
    const { stdout } = verify("repo", ["x", ...JSON_AGAINST("HEAD~1")]);
    expect(JSON.parse(stdout).difference.flows).toMatchObject([
      { path: "x/old", id: "one", changes: ["gone"] },
    ]);
  });

  test("fetched modules count where their calls are the same, and a note says where they are not", () => {
    const { repository, commit, write, verify } = workshop();
    const call = (name: string, version: string) =>
      `module "${name}" {\n  source  = "example/db/aws"\n  version = "${version}"\n}\n`;
    repository("repo", {
      ".gitignore": ".terraform\n*.tfvars\n",
      "main.tf": call("same", "1.0.0") + call("other", "1.0.0"),
      "v.tf": 'variable "v" {}\n',
    });
    commit("repo", {
      "main.tf": call("same", "1.0.0") + call("other", "2.0.0") + group("db") + rule("new", "10.1.0.0/16"),
    });
    write("repo", {
      ".terraform/modules/modules.json": JSON.stringify({
        Modules: ["same", "other"].map((name) => ({
          Key: name,
          Source: "registry.terraform.io/example/db/aws",
          Dir: `.terraform/modules/${name}`,
        })),
      }),
      ".terraform/modules/same/main.tf": DB,
      ".terraform/modules/other/main.tf": DB,
    });
    const { stdout } = verify("repo", [".", ...JSON_AGAINST("HEAD~1")]);
    const { reports, difference } = JSON.parse(stdout);
    expect(difference.reachable.flatMap(({ rules }: { rules: string[] }) => rules).sort()).toStrictEqual([
      "aws_vpc_security_group_ingress_rule.new",
      "module.other.aws_vpc_security_group_ingress_rule.old",
    ]);
    expect(reports[0].notes.join("\n")).toContain("module.other had another source or version at HEAD~1");
  });

  test("values of variables that are not committed count on both sides", () => {
    const { repository, write, verify } = workshop();
    repository("repo", {
      ".gitignore": "*.tfvars\n",
      "main.tf": `variable "net" {}\n${group("db")}${rule("r", "10.0.0.0/16").replace('"10.0.0.0/16"', "var.net")}`,
    });
    write("repo", { "terraform.tfvars": 'net = "10.9.0.0/16"\n' });
    expect(reachable(verify("repo", [".", ...JSON_AGAINST("HEAD")]).stdout)).toStrictEqual([]);
  });

  test.each<[string, string, RegExp]>([
    [
      "a branch of a remote",
      "origin/next",
      /has no revision origin\/next: `git fetch --depth=1 origin \+refs\/heads\/next:refs\/remotes\/origin\/next` fetches it/,
    ],
    ["a name", "v1", /`git fetch --depth=1 origin v1` fetches it, and --base git:FETCH_HEAD names it then/],
    ["what came before", "HEAD~1", /which is shallow.*`git fetch --unshallow origin`/],
  ])("exit code 2 in a shallow clone without the revision: %s", (_what, revision, words) => {
    const { folder, repository, commit, git, verify } = workshop();
    repository("far", { "main.tf": DB });
    commit("far");
    git("far", "branch", "next");
    git("far", "tag", "v1", "HEAD~1");
    git(".", "clone", "-q", "--depth=1", `file://${join(folder, "far")}`, "near");
    const { status, stdout, stderr } = verify("near", [".", "--base", `git:${revision}`]);
    expect(stderr).toMatch(words);
    expect({ status, stdout }).toStrictEqual({ status: 2, stdout: "" });
    // The command that is named does it.
    const [, command = ""] = /`git (.*?)`/.exec(stderr) ?? [];
    git("near", ...command.split(" "));
    const named = revision === "v1" ? "FETCH_HEAD" : revision;
    expect(verify("near", [".", "--base", `git:${named}`]).status).toBe(0);
  });

  test.each<[string, string[], Record<string, string>, RegExp]>([
    ["no such revision", ["repo", "--base", "git:nope"], {}, /no revision nope: there is no remote/],
    ["no revision", ["repo", "--base", "git:"], {}, /--base needs a name behind git:/],
    ["an option as a revision", ["repo", "--base", "git:--help"], {}, /no revision --help/],
    [
      "no repository",
      ["alone", "--base", "git:HEAD"],
      { GIT_CEILING_DIRECTORIES: "/" },
      /alone: git finds no repository there/,
    ],
    ["a state", ["state.json", "--base", "git:HEAD"], {}, /state\.json: --base git:… goes with folders/],
    ["no git", ["repo", "--base", "git:HEAD"], { PATH: "/nowhere" }, /git is not on the PATH/],
    ["unreadable then", ["repo", "--base", "git:broken"], {}, /at broken: repo\/main\.tf:1/],
  ])("exit code 2: %s", (_what, args, env, words) => {
    const { repository, commit, git, write, verify } = workshop();
    repository("repo", { "main.tf": "resource {" });
    git("repo", "branch", "broken");
    commit("repo", { "main.tf": DB });
    write(".", { "alone/main.tf": DB, "state.json": '{"format_version":"1.0","values":{"root_module":{}}}' });
    const { status, stdout, stderr } = verify(".", args, env);
    expect(stderr).toMatch(words);
    expect({ status, stdout }).toStrictEqual({ status: 2, stdout: "" });
  });
});
