import { commandHere } from "../../support/here";
import { estate } from "./estate";

/* An estate to ask about: a database that allows the nodes, but not the pods of orders. */

export const TERRAFORM = `resource "aws_security_group" "orders" {
  name   = "shop-orders"
  vpc_id = "vpc-0a1b2c3d"
}

resource "aws_security_group" "db" {
  name   = "shop-db"
  vpc_id = "vpc-0a1b2c3d"
}

resource "aws_security_group" "nodes" {
  name   = "nodes"
  vpc_id = "vpc-0a1b2c3d"
}

resource "aws_eks_node_group" "main" {
  cluster_name = "main"
  launch_template {
    id = aws_launch_template.nodes.id
  }
}

resource "aws_launch_template" "nodes" {
  vpc_security_group_ids = [aws_security_group.nodes.id]
}

resource "aws_db_instance" "main" {
  engine                 = "mysql"
  vpc_security_group_ids = [aws_security_group.db.id]
}

resource "aws_vpc_security_group_egress_rule" "orders_db" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = aws_security_group.db.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_ingress_rule" "db_orders" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = aws_security_group.orders.id
  ip_protocol                  = "tcp"
  from_port                    = 3307
  to_port                      = 3307
}

resource "aws_vpc_security_group_ingress_rule" "db_nodes" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = aws_security_group.nodes.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_egress_rule" "nodes_all" {
  security_group_id = aws_security_group.nodes.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
`;

const workload = (name: string, namespace = "shop") => `---
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: app }] }
`;
const POLICY = `apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: { name: orders, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  securityGroups: { groupIds: ["\${ORDERS}"] }
`;
export const FILES = {
  "infra/main.tf": TERRAFORM,
  "k8s/all.yaml":
    POLICY + workload("orders") + workload("web") + workload("web", "blog") + workload("mail", "blog"),
};
export const MANIFESTS = ["--manifests", "k8s", "--group", "${ORDERS}=aws_security_group.orders"];

/** What comes of a question about it. */
export const asked = (question: string, ...words: string[]) =>
  commandHere(["explain", question, "infra", ...MANIFESTS, ...words], estate(FILES).folder);
