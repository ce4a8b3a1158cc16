import { contains } from "../../network/addresses";
import { intersect, subtract } from "../../network/intervals";
import type { RulePeer } from "../../network/peers";
import { describeAll, describeTraffic, trafficOf, trafficSet } from "../../network/traffic";
import { flowIdText } from "../expect/flow-id";
import type { Endpoint, Flow } from "../expect/model";
import type { Role, SecurityGroupRule } from "../inventory/model";
import { rulesByAddress, rulesByGroup } from "../inventory/rule-index";
import { rolesOf } from "../needs/interfaces";
import { carriedFlows, neededOf } from "./carried";
import type { Check, CheckContext } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "wider-than-flows",
  severity: "information",
  title: "A rule allows more than the flows need",
  why: "If flows.yaml declares every use of a group, a rule that allows more than all of these flows together can be narrowed to their traffic. Every use is declared if each rule of the group in this direction carries a flow and the peer of the rule is an end of one. Groups of nodes, clusters, ingress and load balancers are skipped: they talk to endpoints that no flow names, such as registries and the cluster API.",
  reference:
    "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_network_protection_create_layers.html",
  run: (context) =>
    [...carriedFlows(context)].flatMap(([address, flows]) => {
      const rules = rulesByAddress(context.inventory).get(address) ?? [];
      const [rule] = rules;
      if (rule?.traffic === undefined || !rules.every((one) => isStated(context, one, flows))) return [];
      const admitted = trafficSet([rule.traffic]);
      const needed = intersect(admitted, neededOf(context, address));
      if (needed.length === 0 || subtract(admitted, needed).length === 0) return [];
      const to = trafficOf(needed);
      const ids = listed(flows.map(({ id }) => flowIdText(id)));
      return [
        {
          address,
          source: rule.source,
          advice: { kind: "narrow", rule: address, to },
          message: `${address} allows ${describeTraffic(rule.traffic)}; the flows that it carries (${ids}) need ${describeAll(to)}. Narrow it to that.`,
        },
      ];
    }),
};

/** What they carry serves more than flows between workloads. */
const SHARED: readonly Role[] = ["nodes", "cluster", "ingress", "load-balancer"];

/** Whether the flows state all that the rule and its group are for. */
function isStated(
  context: CheckContext,
  { group, direction, peer }: SecurityGroupRule,
  flows: readonly Flow[],
): boolean {
  if (group === undefined || SHARED.some((role) => rolesOf(context, group).has(role))) return false;
  const siblings = rulesByGroup(context.inventory)[direction].get(group) ?? [];
  return (
    siblings.every(({ address }) => carriedFlows(context).has(address)) &&
    flows.some((flow) => isEnd(direction === "egress" ? flow.to : flow.from, peer))
  );
}

/** Whether all that the peer admits is an end of the flow. */
function isEnd({ groups, cidrs = [] }: Endpoint, peer: RulePeer): boolean {
  if (peer.kind === "group") return groups.includes(peer.group);
  return peer.kind === "cidr" && cidrs.some((cidr) => cidr !== "internet" && contains(cidr, peer.cidr));
}
