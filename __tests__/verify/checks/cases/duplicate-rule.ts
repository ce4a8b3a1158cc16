import type { Cases } from "../support/case";
import { A, B, GROUPS, INGRESS, rule, WORKER } from "../support/rules";

export const cases: Cases = [
  {
    what: "another spelling in another form",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule(
        "ingress",
        A,
        { cidr_blocks: ["10.0.0.0/8", "192.168.0.0/16"] },
        "TCP",
        443,
      ),
      "aws_vpc_security_group_ingress_rule.y": {
        security_group_id: A,
        ip_protocol: 6,
        from_port: "443",
        to_port: 443,
        cidr_ipv4: "192.168.7.7/16",
        description: "Another.",
      },
    },
    found: [["aws_vpc_security_group_ingress_rule.y", "error"]],
    says: "aws_vpc_security_group_ingress_rule.y is the same rule as aws_security_group_rule.x: ingress TCP 443 from 192.168.0.0/16 on aws_security_group.a. AWS rejects the second one during apply, whatever its description. Remove aws_vpc_security_group_ingress_rule.y: aws_security_group_rule.x also has other peers.",
  },
  {
    what: "worker and ingress are the same group",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.i": rule("ingress", A, "sg-0a1b"),
      "aws_security_group_rule.w": rule("ingress", A, "sg-0a1b"),
    },
    found: [["aws_security_group_rule.w", "error"]],
  },
  {
    what: "one of several peers of both",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, { cidr_blocks: ["10.0.0.0/16", "10.1.0.0/16"] }),
      "aws_security_group_rule.y": rule("ingress", A, { cidr_blocks: ["10.1.0.0/16", "10.2.0.0/16"] }),
    },
    found: [["aws_security_group_rule.y", "error"]],
    says: "aws_security_group_rule.y is the same rule as aws_security_group_rule.x: ingress TCP 443 from 10.1.0.0/16 on aws_security_group.a. AWS rejects the second one during apply, whatever its description. Remove 10.1.0.0/16 from one of the two and keep their other peers.",
  },
  {
    what: "IPv6 in capitals",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("egress", A, { ipv6_cidr_blocks: ["2001:DB8::/32"] }),
      "aws_security_group_rule.y": rule("egress", A, { ipv6_cidr_blocks: ["2001:db8:0::/32"] }),
    },
    found: [["aws_security_group_rule.y", "error"]],
  },
  {
    what: "another direction, port, group or peer",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.a": rule("ingress", A, B),
      "aws_security_group_rule.b": rule("egress", A, B),
      "aws_security_group_rule.c": rule("ingress", B, A),
      "aws_security_group_rule.d": rule("ingress", A, B, "tcp", 444),
      "aws_security_group_rule.e": rule("ingress", A, B, "udp"),
    },
  },
  {
    what: "two groups that may be one",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.i": rule("ingress", A, WORKER),
      "aws_security_group_rule.w": rule("ingress", A, INGRESS),
    },
  },
];
