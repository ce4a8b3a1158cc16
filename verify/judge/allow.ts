import { subtract } from "../../network/intervals";
import { type TrafficSet, trafficSet } from "../../network/traffic";
import type { Flow } from "../expect/model";
import type { RuleIndex } from "../inventory/rule-index";
import { conditionsToAdmit, distinct } from "./conditions";
import { curesFor, distinctCures } from "./cures";
import { withoutGap } from "./families";
import { describeHalf, type JudgedHalf, lackOf, missingOf, type Part } from "./halves";
import type { Condition, Cure, Half, Verdict } from "./model";

/** Every packet of the flow must be admitted by both halves. */
export function judgeAllow(index: RuleIndex, flow: Flow, parts: readonly Part[]): Verdict {
  const conditions: Condition[] = [];
  const cures: Cure[] = [];
  const halves: Half[] = [];
  let isBroken = false;
  for (const direction of ["egress", "ingress"] as const) {
    const ofFamilies = parts.map((part) => part[direction]);
    halves.push({ ...describeHalf(flow, ofFamilies), ...missingOf(flow, ofFamilies) });
    if (ofFamilies.every((half) => lackOf(half, "possible").length === 0)) {
      conditions.push(...ofFamilies.flatMap((half) => conditionsFor(flow, half)));
      continue;
    }
    isBroken = true;
    // With what is refused for certain they also cure what is in doubt, so that nothing remains to be true.
    cures.push(...ofFamilies.flatMap((half) => curesFor(index, flow, half)));
  }
  const status = isBroken ? "broken" : conditions.length > 0 ? "holds-if" : "holds";
  return {
    flow,
    status,
    halves,
    conditions: distinct(conditions),
    cures: distinctCures(cures),
    openedBy: [],
  };
}

/** What it takes for traffic that is not certainly admitted. */
function conditionsFor(flow: Flow, { admissions, packets }: JudgedHalf): Condition[] {
  const { family, traffic } = packets;
  const named = (part: TrafficSet) => withoutGap(part, family, trafficSet(flow.traffic));
  return admissions.flatMap(({ admission }) =>
    conditionsToAdmit(admission.options, subtract(traffic, admission.certain), named),
  );
}
