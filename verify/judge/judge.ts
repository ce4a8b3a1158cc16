import type { EnforcingMode } from "../../network/cni";
import type { Endpoint, Flow } from "../expect/model";
import type { Inventory } from "../inventory/model";
import { type RuleIndex, ruleIndex } from "../inventory/rule-index";
import { judgeBetween } from "./between";
import { ifSelected } from "./if-selected";
import type { Verdict } from "./model";
import { throughNode } from "./node-ipv4";
import { inStandardMode } from "./standard-mode";

export interface JudgeOptions {
  readonly mode: EnforcingMode;
  /** The worker nodes: in the mode `standard`, what pods send beyond the VPC carries their groups. */
  readonly nodes?: Endpoint;
}

/** Judges flows on the groups and rules of an input. Time: linear in flows and in the rules that they meet. */
export function judge(
  inventory: Pick<Inventory, "groups" | "rules">,
  flows: readonly Flow[],
  options: JudgeOptions,
): Verdict[] {
  return judgeAll(inventory, [{ flows, nodes: options.nodes }], options.mode);
}

/** The same for several sets of flows, each with worker nodes of its own. */
export function judgeAll(
  inventory: Pick<Inventory, "groups" | "rules">,
  sets: readonly { readonly flows: readonly Flow[]; readonly nodes: Endpoint | undefined }[],
  mode: EnforcingMode,
): Verdict[] {
  const index = ruleIndex(inventory);
  return sets.flatMap(({ flows, nodes }) =>
    flows.map((flow) => ifSelected(flow, (one) => judgeFlow(index, one, { mode, ...(nodes && { nodes }) }))),
  );
}

function judgeFlow(index: RuleIndex, flow: Flow, { mode, nodes }: JudgeOptions): Verdict {
  const own = judgeBetween(index, flow, flow.from);
  const translated = throughNode(own);
  if (translated) return translated;
  return mode === "strict" ? own : inStandardMode(index, own, nodes);
}
