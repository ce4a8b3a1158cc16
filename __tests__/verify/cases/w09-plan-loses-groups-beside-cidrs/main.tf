# The groups of a block that names CIDRs as well are not known before apply.
resource "aws_security_group" "pods" {
  name = "pods"
}

resource "aws_security_group" "db" {
  name = "db"

  ingress {
    from_port       = 3306
    to_port         = 3306
    protocol        = "tcp"
    cidr_blocks     = ["10.1.0.0/24"]
    security_groups = [aws_security_group.pods.id]
  }
}

resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.pods.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
