import type { Cases } from "../support/case";
import { A, GROUPS, PRIVATE, rule } from "../support/rules";

const RULE = "aws_security_group_rule.x";
const all = (protocol: string | number, from: number, to = from) => ({
  ...GROUPS,
  [RULE]: rule("ingress", A, PRIVATE, protocol, from, to),
});

export const cases: Cases = [
  {
    what: "a range",
    resources: all("all", 9100, 9200),
    found: [[RULE, "warning"]],
    says: 'aws_security_group_rule.x opens all traffic although it names ports 9100-9200 (protocol given: "all"). Set the protocol to tcp or udp; if everything is intended, set both ports to 0.',
  },
  { what: "one port", resources: all(-1, 443), found: [[RULE, "warning"]] },
  { what: "nothing", resources: all("-1", 0) },
  { what: "every port", resources: all("-1", 0, 65535) },
  { what: "AWS's own spelling", resources: all("-1", -1) },
  { what: "ports of TCP", resources: all("tcp", 9100, 9200) },
];
