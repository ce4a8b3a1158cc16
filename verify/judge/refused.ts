import type { RuleIndex } from "../inventory/rule-index";
import type { Condition, Verdict } from "./model";

/**
 * A verdict on groups that are refused as they stand: what holds, holds if that is put right. A place that a condition of
 * the verdict names already is not named again.
 */
export function ifGroupsCanBe(index: RuleIndex, verdict: Verdict): Verdict {
  if (verdict.status === "broken") return verdict;
  const groups = verdict.halves.flatMap(({ endpoint }) => endpoint.groups);
  const places = groups.flatMap((key) => index.groups.get(key)?.refusedAt ?? []);
  const named = new Set(verdict.conditions.flatMap(placesIn));
  const others = new Map(places.flatMap((at) => (named.has(at.place) ? [] : [[at.place, at]])));
  if (others.size === 0) return verdict;
  const conditions = [...others.values()].map(
    (at): Condition => ({ kind: "is", fact: { kind: "refused", ...at } }),
  );
  return { ...verdict, status: "holds-if", conditions: [...conditions, ...verdict.conditions] };
}

function placesIn(condition: Condition): string[] {
  switch (condition.kind) {
    case "is":
    case "not":
      return condition.fact.kind === "refused" ? [condition.fact.place] : [];
    case "should":
      return placesIn(condition.condition);
    default:
      return condition.of.flatMap(placesIn);
  }
}
