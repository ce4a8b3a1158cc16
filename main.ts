import { join } from "node:path";
import { ExampleAws, ExampleKubernetes } from "./clusters/example";
import { DataServiceStack } from "./modules/data-service";
import { EksClusterRole } from "./modules/eks-cluster-role";
import { PodBaseline } from "./modules/pod-baseline";
import { PodGroup } from "./modules/pod-group";
import { PodToPod } from "./modules/pod-to-pod";
import { RdsMysql } from "./modules/rds-mysql";
import { SecurityGroupPolicy } from "./modules/security-group-policy";
import { VpcCni } from "./modules/vpc-cni";
import { VpcCniAddon } from "./modules/vpc-cni-addon";
import { run } from "./terraform/run";
import type { Stacks } from "./terraform/synthesize";

/** Every stack of this project, by the name of its folder in `cdktf.out/stacks`. */
const stacks: Stacks = {
  "eks-cluster-role": (app, id) => new EksClusterRole(app, id),
  "elasticache-redis": (app, id) => new DataServiceStack(app, id, "elasticache-redis"),
  mysql: (app, id) => new DataServiceStack(app, id, "mysql"),
  "pod-baseline": (app, id) => new PodBaseline(app, id),
  "pod-group": (app, id) => new PodGroup(app, id),
  "pod-to-pod": (app, id) => new PodToPod(app, id),
  "rds-mysql": (app, id) => new RdsMysql(app, id),
  "rds-postgres": (app, id) => new DataServiceStack(app, id, "rds-postgres"),
  "security-group-policy": (app, id) => new SecurityGroupPolicy(app, id),
  "tcp-service": (app, id) => new DataServiceStack(app, id, "tcp-service"),
  "vpc-cni": (app, id) => new VpcCni(app, id),
  "vpc-cni-addon": (app, id) => new VpcCniAddon(app, id),
  "example-aws": (app, id) => new ExampleAws(app, id),
  "example-kubernetes": (app, id) => new ExampleKubernetes(app, id, { dependsOn: ["example-aws"] }),
};

run(stacks, join(__dirname, "cdktf.out"));
