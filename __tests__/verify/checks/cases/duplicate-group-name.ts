import type { Cases } from "../support/case";

const named = (name: string, vpc_id = "${var.vpc}") => ({ name, vpc_id });

export const cases: Cases = [
  {
    what: "two calls with one name",
    resources: {
      "module.a.aws_security_group.x": named("orders"),
      "module.b.aws_security_group.x": named("orders"),
    },
    found: [["module.b.aws_security_group.x", "error"]],
    says: 'module.b.aws_security_group.x has the same name, "orders", as module.a.aws_security_group.x, in the same VPC: AWS rejects the second. Give each its own name.',
  },
  {
    what: "one name that is not known",
    resources: { "aws_security_group.x": named("${var.name}"), "aws_security_group.y": named("${var.name}") },
    found: [["aws_security_group.y", "error"]],
  },
  {
    what: "one name in the default VPC",
    resources: {
      "aws_security_group.x": { name: "orders" },
      "aws_security_group.y": { name: "orders", vpc_id: null },
    },
    found: [["aws_security_group.y", "error"]],
  },
  {
    what: "one name in the default VPC and in another one",
    resources: {
      "aws_security_group.x": { name: "orders" },
      "aws_security_group.y": named("orders", "vpc-2"),
    },
  },
  {
    what: "names that are null",
    resources: { "aws_security_group.x": { name: null }, "aws_security_group.y": { name: null } },
  },
  {
    what: "one name in two VPCs",
    resources: { "aws_security_group.x": named("orders"), "aws_security_group.y": named("orders", "vpc-2") },
  },
  {
    what: "two names, one of them not known",
    resources: { "aws_security_group.x": named("orders"), "aws_security_group.y": named("${var.name}") },
  },
  {
    what: "names that Terraform makes",
    resources: { "aws_security_group.x": {}, "aws_security_group.y": {} },
  },
];
