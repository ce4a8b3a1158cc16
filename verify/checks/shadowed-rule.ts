import { groupedBy } from "../../io/lists";
import { canonicalCidr, partsOf } from "../../network/cidr";
import { covers, type Traffic } from "../../network/traffic";
import { peerKey, ruleMeaning } from "../inventory/meaning";
import type { SecurityGroupRule } from "../inventory/model";
import { rulesByAddress, rulesByGroup } from "../inventory/rule-index";
import type { Check } from "./check";
import { describeRule } from "./words";

export const check: Check = {
  id: "shadowed-rule",
  severity: "information",
  title: "A rule is covered by a wider one",
  why: "A rule whose traffic and peer lie within another rule of the same group and direction changes nothing. It uses quota, and stays open if someone later narrows the wider rule. Silent if another finding asks to narrow the wider rule: then the narrow one is the one to keep. Silent for rules of modules that `terraform init` downloads: nobody can remove these.",
  reference: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  run: (context) => {
    const wider = new Map<SecurityGroupRule, SecurityGroupRule>();
    for (const groups of Object.values(rulesByGroup(context.inventory))) {
      for (const rules of groups.values()) {
        if (rules.length < 2) continue;
        for (const [rule, cover] of coveredRules(rules)) wider.set(rule, cover);
      }
    }
    const fetched = context.inventory.input.modules.filter(({ isFetched }) => isFetched);
    return [...rulesByAddress(context.inventory)].flatMap(([address, rules]) => {
      const [first] = rules;
      const covers = rules.map((rule) => wider.get(rule));
      const cover = covers[0];
      // A rule with several peers is superfluous when all of them are.
      if (!first || !cover || covers.includes(undefined)) return [];
      if (fetched.some((module) => address.startsWith(`${module.address}.`))) return [];
      return [
        {
          address,
          source: first.source,
          advice: {
            kind: "remove",
            rule: address,
            coveredBy: [...new Set(covers.flatMap((one) => one?.address ?? []))],
          },
          message: `${address} (${first.direction} ${describeRule(first)}) changes nothing: ${cover.address} already allows ${describeRule(cover)}. It can be removed.`,
        },
      ];
    });
  },
};

/** The rules of one group and direction that a wider one covers, each with the first that does. */
function coveredRules(rules: readonly SecurityGroupRule[]): Map<SecurityGroupRule, SecurityGroupRule> {
  const byPeer = groupedBy(rules, ({ peer }) => peerKey(peer));
  const lengths = [
    ...new Set(rules.flatMap(({ peer }) => (peer.kind === "cidr" ? [partsOf(peer.cidr).length] : []))),
  ].sort((a, b) => a - b);
  const result = new Map<SecurityGroupRule, SecurityGroupRule>();
  for (const rule of rules) {
    const meaning = ruleMeaning(rule);
    if (meaning === undefined || rule.traffic === undefined) continue;
    const inner = rule.traffic;
    const cover = peersAround(rule, lengths)
      .flatMap((peer) => byPeer.get(peer) ?? [])
      .find(
        (other) =>
          isCertain(other) &&
          !isUndone(other, rule) &&
          ruleMeaning(other) !== meaning &&
          covers(other.traffic, inner),
      );
    if (cover) result.set(rule, cover);
  }
  return result;
}

/** Whether a rule certainly admits what it says: else the narrower one may be the only one. */
function isCertain(rule: SecurityGroupRule): rule is SecurityGroupRule & { readonly traffic: Traffic } {
  return rule.doubts === undefined && rule.traffic !== undefined;
}

/** Whether a cover is a resource of its own beside blocks, which remove it at each apply: `mixed-rule-forms`. */
function isUndone(cover: SecurityGroupRule, rule: SecurityGroupRule): boolean {
  return cover.form !== "inline" && rule.form === "inline";
}

/** The peers that hold a rule's peer: itself, and for a CIDR the larger ones of the lengths that occur. */
function peersAround({ peer }: SecurityGroupRule, lengths: readonly number[]): string[] {
  if (peer.kind !== "cidr") return [peerKey(peer)];
  const { address, length } = partsOf(peer.cidr);
  return lengths
    .filter((shorter) => shorter <= length)
    .map((shorter) => `cidr ${canonicalCidr(`${address}/${shorter}`)}`);
}
