import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SecurityGroupRule } from "@cdktf/provider-aws/lib/security-group-rule";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { ref, Token } from "cdktf";
import type { Construct } from "constructs";
import { DIRECTIONS } from "../../network/rules";
import { ModuleStack } from "../../synth/module-stack";
import { expression } from "../../synth/text";
import { moduleOf } from "../module";
import { type SecurityGroupOutput, type SecurityGroupVariables, securityGroup } from "./contract";
import { PEER_LISTS, PEERS, variable } from "./variables";

/** Any group with its rules, in each of the three forms. */
export class SecurityGroupStack extends ModuleStack<SecurityGroupVariables, SecurityGroupOutput> {
  constructor(scope: Construct, id: string) {
    super(scope, id, securityGroup);
    const { name, description, vpc_id, tags, revoke_rules_on_delete } = this.variables;
    const group = new SecurityGroup(this, "this", {
      name: name.stringValue,
      description: description.stringValue,
      vpcId: vpc_id.stringValue,
      tags: Token.asStringMap(tags.value),
      revokeRulesOnDelete: revoke_rules_on_delete.booleanValue,
    });
    // Attributes that hold blocks: of null, as if they were not given.
    for (const direction of DIRECTIONS)
      group.addOverride(direction, `\${${variable(`inline_${direction}`)}}`);

    const owner = Token.asString(ref(`coalesce(each.value.security_group_id, ${group.fqn}.id)`));
    for (const [Resource, rules] of [
      [VpcSecurityGroupIngressRule, variable("ingress")],
      [VpcSecurityGroupEgressRule, variable("egress")],
    ] as const) {
      const rule = new Resource(this, rules.replace(/.*\./, ""), {
        securityGroupId: owner,
        ipProtocol: expression("each.value.ip_protocol"),
      });
      this.each(rule, rules, ["from_port", "to_port", ...PEERS, "description", "tags"]);
    }
    const classic = new SecurityGroupRule(this, "classic", {
      securityGroupId: owner,
      type: expression("each.value.type"),
      protocol: expression("each.value.protocol"),
      fromPort: Token.asNumber(ref("each.value.from_port")),
      toPort: Token.asNumber(ref("each.value.to_port")),
    });
    this.each(classic, variable("classic_rules"), [
      ...PEER_LISTS,
      "source_security_group_id",
      "self",
      "description",
    ]);

    this.addOutputs({
      security_group_arn: group.arn,
      security_group_id: group.id,
      security_group_name: group.name,
    });
  }

  /** One resource for each rule of a map, with arguments that each may have. */
  private each(
    resource: { addOverride(path: string, value: unknown): void },
    map: string,
    names: readonly string[],
  ): void {
    resource.addOverride("for_each", `\${${map}}`);
    for (const name of names) resource.addOverride(name, `\${each.value.${name}}`);
  }
}

export const securityGroupModule = moduleOf(securityGroup, {
  summary: "any security group as it is, with its rules in whichever form they have",
  stack: () => (app, id) => new SecurityGroupStack(app, id),
});
