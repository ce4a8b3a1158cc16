/** A root as public ones are, and three faults planted in it. */

/** A cluster, a database and its group by modules of the registry. */
export const ROOT = `
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

export const MANIFESTS = `
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
export const VERSION_20 = ROOT.replace('"~> 21.0"', '"~> 20.0"')
  .replace(/\bname {15}=/, "cluster_name =")
  .replace("kubernetes_version =", "cluster_version =")
  .replace("addons = {", "cluster_addons = {")
  .replaceAll(/(dns_\w+ = \{)/g, '$1 type = "ingress",');

/** What a root of that version says so that the cluster's role lacks its policy. */
export function withoutPolicy(root: string): string {
  const ofVersion20 = root === VERSION_20 ? "enable_security_groups_for_pods = false" : "";
  return root.replace(/iam_role_additional_policies = \{[^}]*\}/, ofVersion20);
}

/** Without port 53 into the nodes' group. */
export function withoutDns(root: string): string {
  return root.replace(/node_security_group_additional_rules = \{[\s\S]*?\n {2}\}/, "");
}

/** With a readiness port that no rule allows. */
export const OTHER_PROBE = MANIFESTS.replace("port: 8080", "port: 8081");

/** The files of a folder, with manifests in `k8s`. */
export function publicRoot(root: string, manifests: string = MANIFESTS): Record<string, string> {
  return {
    "main.tf": root,
    "k8s/orders.yaml": manifests,
    "flows.yaml": "format: 1\ngroups:\n  ${ORDERS_SG_ID}: aws_security_group.orders\n",
  };
}
