import type { Cases } from "../support/case";
import { A, B, GROUPS, PRIVATE, rule } from "../support/rules";

export const cases: Cases = [
  {
    what: "ports within a range",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 443),
      "aws_security_group_rule.wide": rule("ingress", A, B, "tcp", 0, 65535),
    },
    found: [["aws_security_group_rule.x", "information"]],
    says: "aws_security_group_rule.x (ingress TCP 443 from aws_security_group.b) changes nothing: aws_security_group_rule.wide already allows all TCP from aws_security_group.b. It can be removed.",
  },
  {
    what: "addresses within others",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, { cidr_blocks: ["10.1.0.0/16", "10.2.0.0/16"] }),
      "aws_security_group_rule.wide": rule("ingress", A, PRIVATE, "-1"),
    },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "addresses within others in part",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, { cidr_blocks: ["10.1.0.0/16", "11.2.0.0/16"] }),
      "aws_security_group_rule.wide": rule("ingress", A, PRIVATE, "-1"),
    },
  },
  {
    what: "another family, direction or group",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, { ipv6_cidr_blocks: ["2001:db8::/32"] }),
      "aws_security_group_rule.a": rule("ingress", A, PRIVATE, "-1"),
      "aws_security_group_rule.b": rule("egress", A, { ipv6_cidr_blocks: ["2000::/3"] }, "-1"),
      "aws_security_group_rule.c": rule("ingress", B, { ipv6_cidr_blocks: ["2000::/3"] }, "-1"),
    },
  },
  {
    what: "a wider rule that may not exist",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 443),
      "aws_security_group_rule.wide": { ...rule("ingress", A, B, "tcp", 0, 65535), type: "${var.type}" },
    },
  },
];
