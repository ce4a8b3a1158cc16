import type { Construct } from "constructs";
import { ModuleStack } from "../../synth/module-stack";
import { expression } from "../../synth/text";
import { moduleOf } from "../module";
import { CLUSTER_GROUPS, clusterAccessLocals } from "../shared/cluster-access/rules";
import { type RuleFormOptions, ruleFormOf } from "../shared/rule-form";
import { addSecurityGroupRules, expressions } from "../shared/rules-as-resources";
import { addSecurityGroup, addTagLocals } from "../shared/security-group";
import { type PodGroupOutput, type PodGroupVariables, podGroup } from "./contract";
import { rules } from "./rules";
import { tests } from "./tests";
import { ON_BASELINE, variable } from "./variables";

/** A workload's pod group with the rules that its pods need of their cluster. */
export class PodGroupStack extends ModuleStack<PodGroupVariables, PodGroupOutput> {
  constructor(scope: Construct, id: string, options?: RuleFormOptions) {
    const form = ruleFormOf(options);
    super(scope, id, { ...podGroup, tests: tests(form) });
    const { vpc_id } = this.variables;
    addTagLocals(this);
    const pods = addSecurityGroup(this, "pods", {
      name: `\${${variable("name")}}-for-pods`,
      givenName: variable("group_name"),
      vpcId: vpc_id.stringValue,
    });
    for (const [local, map] of Object.entries(clusterAccessLocals(ON_BASELINE))) {
      this.addLocal(local, expression(map));
    }
    addSecurityGroupRules(this, rules("${aws_security_group.pods.name}"), {
      ids: { pods: pods.id, ...expressions(CLUSTER_GROUPS) },
      form,
      prefix: `\${${variable("name")}}`,
    });
    this.addOutputs({
      pods_security_group_arn: pods.arn,
      pods_security_group_id: pods.id,
      pods_security_group_name: pods.name,
    });
  }
}

export const podGroupModule = moduleOf(podGroup, {
  summary: "a workload's pod security group, with the rules for DNS, probes, ingress and the internet",
  stack: (options) => (app, id) => new PodGroupStack(app, id, options),
});
