import type { Cases } from "../support/case";
import { PODS } from "../support/pods";
import { A, B, GROUPS, PRIVATE, rule, WORLD } from "../support/rules";

export const cases: Cases = [
  {
    what: "everything",
    resources: { ...PODS, "aws_security_group_rule.x": rule("egress", A, WORLD, "-1") },
    found: [["aws_security_group_rule.x", "warning"]],
    says: "aws_security_group_rule.x lets aws_security_group.a send all traffic to 0.0.0.0/0. Allow only the ports that are needed, such as TCP 443.",
  },
  {
    what: "everything, of a group on nothing, beside pods with groups",
    resources: { ...PODS, "aws_security_group_rule.x": rule("egress", B, WORLD, "-1") },
    found: [["aws_security_group_rule.x", "warning"]],
  },
  {
    what: "everything, of a group on nothing, without pods",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("egress", A, WORLD, "-1") },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "everything, of a group that is called after nodes",
    resources: {
      ...PODS,
      "aws_security_group.n": { name: "shop-nodes" },
      "aws_security_group_rule.x": rule("egress", "${aws_security_group.n.id}", WORLD, "-1"),
    },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "everything, of what answers",
    resources: {
      ...PODS,
      "aws_vpc_endpoint.e": { security_group_ids: [B] },
      "aws_security_group_rule.x": rule("egress", B, WORLD, "-1"),
    },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "everything, of nodes",
    resources: {
      ...GROUPS,
      "aws_launch_template.t": { vpc_security_group_ids: [A] },
      "aws_security_group_rule.x": rule("egress", A, WORLD, "tcp", 0, 65535),
    },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "everything, of a load balancer that an Ingress makes",
    resources: {
      ...GROUPS,
      "kubernetes_ingress_v1.i": {
        metadata: [{ annotations: { "alb.ingress.kubernetes.io/security-groups": A } }],
      },
      "aws_security_group_rule.x": rule("egress", A, WORLD, "-1"),
    },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "stated ports",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("egress", A, WORLD, "tcp", 80, 443) },
  },
  {
    what: "everything, to a private range",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("egress", A, PRIVATE, "-1") },
  },
  {
    what: "everything, as a flow says",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("egress", A, WORLD, "-1"),
      "aws_security_group_rule.y": rule("ingress", B, { cidr_blocks: ["10.0.0.0/8"] }, "-1"),
    },
    flows: {
      out: {
        from: { name: "a", groups: ["aws_security_group.a"] },
        to: { name: "partners", cidrs: ["198.51.100.0/24"] },
        traffic: [{ protocol: "all" }],
      },
    },
  },
];
