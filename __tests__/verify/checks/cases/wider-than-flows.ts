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
    says: "aws_security_group_rule.in allows TCP 3000-4000; the flows that it carries (F1) need TCP 3306. Narrow it to that.",
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
  {
    what: "a group with a rule of which no flow says what it is for",
    resources: { ...HALVES, "aws_security_group_rule.metrics": rule("ingress", B, A, "tcp", 9090) },
    flows: aToB(3306, 3306),
  },
  {
    what: "the egress of nodes, which pull images, too",
    resources: {
      ...HALVES,
      "aws_launch_template.nodes": { vpc_security_group_ids: [A] },
      "aws_eks_node_group.nodes": { launch_template: [{ id: "${aws_launch_template.nodes.id}" }] },
      "aws_security_group_rule.out": rule("egress", A, B, "-1"),
      "aws_security_group_rule.in": rule("ingress", B, A, "tcp", 3306),
    },
    flows: aToB(3306, 3306),
  },
  {
    what: "addresses of which the flow is about some",
    resources: {
      ...HALVES,
      "aws_security_group_rule.in": rule("ingress", B, { cidr_blocks: ["10.0.0.0/8"] }, "tcp", 3000, 4000),
    },
    flows: {
      F1: {
        from: { name: "a", groups: ["aws_security_group.a"], cidrs: ["10.1.0.0/16"] },
        to: { name: "b", groups: ["aws_security_group.b"] },
        traffic: [{ protocol: "tcp", ports: { from: 3306, to: 3306 } }],
      },
    },
  },
  { what: "no flows", resources: HALVES },
];
