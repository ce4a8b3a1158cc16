import type { Case, Cases } from "../support/case";
import { A, B, GROUPS, rule } from "../support/rules";

const aToB = (from: number, to: number): NonNullable<Case["flows"]> => ({
  F1: {
    from: { name: "a", groups: ["aws_security_group.a"] },
    to: { name: "b", groups: ["aws_security_group.b"] },
    traffic: [{ protocol: "tcp", ports: { from, to } }],
  },
});
const HALVES = {
  ...GROUPS,
  "aws_security_group_rule.out": rule("egress", A, B, "tcp", 3306),
  "aws_security_group_rule.in": rule("ingress", B, A, "tcp", 3000, 4000),
};

export const cases: Cases = [
  {
    what: "a range for one port",
    resources: HALVES,
    flows: aToB(3306, 3306),
    found: [["aws_security_group_rule.in", "information"]],
    says: "aws_security_group_rule.in admits TCP 3000-4000; the flows that it carries (F1) need TCP 3306. Narrow it to that.",
  },
  {
    what: "a rule that carries no flow",
    resources: {
      ...HALVES,
      "aws_security_group_rule.in": rule("ingress", B, A, "tcp", 3306),
      "aws_security_group_rule.x": rule("ingress", B, B, "-1"),
    },
    flows: aToB(3306, 3306),
  },
  { what: "no flows", resources: HALVES },
];
