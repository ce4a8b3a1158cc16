import {
  CLUSTER_POLICY,
  hasPolicy,
  isUnclear,
  policiesByRole,
  roleKey,
  CONTROLLER_POLICY as WANTED,
} from "../inventory/cluster/roles";
import { resources } from "../inventory/resources";
import type { Check } from "./check";
import { hasPodGroups } from "./subjects";

export const check: Check = {
  id: "cluster-role-policy",
  severity: "error",
  title: `The cluster's role lacks ${WANTED}`,
  why: `EKS makes the trunk and branch interfaces with the cluster's role, which needs the policy ${WANTED}. Without it no node gets a trunk and pods with groups of their own stay pending. A warning where the input does not show such pods. A cluster's role is one that an aws_eks_cluster names, or that has AmazonEKSClusterPolicy.`,
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html",
  run: (context) => {
    const roles = policiesByRole(context.inventory);
    const named = resources(context.inventory, "aws_eks_cluster").flatMap(
      ({ values }) => roleKey(values["role_arn"]) ?? [],
    );
    const clusters = new Set([
      ...named.filter((role) => roles.has(role)),
      ...[...roles].filter(([, { policies }]) => hasPolicy(policies, CLUSTER_POLICY)).map(([role]) => role),
    ]);
    return [...clusters].flatMap((role) => {
      const { policies = [], address = role } = roles.get(role) ?? {};
      // A policy that is not known may be the one, and one of the user's own may grant the same.
      if (hasPolicy(policies, WANTED) || policies.some(isUnclear)) return [];
      return [
        {
          address,
          severity: hasPodGroups(context) ? ("error" as const) : ("warning" as const),
          source: roles.get(role)?.source,
          message: `The cluster's role ${role} has no policy ${WANTED}: no node gets a trunk interface, and pods with security groups of their own stay pending. Attach arn:aws:iam::aws:policy/${WANTED} to it.`,
        },
      ];
    });
  },
};
