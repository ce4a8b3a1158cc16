import { join } from "node:path";
import { ExampleAws, ExampleKubernetes } from "./clusters/example";
import { moduleStacks } from "./modules";
import { run } from "./synth/run";
import type { Stacks } from "./synth/synthesize";

/** Every stack of this project, by the name of its folder in `cdktf.out/stacks`. */
const stacks: Stacks = {
  ...moduleStacks([
    // The article's
    "eks-cluster-role",
    "rds-mysql",
    "vpc-cni",
    // What workloads are composed of
    "pod-group",
    "pod-baseline",
    "pod-to-pod",
    "mysql",
    "rds-postgres",
    "elasticache-redis",
    "tcp-service",
    // What binds pods to groups, and the other way to run the CNI
    "security-group-policy",
    "vpc-cni-addon",
  ]),
  "example-aws": (app, id) => new ExampleAws(app, id),
  "example-kubernetes": (app, id) => new ExampleKubernetes(app, id, { aws: "example-aws" }),
};

run(stacks, join(__dirname, "cdktf.out"));
