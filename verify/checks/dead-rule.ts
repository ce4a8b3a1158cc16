import { describeTraffic, overlaps } from "../../network/traffic";
import type { SecurityGroupRule } from "../inventory/model";
import { rulesByAddress, rulesByGroup } from "../inventory/rule-index";
import { isForDns } from "../needs/dns";
import { isClosed, mayFloat, rulesToward, withCompanions } from "../needs/interfaces";
import type { Check, CheckContext } from "./check";
import { coveredPairs } from "./data-service-closed-to-pods";
import { isPortZero } from "./port-zero";
import { describeRule, listed, opposite, ruleWords } from "./words";

export const check: Check = {
  id: "dead-rule",
  severity: "warning",
  title: "A rule carries no traffic",
  why: "Traffic between two groups needs a rule on both sides: an egress rule on the group it leaves, and an ingress rule on the group it enters. If groups that are declared here lack the matching rule, this one has no effect: either the matching rule was forgotten, or this one can be removed. Rules for CIDRs and rules of the other groups on the interface count as a match. Silent if a broken flow or another finding already reports the missing rule.",
  reference: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  run: (context) =>
    [...rulesByAddress(context.inventory)].flatMap(([address, rules]) => {
      const dead = rules.filter((rule) => isDead(context, rule) && !isSaid(context, rule));
      const [first] = dead;
      if (first === undefined) return [];
      return [
        {
          address,
          source: first.source,
          about: dead.map(ruleWords),
          message: message(context, address, dead, dead.length === rules.length),
        },
      ];
    }),
};

function isDead(context: CheckContext, rule: SecurityGroupRule): boolean {
  const { group, direction, traffic, peer } = rule;
  // Nobody should open port 0 on the other side as well, and of the halves of DNS `dns-half-open` speaks.
  if (isPortZero(rule) || isForDns(rule)) return false;
  if (group === undefined || traffic === undefined || peer.kind !== "group") return false;
  const other = opposite(direction);
  if (!isClosed(context, peer.group) || mayFloat(context, other, traffic)) return false;
  const halves = rulesToward(context, peer.group, other, group);
  return !halves.some((half) => half.traffic === undefined || overlaps(half.traffic, traffic));
}

/** Whether a broken flow, or a finding about a data service, says already that the other half is missing. */
function isSaid(context: CheckContext, { group = "", direction, traffic, peer }: SecurityGroupRule): boolean {
  if (peer.kind !== "group" || traffic === undefined) return false;
  const [from, to] = direction === "egress" ? [group, peer.group] : [peer.group, group];
  const isBroken = context.verdicts.some(
    ({ status, flow }) =>
      status === "broken" &&
      flow.expect === "allow" &&
      flow.from.groups.includes(from) &&
      flow.to.groups.includes(to) &&
      flow.traffic.some((one) => overlaps(one, traffic)),
  );
  return isBroken || coveredPairs(context).has(`${from} ${to}`);
}

function message(
  context: CheckContext,
  address: string,
  dead: readonly SecurityGroupRule[],
  isWhole: boolean,
): string {
  const parts = dead.map((rule) => {
    const peer = peerOf(rule);
    const other = opposite(rule.direction);
    const traffic = rule.traffic ? describeTraffic(rule.traffic) : "";
    const hasNone = withCompanions(context, peer).every(
      (key) => !rulesByGroup(context.inventory)[other].has(key),
    );
    const lack =
      hasNone && other === "egress"
        ? "has no egress at all (Terraform removes the egress that AWS gives to a new group)"
        : `has no ${other} rule to match`;
    const way = other === "egress" ? "to" : "from";
    return `${peer} ${lack}, so ${describeRule(rule)} is dropped: give ${peer} an ${other} rule for ${traffic} ${way} ${rule.group}`;
  });
  const because = `because ${parts.join("; ")}. If the traffic is not wanted,`;
  if (isWhole) return `${address} carries no traffic, ${because} remove ${address}.`;
  const peers = listed(dead.map(peerOf));
  return `${address} carries no traffic for ${peers}, ${because} remove ${peers} from ${address} and keep its other peers.`;
}

function peerOf({ peer }: SecurityGroupRule): string {
  return peer.kind === "group" ? peer.group : "";
}
