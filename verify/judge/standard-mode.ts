import { PRIVATE } from "../../aws/address-ranges";
import { cidrsOverlap } from "../../network/addresses";
import type { Endpoint, Flow } from "../expect/model";
import type { RuleIndex } from "../inventory/rule-index";
import { judgeBetween } from "./between";
import { distinct } from "./conditions";
import { packetsOf, statedFamilies } from "./families";
import type { Condition, Fact, Verdict } from "./model";

/**
 * The verdict on a flow in the mode `standard`: what pods send beyond the VPC carries the groups of their node, and
 * traffic inside a node meets none. See POD_SECURITY_GROUP_ENFORCING_MODE in
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md.
 *
 * @param own the verdict by the flow's own groups
 * @param nodes the worker nodes, where somebody named them
 */
export function inStandardMode(index: RuleIndex, own: Verdict, nodes: Endpoint | undefined): Verdict {
  const { flow } = own;
  const leaving = isTranslated(flow) ? leavesVpc(flow) : "no";
  if (leaving === "no") return insideNode(own, nodes);
  const byNodes = nodes ? judgeBetween(index, flow, inPlaceOf(flow.from, nodes)) : withoutNodes(own);
  if (leaving === "yes") return byNodes;
  return wherever(own, byNodes, nodes?.name ?? "the worker nodes");
}

/** IPv6 addresses are not translated: https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html */
function isTranslated(flow: Flow): boolean {
  const packets = packetsOf(flow, flow.from, flow.to);
  return "kind" in packets || packets.some(({ family }) => family === "ipv4");
}

/** Whether what pods send leaves the VPC, as far as the addresses say: then it goes through the node. */
function leavesVpc({ from, to }: Flow): "yes" | "no" | "maybe" {
  if (!from.isOnNodes || to.groups.length > 0 || to.cidrs === undefined) return "no";
  const isPublic = to.cidrs.every(
    (cidr) => cidr === "internet" || !PRIVATE.some((range) => cidrsOverlap(range, cidr)),
  );
  return isPublic ? "yes" : "maybe";
}

/** The worker nodes as they pass on what a pod sends: a packet keeps its family on the way. */
function inPlaceOf(pod: Endpoint, nodes: Endpoint): Endpoint {
  const families = statedFamilies(pod);
  return statedFamilies(nodes) || !families ? nodes : { ...nodes, families };
}

function withoutNodes(own: Verdict): Verdict {
  const condition: Condition = {
    kind: own.flow.expect === "allow" ? "is" : "not",
    fact: { kind: "nodes" },
  };
  const { impossible: _, ...possible } = own;
  return { ...possible, status: "holds-if", conditions: [condition], cures: [], openedBy: [] };
}

/** The verdict for an endpoint of which nobody knows whether it lies inside the VPC. */
function wherever(own: Verdict, byNodes: Verdict, nodes: string): Verdict {
  if (own.status === byNodes.status && own.status !== "holds-if") return own;
  const { from, to } = own.flow;
  const lies = (isInside: boolean): Condition => ({
    kind: "is",
    fact: {
      kind: "place",
      endpoint: to.name,
      isInside,
      decide: isInside ? from.name : nodes,
      others: isInside ? nodes : from.name,
    },
  });
  const common = new Set(own.conditions.map(keyOf));
  const shared = new Set(byNodes.conditions.map(keyOf).filter((key) => common.has(key)));
  const only = ({ conditions }: Verdict, isInside: boolean) =>
    conditions.map((one): Condition => {
      return shared.has(keyOf(one)) ? one : { kind: "should", endpoint: to.name, isInside, condition: one };
    });
  const conditions =
    byNodes.status === "broken"
      ? [lies(true), ...own.conditions]
      : own.status === "broken"
        ? [lies(false), ...byNodes.conditions]
        : [...only(own, true), ...only(byNodes, false)];
  const { halves } = own.status === "broken" ? byNodes : own;
  return {
    flow: own.flow,
    status: "holds-if",
    halves,
    conditions: distinct(conditions),
    cures: [],
    openedBy: [],
  };
}

function keyOf(condition: Condition): string {
  return JSON.stringify(condition);
}

/** In the mode `standard`, traffic between pods of one node meets no filter. */
function insideNode(verdict: Verdict, nodes: Endpoint | undefined): Verdict {
  const { flow, status, impossible } = verdict;
  const isOnNodes = ({ groups, isOnNodes: said }: Endpoint) =>
    said === true || groups.some((group) => nodes?.groups.includes(group));
  if (flow.expect === "allow" || status === "broken" || impossible) return verdict;
  if (!isOnNodes(flow.from) || !isOnNodes(flow.to)) return verdict;
  const fact: Fact = { kind: "same-node", from: flow.from.name, to: flow.to.name };
  return { ...verdict, status: "holds-if", conditions: [...verdict.conditions, { kind: "not", fact }] };
}
