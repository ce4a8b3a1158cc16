import type { Cases } from "../support/case";
import { A, PRIVATE, rule } from "../support/rules";

const INLINE = {
  "aws_security_group.a": { ingress: [{ protocol: "tcp", from_port: 80, to_port: 80, ...PRIVATE }] },
};

export const cases: Cases = [
  {
    what: "blocks and a separate rule of one direction",
    resources: { ...INLINE, "aws_security_group_rule.x": rule("ingress", A, PRIVATE) },
    found: [["aws_security_group.a", "error"]],
    says: "aws_security_group.a owns all of its ingress rules, but separate resources add others (aws_security_group_rule.x): each apply undoes the other. Move its ingress blocks to separate resources, or these resources into the group.",
  },
  {
    what: "a default group with a separate rule",
    resources: {
      "aws_default_security_group.d": {},
      "aws_security_group_rule.x": rule("ingress", "${aws_default_security_group.d.id}", PRIVATE),
    },
    found: [["aws_default_security_group.d", "error"]],
  },
  {
    what: "an empty list of blocks and a separate rule",
    resources: {
      "aws_security_group.a": { ingress: [] },
      "aws_security_group_rule.x": rule("ingress", A, PRIVATE),
    },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "an empty list of blocks and a separate rule of the other direction",
    resources: {
      "aws_security_group.a": { ingress: [] },
      "aws_security_group_rule.x": rule("egress", A, PRIVATE),
    },
  },
  {
    what: "blocks and a separate rule of the other direction",
    resources: { ...INLINE, "aws_security_group_rule.x": rule("egress", A, PRIVATE) },
  },
  {
    what: "a state, whose groups repeat rules",
    kind: "state",
    resources: { ...INLINE, "aws_security_group_rule.x": rule("ingress", A, PRIVATE) },
  },
];
