import { join } from "node:path";
import { expectCommitted, render } from "eks-pod-security-groups";
import { expect, test } from "vitest";
import { stacks } from "./stacks";

/** A root as Terraform reads it. */
const root = (name: string) => JSON.parse(render(stacks)[`stacks/${name}/cdk.tf.json`] ?? "{}");

test("the CNI waits for the cluster role's policy", () => {
  expect(root("shop-aws").module.vpc_cni_addon.depends_on).toEqual(["module.eks_cluster_role"]);
});

test("the policy has the group that the other root made", () => {
  const state = "data.terraform_remote_state.shop_aws.outputs";
  expect(root("shop-kubernetes").module.orders_policy.security_group_ids).toEqual([
    `\${${state}.orders_pods_security_group_id}`,
  ]);
  expect(root("shop-aws").output).toHaveProperty("orders_pods_security_group_id");
});

// Everything else. Where code and folder differ, it names the lines; `npx cdktf synth` writes the folder anew.
test("cdktf.out is what the stacks say", () => {
  expectCommitted(join(__dirname, "cdktf.out"), stacks);
});
