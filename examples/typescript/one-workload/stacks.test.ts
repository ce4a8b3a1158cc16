import { join } from "node:path";
import { expectCommitted, render } from "eks-pod-security-groups";
import { expect, test } from "vitest";
import { stacks } from "./stacks";

// What matters to you, in a few lines. Needs no file, no network and no Terraform.
test("orders has one pod security group, and one for each service", () => {
  const { module } = JSON.parse(render(stacks)["stacks/shop/cdk.tf.json"] ?? "{}");
  expect(Object.keys(module)).toEqual(["orders", "orders_mysql", "orders_redis"]);
  expect(module.orders_redis).toMatchObject({
    source: "../elasticache-redis",
    pods_security_group_id: "${module.orders.pods_security_group_id}",
  });
});

// Everything else. Where code and folder differ, it names the lines; `npx cdktf synth` writes the folder anew.
test("cdktf.out is what the stacks say", () => {
  expectCommitted(join(__dirname, "cdktf.out"), stacks);
});
