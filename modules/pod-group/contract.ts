import { all, any, group, isEmpty, not } from "../../expression/conditions";
import type { ModuleContract } from "../../synth/contract";
import { clusterAccessPreconditions } from "../shared/cluster-access/preconditions";
import { clusterAccessVariables, isDefault } from "../shared/cluster-access/variables";
import { existingRuleVariables } from "../shared/existing";
import { EXAMPLE, vpcIdVariable } from "../shared/ids";
import { groupNameVariable, LONGEST_NAME, nameVariable } from "../shared/names";
import { trafficVariable } from "../shared/peers";
import { portsVariable } from "../shared/ports";
import { requirementsOf } from "../shared/requirements";
import { FORM_NOTE } from "../shared/rule-form";
import { platformVariable, tagsVariable } from "../shared/tags";
import { flows } from "./flows";
import { REQUIREMENTS, rules } from "./rules";
import { tests } from "./tests";
import { ON_BASELINE, type PodGroupVariables, variable } from "./variables";

export type { PodGroupVariables };

export type PodGroupOutput =
  | "pods_security_group_arn"
  | "pods_security_group_id"
  | "pods_security_group_name";

const POD_GROUP = "aws_security_group.pods";

/** Options that would make a workload on the baseline narrower than it. */
const NARROWING = ["probe_ports", "ingress_ports", "internet_protocols", "internet_targets"] as const;

export const podGroup: ModuleContract<PodGroupVariables, PodGroupOutput> = {
  name: "pod-group",
  purpose:
    "The security group of a workload's pods on EKS (attached by a `SecurityGroupPolicy`), with the rules that pods need in their cluster: DNS, probes, ingress, the internet. The modules of data services (`rds-postgres`, `elasticache-redis`, `tcp-service`, …) add their rules to it, so a workload has one group however many services it uses.",
  provider: "aws",
  minimumTerraform: "1.3",
  variables: {
    name: nameVariable(
      "Name of the workload; its pod security group is NAME-for-pods. Unique in the VPC.",
      LONGEST_NAME,
    ),
    vpc_id: vpcIdVariable("Id of the VPC of the worker nodes."),
    platform: platformVariable("the group and its rules"),
    tags: tagsVariable("the group and its rules"),
    group_name: groupNameVariable("group_name", "NAME-for-pods"),
    ...existingRuleVariables({ groups: ["pods"], rules: rules("") }),
    on_baseline: {
      type: "bool",
      description:
        "Whether the pods also have the security group of module pod-baseline. Then the rules for DNS, probes, ingress and the internet are in that group, and this one has none of them.",
      default: false,
      example: false,
      accepted: { a_workload_on_the_baseline: true },
    },
    ...clusterAccessVariables,
    self_ports: portsVariable("self_ports", {
      description: "TCP ports on which the workload's pods reach each other, by names of your choice.",
      default: {},
      example: { gossip: 7946 },
      mayBeEmpty: true,
    }),
    ingress_sources: trafficVariable("ingress_sources", {
      description:
        "Who else reaches the pods, by names of your choice. Their egress rule is not added here; module pod-to-pod adds both rules between two groups.",
      default: {},
      example: { monitoring: { security_group_id: EXAMPLE.other, ports: "9100" } },
    }),
    egress_targets: trafficVariable("egress_targets", {
      description: "Whom else the pods reach, by names of your choice. Their ingress rule is not added here.",
      default: {},
      example: { partner: { cidr_ipv4: "203.0.113.0/24", ports: "8443" } },
    }),
  },
  preconditions: [
    ...clusterAccessPreconditions(POD_GROUP, ON_BASELINE),
    {
      on: POD_GROUP,
      condition: any(
        not(ON_BASELINE),
        group(all(...NARROWING.map(isDefault), isEmpty(variable("dns_cidrs")))),
      ),
      message:
        "A workload on the baseline cannot be narrower than it: the rules of two groups add up. Leave probe_ports, ingress_ports, dns_cidrs, internet_protocols and internet_targets out, or set on_baseline = false. For more than the baseline there are ingress_sources and egress_targets.",
      refused: {
        no_internet_on_the_baseline: { on_baseline: true, internet_protocols: [] },
        fewer_probe_ports_on_the_baseline: { on_baseline: true, probe_ports: { http: 8080 } },
        fewer_ingress_ports_on_the_baseline: { on_baseline: true, ingress_ports: { http: 8080 } },
        other_resolvers_on_the_baseline: {
          on_baseline: true,
          dns_cidrs: { vpc: { cidr_ipv4: "10.0.0.2/32" } },
        },
      },
    },
  ],
  outputs: {
    pods_security_group_arn: "ARN of the pod security group.",
    pods_security_group_id:
      "Id of the pod security group, for the SecurityGroupPolicy and the modules of data services.",
    pods_security_group_name: "Name of the pod security group.",
  },
  requirements: requirementsOf(REQUIREMENTS, rules("")),
  usages: {
    "Narrower than the article: probes and requests on one port, HTTPS to one partner, metrics from one group":
      {
        probe_ports: { http: 8080 },
        ingress_ports: { http: 8080 },
        internet_protocols: ["https"],
        internet_targets: { partner: { cidr_ipv4: "203.0.113.0/24" } },
        ingress_sources: { monitoring: { security_group_id: EXAMPLE.other, ports: "9100" } },
      },
    "On the baseline: the rules of the cluster are in the group of module `pod-baseline`": {
      on_baseline: true,
      security_groups: {},
    },
    "A group that existed before, with its own name, description and tags": {
      group_name: "orders-legacy",
      descriptions: { pods: "Made by hand" },
      own_tags: { Team: "orders" },
    },
  },
  nextStep: [
    "The group has no effect until attached:",
    "",
    "1. Give `module.pod_group.pods_security_group_id` to the modules of the services that the pods reach, such as `mysql` or `elasticache-redis`.",
    "2. Give it to the module `security-group-policy`, then restart the workload: pods get their security groups when they start.",
  ].join("\n"),
  related: {
    "security-group-policy": "attaches the group to the pods",
    "rds-postgres": "a data service and the rules to it; also `mysql`, `elasticache-redis`, `tcp-service`",
    "pod-to-pod": "the rules from one workload to another",
    "pod-baseline": "the rules of the cluster once for all workloads",
    "docs/rules.md": "every option of the rules",
  },
  notes: {
    Notes: [
      "- Each workload adds 2 inbound rules (DNS over TCP and UDP) to the security group of CoreDNS; AWS allows 60 unless you raised the quota. For many workloads use the module `pod-baseline`, with `on_baseline = true` here.",
      "- A group's `name`, description and VPC cannot change in place. A new `name` replaces the group: services allow the new one at once, while running pods keep the old one until they restart.",
      "- Keys of maps become part of resource addresses: renaming one replaces its rule.",
      FORM_NOTE,
      "- `flows.yaml`, next to the JSON, declares what must work and what must stay closed with your options; the verifier (`npm run verify`) proves it for every call before you apply.",
    ].join("\n"),
  },
  flows,
  tests: tests("per-rule"),
};
