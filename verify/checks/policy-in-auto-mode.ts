import { clusters } from "../inventory/cluster/clusters";
import { policies } from "../inventory/kubernetes/policies";
import { resources } from "../inventory/resources";
import type { Check } from "./check";

/** The minor version of Kubernetes 1 from which Auto Mode takes policies. */
const FROM_MINOR = 36;

export const check: Check = {
  id: "policy-in-auto-mode",
  severity: "error",
  title: "Auto Mode takes no SecurityGroupPolicy",
  why: `Nodes of EKS Auto Mode take a SecurityGroupPolicy from Kubernetes 1.${FROM_MINOR} on; before, pods keep the groups of their node class, whatever a policy says. A warning where the version or the mode of the cluster is not known, and where the input has nodes of other kinds beside. Silent where the input has clusters of which one may be meant.`,
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
      message: `${resource.address} ${state} in Auto Mode, which takes no SecurityGroupPolicy before Kubernetes 1.${FROM_MINOR}${version}: the pods of ${address}${nodes} keep the groups of their node class. Set version = "1.${FROM_MINOR}" or later, give the groups to a NodeClass by podSecurityGroupSelectorTerms, or run these pods on nodes of another kind.`,
    }));
  },
};
