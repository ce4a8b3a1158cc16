import { ruleMeaning } from "../inventory/meaning";
import type { SecurityGroupRule } from "../inventory/model";
import type { Check, Observation } from "./check";
import { describeRule } from "./words";

export const check: Check = {
  id: "duplicate-rule",
  severity: "error",
  title: "Two rules are the same",
  why: "AWS refuses a rule that the group has already (InvalidPermission.Duplicate), whatever its description: the plan is fine and the apply fails. Protocols as names or numbers, the order of addresses, their case and host bits make no difference. Two arguments that name one group, such as k8s_worker and k8s_ingress, make such a pair.",
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
      const { address, source } = rule;
      const pair = address === before.address ? "says twice" : `is the same rule as ${before.address}`;
      const message = `${address} ${pair}: ${rule.direction} ${describeRule(rule)} on ${rule.group}. AWS refuses the second one when it is applied, whatever its description. Keep one of the two.`;
      if (!found.has(address)) found.set(address, { address, source, message });
    }
    return [...found.values()];
  },
};
