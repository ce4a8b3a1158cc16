import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { PodBaseline, RootStack, type Stacks, Workload } from "eks-pod-security-groups";

const place = { vpcId: "vpc-0a1b2c3d4e5f60000", platform: "shop" };

/** Workloads that share what every pod needs from the cluster, and add only their own rules. */
class Shop extends RootStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-west-1" });

    const baseline = new PodBaseline(this, "baseline", {
      ...place,
      clusterName: "shop",
      securityGroups: { k8sWorker: "sg-0a1b2c3d4e5f60001", k8sIngress: "sg-0a1b2c3d4e5f60002" },
      probePorts: { http: 8080 },
      ingressPorts: { http: 8080 },
      internetProtocols: ["https"],
    });
    const orders = new Workload(this, "orders", {
      ...place,
      baseline,
      services: { postgres: { module: "rds-postgres" }, events: { module: "msk", ports: { iam: 9098 } } },
    });
    const payments = new Workload(this, "payments", {
      ...place,
      baseline,
      selfPorts: { gossip: 7946 },
      egressTargets: { bank: { cidrIpv4: "203.0.113.0/24", ports: 8443 } },
    });
    const reports = new Workload(this, "reports", { ...place, baseline });

    // Each adds the egress rule on the first and the ingress rule on the second.
    orders.connectTo(payments, { ports: { http: 8080 } });
    reports.connectTo(orders, { ports: { grpc: "9000-9010" } });

    for (const workload of [orders, payments, reports]) {
      this.addOutput(workload.workloadName, workload.securityGroupIds, "For the SecurityGroupPolicy.");
    }
  }
}

/** The roots by their names. The modules that they call are added. */
export const stacks: Stacks = { shop: Shop };
