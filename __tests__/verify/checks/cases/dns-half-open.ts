import type { Cases } from "../support/case";
import { A, B, dns, GROUPS, PRIVATE, rule, WORKER } from "../support/rules";

export const cases: Cases = [
  {
    what: "UDP only",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.out": dns("egress", A, B, "udp"),
      "aws_security_group_rule.in": dns("ingress", B, A, "udp"),
    },
    found: [["aws_security_group_rule.out", "warning"]],
    says: "DNS from aws_security_group.a to aws_security_group.b works only over UDP: add egress TCP 53 to aws_security_group.b on aws_security_group.a, ingress TCP 53 from aws_security_group.a on aws_security_group.b.",
  },
  {
    what: "TCP only",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.out": dns("egress", A, B, "tcp"),
      "aws_security_group_rule.in": dns("ingress", B, A, "tcp"),
    },
    found: [["aws_security_group_rule.out", "error"]],
  },
  {
    what: "TCP only, of an appliance",
    resources: {
      ...GROUPS,
      "aws_instance.appliance": { vpc_security_group_ids: [A] },
      "aws_security_group_rule.out": dns("egress", A, B, "tcp"),
      "aws_security_group_rule.in": dns("ingress", B, A, "tcp"),
    },
    found: [["aws_security_group_rule.out", "warning"]],
  },
  {
    what: "one side only",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.t": dns("egress", A, B, "tcp"),
      "aws_security_group_rule.u": dns("egress", A, B, "udp"),
    },
    found: [["aws_security_group_rule.t", "error"]],
  },
  {
    what: "the foreign side has UDP only",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.t": dns("egress", A, WORKER, "tcp"),
      "aws_security_group_rule.u": dns("egress", A, WORKER, "udp"),
      "aws_security_group_rule.in": dns("ingress", WORKER, A, "udp"),
    },
    found: [["aws_security_group_rule.t", "warning"]],
  },
  {
    what: "UDP only, to addresses",
    resources: { ...GROUPS, "aws_security_group_rule.u": dns("egress", A, PRIVATE, "udp") },
    found: [["aws_security_group_rule.u", "warning"]],
  },
  {
    what: "both protocols on both sides, one half as a wide rule",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.t": dns("egress", A, B, "tcp"),
      "aws_security_group_rule.u": dns("egress", A, B, "udp"),
      "aws_security_group_rule.in": rule("ingress", B, PRIVATE, "-1"),
    },
  },
  {
    what: "both protocols, and nothing of the foreign side in the input",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.t": dns("egress", A, WORKER, "tcp"),
      "aws_security_group_rule.u": dns("egress", A, WORKER, "udp"),
    },
  },
  {
    what: "a rule that is not for DNS",
    resources: { ...GROUPS, "aws_security_group_rule.t": rule("egress", A, PRIVATE, "udp", 50, 60) },
  },
];
