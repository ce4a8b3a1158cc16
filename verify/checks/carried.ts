import { type Traffic, type TrafficSet, trafficSet } from "../../network/traffic";
import type { Flow } from "../expect/model";
import { once } from "../inventory/once";
import type { Condition, Fact } from "../judge/model";
import type { CheckContext } from "./check";

/** The flows that are wanted and that a rule admits, helps to admit or may admit, by the rule's address. */
export const carriedFlows: (context: CheckContext) => ReadonlyMap<string, readonly Flow[]> = once(
  ({ verdicts }) => {
    const result = new Map<string, Flow[]>();
    for (const { flow, halves, conditions } of verdicts) {
      if (flow.expect !== "allow") continue;
      const rules = [...halves.flatMap(({ admittedBy }) => admittedBy), ...conditions.flatMap(rulesIn)];
      for (const address of new Set(rules)) {
        const flows = result.get(address);
        if (flows) flows.push(flow);
        else result.set(address, [flow]);
      }
    }
    return result;
  },
);

/** The traffic that the flows which a rule carries need, together. */
export function neededOf(context: CheckContext, address: string): TrafficSet {
  const flows = carriedFlows(context).get(address) ?? [];
  return trafficSet(flows.flatMap(({ traffic }): readonly Traffic[] => traffic));
}

/** The rules that a condition is about. */
function rulesIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case "is":
    case "not":
      return rulesOf(condition.fact);
    case "all":
    case "any":
      return condition.of.flatMap(rulesIn);
    case "should":
      return rulesIn(condition.condition);
  }
}

function rulesOf(fact: Fact): readonly string[] {
  if ("rule" in fact) return [fact.rule];
  return "rules" in fact ? fact.rules : [];
}
