import type { Construct } from "constructs";
import { ModuleStack } from "../../synth/module-stack";
import { expression } from "../../synth/text";
import { moduleOf } from "../module";
import { CLUSTER_GROUPS, clusterAccessLocals, clusterAccessRules } from "../shared/cluster-access/rules";
import { type RuleFormOptions, ruleFormOf } from "../shared/rule-form";
import { addSecurityGroupRules, expressions } from "../shared/rules-as-resources";
import { addSecurityGroup, addTagLocals } from "../shared/security-group";
import { type PodBaselineOutput, type PodBaselineVariables, podBaseline } from "./contract";
import { tests } from "./tests";
import { variable } from "./variables";

/** The group that all pods with groups of their own carry besides. */
export class PodBaselineStack extends ModuleStack<PodBaselineVariables, PodBaselineOutput> {
  constructor(scope: Construct, id: string, options?: RuleFormOptions) {
    const form = ruleFormOf(options);
    super(scope, id, { ...podBaseline, tests: tests(form) });
    const { vpc_id } = this.variables;
    addTagLocals(this);
    const baseline = addSecurityGroup(this, "baseline", {
      // The cluster's name last: it may start with sg-, and a group's must not.
      name: `pod-baseline-\${${variable("cluster_name")}}`,
      givenName: variable("group_name"),
      vpcId: vpc_id.stringValue,
      // Shared: the load balancer controller adds its rules to the group, and does not delete it.
      further: { [`kubernetes.io/cluster/\${${variable("cluster_name")}}`]: "shared" },
    });
    for (const [local, map] of Object.entries(clusterAccessLocals())) this.addLocal(local, expression(map));
    addSecurityGroupRules(this, clusterAccessRules("baseline", "${aws_security_group.baseline.name}"), {
      ids: { baseline: baseline.id, ...expressions(CLUSTER_GROUPS) },
      form,
      prefix: `\${${variable("cluster_name")}}`,
    });
    this.addOutputs({
      baseline_security_group_arn: baseline.arn,
      baseline_security_group_id: baseline.id,
      baseline_security_group_name: baseline.name,
    });
  }
}

export const podBaselineModule = moduleOf(podBaseline, {
  summary: "these rules once for all workloads of a cluster",
  stack: (options) => (app, id) => new PodBaselineStack(app, id, options),
});
