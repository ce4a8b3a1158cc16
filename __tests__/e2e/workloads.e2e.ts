import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { command, Terraform, workFolder } from "./support/terraform";

const { copy, reason } = inject("aws");

/** A cluster's VPC, groups and role, applied in a root of their own. */
function cluster(): { terraform: Terraform; values: (name: string) => Record<string, unknown> } {
  const folder = workFolder();
  cpSync(join(copy, "__tests__/e2e/fixtures/article/prerequisites.tf"), join(folder, "prerequisites.tf"));
  const output = {
    vpc: { value: "${aws_vpc.cluster.id}" },
    worker: { value: "${aws_security_group.worker.id}" },
    ingress: { value: "${aws_security_group.ingress.id}" },
  };
  writeFileSync(join(folder, "outputs.tf.json"), JSON.stringify({ output }));
  const terraform = new Terraform(folder).init();
  terraform.apply();
  const { vpc, worker, ingress } = terraform.outputs();
  const values = (name: string) => ({
    name,
    platform: "shop",
    vpc_id: vpc,
    security_groups: { k8s_worker: worker, k8s_ingress: ingress },
  });
  return { terraform, values };
}

/** A consumer's root that calls the module, initialized. */
function root(call: Record<string, unknown>, source = join(copy, "cdktf.out/stacks/rds-mysql")): Terraform {
  const folder = workFolder();
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ provider: { aws: {} }, module: { rds_mysql: { source, ...call } } }),
  );
  return new Terraform(folder).init();
}

describe.skipIf(reason)("workloads in one VPC", () => {
  test("two workloads in states of their own come and go in any order", () => {
    const { terraform: prerequisites, values } = cluster();
    const orders = root(values("orders"));
    const payments = root(values("payments"));

    for (const order of [
      [orders, payments],
      [payments, orders],
    ]) {
      orders.apply();
      payments.apply();
      expect(orders.plan().status).toBe(0);
      expect(payments.plan().status).toBe(0);
      for (const workload of order) {
        workload.destroy();
        expect(workload.state()).toStrictEqual([]);
      }
    }
    prerequisites.destroy();
  });

  test("one call makes several with for_each: the module configures no provider", () => {
    const { terraform: prerequisites, values } = cluster();
    const workloads = root({ ...values("${each.key}"), for_each: '${toset(["orders", "payments"])}' });
    workloads.apply();
    expect(workloads.plan().status).toBe(0);
    expect(workloads.state()).toContain('module.rds_mysql["payments"].aws_security_group.pods');
    workloads.destroy();
    prerequisites.destroy();
  });

  test("the module is called from git, as its document says", () => {
    const repository = workFolder();
    cpSync(join(copy, "cdktf.out"), join(repository, "cdktf.out"), { recursive: true });
    const git = (...args: string[]) =>
      command(repository, "git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args]);
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "Stacks");
    git("tag", "v0.1.0");

    const { terraform: prerequisites, values } = cluster();
    const source = `git::file://${repository}//cdktf.out/stacks/rds-mysql?ref=v0.1.0`;
    const workload = root(values("orders"), source);
    workload.apply();
    expect(workload.plan().status).toBe(0);
    workload.destroy();
    prerequisites.destroy();
  });
});
