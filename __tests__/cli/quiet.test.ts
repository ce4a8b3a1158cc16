import { describe, expect, test } from "vitest";
import { estate } from "./support/estate";

const MAIN = `resource "aws_security_group" "pods" {
  name = "pods"
}
resource "aws_security_group" "db" {
  name = "db"
}
resource "aws_db_instance" "db" {
  engine                 = "postgres"
  vpc_security_group_ids = [aws_security_group.db.id]
}
resource "aws_vpc_security_group_ingress_rule" "db_from_pods" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = aws_security_group.pods.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}
resource "aws_vpc_security_group_ingress_rule" "open" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}
`;
const FLOWS = `format: 1
endpoints: { pods: aws_security_group.pods, db: aws_security_group.db, nodes: var.nodes }
flows:
  orders: allow pods -> db TCP 5432
  metrics: allow nodes -> db TCP 22
  closed: deny pods -> db TCP 3306
`;
const both = () =>
  estate({
    "sound/main.tf": 'resource "aws_security_group" "a" {\n  name = "a"\n}\n',
    "infra/main.tf": `${MAIN}variable "nodes" {}\n`,
    "infra/flows.yaml": FLOWS,
  });

describe("--quiet", () => {
  test("says of what is wrong all that the report says, and nothing of the rest", async () => {
    const { status, stdout, stderr } = await both().verify("sound", "infra", "--quiet");
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(
      /^infra {2}\(configuration, enforcing mode strict\)\n\nBroken flows\n {2}BROKEN {4}orders /,
    );
    expect(stdout).toContain('resource "aws_vpc_security_group_egress_rule"');
    expect(stdout).toMatch(/Findings\n {2}error +open-to-the-world /);
    expect(stdout).toContain("More: eks-pod-security-groups explain open-to-the-world");
    expect(stdout).toMatch(/\n\nExit code 1: 1 flow is broken, 1 finding is an error\.\n$/);
    for (const other of ["sound", "metrics", "closed", "warning", "holds", "No flows", "Notes"])
      expect(stdout).not.toContain(other);
  });

  test("counts by the same limits as the exit code", async () => {
    const own = both();
    const said = async (...words: string[]) => (await own.verify("infra", "--quiet", ...words)).stdout;
    expect(await said("--fail-on", "never")).not.toContain("Findings");
    expect(await said("--no-assumptions")).toContain("holds if  metrics");
    await own.verify("infra", "--known", "known.yaml", "--update-known");
    expect(await own.verify("infra", "--known", "known.yaml", "--quiet")).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
  });

  test("says nothing where nothing is wrong, and the whole of a format for programs where something is", async () => {
    const own = both();
    for (const format of ["text", "json", "markdown"])
      expect(await own.verify("sound", "--quiet", "--format", format)).toMatchObject({
        status: 0,
        stdout: "",
      });
    const { stdout } = await own.verify("infra", "--quiet", "--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({ summary: { broken: 1, holds: 1 } });
  });

  test("says in one sentence that there is nothing that is known", async () => {
    const own = estate({ "empty/main.tf": "locals {\n  a = 1\n}\n" });
    expect(await own.verify("empty", "--quiet")).toEqual({
      status: 2,
      stdout: "",
      stderr: "empty: found no security groups, policies, CNI settings, cluster roles or nodes\n",
    });
  });
});
