import { describeTraffic, overlaps } from "../../network/traffic";
import type { SecurityGroupRule } from "../inventory/model";
import { rulesByAddress, rulesByGroup } from "../inventory/rule-index";
import type { Check, CheckContext } from "./check";
import { isPortZero } from "./port-zero";
import { isClosed, mayFloat, rulesToward, withCompanions } from "./subjects";
import { describeRule, opposite } from "./words";

export const check: Check = {
  id: "dead-rule",
  severity: "warning",
  title: "A rule carries no traffic",
  why: "Traffic between two groups needs a rule on either side: egress where it leaves, ingress where it enters. A rule whose other half is missing on groups that are declared here admits nothing. Either the other half was forgotten, or the rule can go. Rules for CIDRs and the other groups of the interface count as the other half.",
  reference: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  run: (context) =>
    [...rulesByAddress(context.inventory)].flatMap(([address, rules]) => {
      const dead = rules.filter((rule) => isDead(context, rule));
      const [first] = dead;
      if (first === undefined) return [];
      return [
        {
          address,
          source: first.source,
          message: message(context, address, dead),
        },
      ];
    }),
};

function isDead(context: CheckContext, rule: SecurityGroupRule): boolean {
  const { group, direction, traffic, peer } = rule;
  // Nobody should open port 0 on the other side as well.
  if (isPortZero(rule)) return false;
  if (group === undefined || traffic === undefined || peer.kind !== "group") return false;
  const other = opposite(direction);
  if (!isClosed(context, peer.group) || mayFloat(context, other, traffic)) return false;
  const halves = rulesToward(context, peer.group, other, group);
  return !halves.some((half) => half.traffic === undefined || overlaps(half.traffic, traffic));
}

function message(context: CheckContext, address: string, dead: readonly SecurityGroupRule[]): string {
  const parts = dead.map((rule) => {
    const peer = rule.peer.kind === "group" ? rule.peer.group : "";
    const other = opposite(rule.direction);
    const traffic = rule.traffic ? describeTraffic(rule.traffic) : "";
    const hasNone = withCompanions(context, peer).every(
      (key) => !rulesByGroup(context.inventory)[other].has(key),
    );
    const lack =
      hasNone && other === "egress"
        ? `${peer} has no egress at all (Terraform removes the egress that AWS gives to a new group)`
        : `${peer} has no ${other} rule that admits it`;
    const way = other === "egress" ? "to" : "from";
    return `it admits ${describeRule(rule)}, but ${lack}. Remove it, or give ${peer} an ${other} rule for ${traffic} ${way} ${rule.group}`;
  });
  return `${address} carries no traffic: ${parts.join("; ")}.`;
}
