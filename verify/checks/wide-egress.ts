import { intersect, subtract } from "../../network/intervals";
import { describePeer, type GroupKey, isWorld } from "../../network/peers";
import { covers, setOf, type Traffic, trafficOf, trafficSet } from "../../network/traffic";
import { isCalledNodes } from "../inventory/interfaces/purpose";
import type { SecurityGroupRule } from "../inventory/model";
import { rulesByAddress } from "../inventory/rule-index";
import { rolesOf } from "../needs/interfaces";
import { neededOf } from "./carried";
import { type Check, type CheckContext, usesPodGroups } from "./check";
import { describeRule, listed, ruleWords } from "./words";

export const check: Check = {
  id: "wide-egress",
  severity: "warning",
  title: "Egress to the whole internet on every port",
  why: "A rule that allows all traffic to 0.0.0.0/0 or ::/0 also lets data leave, and makes every other egress rule of the group redundant. A warning for pod security groups and, if the input has pods with security groups, for groups that it attaches to nothing. Information for nodes, other compute, clusters and load balancers, where such a rule is customary, and for databases, file systems and VPC endpoints, which answer more than they ask. A rule that a flow needs in full is intended.",
  reference: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
  run: (context) =>
    [...rulesByAddress(context.inventory)].flatMap(([address, rules]) => {
      const wide = rules.filter((rule) => rule.direction === "egress" && isWide(rule));
      const [first] = wide;
      if (first === undefined) return [];
      const admitted = trafficSet(wide.flatMap(({ traffic }) => traffic ?? []));
      const needed = intersect(admitted, neededOf(context, address));
      if (wide.every(({ traffic }) => traffic && subtract(setOf(traffic), needed).length === 0)) return [];
      const isCustomary = !mayBePods(context, first.group);
      const peers = listed(wide.map(({ peer }) => describePeer(peer)));
      return [
        {
          address,
          source: first.source,
          severity: isCustomary ? "information" : "warning",
          ...(!isCustomary && { advice: { kind: "narrow", rule: address, to: trafficOf(needed) } }),
          about: wide.map(ruleWords),
          message: `${address} lets ${first.group ?? "a group that is not known"} send ${describeRule({ ...first, peer: { kind: "cidr", cidr: peers } })}.${isCustomary ? "" : " Allow only the ports that are needed, such as TCP 443."}`,
        },
      ];
    }),
};

/** Whether a group is on pods, or on nothing that is seen, in an input that gives some to pods. */
function mayBePods(context: CheckContext, group: GroupKey | undefined): boolean {
  const roles = rolesOf(context, group ?? "");
  if (roles.has("pods")) return true;
  const { name = "" } = context.inventory.groups.get(group ?? "") ?? {};
  return roles.size === 0 && usesPodGroups(context) && !isCalledNodes(`${group} ${name}`);
}

const EVERYTHING: readonly Traffic[] = [
  { protocol: "tcp", ports: { from: 1, to: 65535 } },
  { protocol: "udp", ports: { from: 1, to: 65535 } },
];

function isWide({ traffic, peer }: SecurityGroupRule): boolean {
  return isWorld(peer) && traffic !== undefined && EVERYTHING.some((all) => covers(traffic, all));
}
