import { expect, test } from "vitest";
import { committedStack } from "../support/project";

const module = committedStack("eks-cluster-role");

test("attaches one policy for each of the article's list, under its ARN", () => {
  expect(module.resource).toStrictEqual({
    aws_iam_role_policy_attachment: {
      k8s_master_attach: {
        for_each: "${toset(local.cluster_policies)}",
        role: "${var.cluster_role_name}",
        policy_arn: "${each.value}",
      },
    },
  });
});

test("lists the policies in the article's order, the service policy unless it is left out", () => {
  const arn = (name: string) => `"arn:\${var.partition}:iam::aws:policy/${name}"`;
  expect(module.locals).toStrictEqual({
    cluster_policies: `\${concat([${arn("AmazonEKSClusterPolicy")}], var.attach_service_policy ? [${arn("AmazonEKSServicePolicy")}] : [], [${arn("AmazonEKSVPCResourceController")}])}`,
  });
});

test("attaches the article's three policies by default, in the partition of most accounts", () => {
  expect(module.variable["attach_service_policy"]?.["default"]).toBe(true);
  expect(module.variable["partition"]?.["default"]).toBe("aws");
});
