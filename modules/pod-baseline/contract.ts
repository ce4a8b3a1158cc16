import type { ModuleContract } from "../../synth/contract";
import { clusterAccessPreconditions } from "../shared/cluster-access/preconditions";
import { CLUSTER_REQUIREMENTS, clusterAccessRules } from "../shared/cluster-access/rules";
import { clusterAccessVariables } from "../shared/cluster-access/variables";
import { existingRuleVariables } from "../shared/existing";
import { vpcIdVariable } from "../shared/ids";
import { groupNameVariable, isClusterName } from "../shared/names";
import { requirementsOf } from "../shared/requirements";
import { FORM_NOTE } from "../shared/rule-form";
import { ARTICLE_TAGS, platformVariable, tagsVariable } from "../shared/tags";
import { flows } from "./flows";
import { tests } from "./tests";
import { type PodBaselineVariables, variable } from "./variables";

export type { PodBaselineVariables };

export type PodBaselineOutput =
  | "baseline_security_group_arn"
  | "baseline_security_group_id"
  | "baseline_security_group_name";

const BASELINE = "aws_security_group.baseline";

export const podBaseline: ModuleContract<PodBaselineVariables, PodBaselineOutput> = {
  name: "pod-baseline",
  purpose:
    "One security group for all pods of an EKS cluster that have their own security groups, with the rules that every workload needs in the cluster: DNS, probes, ingress, the internet. Pods get it in addition to their workload's group (module `pod-group` with `on_baseline = true`), and the security group of CoreDNS holds 2 rules however many workloads there are.",
  provider: "aws",
  minimumTerraform: "1.3",
  variables: {
    cluster_name: {
      type: "string",
      description:
        "Name of the EKS cluster; the group is pod-baseline-NAME and has the tag kubernetes.io/cluster/NAME.",
      example: "example",
      accepted: {
        a_cluster_name_that_starts_like_an_id: "sg-prod",
        the_longest_cluster_name: "c".repeat(100),
      },
      validations: [
        {
          condition: isClusterName(variable("cluster_name")),
          message:
            "The cluster's name must have 1 to 100 letters, digits, hyphens or underscores and start with a letter or digit.",
          refused: {
            an_empty_cluster_name: "",
            an_arn_as_cluster_name: "arn:aws:eks:eu-west-1:111122223333:cluster/example",
            a_cluster_name_of_101_characters: "c".repeat(101),
          },
        },
      ],
    },
    vpc_id: vpcIdVariable("Id of the VPC of the worker nodes."),
    platform: platformVariable("the group and its rules"),
    tags: tagsVariable("the group and its rules", [...ARTICLE_TAGS, "kubernetes.io/cluster/NAME"]),
    group_name: groupNameVariable("group_name", "pod-baseline-NAME"),
    ...existingRuleVariables({ groups: ["baseline"], rules: clusterAccessRules("baseline", "") }),
    ...clusterAccessVariables,
  },
  preconditions: clusterAccessPreconditions(BASELINE),
  outputs: {
    baseline_security_group_arn: "ARN of the baseline group.",
    baseline_security_group_id: "Id of the baseline group, for the SecurityGroupPolicy of each workload.",
    baseline_security_group_name: "Name of the baseline group.",
  },
  requirements: requirementsOf(CLUSTER_REQUIREMENTS, clusterAccessRules("baseline", "")),
  usages: {
    "DNS through the VPC resolver, and the internet over HTTPS only": {
      dns_cidrs: { vpc: { cidr_ipv4: "10.0.0.2/32" } },
      internet_protocols: ["https"],
    },
  },
  nextStep:
    "Call `pod-group` with `on_baseline = true` for each workload, and give both ids to its `security-group-policy`: `security_group_ids = [module.pod_baseline.baseline_security_group_id, module.orders.pods_security_group_id]`. Then restart the workload.",
  related: {
    "pod-group": "a workload on the baseline",
    "security-group-policy": "attaches both groups to the pods",
    "docs/baseline.md": "when a baseline pays, and how to move to it",
  },
  notes: {
    Notes: [
      "- Every pod of a workload on the baseline has two security groups: list both in its `SecurityGroupPolicy`. Their rules add up: a workload can have more than the baseline, never less.",
      "- The group has the tag `kubernetes.io/cluster/NAME`, and a workload's group does not: the AWS load balancer controller expects exactly one tagged group on an interface. Do not list the cluster's own group as well, which has the tag too.",
      "- AWS allows 60 inbound rules in a group unless you raised the quota. Without a baseline each workload adds 2 to the security group of CoreDNS; here all workloads together add 2.",
      FORM_NOTE,
      "- `flows.yaml`, next to the JSON, declares what must work and what must stay closed with your options; the verifier (`npm run verify`) proves it for every call.",
    ].join("\n"),
    "Move a workload to it": [
      "Without an outage, in this order:",
      "",
      "1. Apply this module, and add its id to the workload's `SecurityGroupPolicy`.",
      "2. Restart the pods (`kubectl rollout restart`): groups are attached when a pod starts. Now they have both groups.",
      "3. Set `on_baseline = true` on the workload's `pod-group`, and remove the options that the baseline now has (`probe_ports`, `dns_cidrs` and the like): this removes its own copies of these rules.",
      "",
      "To go back, use the opposite order: `on_baseline = false`, then the policy, then the pods.",
    ].join("\n"),
  },
  flows,
  tests: tests("per-rule"),
};
