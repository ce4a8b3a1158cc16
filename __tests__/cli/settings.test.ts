import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SETTINGS_FILE } from "../../cli/settings";
import { verifyHere } from "../support/here";
import { estate } from "./support/estate";

/** A database that is open to the world: an error; and a rule without its other half: a warning. */
const OPEN = `resource "aws_security_group" "db" {
  name = "db"
}
resource "aws_db_instance" "db" {
  engine                 = "postgres"
  vpc_security_group_ids = [aws_security_group.db.id]
}
resource "aws_vpc_security_group_ingress_rule" "open" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "0.0.0.0/0"
}
`;
const repository = (settings: string, files: Record<string, string> = {}) => {
  const own = estate({ "infra/main.tf": OPEN, [SETTINGS_FILE]: settings, ...files });
  mkdirSync(join(own.folder, ".git"));
  return own;
};

describe("what a repository wants of every run", () => {
  test("counts from any of its folders, with paths as they are from the file", async () => {
    const own = repository("paths: infra\nknown: known.yaml\n");
    expect(await own.verify("--update-known")).toMatchObject({ status: 0 });
    expect(own.has("known.yaml")).toBe(true);
    const inside = (...words: string[]) => verifyHere(words, join(own.folder, "infra"));
    const { status, stdout, stderr } = await inside();
    expect([status, stdout]).toEqual([0, expect.stringMatching(/Findings: 1\s+known/)]);
    expect(stderr).toContain(`${SETTINGS_FILE}\n`);
    expect(await inside("--quiet")).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("gives way to what is given, and to --settings none", async () => {
    const own = repository("fail-on: never\nformat: markdown\nskip-check: [open-to-the-world]\n");
    const found = async (...words: string[]) => {
      const { status, stdout } = await own.verify("infra", ...words);
      return [status, stdout.startsWith("###"), stdout.includes("5432 from 0.0.0.0/0")];
    };
    expect(await found()).toEqual([0, true, false]);
    expect(await found("--format", "text")).toEqual([0, false, false]);
    expect(await found("--skip-check", "dead-rule")).toEqual([0, true, true]);
    expect(await found("--skip-check", "dead-rule", "--fail-on", "error")).toEqual([1, true, true]);
    expect(await found("--settings", "none")).toEqual([1, false, true]);
  });

  test("wins over flows.yaml", async () => {
    const own = repository("mode: standard\n", { "infra/flows.yaml": "format: 1\nmode: strict\n" });
    expect((await own.verify("infra")).stdout).toContain("enforcing mode standard");
    expect((await own.verify("infra", "--settings", "none")).stdout).toContain("enforcing mode strict");
  });

  test("is not looked for above the repository, nor above a folder that is in none", async () => {
    const own = estate({ [SETTINGS_FILE]: "fail-on: never\n", "a/main.tf": OPEN });
    expect(await verifyHere(["."], join(own.folder, "a"))).toMatchObject({ status: 1 });
    mkdirSync(join(own.folder, "a/.git"));
    expect(await verifyHere(["."], join(own.folder, "a"))).toMatchObject({ status: 1 });
    expect(await verifyHere(["a"], own.folder)).toMatchObject({ status: 0 });
  });

  test("can be another file", async () => {
    const own = repository("fail-on: never\n", { "ci/strict.yaml": "paths: [../infra]\n" });
    expect(await own.verify("--settings", "ci/strict.yaml")).toMatchObject({ status: 1 });
  });

  test.each<[string, string, RegExp]>([
    [
      "all that is wrong is said at once",
      "paths: []\nfail-on: fatal\nrecursive: yes please\ncolour: red\n",
      /paths: must name[\s\S]*recursive: must be true, or left out[\s\S]*fail-on: must be error, warning, information, never \(given: "fatal"\)[\s\S]*does not know "colour"/,
    ],
    ["YAML that is none", "paths: [infra\n", /eks-pod-security-groups\.yaml: /],
    ["a list for a map", "- infra\n", /must be a map with paths, recursive/],
    [
      "what goes with one PATH",
      "paths: [infra, more]\nbase: old\n",
      /eks-pod-security-groups\.yaml: base goes with one PATH/,
    ],
    ["a check that there is not", "check: dead-rul\n", /dead-rule/],
    [
      "a name that stands twice",
      "fail-on: never\nfail-on: error\n",
      /Map keys must be unique at line 2, column 1\n$/,
    ],
    [
      "an alias of what it stands in",
      "paths: &a [*a]\n",
      /yaml: an alias stands inside of what it names\.\n$/,
    ],
    [
      "two documents",
      "fail-on: never\n---\nall: true\n",
      /another document begins, and one is read, at line 2/,
    ],
    ["an output without a file", "output: json=\n", /--output must be FORMAT=FILE, .*\(given: json=\)/],
    [
      "a revision without a name",
      "paths: infra\nbase: 'git:'\n",
      /yaml: base needs a name behind git:, such as git:origin\/main/,
    ],
  ])("%s, with exit code 2", async (_what, settings, message) => {
    const { status, stderr } = await repository(settings, { "more/main.tf": OPEN }).verify();
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  test("a file that is not there is told", async () => {
    const { status, stderr } = await repository("").verify("infra", "--settings", "nope.yaml");
    expect([status, stderr]).toEqual([
      2,
      "nope.yaml: there is no such file; --settings none does without one\n",
    ]);
  });

  test("one that ends in .yml is told, not passed over", async () => {
    const own = estate({ "infra/main.tf": OPEN, "eks-pod-security-groups.yml": "fail-on: never\n" });
    const { status, stderr } = await own.verify("infra");
    expect([status, stderr]).toEqual([
      2,
      `eks-pod-security-groups.yml is not read under this name: call it ${SETTINGS_FILE}\n`,
    ]);
    expect(await own.verify("infra", "--settings", "eks-pod-security-groups.yml")).toMatchObject({
      status: 0,
    });
  });

  test("it may have a byte order mark and line ends of Windows", async () => {
    const own = repository("\ufefffail-on: never\r\nformat: markdown\r\n");
    expect(await own.verify("infra")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^###/) });
  });

  test("an empty file says nothing", async () => {
    expect(await repository("").verify("infra")).toMatchObject({ status: 1 });
  });
});
