# An outage: the pods moved to a security group of their own, and the database still allows only the nodes.
variable "vpc_id" {
  type = string
}

variable "node_security_group_id" {
  type = string
}

resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = var.vpc_id
}

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

resource "aws_vpc_security_group_egress_rule" "orders_dns" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = var.node_security_group_id
  ip_protocol                  = "udp"
  from_port                    = 53
  to_port                      = 53
}

resource "aws_vpc_security_group_ingress_rule" "orders_probes" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = var.node_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}
