# Of a reference such as each.value.id a plan does not tell which group it is.
resource "aws_security_group" "pods" { name = "pods" }
resource "aws_security_group" "db" { name = "db" }
locals { groups = { pods = aws_security_group.pods } }
resource "aws_security_group_rule" "out" {
  for_each                 = local.groups
  type                     = "egress"
  security_group_id        = each.value.id
  source_security_group_id = aws_security_group.db.id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
}
resource "aws_security_group_rule" "in" {
  type                     = "ingress"
  security_group_id        = aws_security_group.db.id
  source_security_group_id = local.groups["pods"].id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
}
