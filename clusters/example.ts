import { DataAwsEksCluster } from "@cdktf/provider-aws/lib/data-aws-eks-cluster";
import { DataAwsEksClusterAuth } from "@cdktf/provider-aws/lib/data-aws-eks-cluster-auth";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KubernetesProvider, type KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import { Fn } from "cdktf";
import type { Construct } from "constructs";
import { given, InputError } from "../io/errors";
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
  /**
   * How Terraform logs in to the cluster's API. Default: `kubeconfig`, by a file on the machine that runs Terraform.
   * `token` and `exec` need no file: the address comes from AWS, by the name of the cluster, and the token either from
   * the AWS provider (`token`, which is valid for 15 minutes from the plan or apply that asked for it) or from the AWS
   * CLI at each request (`exec`, where the CLI is installed).
   */
  readonly access?: Access | undefined;
}

const ACCESSES = ["kubeconfig", "token", "exec"] as const;
type Access = (typeof ACCESSES)[number];

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
      // Its groups are new: what is for groups that existed before is left out.
      ...this.addVariablesOf(
        rdsMysql,
        "tags",
        "own_tags",
        "descriptions",
        "pods_group_name",
        "pods_own_tags",
      ),
      tags,
    });
    this.addOutputsOf(rds);
  }
}

/**
 * The second stage: what needs the cluster's API, which remote runners often cannot reach. The id of the pods' group
 * comes from the state of the first. Without a kubeconfig in its variables the provider reads its usual environment
 * (`KUBE_CONFIG_PATH`, or `KUBE_HOST` and `KUBE_TOKEN`).
 *
 * @throws InputError for an unknown `access`
 */
export class ExampleKubernetes extends RootStack {
  constructor(
    scope: Construct,
    id: string,
    { aws, cni = "kubernetes_env", access = "kubeconfig", ...options }: ExampleKubernetesOptions,
  ) {
    if (!ACCESSES.includes(access)) {
      throw new InputError([`access: must be "kubeconfig", "token" or "exec" (${given(access)})`]);
    }
    super(scope, id, {
      ...options,
      ...(cni === "external" && { externalCni: options.externalCni ?? "strict" }),
    });
    const login = access === "kubeconfig" ? this.kubeconfigLogin() : this.eksLogin(access);
    new KubernetesProvider(this, "kubernetes", login);

    if (cni === "kubernetes_env") new ModuleCall(this, "vpc_cni", vpcCni, this.addVariablesOf(vpcCni));
    const policy = new ModuleCall(this, "security_group_policy", securityGroupPolicy, {
      ...this.addVariablesOf(securityGroupPolicy, "security_group_ids"),
      security_group_ids: [this.remoteState(aws).output("pods_security_group_id")],
    });
    this.addOutputsOf(policy);
  }

  /** By a kubeconfig of the machine that runs Terraform. */
  private kubeconfigLogin(): KubernetesProviderConfig {
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
    return { configPath: path.stringValue, configContext: context.stringValue };
  }

  /**
   * By the name of the cluster, with AWS credentials alone. Their identity needs `eks:DescribeCluster`, and an access
   * entry of the cluster: https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
   */
  private eksLogin(access: "token" | "exec"): KubernetesProviderConfig {
    const region = this.addVariable("region", {
      type: "string",
      description: "AWS region of the cluster.",
      example: "eu-west-1",
    }).stringValue;
    const name = this.addVariable("cluster_name", {
      type: "string",
      description: "Name of the EKS cluster.",
      example: "shop",
    }).stringValue;
    new AwsProvider(this, "aws", { region });
    const cluster = new DataAwsEksCluster(this, "cluster", { name });
    const server = {
      host: cluster.endpoint,
      clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority.get(0).data),
    };
    if (access === "token") {
      return { ...server, token: new DataAwsEksClusterAuth(this, "token", { name }).token };
    }
    const args = ["eks", "get-token", "--cluster-name", name, "--region", region];
    return {
      ...server,
      exec: [{ apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args }],
    };
  }
}
