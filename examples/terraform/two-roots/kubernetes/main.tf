terraform {
  required_version = ">= 1.3"
}

# Reads KUBE_CONFIG_PATH, or KUBE_HOST and KUBE_TOKEN.
provider "kubernetes" {}

# Whoever applies this root needs access to the state of the other.
data "terraform_remote_state" "aws" {
  backend = "local"
  config = {
    path = "../shop-aws.tfstate"
  }
}

module "orders_policy" {
  # git::https://git.example.com/platform/eks-pod-security-groups.git//cdktf.out/stacks/security-group-policy?ref=COMMIT
  source = "../../../../cdktf.out/stacks/security-group-policy"

  name               = "orders"
  namespace          = "shop"
  pod_selector       = { match_labels = { app = "orders" } }
  security_group_ids = [data.terraform_remote_state.aws.outputs.orders_pods_security_group_id]
  check = {
    host = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com"
    port = 3306
  }
}

output "check_manifests_yaml" {
  description = "Two Jobs that show that it works: apply them with kubectl."
  value       = module.orders_policy.check_manifests_yaml
}
