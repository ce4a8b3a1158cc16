/** What pipelines copy or build: the pre-commit hook, the image and the examples, with the packed tarball. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { version } from "../../package.json";
import { PROJECT } from "../support/project";
import { commit, git, workFolder, write } from "./support/git";
import { packProject } from "./support/package";

let tarball = "";
beforeAll(() => {
  ({ tarball } = packProject());
});

const read = (path: string) => readFileSync(join(PROJECT, path), "utf8");

/** Runs a program without a registry. */
function tried(cwd: string, [command = "", ...args]: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: {
      ...process.env,
      TARBALL: tarball,
      npm_config_offline: "true",
      npm_config_cache: join(cwd, "../npm"),
      ...env,
    },
  });
  return { status, stdout, stderr, isThere: error === undefined };
}

/** Why a public tool cannot be asked, or nothing. */
const whyNo = (tool: string) =>
  tried(PROJECT, [tool, "--version"]).isThere ? undefined : `there is no ${tool} on the PATH`;

const GROUP = 'resource "aws_security_group" "db" {\n  name = "db"\n}\n';
const RULE = `resource "aws_vpc_security_group_ingress_rule" "old" {
  security_group_id = aws_security_group.db.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}
`;
const ROOT = `provider "aws" {}\n${GROUP}${RULE}`;
/** A flow that is broken where the rule is not there. */
const FLOWS = `format: 1
endpoints: { db: aws_security_group.db, net: 10.0.0.0/16 }
flows:
  wanted: allow net -> db TCP 5432
  closed: deny internet -> db TCP 22
`;
const OPEN = RULE.replace('"old"', '"ssh"').replace("10.0.0.0/16", "0.0.0.0/0").replaceAll("5432", "22");

/** A repository with two roots, and one commit before its last. */
function repository() {
  const work = join(workFolder(), "work");
  mkdirSync(work);
  git(work, "init", "-q", "-b", "main");
  commit(work, { "a/main.tf": ROOT, "b/main.tf": ROOT, "b/flows.yaml": FLOWS });
  return work;
}

function megabytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce((sum, { name, parentPath }) => sum + statSync(join(parentPath, name)).size, 0) / 1e6;
}

