import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";
import { eksClusterRole } from "../modules/eks-cluster-role/contract";
import { rdsMysql } from "../modules/rds-mysql/contract";
import { vpcCni } from "../modules/vpc-cni/contract";
import { ModuleCall } from "../terraform/module-call";
import { RootStack, type RootStackOptions } from "../terraform/root-stack";

/** The first stage of a cluster: what needs AWS alone. Its variables are those of the modules, and `region`. */
export class ExampleAws extends RootStack {
  constructor(scope: Construct, id: string, options?: RootStackOptions) {
    super(scope, id, options);
    const region = this.addVariable("region", {
      type: "string",
      description: "AWS region of the cluster.",
      example: "eu-west-1",
    });
    new AwsProvider(this, "aws", { region: region.stringValue });

    new ModuleCall(this, "eks_cluster_role", eksClusterRole, this.addVariablesOf(eksClusterRole));
    const rds = new ModuleCall(this, "rds_mysql", rdsMysql, this.addVariablesOf(rdsMysql));
    this.addOutputsOf(rds);
  }
}

/**
 * The second stage: what needs the cluster's API, which remote runners often cannot reach. Without variables
 * the provider reads its usual environment (`KUBE_CONFIG_PATH`, or `KUBE_HOST` and `KUBE_TOKEN`).
 */
export class ExampleKubernetes extends RootStack {
  constructor(scope: Construct, id: string, options?: RootStackOptions) {
    super(scope, id, options);
    const path = this.addVariable("kubeconfig_path", {
      type: "string",
      description: "Path of the kubeconfig file. Left out: the environment's, such as KUBE_CONFIG_PATH.",
      default: null,
      example: null,
    });
    const context = this.addVariable("kubeconfig_context", {
      type: "string",
      description: "Context in the kubeconfig file. Left out: its current one.",
      default: null,
      example: null,
    });
    new KubernetesProvider(this, "kubernetes", {
      configPath: path.stringValue,
      configContext: context.stringValue,
    });

    new ModuleCall(this, "vpc_cni", vpcCni, {});
  }
}
