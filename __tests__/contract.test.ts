import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addressesOf } from "../terraform/render";
import { committedStack, PROJECT } from "./support/project";

/*
 * The public contract: what consumers' states, plans and calls name.
 *
 * A name that leaves a list or changes owes its users a `moved` block where Terraform can follow it (resources
 * and module calls), a major version, and a line in CHANGELOG.md under "Breaking". A name that is new owes a
 * minor version.
 */
const CONTRACT: Record<string, string[]> = {
  "eks-cluster-role": [
    "aws_iam_role_policy_attachment.k8s_master_attach",
    "local.cluster_policies",
    "var.attach_service_policy",
    "var.cluster_role_name",
    "var.partition",
  ],
  "example-aws": [
    "module.eks_cluster_role",
    "module.rds_mysql",
    "output.pods_security_group_arn",
    "output.pods_security_group_id",
    "output.pods_security_group_name",
    "output.rds_security_group_arn",
    "output.rds_security_group_id",
    "output.rds_security_group_name",
    "provider.aws",
    "var.attach_service_policy",
    "var.cluster_role_name",
    "var.name",
    "var.partition",
    "var.platform",
    "var.region",
    "var.security_groups",
    "var.vpc_id",
  ],
  "example-kubernetes": [
    "data.terraform_remote_state.example_aws",
    "module.security_group_policy",
    "module.vpc_cni",
    "output.check_manifests_yaml",
    "output.manifest_yaml",
    "output.name",
    "output.namespace",
    "provider.kubernetes",
    "var.check",
    "var.create",
    "var.enforcing_mode",
    "var.env",
    "var.external_snat",
    "var.groups_per_interface",
    "var.init_env",
    "var.kubeconfig_context",
    "var.kubeconfig_path",
    "var.name",
    "var.namespace",
    "var.pod_selector",
    "var.select_whole_namespace",
    "var.service_account_selector",
  ],
  "rds-mysql": [
    "aws_security_group.pods",
    "aws_security_group.rds",
    "aws_security_group_rule.pods_egress_dns_tcp_to_worker_security_group",
    "aws_security_group_rule.pods_egress_dns_udp_to_worker_security_group",
    "aws_security_group_rule.pods_egress_http_all",
    "aws_security_group_rule.pods_egress_https_all",
    "aws_security_group_rule.pods_egress_to_rds",
    "aws_security_group_rule.pods_ingress_all_tcp_from_ingress_security_group",
    "aws_security_group_rule.pods_ingress_all_tcp_from_worker_security_group",
    "aws_security_group_rule.rds_ingress_from_pods",
    "aws_security_group_rule.rds_ingress_to_self",
    "aws_security_group_rule.worker_ingress_dns_tcp_from_pods_security_group",
    "aws_security_group_rule.worker_ingress_dns_udp_from_pods_security_group",
    "data.aws_region.current",
    "output.pods_security_group_arn",
    "output.pods_security_group_id",
    "output.pods_security_group_name",
    "output.rds_security_group_arn",
    "output.rds_security_group_id",
    "output.rds_security_group_name",
    "var.name",
    "var.platform",
    "var.security_groups",
    "var.vpc_id",
  ],
  "security-group-policy": [
    "kubernetes_manifest.security_group_policy",
    "local.check_labels",
    "local.check_selected",
    "local.check_unselected",
    "local.policy",
    "local.selectors",
    "output.check_manifests_yaml",
    "output.manifest_yaml",
    "output.name",
    "output.namespace",
    "var.check",
    "var.create",
    "var.groups_per_interface",
    "var.name",
    "var.namespace",
    "var.pod_selector",
    "var.security_group_ids",
    "var.select_whole_namespace",
    "var.service_account_selector",
  ],
  "vpc-cni": [
    "kubernetes_env.aws_node",
    "kubernetes_env.aws_node_settings",
    "kubernetes_env.aws_vpc_cni_init",
    "kubernetes_env.aws_vpc_cni_init_settings",
    "local.aws_node_settings",
    "var.enforcing_mode",
    "var.env",
    "var.external_snat",
    "var.init_env",
  ],
  "vpc-cni-addon": [
    "aws_eks_addon.vpc_cni",
    "local.aws_node_settings",
    "local.configuration",
    "output.addon_arn",
    "output.addon_version",
    "output.configuration_values",
    "var.addon_version",
    "var.cluster_name",
    "var.enforcing_mode",
    "var.env",
    "var.external_snat",
    "var.init_env",
    "var.preserve",
    "var.resolve_conflicts_on_create",
    "var.resolve_conflicts_on_update",
    "var.service_account_role_arn",
  ],
};

/** Variables that a caller must set. One more breaks every call. */
const REQUIRED: Record<string, string[]> = {
  "eks-cluster-role": ["cluster_role_name"],
  "example-aws": ["cluster_role_name", "name", "platform", "region", "security_groups", "vpc_id"],
  "example-kubernetes": ["name", "namespace", "pod_selector"],
  "rds-mysql": ["name", "platform", "security_groups", "vpc_id"],
  "security-group-policy": ["name", "namespace", "pod_selector", "security_group_ids"],
  "vpc-cni": [],
  "vpc-cni-addon": ["cluster_name"],
};

const stacks = readdirSync(join(PROJECT, "cdktf.out/stacks"));

test("the committed stacks are those of the contract", () => {
  expect(stacks.sort()).toStrictEqual(Object.keys(CONTRACT).sort());
});

test.each(stacks)("%s has the addresses, outputs and variables of the contract", (stack) => {
  expect(addressesOf({ ...committedStack(stack) }).sort()).toStrictEqual(CONTRACT[stack]);
});

test.each(stacks)("%s asks its callers for the variables of the contract alone", (stack) => {
  const required = Object.entries(committedStack(stack).variable ?? {})
    .filter(([, variable]) => !("default" in variable))
    .map(([name]) => name);
  expect(required.sort()).toStrictEqual(REQUIRED[stack]);
});
