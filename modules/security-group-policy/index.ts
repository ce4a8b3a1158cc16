import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { any, group, isNull } from "../../expression/conditions";
import { ModuleStack } from "../../synth/module-stack";
import { expression } from "../../synth/text";
import { moduleOf } from "../module";
import {
  type SecurityGroupPolicyOutput,
  type SecurityGroupPolicyVariables,
  securityGroupPolicy,
} from "./contract";
import { CHECK_JOBS } from "./jobs";
import { POLICY, SELECTORS } from "./policy";
import { CHECK_LABELS, PRECONDITIONS } from "./preconditions";
import { variable } from "./variables";

/** A SecurityGroupPolicy, and the Jobs that show that it works. */
export class SecurityGroupPolicyStack extends ModuleStack<
  SecurityGroupPolicyVariables,
  SecurityGroupPolicyOutput
> {
  constructor(scope: Construct, id: string) {
    super(scope, id, securityGroupPolicy);
    const { name, namespace } = this.variables;
    this.addLocal("selectors", expression(SELECTORS));
    const policy = this.addLocal("policy", POLICY);
    this.addLocal("check_labels", expression(CHECK_LABELS));
    for (const [local, job] of Object.entries(CHECK_JOBS)) this.addLocal(local, job);

    const resource = new Manifest(this, "security_group_policy", {
      manifest: Token.asAnyMap(policy.expression),
    });
    // Not as an option: cdktf takes a number or an attribute of its own.
    resource.addOverride("count", `\${${variable("create")} ? 1 : 0}`);

    const jobs = Object.keys(CHECK_JOBS).map((job) => `yamlencode(local.${job})`);
    this.addOutputs({
      manifest_yaml: expression("yamlencode(local.policy)"),
      check_manifests_yaml: expression(
        `${isNull(variable("check"))} ? null : join("---\\n", [${jobs.join(", ")}])`,
      ),
      name: name.stringValue,
      namespace: namespace.stringValue,
    });
    // The YAML is checked where no resource does it.
    this.addOverride(
      "output.manifest_yaml.precondition",
      PRECONDITIONS.map(({ condition, message }) => ({
        condition: `\${${any(variable("create"), group(condition))}}`,
        error_message: message,
      })),
    );
  }
}

export const securityGroupPolicyModule = moduleOf(securityGroupPolicy, {
  summary: "binds pods to groups, and shows in the cluster that it works",
  stack: () => (app, id) => new SecurityGroupPolicyStack(app, id),
});
