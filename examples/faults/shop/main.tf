# The groups and the policy are in Terraform, the workload is in k8s/: no flows.yaml says what it needs.

resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/main-cluster"

  vpc_config {
    subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  }
}

resource "aws_eks_addon" "cni" {
  cluster_name = aws_eks_cluster.main.name
  addon_name   = "vpc-cni"
  configuration_values = jsonencode({
    env  = { ENABLE_POD_ENI = "true", POD_SECURITY_GROUP_ENFORCING_MODE = "strict" }
    init = { env = { DISABLE_TCP_EARLY_DEMUX = "true" } }
  })
}

resource "aws_launch_template" "nodes" {
  vpc_security_group_ids = [aws_security_group.nodes.id]
}

resource "aws_eks_node_group" "nodes" {
  cluster_name   = aws_eks_cluster.main.name
  node_role_arn  = "arn:aws:iam::111122223333:role/main-nodes"
  subnet_ids     = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  instance_types = ["m5.large"]

  launch_template {
    id      = aws_launch_template.nodes.id
    version = "1"
  }

  scaling_config {
    desired_size = 2
    max_size     = 4
    min_size     = 2
  }
}

resource "aws_security_group" "nodes" {
  name   = "main-nodes"
  vpc_id = "vpc-0a1b2c3d4e5f60000"
}

resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = "vpc-0a1b2c3d4e5f60000"
}

resource "aws_security_group" "database" {
  name   = "orders-database"
  vpc_id = "vpc-0a1b2c3d4e5f60000"
}

resource "aws_db_instance" "orders" {
  engine                 = "mysql"
  instance_class         = "db.t4g.small"
  vpc_security_group_ids = [aws_security_group.database.id]
}

locals {
  # From, to, protocol and port of all that is allowed: the probe's port 9090 is not among them.
  allowed = {
    database = ["orders", "database", "tcp", 3306]
    dns_tcp  = ["orders", "nodes", "tcp", 53]
    dns_udp  = ["orders", "nodes", "udp", 53]
    http     = ["nodes", "orders", "tcp", 8080]
  }
  groups = {
    nodes    = aws_security_group.nodes.id
    orders   = aws_security_group.orders.id
    database = aws_security_group.database.id
  }
}

resource "aws_vpc_security_group_egress_rule" "allowed" {
  for_each = local.allowed

  security_group_id            = local.groups[each.value[0]]
  referenced_security_group_id = local.groups[each.value[1]]
  ip_protocol                  = each.value[2]
  from_port                    = each.value[3]
  to_port                      = each.value[3]
}

resource "aws_vpc_security_group_ingress_rule" "allowed" {
  for_each = local.allowed

  security_group_id            = local.groups[each.value[1]]
  referenced_security_group_id = local.groups[each.value[0]]
  ip_protocol                  = each.value[2]
  from_port                    = each.value[3]
  to_port                      = each.value[3]
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
