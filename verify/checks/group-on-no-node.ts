import type { GroupKey } from "../../network/peers";
import { showsAllRules } from "../inventory/groups";
import { groupNames } from "../inventory/interfaces/mentions";
import { isCalledNodes } from "../inventory/interfaces/purpose";
import type { SecurityGroupRule } from "../inventory/model";
import { dataServices, mayServe } from "../needs/data-services";
import { interfaces, isClosed, rolesOf } from "../needs/interfaces";
import { findsUnknownGroups, showsNodes } from "../needs/nodes";
import type { Check, CheckContext, Observation } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "group-on-no-node",
  severity: "error",
  title: "A data service allows a group that neither nodes nor pods carry",
  why: "Managed nodes carry the security group that EKS creates for the cluster, unless their launch template names others. They carry neither the groups in the vpc_config of the cluster, which are only on the control plane, nor a group that is named after the nodes but attached to nothing. A data service that allows only such a group allows no pod: connections time out. A warning if the service allows others as well, and for a group that is attached to nothing, which another configuration may attach. Silent if the input shows no nodes, or if Karpenter creates some, because it finds groups by tags.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html",
  run: (context) => {
    if (!showsNodes(context)) return [];
    return [...fromControlPlane(context), ...fromNobody(context)];
  },
};

function fromControlPlane(context: CheckContext): Observation[] {
  const found = new Map<string, Observation>();
  for (const service of dataServices(context)) {
    const rules = service.ingress.filter((rule) => mayServe(rule, service));
    const idle = rules.filter((rule) => isOf(rule, (group) => isControlPlanes(context, group)));
    for (const { address, source, peer } of idle) {
      const group = peer.kind === "group" ? peer.group : "";
      found.set(address, {
        address,
        source,
        severity: idle.length === rules.length ? "error" : "warning",
        message: `${address} lets ${group} reach ${service.resource.address}, but only the control plane carries that group: no node or pod gets through, and connections time out. Allow the group that EKS creates (vpc_config[0].cluster_security_group_id of the aws_eks_cluster), which nodes without their own groups carry, or better a pod security group.`,
      });
    }
  }
  return [...found.values()];
}

function fromNobody(context: CheckContext): Observation[] {
  const admitting = new Map<GroupKey, string[]>();
  for (const service of dataServices(context)) {
    for (const { peer } of service.ingress.filter((rule) => mayServe(rule, service))) {
      if (peer.kind !== "group" || !isOnNothing(context, peer.group)) continue;
      admitting.set(peer.group, [...(admitting.get(peer.group) ?? []), service.resource.address]);
    }
  }
  return [...admitting].map(([group, services]) => {
    const carried = listed(
      interfaces(context).flatMap(({ role, groups }) => (role === "nodes" ? groups : [])),
    );
    return {
      address: group,
      source: context.inventory.groups.get(group)?.declaredAt,
      severity: "warning" as const,
      about: services,
      message: `Nothing in this input attaches ${group}, although ${listed(services)} allows it: the nodes carry ${carried}, so connections from them time out. Add ${group} to the launch template of the nodes, or allow the group that they carry, or better a pod security group.`,
    };
  });
}

function isOf({ peer }: SecurityGroupRule, is: (group: GroupKey) => boolean): boolean {
  return peer.kind === "group" && is(peer.group);
}

function isControlPlanes(context: CheckContext, group: GroupKey): boolean {
  const roles = [...rolesOf(context, group)];
  if (!showsAllRules(context.inventory, group)) return false;
  return roles.length === 1 && roles[0] === "control-plane" && !mayBeAttached(context, group);
}

/** A group that is called after nodes, of which the input shows all and that it puts on nothing. */
function isOnNothing(context: CheckContext, group: GroupKey): boolean {
  const { declaredAt, name = "", knowledge } = context.inventory.groups.get(group) ?? {};
  if (declaredAt === undefined || knowledge !== "all" || !isClosed(context, group)) return false;
  return (
    isCalledNodes(`${group} ${name}`) && rolesOf(context, group).size === 0 && !mayBeAttached(context, group)
  );
}

/** Whether Karpenter may find the group, or something else names it that is no rule. */
function mayBeAttached(context: CheckContext, group: GroupKey): boolean {
  const { tags = {} } = context.inventory.groups.get(group) ?? {};
  const isTagged = Object.keys(tags).some((tag) =>
    /^(?:karpenter\.sh\/|kubernetes\.io\/cluster\/)/.test(tag),
  );
  return isTagged || findsUnknownGroups(context.inventory) || groupNames(context.inventory).has(group);
}
