import { clusters } from "../inventory/cluster/clusters";
import {
  AUTO_MODE_POLICY,
  CLUSTER_POLICY,
  hasPolicy,
  isUnclear,
  rolesOf,
  CONTROLLER_POLICY as WANTED,
} from "../inventory/cluster/roles";
import type { Check } from "./check";

export const check: Check = {
  id: "cluster-role-policy",
  severity: "error",
  about: "pods with groups",
  title: `The cluster role lacks ${WANTED}`,
  why: `EKS creates the trunk and branch interfaces with the cluster role, which needs the policy ${WANTED}. Without it no node gets a trunk interface, and pods with their own security groups stay pending. A cluster role is one that an aws_eks_cluster names, or that has AmazonEKSClusterPolicy; clusters in Auto Mode do not need the policy.`,
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html",
  run: ({ inventory }) => {
    const { byKey, keyOf, floating } = rolesOf(inventory);
    const all = clusters(inventory).map(({ resource, autoMode }) => {
      return { role: keyOf(resource.values["role_arn"]), autoMode };
    });
    const named = all.filter(({ autoMode }) => autoMode === false).flatMap(({ role }) => role ?? []);
    const ofAutoMode = new Set(all.filter(({ autoMode }) => autoMode !== false).map(({ role }) => role));
    const roles = [...byKey].filter(([role, { policies }]) => {
      if (named.includes(role)) return true;
      const isOfCluster = hasPolicy(policies, CLUSTER_POLICY) && !hasPolicy(policies, AUTO_MODE_POLICY);
      return isOfCluster && !ofAutoMode.has(role);
    });
    return roles.flatMap(([role, { policies: own, address, source }]) => {
      // A policy that is not known may be the one, and one of the user's own may grant the same.
      const policies = [
        ...own,
        ...floating.filter((policy) => isUnclear(policy) || hasPolicy([policy], WANTED)),
      ];
      if (hasPolicy(policies, WANTED) || policies.some(isUnclear)) return [];
      return [
        {
          address,
          source,
          message: `The cluster role ${role} lacks the policy ${WANTED}: no node gets a trunk interface, and pods with their own security groups stay pending. Attach arn:aws:iam::aws:policy/${WANTED} to it.`,
        },
      ];
    });
  },
};
