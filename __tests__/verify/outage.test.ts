import { describe, expect, test } from "vitest";
import { verify } from "../../verify/verify";
import { folderWith, postgresRule } from "./read/support/configuration";

/** An outage at 2 am: the nodes' group still carries the pods' traffic, and nothing may cut it. */
const TERRAFORM = `
resource "aws_security_group" "pods" {}
resource "aws_security_group" "database" {}
resource "aws_db_instance" "orders" { vpc_security_group_ids = [aws_security_group.database.id] }
resource "kubernetes_manifest" "policy" {
  manifest = {
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "orders", namespace = "orders" }
    spec       = { podSelector = { matchLabels = { app = "orders" } }, securityGroups = { groupIds = [aws_security_group.pods.id] } }
  }
}
${postgresRule("ingress", "database", "pods")}
${postgresRule("ingress", "database", "nodes")}
resource "aws_security_group" "nodes" {}
resource "aws_launch_template" "nodes" { vpc_security_group_ids = [aws_security_group.nodes.id] }
`;
const EGRESS = postgresRule("egress", "pods", "database");
/** Everything else that the pods and the nodes need. */
const REST = `
resource "aws_security_group_rule" "nodes" {
  type              = "egress"
  security_group_id = aws_security_group.nodes.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
${["tcp", "udp"].map((protocol) => dnsBetweenPodsAndNodes(protocol)).join("")}
resource "aws_vpc_security_group_ingress_rule" "probes" {
  security_group_id            = aws_security_group.pods.id
  referenced_security_group_id = aws_security_group.nodes.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}
`;

function dnsBetweenPodsAndNodes(protocol: string): string {
  const halves = { egress: ["pods", "nodes"], ingress: ["nodes", "pods"] };
  return Object.entries(halves)
    .map(
      ([direction, [group, peer]]) => `
resource "aws_vpc_security_group_${direction}_rule" "dns_${protocol}" {
  security_group_id            = aws_security_group.${group}.id
  referenced_security_group_id = aws_security_group.${peer}.id
  ip_protocol                  = "${protocol}"
  from_port                    = 53
  to_port                      = 53
}
`,
    )
    .join("");
}

const FLOWS = `
format: 1
endpoints:
  pods: aws_security_group.pods
  database: aws_security_group.database
flows:
  orders: allow pods -> database TCP 5432
`;

const verified = (terraform: string) => verify(folderWith({ "main.tf": terraform, "flows.yaml": FLOWS }));
const OPEN = ["database-open-to-nodes", "aws_vpc_security_group_ingress_rule.database_nodes"];

describe("advice to take something away", () => {
  test("waits while the pods do not reach their database: the nodes' rule may be all that still works", async () => {
    const { verdicts, findings, notes } = await verified(TERRAFORM);
    expect(verdicts.map(({ status }) => status)).toStrictEqual(["broken"]);
    expect(findings.map(({ check, address }) => [check, address])).not.toContainEqual(OPEN);
    expect(findings.flatMap(({ advice }) => advice ?? [])).toStrictEqual([]);
    expect(notes.join("\n")).toMatch(
      /advice to remove or narrow rules is withheld \(.*1 of database-open-to-nodes.*while a flow is broken or a rule is missing/,
    );
  });

  test("waits where no flow is stated and a check finds the missing half", async () => {
    const { findings, notes } = await verify(folderWith({ "main.tf": TERRAFORM }));
    expect(findings.map(({ check }) => check)).toContain("dead-rule");
    expect(findings.map(({ check, address }) => [check, address])).not.toContainEqual(OPEN);
    expect(notes.join("\n")).toMatch(
      /advice .* is withheld \(.*1 of database-open-to-nodes.*a rule is missing/,
    );
  });

  test("comes once the flow holds and no half is missing", async () => {
    const { verdicts, findings, notes } = await verified(TERRAFORM + EGRESS + REST);
    expect(verdicts.map(({ status }) => status)).toStrictEqual(["holds"]);
    expect(findings.map(({ check, address }) => [check, address])).toContainEqual(OPEN);
    expect(notes).toStrictEqual([]);
  });
});
