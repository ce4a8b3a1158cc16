terraform {
  required_version = ">= 1.3"
}

provider "aws" {
  region = "eu-west-1"
}

locals {
  vpc_id   = "vpc-0a1b2c3d4e5f60000"
  platform = "shop"
}

# What every pod needs of the cluster, once.
module "baseline" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/pod-baseline?ref=COMMIT
  source = "../../../cdktf.out/stacks/pod-baseline"

  cluster_name = "shop"
  vpc_id       = local.vpc_id
  platform     = local.platform
  security_groups = {
    k8s_worker  = "sg-0a1b2c3d4e5f60001"
    k8s_ingress = "sg-0a1b2c3d4e5f60002"
  }
  probe_ports        = { http = 8080 }
  ingress_ports      = { http = 8080 }
  internet_protocols = ["https"]
}

# Each workload's own group holds only what is its own.
module "workload" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/pod-group?ref=COMMIT
  source   = "../../../cdktf.out/stacks/pod-group"
  for_each = toset(["orders", "payments", "reports"])

  name            = each.key
  vpc_id          = local.vpc_id
  platform        = local.platform
  on_baseline     = true
  security_groups = {}
}

module "orders_postgres" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/rds-postgres?ref=COMMIT
  source = "../../../cdktf.out/stacks/rds-postgres"

  name                   = "orders"
  vpc_id                 = local.vpc_id
  platform               = local.platform
  pods_security_group_id = module.workload["orders"].pods_security_group_id
}

module "orders_to_payments" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/pod-to-pod?ref=COMMIT
  source = "../../../cdktf.out/stacks/pod-to-pod"

  client_name              = "orders"
  client_security_group_id = module.workload["orders"].pods_security_group_id
  server_name              = "payments"
  server_security_group_id = module.workload["payments"].pods_security_group_id
  platform                 = local.platform
  ports                    = { http = 8080 }
}

output "security_group_ids" {
  description = "By workload, for its SecurityGroupPolicy: the baseline and its own."
  value = {
    for name, workload in module.workload :
    name => [module.baseline.baseline_security_group_id, workload.pods_security_group_id]
  }
}
