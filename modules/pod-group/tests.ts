import { equals } from "../../expression/conditions";
import type { ModuleTest } from "../../synth/contract";
import {
  accessRuleNames,
  accessWithOptions,
  articleAccess,
  closedAccess,
  DNS_LEFT_TO_OTHERS,
  OWN_GROUP,
} from "../shared/cluster-access/tests";
import {
  type ExpectedRules,
  existingRuns,
  groupIsNamed,
  onlyRulesAre,
  outputsAre,
  rulesAre,
  rulesAreTagged,
  TAGGED_PLACE,
  tagRuns,
  tags,
} from "../shared/rule-assertions";
import type { RuleForm } from "../shared/rule-form";

const GROUP = "aws_security_group.pods";
const NAME = "orders-for-pods";
const MONITORING = "sg-0a1b2c3d4e5f60007";

/** What belongs to the workload alone: it may be had on the baseline, too. */
const OWN = {
  variables: {
    self_ports: { gossip: 7946, raft: "8300-8302" },
    ingress_sources: {
      monitoring: { security_group_id: MONITORING, ports: "9100" },
      office: { cidr_ipv4: "198.51.100.0/24", ports: "8443-8444" },
      ping: { cidr_ipv4: "10.0.0.0/8", protocol: "icmp", icmp_type: 8 },
    },
    egress_targets: {
      neighbours: { cidr_ipv6: "fe80::/10", protocol: "icmpv6", icmp_type: 135, icmp_code: 0 },
      s3: { prefix_list_id: "pl-0a1b2c3d", ports: 443 },
      statsd: { security_group_id: MONITORING, protocol: "udp", ports: "8125" },
    },
  },
  rules: {
    pods_ingress_from_self: {
      gossip: own(
        "tcp 7946-7946",
        { security_group_id: OWN_GROUP },
        "Ingress: Allow gossip from the pods themselves.",
      ),
      raft: own(
        "tcp 8300-8302",
        { security_group_id: OWN_GROUP },
        "Ingress: Allow raft from the pods themselves.",
      ),
    },
    pods_egress_to_self: {
      gossip: own(
        "tcp 7946-7946",
        { security_group_id: OWN_GROUP },
        "Egress: Allow gossip to the pods themselves.",
      ),
      raft: own(
        "tcp 8300-8302",
        { security_group_id: OWN_GROUP },
        "Egress: Allow raft to the pods themselves.",
      ),
    },
    pods_ingress_from_sources: {
      monitoring: own(
        "tcp 9100-9100",
        { security_group_id: MONITORING },
        "Ingress: Allow access from monitoring.",
      ),
      office: own("tcp 8443-8444", { cidr_ipv4: "198.51.100.0/24" }, "Ingress: Allow access from office."),
      // Type 8, any code.
      ping: own("icmp 8--1", { cidr_ipv4: "10.0.0.0/8" }, "Ingress: Allow access from ping."),
    },
    pods_egress_to_targets: {
      neighbours: own("icmpv6 135-0", { cidr_ipv6: "fe80::/10" }, "Egress: Allow access to neighbours."),
      s3: own("tcp 443-443", { prefix_list_id: "pl-0a1b2c3d" }, "Egress: Allow access to s3."),
      statsd: own("udp 8125-8125", { security_group_id: MONITORING }, "Egress: Allow access to statsd."),
    },
  },
};

function own(traffic: string, peer: object, description: string): ExpectedRules[string] {
  return { group: OWN_GROUP, traffic, ...peer, description };
}

/** What a caller relies on: the group, each requirement's rules, and what each option makes of them. */
export function tests(form: RuleForm): Record<string, ModuleTest> {
  const names = [...accessRuleNames("pods"), ...Object.keys(OWN.rules)];
  const article = articleAccess("pods", NAME);
  const options = accessWithOptions("pods", NAME);
  const closed = closedAccess("pods");
  return {
    plan: {
      ...TAGGED_PLACE,
      resources: { [GROUP]: { id: OWN_GROUP } },
      runs: [
        {
          name: "every_option_is_followed",
          // Applied, with the provider mocked: only then the ids of the groups are known.
          command: "apply",
          variables: { ...options.variables, ...OWN.variables },
          assert: [
            ...rulesAre(form, names, { ...options.rules, ...OWN.rules }),
            ...rulesAreTagged(form, names, "orders"),
          ],
        },
        {
          name: "each_requirement_has_the_rules_of_the_article",
          command: "apply",
          assert: [
            {
              condition: groupIsNamed(GROUP, NAME),
              message: "The group must have the workload's name with -for-pods and be in the VPC.",
            },
            {
              condition: equals(`${GROUP}.tags`, `tomap(${tags(NAME)})`),
              message:
                "The group must carry the four tags alone: the cluster's tag is for one group of an interface.",
            },
            {
              condition: outputsAre("pods_security_group", { address: GROUP, id: OWN_GROUP, name: NAME }),
              message: "The outputs must be those of the group.",
            },
            ...rulesAre(form, names, article.rules),
          ],
        },
        {
          name: "all_but_dns_can_be_closed",
          command: "apply",
          variables: closed.variables,
          assert: rulesAre(form, names, closed.rules),
        },
        {
          name: "the_dns_group_can_be_left_to_others",
          command: "plan",
          variables: DNS_LEFT_TO_OTHERS.variables,
          assert: [onlyRulesAre(form, names, DNS_LEFT_TO_OTHERS.keys("pods"))],
        },
        {
          name: "on_the_baseline_there_is_only_what_is_the_workloads_own",
          command: "apply",
          variables: { on_baseline: true, ...OWN.variables },
          assert: rulesAre(form, names, OWN.rules),
        },
        {
          name: "on_the_baseline_no_group_of_the_cluster_is_needed",
          command: "plan",
          variables: { on_baseline: true, security_groups: {} },
          assert: [onlyRulesAre(form, names, {})],
        },
        ...tagRuns({
          groups: { [GROUP]: NAME },
          form,
          rules: names,
          prefix: "orders",
          variables: OWN.variables,
        }),
        ...existingRuns({
          groups: [GROUP],
          form,
          rules: names,
          rule: { name: "pods_ingress_from_self", keys: ["gossip", "raft"] },
          variables: OWN.variables,
        }),
      ],
    },
  };
}