describe("the pre-commit hook", () => {
  const HOOK = ["package.json", ".pre-commit-hooks.yaml", "action"];

  /** The project as pre-commit clones it, as far as the hook needs it. */
  function cloned() {
    const folder = join(workFolder(), "hooks");
    mkdirSync(folder);
    for (const name of HOOK) cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
    git(folder, "init", "-q", "-b", "main");
    git(folder, "remote", "add", "origin", "git@127.0.0.1:platform/eks-pod-security-groups.git");
    commit(folder, {});
    return folder;
  }

  test("installs the tarball once, within 20 MB, and verifies the repository that it is called in", () => {
    const [hooks, work] = [cloned(), repository()];
    const hook = join(hooks, parse(read(".pre-commit-hooks.yaml"))[0].entry);
    // As git runs hooks: with its own repository in the environment.
    const env = { GIT_DIR: join(work, ".git"), GIT_INDEX_FILE: join(work, ".git/index") };
    const first = tried(work, [hook, `--tarball=${tarball}`], env);
    expect(first.stdout + first.stderr).toContain("2 roots: a, b");
    expect(first.status).toBe(0);
    write(work, { "b/open.tf": OPEN });
    expect(tried(work, [hook, `--tarball=${tarball}`], env).status).toBe(1);
    expect(tried(work, [hook, `--tarball=${tarball}`, "a"], env).status).toBe(0);
    expect(readdirSync(join(hooks, ".releases"))).toHaveLength(1);
    expect(readdirSync(hooks).sort()).toStrictEqual([...HOOK, ".git", ".releases"].sort());
    expect(megabytes(hooks)).toBeLessThan(20);
  });

  test("without a tarball it asks for its release where it was cloned from", () => {
    const [hooks, work] = [cloned(), repository()];
    const { status, stderr } = tried(work, [join(hooks, "action/pre-commit.mjs")]);
    expect(stderr).toContain(
      `tarball: https://127.0.0.1/platform/eks-pod-security-groups/releases/download/v${version}/eks-pod-security-groups-${version}.tgz cannot be installed`,
    );
    expect(stderr).toContain("The hook's argument --tarball=PATH|URL names another one.");
    expect(status).toBe(2);
    expect(readdirSync(join(hooks, ".releases"))).toStrictEqual([]);
  });

  const reason = whyNo("pre-commit");
  test.skipIf(reason)(`runs by pre-commit${reason ? `: ${reason}` : ""}`, () => {
    const [hooks, work] = [cloned(), repository()];
    const config = read("ci/pre-commit-config.yaml")
      .replace(/repo: .*/, `repo: ${hooks}`)
      .replace(/rev: .*/, `rev: ${git(hooks, "rev-parse", "HEAD")}`)
      .replace(/(\n *)- id: (.*)/, `$1- id: $2$1  args: [--tarball=${tarball}]`);
    commit(work, { ".pre-commit-config.yaml": config });
    const env = { PRE_COMMIT_HOME: join(work, "../cache") };
    const run = () => tried(work, ["pre-commit", "run", "--all-files"], env);
    expect(run()).toMatchObject({ status: 0, stdout: expect.stringMatching(/\.Passed\n/) });
    commit(work, { "b/open.tf": OPEN });
    expect(run()).toMatchObject({ status: 1, stdout: expect.stringContaining("BROKEN    closed") });
    expect(megabytes(join(work, "../cache"))).toBeLessThan(20);
    for (const [kind, file] of [
      ["manifest", ".pre-commit-hooks.yaml"],
      ["config", "ci/pre-commit-config.yaml"],
    ] as const)
      expect(tried(PROJECT, ["pre-commit", `validate-${kind}`, file])).toMatchObject({ status: 0 });
  });
});

describe("the image", () => {
  test("its steps install the tarball alone, offline, within 20 MB, and the command runs there", () => {
    const folder = workFolder();
    const context = join(folder, "context");
    mkdirSync(context);
    cpSync(tarball, join(context, `eks-pod-security-groups-${version}.tgz`));
    const dockerfile = read("Dockerfile");
    const [, pattern = "", target = ""] = /^COPY (\S+) (\S+)$/m.exec(dockerfile) ?? [];
    const [, npm = ""] = /^RUN (npm .*)$/m.exec(dockerfile) ?? [];
    const [, prefix = ""] = /--prefix (\S+)/.exec(npm) ?? [];
    expect(tried(context, ["sh", "-c", `cp ${pattern} ../package.tgz`])).toMatchObject({ status: 0 });
    const installed = join(folder, "image");
    const here = new Map([
      [prefix, installed],
      [target, join(folder, "package.tgz")],
    ]);
    const words = npm.split(" ").map((word) => here.get(word) ?? word);
    expect(tried(context, words)).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(join(installed, "lib/node_modules"))).toStrictEqual(["eks-pod-security-groups"]);
    expect(megabytes(installed)).toBeLessThan(20);
    const [, entry = ""] = /^ENTRYPOINT \["(.*)"\]$/m.exec(dockerfile) ?? [];
    const work = repository();
    expect(tried(work, [join(installed, "bin", entry), "verify", "a"]).status).toBe(0);
  });

  test("does not run as root, and holds nothing else of the folder that it is built in", () => {
    const users = [...read("Dockerfile").matchAll(/^USER (.*)$/gm)].map(([, user]) => user);
    expect(users).toStrictEqual(["1000"]);
    expect(read(".dockerignore")).toBe("*\n!eks-pod-security-groups-*.tgz\n");
  });

  const reason = whyNo("hadolint");
  test.skipIf(reason)(`passes hadolint${reason ? `: ${reason}` : ""}`, () => {
    expect(tried(PROJECT, ["hadolint", "Dockerfile"])).toMatchObject({ status: 0, stdout: "" });
  });
});

