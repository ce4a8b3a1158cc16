import type { GroupKey } from "../../network/peers";
import { overlaps, type Traffic } from "../../network/traffic";
import { isOnFargate } from "../inventory/cluster/fargate";
import { policiesWithout, workloadsOf } from "../inventory/kubernetes/policies";
import type { Policy, SecurityGroupRule } from "../inventory/model";
import { rulesByGroup } from "../inventory/rule-index";
import { interfaces, mayFloat, rolesOf } from "./interfaces";
import type { Estate, Need } from "./model";
import { nodeParties } from "./nodes";
import { podsWithGroups } from "./pods";

const ANY_TCP: Traffic = { protocol: "tcp", ports: { from: 0, to: 65535 } };

/**
 * Whether kubelet probes meet the groups of pods, as far as is known: in the mode standard traffic on one node is not
 * filtered, and a rule whose group is not known may open any.
 */
export function areFiltered(estate: Estate): boolean {
  return estate.mode === "strict" && !mayFloat(estate, "ingress", ANY_TCP);
}

/** Whether a group lets in TCP from what may be the nodes. */
export function admitsProbes(estate: Estate, group: GroupKey): boolean {
  const rules = rulesByGroup(estate.inventory).ingress.get(group) ?? [];
  return rules.some(
    (rule) => (rule.traffic === undefined || overlaps(rule.traffic, ANY_TCP)) && mayBeNodes(estate, rule),
  );
}

/**
 * Whether a peer may be the nodes: a group that is on something else, as far as is seen, is not. An instance may be a node
 * where the input shows no other.
 */
function mayBeNodes(estate: Estate, { peer }: SecurityGroupRule): boolean {
  if (peer.kind !== "group") return true;
  const roles = rolesOf(estate, peer.group);
  if (roles.size === 0 || roles.has("nodes") || roles.has("cluster")) return true;
  return roles.has("instance") && !interfaces(estate).some(({ role }) => role === "nodes");
}

/**
 * What the kubelet needs: TCP from the nodes to the ports that it probes, or to any where the input does not say which; for
 * pods whose groups let nothing in that may be the nodes.
 */
export function probeNeeds(estate: Estate): Need[] {
  const { inventory } = estate;
  const nodes = nodeParties(estate, (address) => !isFargate(address));
  if (!areFiltered(estate) || nodes.length === 0) return [];
  const closed = new Set(policiesWithout(inventory, (group) => admitsProbes(estate, group)));
  return podsWithGroups(estate).flatMap(({ policies, party }): Need[] => {
    if (!policies.every((policy) => closed.has(policy))) return [];
    const traffic = probed(estate, policies);
    return traffic.length === 0 ? [] : [{ what: "probes", from: nodes, to: [party], traffic }];
  });
}

/** The kubelet of Fargate runs beside the pod, not on a node of the input. */
export function isFargate(address: string): boolean {
  return /(?:^|\.)aws_eks_fargate_profile\./.test(address);
}

/** The ports of the probes of all pods that policies match; any where the input does not show pods and all of their probes. */
function probed({ inventory }: Estate, policies: readonly Policy[]): readonly Traffic[] {
  const pods = policies.map((policy) => workloadsOf(inventory, policy));
  const onNodes = pods.flat().filter((one) => isOnFargate(inventory, one) !== true);
  const known = onNodes.flatMap(({ probes }) => (probes === undefined ? [] : [probes]));
  if (pods.some(({ length }) => length === 0) || known.length < onNodes.length) return [ANY_TCP];
  return [...new Set(known.flat())].map((port) => ({ protocol: "tcp", ports: { from: port, to: port } }));
}
