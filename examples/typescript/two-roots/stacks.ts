import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";
import {
  EksClusterRole,
  RootStack,
  SecurityGroupPolicy,
  type Stacks,
  VpcCniAddon,
  Workload,
} from "eks-pod-security-groups";

/** What needs only AWS: the cluster role, the CNI, the security groups of a workload. */
class ShopAws extends RootStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-west-1" });

    const role = new EksClusterRole(this, "eks_cluster_role", { clusterRoleName: "shop-cluster" });
    // Without the role's policy, the nodes get no trunk interface.
    new VpcCniAddon(this, "vpc_cni_addon", {
      clusterName: "shop",
      enforcingMode: "standard",
      dependsOn: [role],
    });
    const orders = new Workload(this, "orders", {
      vpcId: "vpc-0a1b2c3d4e5f60000",
      securityGroups: { k8sWorker: "sg-0a1b2c3d4e5f60001", k8sIngress: "sg-0a1b2c3d4e5f60002" },
      platform: "shop",
      services: { mysql: { module: "mysql" } },
    });

    this.addOutput("orders_pods_security_group_id", orders.podsSecurityGroupId, "For the other root.");
    this.addOutput("orders_mysql", orders.serviceSecurityGroupId("mysql"), "For the DB instance.");
  }
}

/** What needs the cluster's API. The provider reads KUBE_CONFIG_PATH, or KUBE_HOST and KUBE_TOKEN. */
class ShopKubernetes extends RootStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new KubernetesProvider(this, "kubernetes", {});

    // An output that shop-aws does not have fails in synthesis.
    const aws = this.remoteState("shop-aws");
    const policy = new SecurityGroupPolicy(this, "orders_policy", {
      name: "orders",
      namespace: "shop",
      podSelector: { matchLabels: { app: "orders" } },
      securityGroupIds: [aws.output("orders_pods_security_group_id")],
      check: { host: "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com", port: 3306 },
    });
    this.addOutput("check_manifests_yaml", policy.checkManifestsYaml, "Two Jobs for kubectl.");
  }
}

/** The roots by their names, in the order of their deployment. The modules that they call are added. */
export const stacks: Stacks = { "shop-aws": ShopAws, "shop-kubernetes": ShopKubernetes };
