import { isNull, quoted } from "../../expression/conditions";
import type { Assertion, ModuleTest } from "../../synth/contract";
import { argumentsAre, TAGGED_PLACE, TAGGED_REGION, tagRuns } from "../shared/rule-assertions";
import { INGRESS_GROUP, variable, WORKER_GROUP } from "./variables";

const RDS = "sg-0a1b2c3d4e5f60003";
const PODS = "sg-0a1b2c3d4e5f60004";

/** Asserts arguments of a rule, each a Terraform expression. */
function rule(name: string, what: string, expected: Record<string, string>): Assertion {
  return {
    condition: argumentsAre(`aws_security_group_rule.${name}`, expected),
    message: `${name} must ${what}.`,
  };
}

function ports(from: number, to = from, protocol = "tcp"): Record<string, string> {
  return { protocol: `"${protocol}"`, from_port: String(from), to_port: String(to) };
}

const rds = "aws_security_group.rds.id";
const pods = "aws_security_group.pods.id";
const anywhere = 'tolist(["0.0.0.0/0"])';

function half(type: "ingress" | "egress", group: string, peer: string): Record<string, string> {
  return {
    type: `"${type}"`,
    security_group_id: group,
    ...(peer === anywhere ? { cidr_blocks: anywhere } : { source_security_group_id: peer }),
  };
}

/** What a caller relies on: the groups, each requirement's rules, the outputs. */
export const tests: Record<string, ModuleTest> = {
  plan: {
    ...TAGGED_PLACE,
    resources: {
      "aws_security_group.rds": { id: RDS, arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${RDS}` },
      "aws_security_group.pods": {
        id: PODS,
        arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${PODS}`,
      },
    },
    runs: [
      {
        name: "groups_are_named_after_the_workload",
        command: "plan",
        assert: [
          {
            condition:
              'aws_security_group.rds.name == "orders" && aws_security_group.rds.description == "Default security group for orders."',
            message: "The database's group must have the workload's name.",
          },
          {
            condition:
              'aws_security_group.pods.name == "orders-for-pods" && aws_security_group.pods.description == "Default security group for orders-for-pods."',
            message: "The pods' group must have the workload's name with -for-pods.",
          },
          {
            condition: `alltrue([for group in [aws_security_group.rds, aws_security_group.pods] : group.vpc_id == ${variable("vpc_id")} && group.tags == tomap({ Name = group.name, Region = ${TAGGED_REGION}, Platform = "shop", CreatedBy = "Terraform" })])`,
            message: "Both groups must be in the VPC and carry the four tags.",
          },
        ],
      },
      {
        // Applied, with the provider mocked: only then the ids of the groups are known.
        name: "each_requirement_has_its_rules",
        command: "apply",
        assert: [
          rule("pods_egress_https_all", "open HTTPS to the internet (RQ1)", {
            ...half("egress", pods, anywhere),
            ...ports(443),
          }),
          rule("pods_egress_http_all", "open HTTP to the internet (RQ1)", {
            ...half("egress", pods, anywhere),
            ...ports(80),
          }),
          rule("pods_ingress_all_tcp_from_ingress_security_group", "admit the ingress nodes (RQ2)", {
            ...half("ingress", pods, INGRESS_GROUP),
            ...ports(0, 65535),
          }),
          rule("pods_egress_to_rds", "let the pods out to the database (RQ3)", {
            ...half("egress", pods, rds),
            ...ports(3306),
          }),
          rule("rds_ingress_from_pods", "admit the pods to the database (RQ3)", {
            ...half("ingress", rds, pods),
            ...ports(3306),
            description: '"Ingress: Allow access from orders-for-pods."',
          }),
          rule("rds_ingress_to_self", "admit the database's group to itself", {
            type: '"ingress"',
            security_group_id: rds,
            self: "true",
            ...ports(3306),
          }),
          rule("pods_egress_dns_tcp_to_worker_security_group", "let DNS over TCP out (RQ4)", {
            ...half("egress", pods, WORKER_GROUP),
            ...ports(53),
          }),
          rule("pods_egress_dns_udp_to_worker_security_group", "let DNS over UDP out (RQ4)", {
            ...half("egress", pods, WORKER_GROUP),
            ...ports(53, 53, "udp"),
          }),
          rule("worker_ingress_dns_tcp_from_pods_security_group", "admit DNS over TCP (RQ4)", {
            ...half("ingress", WORKER_GROUP, pods),
            ...ports(53),
          }),
          rule("worker_ingress_dns_udp_from_pods_security_group", "admit DNS over UDP (RQ4)", {
            ...half("ingress", WORKER_GROUP, pods),
            ...ports(53, 53, "udp"),
          }),
          rule("pods_ingress_all_tcp_from_worker_security_group", "admit the kubelet's probes (RQ5)", {
            ...half("ingress", pods, WORKER_GROUP),
            ...ports(0, 65535),
          }),
          {
            condition: `output.pods_security_group_id == "${PODS}" && output.rds_security_group_id == "${RDS}" && output.pods_security_group_name == "orders-for-pods"`,
            message: "The outputs must be those of the groups.",
          },
        ],
      },
      ...tagRuns({
        groups: { "aws_security_group.rds": "orders", "aws_security_group.pods": "orders-for-pods" },
        form: "classic",
        rules: [],
        prefix: "",
      }),
      {
        name: "what_existed_before_keeps_its_tags_descriptions_and_name",
        command: "plan",
        variables: {
          own_tags: { Team: "a" },
          tags: { CostCenter: "4711" },
          descriptions: {
            rds: "As it was",
            pods: "As they were",
            pods_egress_https_all: "Of old & good",
            pods_egress_http_all: "",
          },
          pods_group_name: "legacy-pods",
          pods_own_tags: { Team: "b" },
        },
        assert: [
          ...Object.entries({
            rds: { name: "orders", description: "As it was", team: "a" },
            pods: { name: "legacy-pods", description: "As they were", team: "b" },
          }).map(([group, { name, description, team }]) => ({
            condition: argumentsAre(`aws_security_group.${group}`, {
              name: quoted(name),
              description: quoted(description),
              tags: `tomap({ Team = "${team}", CostCenter = "4711" })`,
            }),
            message: `The group ${group} must have the name, the description and the tags that are given.`,
          })),
          rule("pods_egress_https_all", "have the description that is given", {
            description: quoted("Of old & good"),
          }),
          {
            condition: isNull("aws_security_group_rule.pods_egress_http_all.description"),
            message: "pods_egress_http_all must have no description.",
          },
        ],
      },
    ],
  },
};