describe("the examples", () => {
  /** A clone of which `origin` has the branch main, with a change of its own. */
  function changed() {
    const origin = repository();
    const work = join(origin, "../clone/work");
    git(origin, "clone", "-q", `file://${origin}`, work);
    const base = git(work, "rev-parse", "HEAD");
    commit(work, { "b/open.tf": OPEN });
    return { work, base };
  }

  test("ci/gitlab.yml: the report of a merge request, with its difference", () => {
    const { work, base } = changed();
    const [script] = parse(read("ci/gitlab.yml"))["security-groups"].script;
    const { status, stdout } = tried(work, ["bash", "-euo", "pipefail", "-c", script], {
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    });
    expect(stdout).toContain("BROKEN    closed");
    expect(status).toBe(1);
    expect(readFileSync(join(work, "security-groups.xml"), "utf8")).toContain("<failure");
    expect(readFileSync(join(work, "security-groups.md"), "utf8")).toContain("Becomes reachable");
    git(work, "checkout", "-q", base);
    expect(tried(work, ["bash", "-euo", "pipefail", "-c", script]).status).toBe(0);
  });

  test("ci/Jenkinsfile: the report of a pull request, with its difference", () => {
    const { work, base } = changed();
    const [, script = ""] = /sh '''([\s\S]*?)'''/.exec(read("ci/Jenkinsfile")) ?? [];
    const { status, stdout } = tried(work, ["sh", "-xec", script], { CHANGE_TARGET: "main" });
    expect(stdout).toContain("BROKEN    closed");
    expect(stdout).toContain("Becomes reachable");
    expect(status).toBe(1);
    expect(readFileSync(join(work, "security-groups.xml"), "utf8")).toContain("<failure");
    git(work, "checkout", "-q", base);
    expect(tried(work, ["sh", "-xec", script]).status).toBe(0);
  });

  /** A plan that creates what a root has. */
  const plan = (rules: readonly { name: string; cidr: string; port: number }[]) => {
    const group = {
      type: "aws_security_group",
      name: "db",
      values: { name: "db" },
      expressions: { name: { constant_value: "db" } },
    };
    const resources = [
      group,
      ...rules.map(({ name, cidr, port }) => ({
        type: "aws_vpc_security_group_ingress_rule",
        name,
        values: { cidr_ipv4: cidr, ip_protocol: "tcp", from_port: port, to_port: port },
        expressions: {
          security_group_id: { references: ["aws_security_group.db.id", "aws_security_group.db"] },
        },
      })),
    ].map((one) => ({ ...one, address: `${one.type}.${one.name}`, mode: "managed" }));
    return JSON.stringify({
      format_version: "1.2",
      terraform_version: "1.11.4",
      planned_values: { root_module: { resources } },
      resource_changes: resources.map((one) => ({
        ...one,
        change: { actions: ["create"], before: null, after: one.values, after_unknown: { id: true } },
      })),
      configuration: { root_module: { resources } },
    });
  };
  const HEALTHY = [{ name: "old", cidr: "10.0.0.0/16", port: 5432 }];
  const BROKEN = [...HEALTHY, { name: "ssh", cidr: "0.0.0.0/0", port: 22 }];

  /** The command on the PATH, as an administrator installs it. */
  function installed(folder: string): string {
    const prefix = join(folder, "prefix");
    const { status, stderr } = tried(folder, [
      "npm",
      "install",
      "--global",
      "--prefix",
      prefix,
      "--ignore-scripts",
      tarball,
    ]);
    expect(status, stderr).toBe(0);
    return `${join(prefix, "bin")}:${process.env["PATH"]}`;
  }

  /** What Atlantis makes of an output of a custom check, in versions before 0.39 and since. */
  const doesAtlantisPass = (output: string) => [
    !output.toLowerCase().includes("fail"),
    output !== "" && !/([1-9][0-9]* failure|failures": \[)/.test(output) && !output.trim().startsWith("FAIL"),
  ];

  test('ci/atlantis.yaml: a healthy run says no "fail", whatever names hold, and a broken one does', () => {
    const folder = join(workFolder(), "work");
    mkdirSync(folder);
    const PATH = installed(folder);
    const [, { run }] = parse(read("ci/atlantis.yaml")).workflows["security-groups"].policy_check.steps;
    const atlantis = (showfile: string, files: Record<string, string>, env: Record<string, string> = {}) => {
      write(folder, { "plan.json": showfile, ...files });
      const { status, stdout, stderr } = tried(folder, ["sh", "-c", run], {
        PATH,
        SHOWFILE: join(folder, "plan.json"),
        ...env,
      });
      expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
      return stdout;
    };
    // Something of all that a healthy report may have: a finding that is ignored beside its block, one that is suppressed, one
    // that is known, one that does not count, notes, and flows that hold and that hold if something else is true.
    const suppressed = `suppress:\n  - { check: open-to-the-world, address: aws_vpc_security_group_ingress_rule.ssh, reason: meant }\n`;
    const flows = `${FLOWS.replace("  closed: deny internet -> db TCP 22\n", "  maybe: allow other -> db TCP 5432\n").replace("net: 10.0.0.0/16 }", "net: 10.0.0.0/16, other: { group: var.other, cidrs: [10.0.1.0/24] } }")}${suppressed}`;
    const ignored = `# eks-pod-security-groups:ignore open-to-the-world meant, too\n${OPEN.replace('"ssh"', '"rdp"').replaceAll("22", "3389")}`;
    const known = OPEN.replace('"ssh"', '"telnet"').replaceAll("22", "23");
    const counted = OPEN.replace('"ssh"', '"web"').replaceAll("22", "8443");
    const world = [
      ...BROKEN,
      { name: "rdp", cidr: "0.0.0.0/0", port: 3389 },
      { name: "telnet", cidr: "0.0.0.0/0", port: 23 },
    ];
    const files = {
      "main.tf": `variable "other" {}\n${GROUP}${RULE}${OPEN}${ignored}${known}`,
      "flows.yaml": flows,
      "eks-pod-security-groups.yaml": "known: known.yaml\nall: true\n",
    };
    write(folder, { ...files, "plan.json": plan(world) });
    const update = ["eks-pod-security-groups", "verify", "plan.json", "--config", ".", "--update-known"];
    expect(tried(folder, update, { PATH }).status).toBe(0);
    const healthy = atlantis(plan([...world, { name: "web", cidr: "0.0.0.0/0", port: 8443 }]), {
      "main.tf": files["main.tf"] + counted,
    });
    for (const words of [
      /holds if +maybe/,
      /\d known/,
      /\d suppressed/,
      /warning +open-to-the-world/,
      /wanted/,
      /Exit code 0/,
    ])
      expect(healthy).toMatch(words);
    expect(doesAtlantisPass(healthy)).toStrictEqual([true, true]);

    // A name that holds the word: the summary is left.
    const failover = [{ name: "failover", cidr: "10.0.0.0/16", port: 5432 }];
    const named = { "main.tf": GROUP + RULE.replace('"old"', '"failover"'), "flows.yaml": FLOWS };
    const short = atlantis(plan(failover), named);
    expect(short).toMatch(/^2 flows: 2 hold\. No findings\.\nExit code 0: .*\n$/);
    expect(doesAtlantisPass(short)).toStrictEqual([true, true]);

    const broken = atlantis(plan(BROKEN), { "main.tf": GROUP + RULE + OPEN, "flows.yaml": FLOWS });
    expect(broken).toContain("BROKEN    closed");
    expect(doesAtlantisPass(broken)).toStrictEqual([false, false]);
    expect(doesAtlantisPass(atlantis("{", {}))).toStrictEqual([false, false]);
    expect(doesAtlantisPass(atlantis("{", {}, { PATH: "/usr/bin:/bin" }))).toStrictEqual([false, false]);
  });

  test("ci/terraform-cloud.sh: no run is started of what is broken, and no plan is applied that is", () => {
    const folder = workFolder();
    const work = join(folder, "work");
    const bin = join(folder, "bin");
    // A Terraform that writes down what it is asked for, and shows a plan.
    write(folder, {
      "bin/terraform": `#!/bin/sh\necho "$2" >> "${folder}/asked"\n[ "$2" != show ] || cat "${folder}/plan.json"\n`,
      // Whom the second rule lets in, only the plan knows.
      "work/infra/main.tf": `variable "from" {}\n${GROUP}${RULE}${OPEN.replace('"0.0.0.0/0"', "var.from")}`,
      "work/infra/flows.yaml": FLOWS,
    });
    spawnSync("chmod", ["+x", join(bin, "terraform")]);
    const script = join(PROJECT, "ci/terraform-cloud.sh");
    const deployed = (showfile: string, files = {}) => {
      write(folder, { asked: "", "plan.json": showfile, ...files });
      const { status } = tried(work, ["sh", script, "infra"], { PATH: `${bin}:${process.env["PATH"]}` });
      return { status, asked: readFileSync(join(folder, "asked"), "utf8").trim().split("\n").join(" ") };
    };
    const narrow = plan([...HEALTHY, { name: "ssh", cidr: "10.0.0.0/16", port: 22 }]);
    expect(deployed(narrow)).toStrictEqual({ status: 0, asked: "init plan show apply" });
    expect(deployed(plan(BROKEN))).toStrictEqual({ status: 1, asked: "init plan show" });
    expect(deployed("")).toStrictEqual({ status: 2, asked: "init plan show" });
    expect(deployed(narrow, { "work/infra/open.tf": OPEN.replace('"ssh"', '"open"') })).toStrictEqual({
      status: 1,
      asked: "",
    });
  });

  const CHECKED: readonly (readonly [file: string, tool: string, ...args: string[]])[] = [
    ["ci/github.yml", "actionlint"],
    [".github/workflows/ci.yml", "actionlint"],
    ["ci/github.yml", "check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
    ["action.yml", "check-jsonschema", "--builtin-schema", "vendor.github-actions"],
    ["ci/gitlab.yml", "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci"],
    ["ci/terraform-cloud.sh", "shellcheck"],
  ];
  for (const [file, tool, ...args] of CHECKED) {
    const reason = whyNo(tool);
    test.skipIf(reason)(`${file} passes ${tool}${reason ? `: ${reason}` : ""}`, () => {
      const { status, stdout, stderr } = tried(PROJECT, [tool, ...args, file]);
      expect(status, stdout + stderr).toBe(0);
    });
  }

  const reason = whyNo("actionlint");
  test.skipIf(reason)(
    `a workflow that calls the action passes actionlint${reason ? `: ${reason}` : ""}`,
    () => {
      const folder = workFolder();
      git(folder, "init", "-q");
      const inputs = Object.keys(parse(read("action.yml")).inputs).map((name) => `          ${name}: x\n`);
      write(folder, {
        "action.yml": read("action.yml"),
        ".github/workflows/a.yml": `${read("ci/github.yml").replace(/uses: platform\S*/, "uses: ./")}        with:\n${inputs.join("")}`,
      });
      expect(tried(folder, ["actionlint"])).toMatchObject({ status: 0, stdout: "" });
      writeFileSync(
        join(folder, ".github/workflows/a.yml"),
        `${read("ci/github.yml").replace(/uses: platform\S*/, "uses: ./")}        with:\n          nonsense: x\n`,
      );
      expect(tried(folder, ["actionlint"]).stdout).toContain('input "nonsense" is not defined');
    },
  );
});
