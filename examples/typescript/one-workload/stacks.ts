import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { RootStack, type Stacks, Workload } from "eks-pod-security-groups";

/** One workload on the article's options: DNS and probes by the worker nodes, all of the internet over HTTP(S). */
class Shop extends RootStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-west-1" });

    const orders = new Workload(this, "orders", {
      // Your cluster's: the VPC, and the security groups of its worker nodes and of its load balancer.
      vpcId: "vpc-0a1b2c3d4e5f60000",
      securityGroups: { k8sWorker: "sg-0a1b2c3d4e5f60001", k8sIngress: "sg-0a1b2c3d4e5f60002" },
      platform: "shop",
      services: {
        mysql: { module: "mysql" },
        redis: { module: "elasticache-redis" },
      },
    });

    this.addOutput("pods", orders.podsSecurityGroupId, "For the SecurityGroupPolicy.");
    this.addOutput("mysql", orders.serviceSecurityGroupId("mysql"), "For the DB instance.");
    this.addOutput("redis", orders.serviceSecurityGroupId("redis"), "For the replication group.");
  }
}

/** The roots by their names. The modules that they call are added. */
export const stacks: Stacks = { shop: Shop };
