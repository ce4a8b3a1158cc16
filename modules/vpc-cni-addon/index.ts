import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import { ref, Token } from "cdktf";
import type { Construct } from "constructs";
import { ModuleStack } from "../../synth/module-stack";
import { expression } from "../../synth/text";
import { moduleOf } from "../module";
import { AWS_NODE_SETTINGS, TCP_EARLY_DEMUX } from "../vpc-cni/options";
import { type VpcCniAddonOutput, type VpcCniAddonVariables, variable, vpcCniAddon } from "./contract";

/** The CNI's settings as the configuration of the managed add-on, every value of which is text. */
export class VpcCniAddonStack extends ModuleStack<VpcCniAddonVariables, VpcCniAddonOutput> {
  constructor(scope: Construct, id: string) {
    super(scope, id, vpcCniAddon);
    const { variables } = this;
    this.addLocal("aws_node_settings", expression(AWS_NODE_SETTINGS));
    this.addLocal("configuration", {
      env: expression('merge({ ENABLE_POD_ENI = "true" }, local.aws_node_settings)'),
      init: {
        env: expression(`merge({ DISABLE_TCP_EARLY_DEMUX = ${TCP_EARLY_DEMUX} }, ${variable("init_env")})`),
      },
    });

    const addon = new EksAddon(this, "vpc_cni", {
      clusterName: variables.cluster_name.stringValue,
      addonName: "vpc-cni",
      addonVersion: variables.addon_version.stringValue,
      configurationValues: expression("jsonencode(local.configuration)"),
      resolveConflictsOnCreate: variables.resolve_conflicts_on_create.stringValue,
      resolveConflictsOnUpdate: variables.resolve_conflicts_on_update.stringValue,
      preserve: variables.preserve.booleanValue,
      serviceAccountRoleArn: variables.service_account_role_arn.stringValue,
      tags: Token.asStringMap(ref(variable("tags"))),
    });
    this.addOutputs({
      addon_arn: addon.arn,
      addon_version: addon.addonVersion,
      configuration_values: addon.configurationValues,
    });
  }
}

export const vpcCniAddonModule = moduleOf(vpcCniAddon, {
  summary: "the same settings, for the managed EKS add-on. Use one or the other, never both",
  stack: () => (app, id) => new VpcCniAddonStack(app, id),
});
