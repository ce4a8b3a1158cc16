import { Env } from "@cdktf/provider-kubernetes/lib/env";
import { TerraformIterator, Token } from "cdktf";
import type { Construct } from "constructs";
import { ModuleStack } from "../../synth/module-stack";
import { expression } from "../../synth/text";
import { moduleOf } from "../module";
import { type VpcCniVariables, vpcCni } from "./contract";
import { AWS_NODE_SETTINGS, TCP_EARLY_DEMUX } from "./options";

const DAEMON_SET = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "aws-node", namespace: "kube-system" },
  // The variables stand in AWS's manifest already, owned by whoever applied it.
  force: true,
};

/** The CNI's settings as patches of its DaemonSet. */
export class VpcCniStack extends ModuleStack<VpcCniVariables, never> {
  constructor(scope: Construct, id: string) {
    super(scope, id, vpcCni);
    // One field manager for each: with a shared one, server-side apply takes each patch for the whole and
    // erases the others' variables.
    new Env(this, "aws_node", {
      ...DAEMON_SET,
      container: "aws-node",
      env: [{ name: "ENABLE_POD_ENI", value: "true" }],
      fieldManager: "terraform-aws-node-enable-pod-eni",
    });
    new Env(this, "aws_vpc_cni_init", {
      ...DAEMON_SET,
      initContainer: "aws-vpc-cni-init",
      env: [{ name: "DISABLE_TCP_EARLY_DEMUX", value: expression(TCP_EARLY_DEMUX) }],
      fieldManager: "terraform-aws-vpc-cni-init-disable-tcp-early-demux",
    });

    const further = this.addLocal("aws_node_settings", expression(AWS_NODE_SETTINGS));
    const settings = TerraformIterator.fromMap(Token.asStringMap(further.expression));
    new Env(this, "aws_node_settings", {
      ...DAEMON_SET,
      forEach: settings,
      container: "aws-node",
      env: [{ name: settings.key, value: settings.value }],
      fieldManager: `terraform-aws-node-${settings.key}`,
    });
    const initSettings = TerraformIterator.fromMap(Token.asStringMap(this.variables.init_env.value));
    new Env(this, "aws_vpc_cni_init_settings", {
      ...DAEMON_SET,
      forEach: initSettings,
      initContainer: "aws-vpc-cni-init",
      env: [{ name: initSettings.key, value: initSettings.value }],
      fieldManager: `terraform-aws-vpc-cni-init-${initSettings.key}`,
    });
  }
}

export const vpcCniModule = moduleOf(vpcCni, {
  summary: "the settings of a self-managed Amazon VPC CNI",
  stack: () => (app, id) => new VpcCniStack(app, id),
});
