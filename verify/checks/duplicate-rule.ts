import { describePeer } from "../../network/peers";
import { ruleMeaning } from "../inventory/meaning";
import type { SecurityGroupRule } from "../inventory/model";
import { rulesByAddress } from "../inventory/rule-index";
import type { Check, Observation } from "./check";
import { describeRule, ruleWords } from "./words";

export const check: Check = {
  id: "duplicate-rule",
  severity: "error",
  title: "Two rules are identical",
  why: "AWS rejects a rule that the group already has (InvalidPermission.Duplicate), whatever its description: the plan succeeds and the apply fails. Protocols as names or numbers, the order of addresses, their case and host bits make no difference. Two arguments that name one group, such as k8s_worker and k8s_ingress, cause such a pair. Inline blocks that are identical, descriptions included, become one rule: the second is information.",
  reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html",
  run: ({ inventory }) => {
    const first = new Map<string, SecurityGroupRule>();
    const found = new Map<string, Observation>();
    for (const rule of inventory.rules) {
      const meaning = ruleMeaning(rule);
      if (meaning === undefined) continue;
      const before = first.get(meaning);
      if (before === undefined) {
        first.set(meaning, rule);
        continue;
      }
      // What may not exist conflicts with nothing for certain.
      if (rule.address !== before.address && (isInDoubt(rule) || isInDoubt(before))) continue;
      const observed = observe(rule, before, wayOut(rule, before, rulesByAddress(inventory)));
      const known = found.get(rule.address);
      const isWorse = known?.severity === "information" && observed.severity === undefined;
      if (known === undefined || isWorse) found.set(rule.address, observed);
    }
    return [...found.values()];
  },
};

/** What to take away, so that no other peer is lost with it. */
function wayOut(
  rule: SecurityGroupRule,
  before: SecurityGroupRule,
  rules: ReadonlyMap<string, readonly SecurityGroupRule[]>,
): string {
  const peer = describePeer(rule.peer);
  if (rule.address === before.address) return `Name ${peer} once.`;
  const [isWhole, isWholeBefore] = [rule, before].map(({ address }) => rules.get(address)?.length === 1);
  if (isSameBlock(rule, before)) return isWhole ? "Remove it." : `Remove ${peer} from it.`;
  if (isWhole && isWholeBefore) return "Keep one of the two.";
  if (isWhole) return `Remove ${rule.address}: ${before.address} also has other peers.`;
  if (isWholeBefore) return `Remove ${before.address}: ${rule.address} also has other peers.`;
  return `Remove ${peer} from one of the two and keep their other peers.`;
}

function observe(rule: SecurityGroupRule, before: SecurityGroupRule, way: string): Observation {
  const { address, source, direction, group } = rule;
  const pair = address === before.address ? "has one rule twice" : `is the same rule as ${before.address}`;
  const what = `${address} ${pair}: ${direction} ${describeRule(rule)} on ${group}.`;
  const about = [ruleWords(rule)];
  return isSameBlock(rule, before)
    ? {
        address,
        source,
        about,
        severity: "information",
        message: `${what} Terraform makes one rule of both, so the second changes nothing. ${way}`,
      }
    : {
        address,
        source,
        about,
        message: `${what} AWS rejects the second one during apply, whatever its description. ${way}`,
      };
}

/**
 * Whether Terraform makes one rule of two: blocks are a set, in which the provider looks at single peers with their
 * descriptions. Seen with hashicorp/aws 5.100.0.
 */
function isSameBlock(rule: SecurityGroupRule, before: SecurityGroupRule): boolean {
  const isInline = rule.form === "inline" && before.form === "inline";
  return isInline && (rule.description ?? "") === (before.description ?? "");
}

function isInDoubt({ doubts = [] }: SecurityGroupRule): boolean {
  return doubts.some(({ kind }) => kind !== "refused");
}
