import type { Cases } from "../support/case";
import { A, B, GROUPS, PRIVATE, rule } from "../support/rules";

const RULE = "aws_security_group_rule.x";

export const cases: Cases = [
  {
    what: "TCP",
    resources: { ...GROUPS, [RULE]: rule("ingress", A, B, "tcp", 0) },
    found: [[RULE, "warning"]],
    says: "aws_security_group_rule.x allows only TCP 0, on which nothing listens. For every TCP port, set from_port = 0 and to_port = 65535, or better the ports that are needed; for all traffic, set the protocol to -1.",
  },
  {
    what: "UDP, in a block",
    resources: {
      "aws_security_group.c": { egress: [{ protocol: "17", from_port: 0, to_port: 0, ...PRIVATE }] },
    },
    found: [["aws_security_group.c.egress[0]", "warning"]],
  },
  {
    what: "everything",
    resources: { ...GROUPS, [RULE]: rule("ingress", A, PRIVATE, "-1", 0) },
  },
  { what: "all of TCP", resources: { ...GROUPS, [RULE]: rule("ingress", A, B, "tcp", 0, 65535) } },
  { what: "a type of ICMP", resources: { ...GROUPS, [RULE]: rule("ingress", A, PRIVATE, "icmp", 0) } },
];
