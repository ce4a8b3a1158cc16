import { canTrunk } from "../../aws/instance-types";
import { isOnFargate } from "../inventory/cluster/fargate";
import { type LiveNode, liveNodes } from "../inventory/cluster/live-nodes";
import { policies, workloadsOf } from "../inventory/kubernetes/policies";
import { hasPodGroups } from "../needs/interfaces";
import { startsNodesByKarpenter } from "../needs/nodes";
import type { Check, CheckContext } from "./check";

export const check: Check = {
  id: "nodes-without-trunk",
  severity: "error",
  about: "pods with groups",
  title: "No running node has a trunk interface",
  why: "Pods with their own security groups run only on nodes with a trunk interface: such a node has vpc.amazonaws.com/pod-eni in its allocatable resources. Without any, these pods stay pending with Insufficient vpc.amazonaws.com/pod-eni. Read from the Nodes and CNINodes of a live dump (kubectl get nodes,cninodes -o json). An error if the CNI has asked for a trunk interface and the node got none; else a warning, because the setting may be about to be applied, or Karpenter may start a node that has one.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html",
  run: (context) => {
    const nodes = liveNodes(context.inventory);
    const [first] = nodes;
    if (first === undefined || nodes.some(({ hasTrunk }) => hasTrunk) || !needsTrunks(context)) return [];
    // Of types that never have one, instance-type-without-trunk speaks.
    const able = nodes.filter(({ type }) => type === undefined || canTrunk(type));
    if (able.length === 0) return [];
    const asking = able.find(({ asksForTrunk }) => asksForTrunk);
    const { address, source } = asking ?? able[0] ?? first;
    const isCertain = asking !== undefined && !startsNodesByKarpenter(context.inventory);
    return [
      {
        address,
        source,
        severity: isCertain ? "error" : "warning",
        message: `${nodes.length === 1 ? "The only running node has no" : `None of the ${nodes.length} running nodes has a`} trunk interface: pods with their own security groups stay pending with Insufficient vpc.amazonaws.com/pod-eni. ${causeOf(able, asking)}`,
      },
    ];
  },
};

function causeOf(nodes: readonly LiveNode[], asking: LiveNode | undefined): string {
  if (asking !== undefined) {
    return `The CNI asked for one on ${asking.address}, and the controller attached none: the role of the cluster needs the policy AmazonEKSVPCResourceController, and kubectl describe node shows TrunkENICreationFailed.`;
  }
  const switchOn =
    'Set ENABLE_POD_ENI = "true" on the container aws-node, and replace nodes that have no free network interface for it.';
  return nodes.some(({ asksForTrunk }) => asksForTrunk === false)
    ? `The CNI asked for none (the CNINode of ${nodes[0]?.address} does not have SecurityGroupsForPods). ${switchOn}`
    : switchOn;
}

/** Whether some pods with groups of their own run on nodes: those on Fargate need no trunk interface. */
function needsTrunks(context: CheckContext): boolean {
  const { inventory } = context;
  const pods = policies(inventory).map((policy) => workloadsOf(inventory, policy));
  const areAllOnFargate =
    pods.length > 0 &&
    pods.every((all) => all.length > 0 && all.every((one) => isOnFargate(inventory, one) === true));
  return hasPodGroups(context) && !areAllOnFargate;
}
