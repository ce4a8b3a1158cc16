terraform {
  required_version = ">= 1.3"
}

provider "aws" {
  region = "eu-west-1"
}

locals {
  workload = {
    name     = "orders"
    vpc_id   = "vpc-0a1b2c3d4e5f60000"
    platform = "shop"
  }
}

# The pods' group: DNS and probes by the worker nodes, all of the internet over HTTP and HTTPS.
module "orders" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/pod-group?ref=COMMIT
  source = "../../../cdktf.out/stacks/pod-group"

  name     = local.workload.name
  vpc_id   = local.workload.vpc_id
  platform = local.workload.platform
  security_groups = {
    k8s_worker  = "sg-0a1b2c3d4e5f60001"
    k8s_ingress = "sg-0a1b2c3d4e5f60002"
  }
}

module "mysql" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/mysql?ref=COMMIT
  source = "../../../cdktf.out/stacks/mysql"

  name                   = local.workload.name
  vpc_id                 = local.workload.vpc_id
  platform               = local.workload.platform
  pods_security_group_id = module.orders.pods_security_group_id
}

module "redis" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/elasticache-redis?ref=COMMIT
  source = "../../../cdktf.out/stacks/elasticache-redis"

  name                   = local.workload.name
  vpc_id                 = local.workload.vpc_id
  platform               = local.workload.platform
  pods_security_group_id = module.orders.pods_security_group_id
}

output "pods" {
  description = "For the SecurityGroupPolicy."
  value       = module.orders.pods_security_group_id
}

output "mysql" {
  description = "For the DB instance."
  value       = module.mysql.mysql_security_group_id
}

output "redis" {
  description = "For the replication group."
  value       = module.redis.redis_security_group_id
}
