import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { awsStage } from "./stage";
import { Terraform, workFolder } from "./terraform";

export interface Cluster {
  /** The root that made it, to destroy it with. */
  readonly prerequisites: Terraform;
  /** Values for a call of `rds-mysql` in the cluster's VPC. */
  readonly workload: (name: string) => Record<string, unknown>;
  /** A file with the values of the roots `example-aws` and `example-kubernetes`. */
  readonly file: string;
}

/** Applies, in a root of its own, what a cluster has before: a VPC, the two groups and the role. */
export function cluster(): Cluster {
  const folder = workFolder();
  const fixture = join(awsStage().copy, "__tests__/e2e/fixtures/article/prerequisites.tf");
  cpSync(fixture, join(folder, "prerequisites.tf"));
  const output = {
    vpc: { value: "${aws_vpc.cluster.id}" },
    worker: { value: "${aws_security_group.worker.id}" },
    ingress: { value: "${aws_security_group.ingress.id}" },
    role: { value: "${aws_iam_role.cluster.name}" },
  };
  writeFileSync(join(folder, "outputs.tf.json"), JSON.stringify({ output }));
  const prerequisites = new Terraform(folder).init();
  prerequisites.apply();

  const { vpc, worker, ingress, role } = prerequisites.outputs();
  const workload = (name: string) => ({
    name,
    platform: "shop",
    vpc_id: vpc,
    security_groups: { k8s_worker: worker, k8s_ingress: ingress },
  });
  const file = join(folder, "values.tfvars.json");
  const pods = { namespace: "default", pod_selector: { match_labels: { app: "orders" } } };
  writeFileSync(
    file,
    JSON.stringify({ region: "eu-west-1", cluster_role_name: role, ...workload("orders"), ...pods }),
  );
  return { prerequisites, workload, file };
}
