import { LIMITS } from "../../aws/limits";
import { moduleOf } from "../../expression/address";
import type { GroupKey, RulePeer } from "../../network/peers";
import { DIRECTIONS, type Direction } from "../../network/rules";
import type { SecurityGroupRule } from "../inventory/model";
import { rulesByGroup } from "../inventory/rule-index";
import type { Check, CheckContext, Observation } from "./check";
import type { Severity } from "./model";

const QUOTA = LIMITS.rulesPerGroup;
/** Four fifths of the quota: time to think of it. */
const NEARLY = (QUOTA * 4) / 5;

export const check: Check = {
  id: "rule-quota",
  severity: "error",
  title: "A group has too many rules",
  why: `A group holds ${QUOTA} rules for each direction, counted separately for IPv4 and IPv6; a rule for a group counts in both, a prefix list with its declared maximum. AWS rejects the next one. From ${NEARLY} on, a warning. If several calls of a module add rules to one group that is declared elsewhere, information says how many calls fill it.`,
  reference:
    "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups",
  run: (context) =>
    DIRECTIONS.flatMap((direction) =>
      [...rulesByGroup(context.inventory)[direction]].flatMap(([group, rules]) =>
        observe(context, group, direction, rules),
      ),
    ),
};

function observe(
  context: CheckContext,
  group: GroupKey,
  direction: Direction,
  rules: readonly SecurityGroupRule[],
): Observation[] {
  const { ipv4, ipv6 } = count(context, rules);
  const most = Math.max(ipv4, ipv6);
  const share = perCall(rules);
  const { knowledge, declaredAt: source = rules[0]?.source } = context.inventory.groups.get(group) ?? {};
  const severity: Severity | undefined =
    most > QUOTA
      ? "error"
      : most >= NEARLY
        ? "warning"
        : share && knowledge !== "all"
          ? "information"
          : undefined;
  if (severity === undefined) return [];
  const words = direction === "ingress" ? "inbound" : "outbound";
  const family = ipv4 >= ipv6 ? "IPv4" : "IPv6";
  const growth = share
    ? ` Each of ${share.calls} module calls adds up to ${share.rules} ${words} ${share.rules === 1 ? "rule" : "rules"}: ${Math.floor(QUOTA / share.rules)} such calls fill an otherwise empty group.`
    : "";
  const fix =
    severity === "information"
      ? ""
      : " Merge rules into ranges or prefix lists, spread them over several groups, or have the quota raised.";
  return [
    {
      address: group,
      source,
      severity,
      about: [words],
      message: `${group} has ${most} ${words} rules for ${family} in this input; AWS allows ${QUOTA} unless the quota was raised.${growth}${fix}`,
    },
  ];
}

/** What rules count for. Addresses that are not known count for nothing: the sum is a lower bound. */
function count(context: CheckContext, rules: readonly SecurityGroupRule[]): { ipv4: number; ipv6: number } {
  let ipv4 = 0;
  let ipv6 = 0;
  for (const { peer } of rules) {
    const { weight, family } = weigh(context, peer);
    if (family !== "IPv6") ipv4 += weight;
    if (family !== "IPv4") ipv6 += weight;
  }
  return { ipv4, ipv6 };
}

/** How many rules a peer counts for; without a family in both. */
function weigh(context: CheckContext, peer: RulePeer): { weight: number; family?: "IPv4" | "IPv6" } {
  switch (peer.kind) {
    case "cidr":
      return { weight: 1, family: peer.cidr.includes(":") ? "IPv6" : "IPv4" };
    case "group":
      return { weight: 1 };
    case "unknown":
      return { weight: peer.candidates.length > 0 ? 1 : 0 };
    case "prefix-list": {
      const lists = context.inventory.prefixLists;
      const { maxEntries = 1, family } = lists.get(`${peer.id}.id`) ?? lists.get(peer.id) ?? {};
      return { weight: maxEntries, ...(family && { family }) };
    }
  }
}

/** What several module calls add to a group, at most for each; undefined when there are not several. */
function perCall(rules: readonly SecurityGroupRule[]): { calls: number; rules: number } | undefined {
  const counts = new Map<string, number>();
  for (const { address } of rules) {
    const module = moduleOf(address);
    if (module !== "") counts.set(module, (counts.get(module) ?? 0) + 1);
  }
  return counts.size < 2 ? undefined : { calls: counts.size, rules: Math.max(...counts.values()) };
}
