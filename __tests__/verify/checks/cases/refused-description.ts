import type { Cases } from "../support/case";
import { A, GROUPS, PRIVATE, rule } from "../support/rules";

export const cases: Cases = [
  {
    what: "of a group, too long",
    resources: { "aws_security_group.a": { description: "x".repeat(256) } },
    found: [["aws_security_group.a", "error"]],
    says: "AWS rejects aws_security_group.a: the description has 256 characters (at most 255). Use at most 255 characters of a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*.",
  },
  {
    what: "of a rule, with an apostrophe",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": { ...rule("ingress", A, PRIVATE), description: "Bob's rule" },
    },
    found: [["aws_security_group_rule.x", "error"]],
  },
  {
    what: "a name like an id",
    resources: { "aws_security_group.a": { name: "sg-orders" } },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "all that is allowed",
    resources: {
      "aws_security_group.a": { name: "orders", description: `${"x".repeat(230)} ._-:/()#,@[]+=&;{}!$*` },
    },
  },
  { what: "that is not known", resources: { "aws_security_group.a": { description: "${var.d}" } } },
];
