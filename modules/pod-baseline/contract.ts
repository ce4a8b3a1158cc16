import type { ModuleContract } from "../../synth/contract";
import { clusterAccessPreconditions } from "../shared/cluster-access/preconditions";
import { CLUSTER_REQUIREMENTS, clusterAccessRules } from "../shared/cluster-access/rules";
import { clusterAccessVariables } from "../shared/cluster-access/variables";
import { vpcIdVariable } from "../shared/ids";
import { isClusterName } from "../shared/names";
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
    "One security group for all pods of an EKS cluster that carry groups of their own, with the rules that every workload needs of the cluster: DNS, probes, ingress, the internet. Pods carry it beside their workload's group (module `pod-group` with `on_baseline = true`), and CoreDNS's group holds 2 rules however many workloads there are.",
  provider: "aws",
  minimumTerraform: "1.3",
  variables: {
    cluster_name: {
      type: "string",
      description:
        "Name of the EKS cluster; the group is pod-baseline-NAME and carries the tag kubernetes.io/cluster/NAME.",
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
    ...clusterAccessVariables,
  },
  preconditions: clusterAccessPreconditions(BASELINE),
  outputs: {
    baseline_security_group_arn: "ARN of the baseline group.",
    baseline_security_group_id: "Id of the baseline group, for the SecurityGroupPolicy of each workload.",
    baseline_security_group_name: "Name of the baseline group.",
  },
  requirements: requirementsOf(CLUSTER_REQUIREMENTS, clusterAccessRules("baseline", "")),
  notes: {
    "Worth knowing": [
      "- Every pod of a workload on the baseline carries two groups: name both in its `SecurityGroupPolicy`. The rules of two groups add up: a workload can have more than the baseline, never less.",
      "- The group carries the tag `kubernetes.io/cluster/NAME`, and a workload's group does not: the AWS load balancer controller wants exactly one tagged group on an interface. Do not list the cluster's own group beside it, which has the tag, too.",
      "- AWS allows 60 inbound rules in a group unless the quota was raised. In the article's form each workload adds 2 to the group of CoreDNS; here all workloads together add 2.",
      FORM_NOTE,
      "- `flows.yaml` beside the JSON says what must work and what must stay closed, with the options that you set; the project's verifier (`npm run verify`) proves it at every call.",
    ].join("\n"),
    "Move a workload to it": [
      "Without an outage, in this order:",
      "",
      "1. Apply this module, and add its id to the workload's `SecurityGroupPolicy`.",
      "2. Roll the pods (`kubectl rollout restart`): groups are attached when a pod starts. Now they carry both groups.",
      "3. Set `on_baseline = true` on the workload's `pod-group`, and take out the options that the baseline now has (`probe_ports`, `dns_cidrs` and the like): its own copies of these rules go.",
      "",
      "Back again in the opposite order: `on_baseline = false`, then the policy, then the pods.",
    ].join("\n"),
  },
  flows,
  tests: tests("per-rule"),
};
