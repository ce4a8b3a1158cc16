data "aws_region" "here" {}
resource "aws_security_group" "inline" {
  name = "inline"
  vpc_id = aws_vpc.cluster.id
  ingress {
    from_port = 443
    to_port = 443
    protocol = "tcp"
    security_groups = [aws_security_group.worker.id]
  }
  ingress {
    from_port = 80
    to_port = 80
    protocol = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_vpc_security_group_ingress_rule" "open" {
  for_each = { web = 8080, admin = 8443 }
  security_group_id = aws_security_group.worker.id
  cidr_ipv4 = "10.0.0.0/8"
  ip_protocol = "tcp"
  from_port = each.value
  to_port = each.value
}
resource "aws_instance" "node" {
  ami = "ami-12c6146b"
  instance_type = "m5.large"
  vpc_security_group_ids = [aws_security_group.worker.id]
}
