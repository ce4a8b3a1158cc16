import { join } from "node:path";
import { expectCommitted, render } from "eks-pod-security-groups";
import { expect, test } from "vitest";
import { stacks } from "./stacks";

/** The root as Terraform reads it. */
const shop = () => JSON.parse(render(stacks)["stacks/shop/cdk.tf.json"] ?? "{}");

test("only the baseline has the rules that every pod needs from the cluster", () => {
  const { baseline, ...workloads } = shop().module;
  expect(baseline.probe_ports).toEqual({ http: 8080 });
  for (const call of Object.values(workloads)) expect(call).not.toHaveProperty("probe_ports");
});

test("pods carry the baseline and their own security group", () => {
  for (const name of ["orders", "payments", "reports"]) {
    expect(shop().output[name].value).toEqual([
      "${module.baseline.baseline_security_group_id}",
      `\${module.${name}.pods_security_group_id}`,
    ]);
  }
});

test("only orders reaches payments, and only reports reaches orders", () => {
  const connections = Object.keys(shop().module).filter((name) => name.includes("_to_"));
  expect(connections).toEqual(["orders_to_payments", "reports_to_orders"]);
});

// Everything else. Where code and folder differ, it names the lines; `npx cdktf synth` writes the folder anew.
test("cdktf.out is what the stacks say", () => {
  expectCommitted(join(__dirname, "cdktf.out"), stacks);
});
