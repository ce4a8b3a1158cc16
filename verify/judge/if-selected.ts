import type { Flow } from "../expect/model";
import type { Condition, Fact, Verdict } from "./model";

/**
 * A verdict on pods of which it is not known whether a policy selects them: judged with the groups of the policy and without. Pods
 * that have no groups of their own without it are then on those of their node, of which nothing is said: what is broken with the
 * policy holds at most if the policy does not select them.
 *
 * @param judge the verdict on a flow of which nothing of that is in doubt
 */
export function ifSelected(flow: Flow, judge: (flow: Flow) => Verdict): Verdict {
  const { hangsOn } = flow;
  const selected = judge(flow);
  if (hangsOn === undefined) return selected;
  const { policy, workload, end, otherwise } = hangsOn;
  const fact: Fact = { kind: "selected", policy, workload };
  if (otherwise.length === 0) {
    const isBroken = selected.status === "broken";
    const conditions: Condition[] = isBroken
      ? [{ kind: "not", fact }]
      : [{ kind: "is", fact }, ...selected.conditions];
    return { ...selected, status: "holds-if", conditions, cures: [] };
  }
  const without = judge({ ...flow, [end]: { ...flow[end], groups: otherwise } });
  // More groups on an interface never let less through.
  if (without.status === "holds" || selected.status === "broken") return selected;
  const ifSo: readonly Condition[] = [{ kind: "is", fact }, ...selected.conditions];
  if (without.status === "broken") return { ...selected, status: "holds-if", conditions: ifSo };
  const all = (of: readonly Condition[]): Condition =>
    of.length === 1 ? (of[0] as Condition) : { kind: "all", of };
  return {
    ...selected,
    status: "holds-if",
    conditions: [{ kind: "any", of: [all(ifSo), all(without.conditions)] }],
  };
}
