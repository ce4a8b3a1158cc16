import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verify } from "../../verify/verify";
import { folderWith } from "./read/support/configuration";

/** A root as public ones are: a cluster, a database and its group by modules that are not downloaded. */
const ROOT = `
variable "vpc_id" { type = string }
variable "private_subnets" { type = list(string) }

module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 21.0"

  name               = "shop"
  kubernetes_version = "1.33"
  vpc_id             = var.vpc_id
  subnet_ids         = var.private_subnets

  addons = {
    coredns    = {}
    kube-proxy = {}
    vpc-cni = {
      before_compute = true
      most_recent    = true
      configuration_values = jsonencode({
        env  = { ENABLE_POD_ENI = "true", POD_SECURITY_GROUP_ENFORCING_MODE = "strict" }
        init = { env = { DISABLE_TCP_EARLY_DEMUX = "true" } }
      })
    }
  }

  iam_role_additional_policies = {
    pods = "arn:aws:iam::aws:policy/AmazonEKSVPCResourceController"
  }

  node_security_group_additional_rules = {
    dns_udp = { protocol = "udp", from_port = 53, to_port = 53, source_security_group_id = aws_security_group.orders.id }
    dns_tcp = { protocol = "tcp", from_port = 53, to_port = 53, source_security_group_id = aws_security_group.orders.id }
  }

  eks_managed_node_groups = {
    main = { instance_types = ["m5.large"], min_size = 2, max_size = 4 }
  }
}

resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "probes" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = module.eks.node_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_egress_rule" "dns" {
  for_each                     = toset(["tcp", "udp"])
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = module.eks.node_security_group_id
  ip_protocol                  = each.key
  from_port                    = 53
  to_port                      = 53
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = module.database_group.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

module "database_group" {
  source  = "terraform-aws-modules/security-group/aws"
  version = "~> 5.0"

  name   = "database"
  vpc_id = var.vpc_id
  ingress_with_source_security_group_id = [
    { rule = "postgresql-tcp", source_security_group_id = aws_security_group.orders.id },
  ]
}

module "database" {
  source  = "terraform-aws-modules/rds/aws"
  version = "~> 7.0"

  identifier             = "orders"
  engine                 = "postgres"
  port                   = 5432
  vpc_security_group_ids = [module.database_group.security_group_id]
}
`;

const MANIFESTS = `
apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: { name: orders, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  securityGroups: { groupIds: ["\${ORDERS_SG_ID}"] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - name: orders
          image: orders:1
          readinessProbe: { httpGet: { path: /ready, port: 8080 } }
`;

/** The same root with another major version of the module for clusters. */
const VERSION_20 = ROOT.replace('"~> 21.0"', '"~> 20.0"')
  .replace(/\bname {15}=/, "cluster_name =")
  .replace("kubernetes_version =", "cluster_version =")
  .replace("addons = {", "cluster_addons = {")
  .replaceAll(/(dns_\w+ = \{)/g, '$1 type = "ingress",');

const POLICY = /iam_role_additional_policies = \{[^}]*\}/;
const DNS = /node_security_group_additional_rules = \{[\s\S]*?\n {2}\}/;

async function report(root: string, manifests = MANIFESTS) {
  const folder = folderWith({
    "main.tf": root,
    "k8s/orders.yaml": manifests,
    "flows.yaml": "format: 1\ngroups:\n  ${ORDERS_SG_ID}: aws_security_group.orders\n",
  });
  const { verdicts, findings } = await verify(folder, { manifests: [join(folder, "k8s")] });
  const serious = findings.filter(({ severity }) => severity !== "information");
  return {
    flows: verdicts.map(({ flow, status }) => `${flow.id.name} ${status}`).sort(),
    findings: serious.map(({ severity, check, address }) => `${severity} ${check} ${address}`),
  };
}

const DATA = "shop/Deployment/orders/data/module.database.module.db_instance.aws_db_instance.this[0]";
const HEALTHY = [
  `${DATA} holds`,
  "shop/Deployment/orders/dns holds",
  "shop/Deployment/orders/readiness/8080 holds",
];
const broken = (id: string) => HEALTHY.map((flow) => (flow.startsWith(`${id} `) ? `${id} broken` : flow));

describe.each([
  ["21", ROOT],
  ["20", VERSION_20],
])("version %s of the public module for clusters, not downloaded", (version, root) => {
  test("healthy, it has no warning", async () => {
    expect(await report(root)).toStrictEqual({ flows: HEALTHY, findings: [] });
  });

  test("the cluster's role without its policy is found by name", async () => {
    const without = root.replace(POLICY, version === "20" ? "enable_security_groups_for_pods = false" : "");
    expect(await report(without)).toStrictEqual({
      flows: HEALTHY,
      findings: ["error cluster-role-policy module.eks.aws_iam_role.this[0]"],
    });
  });

  test("no port 53 into the nodes' group is found by name", async () => {
    const { flows, findings } = await report(root.replace(DNS, ""));
    expect(flows).toStrictEqual(broken("shop/Deployment/orders/dns"));
    expect(findings).toStrictEqual([]);
  });

  test("a readiness port that no rule allows is found by name", async () => {
    const { flows, findings } = await report(root, MANIFESTS.replace("port: 8080", "port: 8081"));
    expect(flows).toStrictEqual([HEALTHY[0], HEALTHY[1], "shop/Deployment/orders/readiness/8081 broken"]);
    expect(findings).toStrictEqual([]);
  });
});
