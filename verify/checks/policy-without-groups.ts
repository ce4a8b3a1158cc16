import { policies } from "../inventory/kubernetes/policies";
import type { Check } from "./check";

export const check: Check = {
  id: "policy-without-groups",
  severity: "error",
  title: "A SecurityGroupPolicy names no groups",
  why: "Kubernetes rejects an empty groupIds list. A policy without the list is accepted and ignored: its pods keep the groups of their node.",
  reference: "https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/utils/helper.go",
  run: (context) =>
    policies(context.inventory)
      .filter(({ groupIds }) => groupIds?.length === 0)
      .map(({ address, source }) => ({
        address,
        source,
        message: `${address} names no security groups: its pods keep the groups of their node. Add spec.securityGroups.groupIds.`,
      })),
};
