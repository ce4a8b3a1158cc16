import { all, any, group, isEmpty, not } from "../../expression/conditions";
import type { ModuleContract } from "../../synth/contract";
import { clusterAccessPreconditions } from "../shared/cluster-access/preconditions";
import { clusterAccessVariables, isDefault } from "../shared/cluster-access/variables";
import { EXAMPLE, vpcIdVariable } from "../shared/ids";
import { LONGEST_NAME, nameVariable } from "../shared/names";
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
    "The security group of a workload's pods on EKS (bound to them by a `SecurityGroupPolicy`), with the rules that pods need of their cluster: DNS, probes, ingress, the internet. Modules of data services (`rds-postgres`, `elasticache-redis`, `tcp-service`, …) add theirs to it, so that a workload has one group however many services it uses.",
  provider: "aws",
  minimumTerraform: "1.3",
  variables: {
    name: nameVariable(
      "Name of the workload; its pods' group gets this name with -for-pods at its end. Unique in the VPC.",
      LONGEST_NAME,
    ),
    vpc_id: vpcIdVariable("Id of the VPC of the worker nodes."),
    platform: platformVariable("the group and its rules"),
    tags: tagsVariable("the group and its rules"),
    on_baseline: {
      type: "bool",
      description:
        "Whether the pods also carry the group of module pod-baseline. Then the rules of the cluster (DNS, probes, ingress, internet) are that group's, and this one has none of them.",
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
        "Who else reaches the pods, by names of your choice. Their half of the rule is theirs; for both halves between two groups of yours there is module pod-to-pod.",
      default: {},
      example: { monitoring: { security_group_id: EXAMPLE.other, ports: "9100" } },
    }),
    egress_targets: trafficVariable("egress_targets", {
      description: "Whom else the pods reach, by names of your choice. Their half of the rule is theirs.",
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
    pods_security_group_arn: "ARN of the pods' security group.",
    pods_security_group_id:
      "Id of the pods' security group, for the SecurityGroupPolicy and the modules of data services.",
    pods_security_group_name: "Name of the pods' security group.",
  },
  requirements: requirementsOf(REQUIREMENTS, rules("")),
  notes: {
    "Worth knowing": [
      "- Bind the group to the pods with a `SecurityGroupPolicy` (module `security-group-policy`): attached to nothing it protects nothing.",
      "- Each workload with rules of its own adds 2 inbound rules (DNS over TCP and UDP) to the group of CoreDNS; AWS allows 60 unless the quota was raised. For many workloads there is module `pod-baseline`, and `on_baseline = true` here.",
      "- A group's `name`, description and VPC cannot change in place. A new `name` replaces the group: services then admit the new group at once, while running pods keep the old one until they are recreated.",
      "- Keys of maps stand in addresses: renaming one replaces its rule.",
      FORM_NOTE,
      "- `flows.yaml` beside the JSON says what must work and what must stay closed, with the options that you set; the project's verifier (`npm run verify`) proves it at every call, before anything is applied.",
    ].join("\n"),
  },
  flows,
  tests: tests("per-rule"),
};
