import { SecurityGroupRule } from "@cdktf/provider-aws/lib/security-group-rule";
import type { Construct } from "constructs";
import type { Rule } from "../network/rules";

/**
 * Adds rules as `aws_security_group_rule` resources, the article's form.
 *
 * @param rules by the names of their resources
 * @param ids the ids of the groups that the rules speak of
 */
export function addSecurityGroupRules<Group extends string>(
  scope: Construct,
  rules: Readonly<Record<string, Rule<Group>>>,
  ids: Readonly<Record<Group, string>>,
): void {
  for (const [name, { group, direction, peer, protocol, ports, description }] of Object.entries(rules)) {
    new SecurityGroupRule(scope, name, {
      type: direction,
      securityGroupId: ids[group],
      protocol,
      fromPort: ports.from,
      toPort: ports.to,
      description,
      ...("group" in peer && { sourceSecurityGroupId: ids[peer.group] }),
      ...("self" in peer && { selfAttribute: true }),
      ...("cidrs" in peer && { cidrBlocks: [...peer.cidrs] }),
    });
  }
}
