import { clusters } from "../inventory/cluster/clusters";
import { policies } from "../inventory/kubernetes/policies";
import { resources } from "../inventory/resources";
import type { Check } from "./check";

/** The minor version of Kubernetes 1 from which Auto Mode takes policies. */
const FROM_MINOR = 36;

export const check: Check = {
  id: "policy-in-auto-mode",
  severity: "error",
  title: "Auto Mode ignores SecurityGroupPolicies",
  why: `Nodes of EKS Auto Mode support SecurityGroupPolicies from Kubernetes 1.${FROM_MINOR} on; before that, pods keep the groups of their node class, whatever a policy says. A warning if the version or the mode of the cluster is not known, and if the input also has nodes of other kinds. Silent if the input has several clusters, because either may be meant.`,
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/auto-sgp.html",
  run: ({ inventory }) => {
    const [cluster, ...others] = clusters(inventory);
    if (cluster === undefined || others.length > 0 || cluster.autoMode === false) return [];
    const { resource, autoMode, minor } = cluster;
    if (minor !== undefined && minor >= FROM_MINOR) return [];
    const hasOtherNodes = resources(inventory, "aws_eks_node_group", "aws_autoscaling_group").length > 0;
    const isCertain = autoMode === true && minor !== undefined && !hasOtherNodes && !resource.isUncertain;
    const version = minor === undefined ? "" : ` (1.${minor})`;
    const state = autoMode === true ? "runs" : "may run";
    const nodes = hasOtherNodes ? " on its nodes" : "";
    return policies(inventory).map(({ address, source }) => ({
      address,
      source,
      severity: isCertain ? "error" : "warning",
      message: `${resource.address} ${state} in Auto Mode, which ignores SecurityGroupPolicies before Kubernetes 1.${FROM_MINOR}${version}: the pods of ${address}${nodes} keep the groups of their node class. Set version = "1.${FROM_MINOR}" or later, set the groups in a NodeClass with podSecurityGroupSelectorTerms, or run these pods on nodes of another kind.`,
    }));
  },
};
