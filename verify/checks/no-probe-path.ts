import type { GroupKey } from "../../network/peers";
import { isOnFargate } from "../inventory/cluster/fargate";
import { showsAllRules } from "../inventory/groups";
import { policiesWithout, workloadsOf } from "../inventory/kubernetes/policies";
import type { Policy } from "../inventory/model";
import { type Interface, interfaces } from "../needs/interfaces";
import { admitsProbes, areFiltered } from "../needs/probes";
import type { Check, CheckContext } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "no-probe-path",
  severity: "warning",
  title: "Kubelet probes cannot reach the pods",
  why: "The kubelet probes pods over TCP from the node's own interface. In strict mode the pod security groups filter that traffic too: without an ingress rule from the node security group, every TCP, HTTP and gRPC probe fails and the pods restart forever. Silent in standard mode, where traffic within one node is not filtered, and for pods that the input shows without such probes or on Fargate, where the kubelet is not a node's.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
  run: (context) => {
    if (!areFiltered(context)) return [];
    const admits = (group: GroupKey) => admitsProbes(context, group);
    const closed = policiesWithout(context.inventory, admits).filter((one) => mayBeProbed(context, one));
    return [...closed, ...endpointsWithout(context, admits)].map(({ address, groups, source }) => ({
      address,
      groups,
      source,
      message: `No rule lets the nodes reach the pods with ${listed(groups)} over TCP, so kubelet probes fail. Allow the probe ports from the node security group, or add the group that does to the policy.`,
    }));
  },
};

/** Whether some pods of a policy have probes that a node's kubelet connects for, unless the input shows that none have. */
function mayBeProbed({ inventory }: CheckContext, policy: Policy): boolean {
  const pods = workloadsOf(inventory, policy);
  const onNodes = pods.filter((one) => isOnFargate(inventory, one) !== true);
  return pods.length === 0 || onNodes.some(({ probes }) => probes === undefined || probes.length > 0);
}

/** The pods of flows, but for those whose groups a policy gives: it shows what else is on them. */
function endpointsWithout(context: CheckContext, admits: (group: GroupKey) => boolean): readonly Interface[] {
  const given = context.inventory.policies.map(({ groups }) => new Set(groups));
  const closed = interfaces(context).filter(
    ({ role, groups }) =>
      role === "pods" &&
      !given.some((all) => groups.every((group) => all.has(group))) &&
      groups.every((group) => showsAllRules(context.inventory, group) && !admits(group)),
  );
  const byGroups = new Map(closed.map((one) => [listed(one.groups), one]));
  return [...byGroups.values()].map((one) => ({ ...one, address: [...one.groups].sort()[0] ?? one.address }));
}
