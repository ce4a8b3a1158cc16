import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cluster } from "./support/cluster";
import { commitAll, git } from "./support/repository";
import { awsStage } from "./support/stage";
import { Terraform, workFolder } from "./support/terraform";

const { copy, reason } = awsStage();

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
    const { prerequisites, workload } = cluster();
    const orders = root(workload("orders"));
    const payments = root(workload("payments"));

    for (const order of [
      [orders, payments],
      [payments, orders],
    ]) {
      orders.apply();
      payments.apply();
      expect(orders.plan().status).toBe(0);
      expect(payments.plan().status).toBe(0);
      for (const root of order) {
        root.destroy();
        expect(root.state()).toStrictEqual([]);
      }
    }
    prerequisites.destroy();
  });

  test("one call makes several with for_each: the module configures no provider", () => {
    const { prerequisites, workload } = cluster();
    const workloads = root({ ...workload("${each.key}"), for_each: '${toset(["orders", "payments"])}' });
    workloads.apply();
    expect(workloads.plan().status).toBe(0);
    expect(workloads.state()).toContain('module.rds_mysql["payments"].aws_security_group.pods');
    workloads.destroy();
    prerequisites.destroy();
  });

  test("the module is called from git, as its document says", () => {
    const repository = workFolder();
    cpSync(join(copy, "cdktf.out"), join(repository, "cdktf.out"), { recursive: true });
    commitAll(repository);
    git(repository, "tag", "v0.1.0");

    const { prerequisites, workload } = cluster();
    const source = `git::file://${repository}//cdktf.out/stacks/rds-mysql?ref=v0.1.0`;
    const orders = root(workload("orders"), source);
    orders.apply();
    expect(orders.plan().status).toBe(0);
    orders.destroy();
    prerequisites.destroy();
  });
});
