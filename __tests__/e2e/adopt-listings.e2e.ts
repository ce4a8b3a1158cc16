import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { adopt, create, NOTHING, planned, RunningRoot, takeOver } from "./support/adopt";
import { listed } from "./support/listed";
import { rulesInForce } from "./support/rules-in-force";
import { awsStage } from "./support/stage";
import { awsEnvironment, command, Terraform, workFolder } from "./support/terraform";

const { reason } = awsStage();

/** Groups in all that AWS knows of rules; those of an estate that no Terraform made. */
const ESTATE = `resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_security_group" "web" {
  name        = "web servers"
  description = "Web & more"
  vpc_id      = aws_vpc.main.id
  tags        = { Name = "web", Owner = "$\${x}" }
}

resource "aws_security_group" "db" {
  name        = "db"
  description = "Database"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "ping" {
  name        = "ping"
  description = "Ping"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group_rule" "several" {
  security_group_id = aws_security_group.web.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.1.0.0/16", "10.2.0.0/16"]
  ipv6_cidr_blocks  = ["2001:db8::/32"]
  description       = "HTTPS"
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "db" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "self" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = aws_security_group.db.id
  ip_protocol                  = "udp"
  from_port                    = 0
  to_port                      = 65535
  tags                         = { Team = "a" }
}

resource "aws_security_group_rule" "ping" {
  security_group_id = aws_security_group.ping.id
  type              = "ingress"
  protocol          = "icmp"
  from_port         = -1
  to_port           = -1
  cidr_blocks       = ["10.0.0.0/8"]
}

resource "aws_security_group_rule" "echo" {
  security_group_id = aws_security_group.ping.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 7
  to_port           = 7
  self              = true
}
`;

/** Makes and takes away rules, as people do by hand. */
const BY_HAND = `import boto3, sys
client, (web, db, ping) = boto3.client("ec2"), sys.argv[1:]
def rule(protocol, port, **more): return [{"IpProtocol": protocol, "FromPort": port, "ToPort": port, **more}]
client.authorize_security_group_ingress(GroupId=db, IpPermissions=rule("tcp", 22, IpRanges=[{"CidrIp": "10.3.0.0/16", "Description": "By hand"}]))
client.authorize_security_group_ingress(GroupId=ping, IpPermissions=rule("tcp", 23, IpRanges=[{"CidrIp": "10.3.0.0/16"}]))
client.revoke_security_group_ingress(GroupId=web, IpPermissions=rule("tcp", 443, IpRanges=[{"CidrIp": "10.2.0.0/16", "Description": "HTTPS"}]))
client.revoke_security_group_ingress(GroupId=ping, IpPermissions=rule("tcp", 7, UserIdGroupPairs=[{"GroupId": ping}]))`;

describe.skipIf(reason)("groups that no state holds", () => {
  test("are imported by what the AWS CLI lists: 0 to add, 0 to change, 0 to destroy, and let go again", async () => {
    const folder = workFolder();
    writeFileSync(join(folder, "main.tf"), ESTATE);
    const maker = new Terraform(folder);
    create(maker);
    const rules = await rulesInForce();
    const work = join(folder, "elsewhere");
    mkdirSync(work);
    const vpc = maker.run("show", "-json").match(/"(vpc-[0-9a-f]+)"/)?.[1] ?? "";
    listed(work, "groups.json", "describe_security_groups", {
      Filters: [{ Name: "vpc-id", Values: [vpc] }],
    });
    expect(() => adopt(work, "groups.json", "--into", "adopted")).toThrow(/describe-security-group-rules/);
    listed(work, "rules.json", "describe_security_group_rules");
    const said = adopt(work, "groups.json", "rules.json", "--into", "adopted");
    expect(said).toContain("security-group: 1 group, 4 rules");

    const adopted = join(work, "adopted");
    const next = new Terraform(adopted);
    expect(takeOver(next)).toContain(`Plan: 11 to import, ${NOTHING}`);
    expect(await rulesInForce()).toStrictEqual(rules);

    rmSync(join(adopted, "adopted.tf.json"));
    cpSync(join(adopted, "undo/new-root.tf.json"), join(adopted, "new-root.tf.json"));
    planned(next.init(), "undo.json");
    expect(() => adopt(adopted, "--check-plan", "undo.json")).toThrow("exited with 1");
    adopt(adopted, "--check-plan", "undo.json", "--undo");
    next.run("apply", "-no-color", "plan");
    expect(next.state()).toStrictEqual([]);
    expect(await rulesInForce()).toStrictEqual(rules);
    maker.destroy();
  });

  test("and groups that drifted are left, or taken over as AWS has them: 0 to add, 0 to change, 0 to destroy", async () => {
    const [network = "", groups = ""] = ESTATE.split(/(?=resource "aws_security_group" "web")/);
    const root = new RunningRoot({ "network.tf": network }, { "groups.tf": groups });
    const { folder, terraform } = root;
    const shown = terraform.run("show", "-json");
    const idOf = (address: string) =>
      new RegExp(`"address":"${address}".*?"values":\\{"arn":"[^"]*/(sg-[0-9a-f]+)"`).exec(shown)?.[1] ?? "";
    const list = () => {
      listed(folder, "groups.json", "describe_security_groups");
      listed(folder, "rules.json", "describe_security_group_rules");
    };
    const beside = [".", "groups.json", "rules.json", "--into", "."];
    list();
    expect(adopt(folder, ...beside, "--dry-run")).not.toMatch(/drift|LEFT/);
    const ids = ["web", "db", "ping"].map((name) => idOf(`aws_security_group.${name}`));
    command(folder, "python3", ["-c", BY_HAND, ...ids], awsEnvironment({ AWS_DEFAULT_REGION: "eu-west-1" }));
    list();
    expect(() => adopt(folder, ...beside, "--dry-run")).toThrow(
      /exited with 3[\s\S]*drift aws_security_group.db /,
    );

    const rules = await rulesInForce();
    adopt(folder, ...beside, "--accept", "drift=live");
    root.deleteAdopted();
    expect(takeOver(terraform)).toContain(`Plan: 3 to import, ${NOTHING}`);
    expect(await rulesInForce()).toStrictEqual(rules);
    terraform.destroy();
  });
});
