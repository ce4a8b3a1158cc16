import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { verify } from "../../verify/verify";
import type { Manifest } from "./api-server";
import { temporaryFolder } from "./folders";

/* Manifests as people write them, which a Kubernetes API takes, beside Terraform in which some of their rules are missing. */

const TERRAFORM = `
resource "aws_security_group" "orders" {}
resource "aws_security_group" "nodes" {}
resource "aws_security_group" "db" {}
resource "aws_eks_cluster" "main" {
  name = "main"
}
resource "aws_launch_template" "nodes" {
  vpc_security_group_ids = [aws_security_group.nodes.id]
}
resource "aws_eks_node_group" "nodes" {
  cluster_name = aws_eks_cluster.main.name
  launch_template { id = aws_launch_template.nodes.id }
}
resource "aws_db_instance" "db" {
  engine                 = "mysql"
  vpc_security_group_ids = [aws_security_group.db.id]
}
resource "aws_vpc_security_group_egress_rule" "db" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = aws_security_group.db.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}
resource "aws_vpc_security_group_egress_rule" "nodes" {
  security_group_id = aws_security_group.nodes.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_vpc_security_group_ingress_rule" "http" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = aws_security_group.nodes.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}
`;

const template = (name: string) => ({
  metadata: { labels: { app: name } },
  spec: {
    containers: [
      {
        name: "app",
        image: "app",
        ports: [{ name: "http", containerPort: 8080 }],
        readinessProbe: { httpGet: { path: "/", port: "http" } },
        livenessProbe: { tcpSocket: { port: 9090 } },
        startupProbe: { grpc: { port: 9091 } },
      },
    ],
  },
});

/** Objects of the namespace shop, with what its API needs to take them. */
export const WRITTEN: readonly Manifest[] = [
  {
    apiVersion: "vpcresources.k8s.aws/v1beta1",
    kind: "SecurityGroupPolicy",
    metadata: { name: "orders", namespace: "shop" },
    spec: {
      podSelector: {
        matchExpressions: [{ key: "app", operator: "In", values: ["orders", "jobs", "files"] }],
      },
      securityGroups: { groupIds: ["sg-0123456789abcdef0"] },
    },
  },
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "orders", namespace: "shop", labels: { app: "orders" } },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "orders", namespace: "shop" },
    spec: { selector: { matchLabels: { app: "orders" } }, template: template("orders") },
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "files", namespace: "shop" },
    spec: { serviceName: "files", selector: { matchLabels: { app: "files" } }, template: template("files") },
  },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "jobs", namespace: "shop" },
    spec: {
      schedule: "0 * * * *",
      jobTemplate: {
        spec: {
          template: {
            ...template("jobs"),
            spec: { restartPolicy: "Never", containers: [{ name: "app", image: "app" }] },
          },
        },
      },
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: { selector: { matchLabels: { app: "web" } }, template: template("web") },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "orders", namespace: "shop" },
    spec: { selector: { app: "orders" }, ports: [{ port: 80, targetPort: "http" }] },
  },
];

/**
 * What is judged of manifests, whatever else stands in them: each flow, each row of the table, each finding without its
 * place.
 *
 * @param text YAML or JSON
 */
export async function judgedOf(text: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf"), TERRAFORM);
  const file = join(folder, "manifests.yaml");
  writeFileSync(file, text);
  const groupWords = new Map([["sg-0123456789abcdef0", "aws_security_group.orders"]]);
  const { verdicts, workloads, findings } = await verify(folder, { manifests: [file], groupWords });
  const byText = (texts: readonly string[]) => [...texts].sort();
  return {
    flows: byText(verdicts.map(({ flow, status }) => `${flow.id.name}: ${status}`)),
    workloads: byText(
      (workloads?.rows ?? []).map(({ name, carries, groups, policies }) =>
        [name, carries, ...groups, ...policies.map(({ address }) => address)].join(" "),
      ),
    ),
    findings: byText(findings.map(({ check, address }) => `${check} ${address}`)),
  };
}
