import { join } from "node:path";
import { ExampleAws, ExampleKubernetes } from "./clusters/example";
import { EksClusterRole } from "./modules/eks-cluster-role";
import { RdsMysql } from "./modules/rds-mysql";
import { SecurityGroupPolicy } from "./modules/security-group-policy";
import { VpcCni } from "./modules/vpc-cni";
import { run } from "./terraform/run";
import type { Stacks } from "./terraform/synthesize";

/** Every stack of this project, by the name of its folder in `cdktf.out/stacks`. */
const stacks: Stacks = {
  "eks-cluster-role": (app, id) => new EksClusterRole(app, id),
  "rds-mysql": (app, id) => new RdsMysql(app, id),
  "security-group-policy": (app, id) => new SecurityGroupPolicy(app, id),
  "vpc-cni": (app, id) => new VpcCni(app, id),
  "example-aws": (app, id) => new ExampleAws(app, id),
  "example-kubernetes": (app, id) => new ExampleKubernetes(app, id, { dependsOn: ["example-aws"] }),
};

run(stacks, join(__dirname, "cdktf.out"));
