import type { Cases } from "../support/case";
import { A, B, GROUPS, PRIVATE, rule, WORKER } from "../support/rules";

const SELF = { self: true };

export const cases: Cases = [
  {
    what: "to itself, without egress",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", A, SELF) },
    found: [["aws_security_group_rule.x", "warning"]],
    says: "aws_security_group_rule.x carries no traffic, because aws_security_group.a has no egress at all (Terraform removes the egress that AWS gives to a new group), so TCP 443 from aws_security_group.a is dropped: give aws_security_group.a an egress rule for TCP 443 to aws_security_group.a. If the traffic is not wanted, remove aws_security_group_rule.x.",
  },
  {
    what: "whose other half is for another port",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 3306),
      "aws_security_group_rule.y": rule("egress", B, A, "tcp", 3307),
    },
    found: [
      ["aws_security_group_rule.x", "warning"],
      ["aws_security_group_rule.y", "warning"],
    ],
  },
  {
    what: "on a foreign group, from a declared one without egress",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", WORKER, A) },
    found: [["aws_security_group_rule.x", "warning"]],
  },
  {
    what: "with both halves",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 3306),
      "aws_security_group_rule.y": rule("egress", B, A, "tcp", 3300, 3310),
    },
  },
  {
    what: "whose other half is for addresses",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B),
      "aws_security_group_rule.y": rule("egress", B, PRIVATE),
    },
  },
  {
    what: "whose other half is on another group of the interface",
    resources: {
      "aws_security_group.c": {},
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B),
      "aws_security_group_rule.y": rule("egress", "${aws_security_group.c.id}", A),
      "aws_instance.i": { vpc_security_group_ids: [B, "${aws_security_group.c.id}"] },
    },
  },
  {
    what: "whose other half is for another group that an unread module is given as well",
    resources: {
      "aws_security_group.c": {},
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 8080),
      "aws_security_group_rule.y": rule("egress", B, "${aws_security_group.c.id}", "-1"),
    },
    passed: { "module.service": { security_groups: [A, "${aws_security_group.c.id}"] } },
  },
  {
    what: "beside an unread module that is given another group",
    resources: {
      "aws_security_group.c": {},
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 8080),
      "aws_security_group_rule.y": rule("egress", B, "${aws_security_group.c.id}", "-1"),
    },
    passed: { "module.service": { security_groups: ["${aws_security_group.c.id}"] } },
    found: [["aws_security_group_rule.x", "warning"]],
  },
  {
    what: "of a group that nodes may carry by a list that is not known",
    resources: {
      ...GROUPS,
      "aws_launch_template.n": {
        vpc_security_group_ids: "${((length(local.interfaces) > 0) ? [] : local.security_group_ids)}",
      },
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 8080),
    },
  },
  {
    what: "for one of the peers of a block alone",
    resources: {
      "aws_security_group.a": {
        ingress: [
          {
            protocol: "tcp",
            from_port: 8080,
            to_port: 8080,
            security_groups: [B, "${aws_security_group.c.id}", WORKER],
          },
        ],
      },
      "aws_security_group.b": {
        egress: [{ protocol: "tcp", from_port: 8080, to_port: 8080, security_groups: [A] }],
      },
      "aws_security_group.c": {},
    },
    found: [["aws_security_group.a.ingress[0]", "warning"]],
    says: "aws_security_group.a.ingress[0] carries no traffic for aws_security_group.c, because aws_security_group.c has no egress at all (Terraform removes the egress that AWS gives to a new group), so TCP 8080 from aws_security_group.c is dropped: give aws_security_group.c an egress rule for TCP 8080 to aws_security_group.a. If the traffic is not wanted, remove aws_security_group.c from aws_security_group.a.ingress[0] and keep its other peers.",
  },
  {
    what: "whose other half is for another group of this interface",
    resources: {
      "aws_security_group.c": {},
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B),
      "aws_security_group_rule.y": rule("egress", B, "${aws_security_group.c.id}"),
    },
    flows: {
      f: {
        from: { name: "b", groups: ["aws_security_group.b"] },
        to: { name: "both", groups: ["aws_security_group.a", "aws_security_group.c"] },
        traffic: [],
      },
    },
  },
  {
    what: "whose peer is a foreign group",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", A, WORKER) },
  },
  {
    what: "whose other half may be a rule of a group that is not known",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B),
      "aws_security_group_rule.y": rule("egress", "${(var.a ? var.b : var.c)}", A),
    },
  },
  {
    what: "from the control plane, on which EKS's own group is, too",
    resources: {
      ...GROUPS,
      "aws_eks_cluster.c": { vpc_config: [{ security_group_ids: [B] }] },
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 10250),
    },
  },
  {
    what: "to EKS's own group, by another name",
    resources: {
      ...GROUPS,
      "aws_eks_cluster.c": { name: "shop" },
      "data.aws_security_group.own": { tags: { "aws:eks:cluster-name": "shop" } },
      "aws_security_group_rule.x": rule("ingress", A, "${data.aws_security_group.own.id}"),
      "aws_security_group_rule.y": rule("egress", A, "${data.aws_security_group.own.id}"),
    },
  },
  {
    what: "whose ports are not known",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": { ...rule("ingress", A, B), from_port: "${var.port}" },
    },
  },
];
