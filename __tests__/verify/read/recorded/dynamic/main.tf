terraform { 
 required_providers { 
  aws = { source = "hashicorp/aws" }
 } 
}
provider "aws" {
  region = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id = true
  skip_metadata_api_check = true
}
variable "ports" { default = [80, 443] }
resource "aws_security_group" "w" { name = "w" }
resource "aws_security_group" "d" {
  name = "d"
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port = ingress.value
      to_port = ingress.value
      protocol = "tcp"
      security_groups = [aws_security_group.w.id]
    }
  }
}
resource "aws_security_group" "u" {
  name = "u"
  dynamic "ingress" {
    for_each = aws_security_group.w.id == "x" ? [1] : []
    content {
      from_port = ingress.value
      to_port = ingress.value
      protocol = "tcp"
    }
  }
}
resource "aws_launch_template" "lt" {
  dynamic "network_interfaces" {
    for_each = [1]
    content { security_groups = [aws_security_group.w.id] }
  }
}
resource "aws_launch_template" "lt2" {
  network_interfaces { security_groups = [aws_security_group.w.id] }
}
