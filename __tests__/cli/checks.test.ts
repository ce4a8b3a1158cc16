import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CHECKS } from "../../verify/checks";
import { temporaryFolder } from "../support/folders";
import { verifyHere } from "../support/here";

const OPEN = `resource "aws_security_group" "db" { name = "db" }
resource "aws_db_instance" "db" {
  engine                 = "postgres"
  vpc_security_group_ids = [aws_security_group.db.id]
}
resource "aws_vpc_security_group_ingress_rule" "open" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}
`;

/** Runs the command on a folder in which two checks find an error each: open-to-the-world and data-service-port. */
function run(words: readonly string[], flows?: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf"), OPEN);
  if (flows !== undefined) writeFileSync(join(folder, "flows.yaml"), flows);
  return verifyHere([folder, ...words]);
}

describe("the checks that run", () => {
  const several = CHECKS.flatMap(({ id }) =>
    id.startsWith("data-") || id.startsWith("policy-") ? [id] : [],
  );

  test.each<[string[], string[], string]>([
    [[], ["data-service-port", "open-to-the-world"], ""],
    [["--check", "open-to-the-world"], ["open-to-the-world"], "Only this check ran: open-to-the-world."],
    [
      ["--check", "open-to-the-world,data-service-port"],
      ["data-service-port", "open-to-the-world"],
      "Only these checks ran: data-service-port, open-to-the-world.",
    ],
    [
      ["--check", "open-to-the-world", "--check", "data-service-port", "--skip-check", "data-service-port"],
      ["open-to-the-world"],
      "Only this check ran: open-to-the-world.",
    ],
    [["--skip-check", several.join(",")], ["open-to-the-world"], `${several.length} checks not run.`],
    [["--skip-check", "open-to-the-world"], ["data-service-port"], "1 check not run: open-to-the-world."],
    [
      ["--skip-check", "data-service-port, open-to-the-world"],
      [],
      "2 checks not run: data-service-port, open-to-the-world.",
    ],
  ])("%j", async (words, found, said) => {
    const { status, stdout } = await run(words);
    const lines = stdout.matchAll(/^ {2}error +(\S+)/gm);
    expect([...lines].map(([, id]) => id)).toStrictEqual(found);
    expect(status).toBe(found.length > 0 ? 1 : 0);
    expect(stdout.replace(/\s+/g, " ")).toContain(said);
    if (said === "") expect(stdout).not.toMatch(/not run|ran:/);
  });

  test("are in JSON and SARIF", async () => {
    const words = ["--skip-check", "open-to-the-world"];
    const json = JSON.parse((await run([...words, "--format", "json"])).stdout);
    expect(json.summary.checks_not_run).toStrictEqual(["open-to-the-world"]);
    const sarif = JSON.parse((await run([...words, "--format", "sarif"])).stdout);
    expect(sarif.runs[0].invocations[0].ruleConfigurationOverrides).toStrictEqual([
      { descriptor: { id: "open-to-the-world" }, configuration: { enabled: false } },
    ]);
  });

  test("a suppression of one that does not run is not told as one that meets nothing", async () => {
    const flows = `format: 1
suppress:
  - { check: open-to-the-world, address: aws_vpc_security_group_ingress_rule.open, reason: OPS-17 }
`;
    const { stdout } = await run(["--check", "dead-rule"], flows);
    expect(stdout).not.toContain("matches no finding");
    expect((await run(["--check", "open-to-the-world"], flows)).stdout).toContain("Suppressed: OPS-17");
  });

  test("what is known of one that does not run stays known", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "main.tf"), OPEN);
    const verify = (...words: string[]) => verifyHere([".", "--known", "known.yaml", ...words], folder);
    await verify("--update-known");
    const { stdout } = await verify("--check", "data-service-port", "--update-known");
    expect(stdout).not.toContain("No longer found");
    expect(await verify()).toMatchObject({ status: 0 });
  });
});

test("words that are no check are all named, with the nearest", async () => {
  const { status, stderr } = await run(["--check", "dead-rle,wide-egress", "--skip-check", "xyz"]);
  expect(status).toBe(2);
  expect(stderr).toBe(
    '--check: there is no check "dead-rle"; did you mean dead-rule? explain lists all of them\n' +
      '--skip-check: there is no check "xyz"; explain lists all of them\n',
  );
});

test("no check left is an error", async () => {
  const { status, stderr } = await run(["--check", "dead-rule", "--skip-check", "dead-rule"]);
  expect(status).toBe(2);
  expect(stderr).toContain("leave no check to run");
});

test("a word that is in the names of checks leads to these", async () => {
  const { stderr } = await run(["--check", "dns-path", "--check", "cni"]);
  expect(stderr).toContain('there is no check "dns-path"; did you mean no-dns-path?');
  expect(stderr).toMatch(/there is no check "cni"; did you mean cni-\S+ or /);
});
