/**
 * The types of resources that are a security group: one of its own, and the default group of a VPC. See
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/default_security_group.
 */
const SECURITY_GROUP_TYPES: readonly string[] = ["aws_security_group", "aws_default_security_group"];

/** The types of resources that are a rule of a security group. */
const RULE_TYPES: readonly string[] = [
  "aws_security_group_rule",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
];

export function isRuleType(type: string): boolean {
  return RULE_TYPES.includes(type);
}

export function isSecurityGroupType(type: string): boolean {
  return SECURITY_GROUP_TYPES.includes(type);
}
