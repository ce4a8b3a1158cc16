# Five symptoms and their causes: docs/symptoms.md goes through them.
variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "node_role_arn" {
  type = string
}

variable "node_security_group_id" {
  type = string
}

resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = var.vpc_id
}

resource "kubernetes_manifest" "orders" {
  manifest = {
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "orders", namespace = "shop" }
    spec = {
      podSelector    = { matchLabels = { app = "orders" } }
      securityGroups = { groupIds = [aws_security_group.orders.id] }
    }
  }
}

# Times out: the database allows the nodes, and the pods no longer have their security group.
resource "aws_security_group" "database" {
  name   = "orders-database"
  vpc_id = var.vpc_id
}

resource "aws_db_instance" "orders" {
  identifier             = "orders"
  instance_class         = "db.t4g.small"
  vpc_security_group_ids = [aws_security_group.database.id]
}

resource "aws_vpc_security_group_ingress_rule" "database_from_nodes" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = var.node_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_egress_rule" "orders_to_database" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

# Stays pending: no `t` instance has a trunk interface.
resource "aws_eks_node_group" "shop" {
  cluster_name   = "shop"
  node_role_arn  = var.node_role_arn
  subnet_ids     = var.subnet_ids
  instance_types = ["t3.large"]

  scaling_config {
    desired_size = 2
    min_size     = 2
    max_size     = 4
  }
}

# No annotation: without ENABLE_POD_ENI the CNI gives no pod a security group.
resource "aws_eks_addon" "vpc_cni" {
  cluster_name         = "shop"
  addon_name           = "vpc-cni"
  configuration_values = jsonencode({ env = { ENABLE_PREFIX_DELEGATION = "true" } })
}
