import { SecurityGroupRule } from "@cdktf/provider-aws/lib/security-group-rule";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { ref, Token } from "cdktf";
import type { Construct } from "constructs";
import type { Peer, Rule, Rules } from "../../network/rules";
import { expression } from "../../synth/text";
import { descriptionOf, ruleKey } from "./existing";
import type { RuleForm } from "./rule-form";
import { ruleTags } from "./security-group";

/** Ids of groups that Terraform expressions give. */
export function expressions<Group extends string>(
  codes: Readonly<Record<Group, string>>,
): Record<Group, string> {
  return Object.fromEntries(
    Object.entries<string>(codes).map(([group, code]) => [group, expression(code)]),
  ) as Record<Group, string>;
}

interface RuleContext<Group extends string> {
  /** The ids of the groups that the rules speak of. */
  readonly ids: Readonly<Record<Group, string>>;
  readonly form: RuleForm;
  /** What the tags `Name` of rules start with. The classic form has none. */
  readonly prefix: string;
}

/** Adds rules as resources with their names. */
export function addSecurityGroupRules<Group extends string>(
  scope: Construct,
  rules: Rules<Group>,
  context: RuleContext<Group>,
): void {
  const add = context.form === "classic" ? addClassic : addPerRule;
  for (const [name, rule] of Object.entries<Rule<Group>>(rules)) {
    const resource = add(scope, name, rule, context);
    if (rule.forEach !== undefined) resource.addOverride("for_each", `\${${rule.forEach}}`);
  }
}

function addClassic<Group extends string>(
  scope: Construct,
  name: string,
  rule: Rule<Group>,
  { ids }: RuleContext<Group>,
): SecurityGroupRule {
  return new SecurityGroupRule(scope, name, {
    type: rule.direction,
    securityGroupId: ids[rule.group],
    protocol: protocolOf(rule),
    fromPort: number(rule.ports.from),
    toPort: number(rule.ports.to),
    description: described(name, rule),
    ...classicPeer(rule.peer, ids),
  });
}

function classicPeer<Group extends string>(peer: Peer<Group>, ids: Readonly<Record<Group, string>>) {
  if ("group" in peer) return { sourceSecurityGroupId: ids[peer.group] };
  if ("self" in peer) return { selfAttribute: true };
  if ("cidr" in peer) return { cidrBlocks: [peer.cidr] };
  const list = (attribute: string) => {
    const value = `${peer.expression}.${attribute}`;
    return Token.asList(ref(`${value} == null ? null : [${value}]`));
  };
  return {
    cidrBlocks: list("cidr_ipv4"),
    ipv6CidrBlocks: list("cidr_ipv6"),
    prefixListIds: list("prefix_list_id"),
    sourceSecurityGroupId: expression(`${peer.expression}.security_group_id`),
  };
}

function addPerRule<Group extends string>(
  scope: Construct,
  name: string,
  rule: Rule<Group>,
  { ids, prefix }: RuleContext<Group>,
): VpcSecurityGroupIngressRule | VpcSecurityGroupEgressRule {
  const key = ruleKey(name, rule.forEach);
  const Resource = rule.direction === "ingress" ? VpcSecurityGroupIngressRule : VpcSecurityGroupEgressRule;
  return new Resource(scope, name, {
    securityGroupId: ids[rule.group],
    ipProtocol: protocolOf(rule),
    fromPort: number(rule.ports.from),
    toPort: number(rule.ports.to),
    description: described(name, rule),
    tags: ruleTags(key, `${prefix}-${key}`),
    ...perRulePeer(rule, ids),
  });
}

function perRulePeer<Group extends string>(
  { group, peer }: Rule<Group>,
  ids: Readonly<Record<Group, string>>,
) {
  if ("group" in peer) return { referencedSecurityGroupId: ids[peer.group] };
  if ("self" in peer) return { referencedSecurityGroupId: ids[group] };
  if ("cidr" in peer) return { cidrIpv4: peer.cidr };
  const value = (attribute: string) => expression(`${peer.expression}.${attribute}`);
  return {
    cidrIpv4: value("cidr_ipv4"),
    cidrIpv6: value("cidr_ipv6"),
    prefixListId: value("prefix_list_id"),
    referencedSecurityGroupId: value("security_group_id"),
  };
}

function described(name: string, { description, forEach }: Rule<string>): string {
  return expression(descriptionOf(ruleKey(name, forEach), description));
}

function protocolOf({ protocol }: Pick<Rule<string>, "protocol">): string {
  return typeof protocol === "string" ? protocol : expression(protocol.expression);
}

function number(value: number | string): number {
  return typeof value === "number" ? value : Token.asNumber(ref(value));
}
