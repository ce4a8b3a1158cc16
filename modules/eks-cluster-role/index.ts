import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { TerraformIterator } from "cdktf";
import type { Construct } from "constructs";
import { ModuleStack } from "../../synth/module-stack";
import { expression } from "../../synth/text";
import { moduleOf } from "../module";
import { type EksClusterRoleVariables, eksClusterRole, variable } from "./contract";

/** The policies of the cluster's IAM role, one attachment for each, with the article's address. */
export class EksClusterRoleStack extends ModuleStack<EksClusterRoleVariables, never> {
  constructor(scope: Construct, id: string) {
    super(scope, id, eksClusterRole);
    const { cluster_role_name } = this.variables;

    // The article's order. AmazonEKSVPCResourceController is the one that security groups for pods need.
    const arn = (policy: string) => `"arn:\${${variable("partition")}}:iam::aws:policy/${policy}"`;
    const policies = this.addLocal(
      "cluster_policies",
      expression(
        `concat([${arn("AmazonEKSClusterPolicy")}], ${variable("attach_service_policy")} ? [${arn("AmazonEKSServicePolicy")}] : [], [${arn("AmazonEKSVPCResourceController")}])`,
      ),
    );

    const each = TerraformIterator.fromList(policies.asList);
    new IamRolePolicyAttachment(this, "k8s_master_attach", {
      forEach: each,
      role: cluster_role_name.stringValue,
      policyArn: each.value,
    });
  }
}

export const eksClusterRoleModule = moduleOf(eksClusterRole, {
  summary: "the policies of the cluster's IAM role",
  stack: () => (app, id) => new EksClusterRoleStack(app, id),
});
