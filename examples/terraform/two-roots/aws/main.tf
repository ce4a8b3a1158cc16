terraform {
  required_version = ">= 1.3"

  # A backend of your own; the other root reads it.
  backend "local" {
    path = "../shop-aws.tfstate"
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "eks_cluster_role" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/eks-cluster-role?ref=COMMIT
  source = "../../../../cdktf.out/stacks/eks-cluster-role"

  cluster_role_name = "shop-cluster"
}

module "vpc_cni_addon" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/vpc-cni-addon?ref=COMMIT
  source = "../../../../cdktf.out/stacks/vpc-cni-addon"

  cluster_name   = "shop"
  enforcing_mode = "standard"
  # Without the role's policy, the nodes get no trunk interface.
  depends_on = [module.eks_cluster_role]
}

module "orders" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/pod-group?ref=COMMIT
  source = "../../../../cdktf.out/stacks/pod-group"

  name     = "orders"
  vpc_id   = "vpc-0a1b2c3d4e5f60000"
  platform = "shop"
  security_groups = {
    k8s_worker  = "sg-0a1b2c3d4e5f60001"
    k8s_ingress = "sg-0a1b2c3d4e5f60002"
  }
}

module "orders_mysql" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/mysql?ref=COMMIT
  source = "../../../../cdktf.out/stacks/mysql"

  name                   = "orders"
  vpc_id                 = "vpc-0a1b2c3d4e5f60000"
  platform               = "shop"
  pods_security_group_id = module.orders.pods_security_group_id
}

output "orders_pods_security_group_id" {
  description = "For the SecurityGroupPolicy of the other root."
  value       = module.orders.pods_security_group_id
}

output "orders_mysql_security_group_id" {
  description = "For the DB instance."
  value       = module.orders_mysql.mysql_security_group_id
}
