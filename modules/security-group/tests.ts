import { all, equals, isNull, quoted } from "../../expression/conditions";
import type { ModuleTest } from "../../synth/contract";
import { EXAMPLE } from "../shared/ids";
import { argumentsAre, outputsAre } from "../shared/rule-assertions";

const ADDRESS = "aws_security_group.this";
const OWN = EXAMPLE.pods;
const OTHER = EXAMPLE.other;

/** The resources of rules, by their names. */
const RULES = {
  classic: "aws_security_group_rule.classic",
  egress: "aws_vpc_security_group_egress_rule.egress",
  ingress: "aws_vpc_security_group_ingress_rule.ingress",
};

/** How many rules there are of each resource. */
const countsAre = (ingress: number, egress: number, classic: number) =>
  all(
    equals(`length(${RULES.ingress})`, String(ingress)),
    equals(`length(${RULES.egress})`, String(egress)),
    equals(`length(${RULES.classic})`, String(classic)),
  );

/** What a caller relies on: the group and the rules are as they are given, and nothing else is there. */
export const tests: Record<string, ModuleTest> = {
  plan: {
    resources: { [ADDRESS]: { id: OWN } },
    runs: [
      {
        name: "the_group_has_what_is_given_and_no_rules",
        command: "apply",
        assert: [
          {
            condition: argumentsAre(ADDRESS, {
              name: quoted("orders"),
              description: quoted("Default security group for orders."),
              vpc_id: quoted(EXAMPLE.vpc),
            }),
            message: "The group must have the name, the description and the VPC that are given.",
          },
          { condition: countsAre(0, 0, 0), message: "There must be no rules." },
          {
            condition: outputsAre("security_group", { address: ADDRESS, id: OWN, name: "orders" }),
            message: "The outputs must be those of the group.",
          },
        ],
      },
      {
        name: "tags_are_those_that_are_given",
        command: "plan",
        variables: { tags: { Team: "orders" } },
        assert: [
          {
            condition: equals(`${ADDRESS}.tags`, 'tomap({ Team = "orders" })'),
            message: "The group must have the tags that are given, and no others.",
          },
        ],
      },
      {
        name: "a_rule_of_its_own_resource_is_on_the_group_unless_it_names_another",
        command: "apply",
        variables: {
          ingress: {
            web: {
              ip_protocol: "tcp",
              from_port: 80,
              to_port: 81,
              referenced_security_group_id: OTHER,
              tags: { Team: "orders" },
            },
          },
          egress: { all: { ip_protocol: "-1", cidr_ipv6: "::/0", security_group_id: OTHER } },
        },
        assert: [
          { condition: countsAre(1, 1, 0), message: "There must be one rule of each direction." },
          {
            condition: argumentsAre('aws_vpc_security_group_ingress_rule.ingress["web"]', {
              security_group_id: quoted(OWN),
              ip_protocol: quoted("tcp"),
              from_port: "80",
              to_port: "81",
              referenced_security_group_id: quoted(OTHER),
              tags: 'tomap({ Team = "orders" })',
            }),
            message: "The ingress rule must be on the group, as it is given.",
          },
          {
            condition: all(
              argumentsAre('aws_vpc_security_group_egress_rule.egress["all"]', {
                security_group_id: quoted(OTHER),
                ip_protocol: quoted("-1"),
                cidr_ipv6: quoted("::/0"),
              }),
              isNull('aws_vpc_security_group_egress_rule.egress["all"].from_port'),
            ),
            message: "The egress rule must be on the group that it names, without ports.",
          },
        ],
      },
      {
        name: "each_rule_that_is_given_is_created",
        command: "plan",
        variables: {
          ingress: { web: { ip_protocol: "tcp", from_port: 80, to_port: 80, cidr_ipv4: "10.0.0.0/16" } },
          egress: { all: { ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0" } },
          classic_rules: {
            own: { type: "ingress", protocol: "tcp", from_port: 53, to_port: 53, self: true },
          },
        },
        assert: Object.entries(RULES).map(([name, address]) => ({
          condition: equals(`length(${address})`, "1"),
          message: `Each of ${name} must be created.`,
        })),
      },
      {
        name: "a_classic_rule_is_on_the_group_unless_it_names_another",
        command: "apply",
        variables: {
          classic_rules: {
            web: {
              type: "ingress",
              protocol: "tcp",
              from_port: 80,
              to_port: 81,
              cidr_blocks: ["10.0.0.0/16", "10.1.0.0/16"],
              description: "Web",
            },
            own: {
              type: "egress",
              protocol: "udp",
              from_port: 53,
              to_port: 53,
              self: true,
              security_group_id: OTHER,
            },
          },
        },
        assert: [
          { condition: countsAre(0, 0, 2), message: "There must be both rules in the classic form." },
          {
            condition: argumentsAre('aws_security_group_rule.classic["web"]', {
              security_group_id: quoted(OWN),
              type: quoted("ingress"),
              protocol: quoted("tcp"),
              from_port: "80",
              to_port: "81",
              cidr_blocks: 'tolist(["10.0.0.0/16", "10.1.0.0/16"])',
              description: quoted("Web"),
            }),
            message: "The rule must be on the group, with its addresses in their order.",
          },
          {
            condition: argumentsAre('aws_security_group_rule.classic["own"]', {
              security_group_id: quoted(OTHER),
              type: quoted("egress"),
              self: "true",
            }),
            message: "The rule must be on the group that it names.",
          },
        ],
      },
      {
        name: "blocks_of_the_group_are_those_that_are_given",
        command: "plan",
        variables: {
          inline_ingress: [{ protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.0.0.0/16"] }],
        },
        assert: [
          {
            condition: equals(
              `[for rule in ${ADDRESS}.ingress : rule.cidr_blocks]`,
              '[tolist(["10.0.0.0/16"])]',
            ),
            message: "The group must have the block that is given.",
          },
          { condition: countsAre(0, 0, 0), message: "There must be no rules besides." },
        ],
      },
    ],
  },
};
