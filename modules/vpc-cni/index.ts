import { Env } from "@cdktf/provider-kubernetes/lib/env";
import type { Construct } from "constructs";
import { ModuleStack } from "../../terraform/module-stack";
import { vpcCni } from "./contract";

const DAEMON_SET = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "aws-node", namespace: "kube-system" },
  // The variables stand in AWS's manifest already, owned by whoever applied it.
  force: true,
};

/** The CNI's settings as patches of its DaemonSet. */
export class VpcCni extends ModuleStack<object, never> {
  constructor(scope: Construct, id: string) {
    super(scope, id, vpcCni);
    // One field manager for each: with a shared one, server-side apply takes each patch for the whole and
    // erases the other's variable.
    new Env(this, "aws_node", {
      ...DAEMON_SET,
      container: "aws-node",
      env: [{ name: "ENABLE_POD_ENI", value: "true" }],
      fieldManager: "terraform-aws-node-enable-pod-eni",
    });
    new Env(this, "aws_vpc_cni_init", {
      ...DAEMON_SET,
      initContainer: "aws-vpc-cni-init",
      env: [{ name: "DISABLE_TCP_EARLY_DEMUX", value: "true" }],
      fieldManager: "terraform-aws-vpc-cni-init-disable-tcp-early-demux",
    });
  }
}
