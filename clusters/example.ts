import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";
import { eksClusterRole } from "../modules/eks-cluster-role/contract";
import { rdsMysql } from "../modules/rds-mysql/contract";
import { securityGroupPolicy } from "../modules/security-group-policy/contract";
import { vpcCni } from "../modules/vpc-cni/contract";
import { vpcCniAddon } from "../modules/vpc-cni-addon/contract";
import { ModuleCall } from "../synth/module-call";
import { RootStack, type RootStackOptions } from "../synth/root-stack";

export interface ExampleAwsOptions extends RootStackOptions {
  /** Whether the cluster's CNI is the managed EKS add-on, run from here. */
  readonly cni?: "addon";
}

export interface ExampleKubernetesOptions extends RootStackOptions {
  /** The root of the first stage, whose pods' group the policy gives. */
  readonly aws: string;
  /**
   * How the cluster's CNI is run. Default: `kubernetes_env`, the article's patch of its DaemonSet, from here.
   * `addon`: from the first stage. `external`: by others, in the mode of `externalCni` (default: strict).
   */
  readonly cni?: "kubernetes_env" | "addon" | "external";
}

/** The first stage of a cluster: what needs AWS alone. Its variables are those of the modules, and `region`. */
export class ExampleAws extends RootStack {
  constructor(scope: Construct, id: string, { cni, ...options }: ExampleAwsOptions = {}) {
    super(scope, id, options);
    const region = this.addVariable("region", {
      type: "string",
      description: "AWS region of the cluster.",
      example: "eu-west-1",
    });
    new AwsProvider(this, "aws", { region: region.stringValue });

    const role = new ModuleCall(
      this,
      "eks_cluster_role",
      eksClusterRole,
      this.addVariablesOf(eksClusterRole),
    );
    const tags = this.addVariable("tags", {
      ...rdsMysql.variables.tags,
      description: "Additional tags of every resource that has tags.",
      validations: [],
    }).value;
    if (cni === "addon") {
      // Without the role's policy, the nodes get no trunk interface.
      const addon = { ...this.addVariablesOf(vpcCniAddon, "tags"), tags };
      new ModuleCall(this, "vpc_cni_addon", vpcCniAddon, addon, { dependsOn: [role] });
    }
    const rds = new ModuleCall(this, "rds_mysql", rdsMysql, {
      ...this.addVariablesOf(rdsMysql, "tags"),
      tags,
    });
    this.addOutputsOf(rds);
  }
}

/**
 * The second stage: what needs the cluster's API, which remote runners often cannot reach. The id of the pods' group
 * comes from the state of the first. Without a kubeconfig in its variables the provider reads its usual environment
 * (`KUBE_CONFIG_PATH`, or `KUBE_HOST` and `KUBE_TOKEN`).
 */
export class ExampleKubernetes extends RootStack {
  constructor(
    scope: Construct,
    id: string,
    { aws, cni = "kubernetes_env", ...options }: ExampleKubernetesOptions,
  ) {
    super(scope, id, {
      ...options,
      ...(cni === "external" && { externalCni: options.externalCni ?? "strict" }),
    });
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

    if (cni === "kubernetes_env") new ModuleCall(this, "vpc_cni", vpcCni, this.addVariablesOf(vpcCni));
    const policy = new ModuleCall(this, "security_group_policy", securityGroupPolicy, {
      ...this.addVariablesOf(securityGroupPolicy, "security_group_ids"),
      security_group_ids: [this.remoteState(aws).output("pods_security_group_id")],
    });
    this.addOutputsOf(policy);
  }
}
