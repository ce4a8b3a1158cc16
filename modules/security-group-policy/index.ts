import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { Token } from "cdktf";
import type { Construct } from "constructs";
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

/** A SecurityGroupPolicy, and the Jobs that show that it works. */
export class SecurityGroupPolicy extends ModuleStack<
  SecurityGroupPolicyVariables,
  SecurityGroupPolicyOutput
> {
  constructor(scope: Construct, id: string) {
    super(scope, id, securityGroupPolicy);
    this.addLocal("selectors", expression(SELECTORS));
    const policy = this.addLocal("policy", POLICY);
    this.addLocal("check_labels", expression(CHECK_LABELS));
    for (const [name, job] of Object.entries(CHECK_JOBS)) this.addLocal(name, job);

    const resource = new Manifest(this, "security_group_policy", {
      manifest: Token.asAnyMap(policy.expression),
    });
    // Not as an option: cdktf takes a number or an attribute of its own.
    resource.addOverride("count", "${var.create ? 1 : 0}");

    const jobs = Object.keys(CHECK_JOBS).map((name) => `yamlencode(local.${name})`);
    this.addOutputs({
      manifest_yaml: expression("yamlencode(local.policy)"),
      check_manifests_yaml: expression(`var.check == null ? null : join("---\\n", [${jobs.join(", ")}])`),
      name: expression("var.name"),
      namespace: expression("var.namespace"),
    });
    // The YAML is checked where no resource does it.
    this.addOverride(
      "output.manifest_yaml.precondition",
      PRECONDITIONS.map(({ condition, message }) => ({
        condition: `\${var.create || (${condition})}`,
        error_message: message,
      })),
    );
  }
}

export const securityGroupPolicyModule = moduleOf(securityGroupPolicy, {
  summary: "binds pods to groups, and shows that it works",
  stack: () => (app, id) => new SecurityGroupPolicy(app, id),
});
