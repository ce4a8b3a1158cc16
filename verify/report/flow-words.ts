import { flowIdText } from "../expect/flow-id";
import type { Verdict } from "../judge/model";
import { conditionWords, impossibleWords } from "./condition-words";
import { type CureWriter, cureTerraform } from "./cure-terraform";
import { lack, place, trafficWords } from "./words";

/** What a broken flow lacks or lets through, with the rules to add, for formats that have one text for each result. */
export function brokenFlowWords(verdict: Verdict, write: CureWriter): string {
  const { flow, halves, openedBy, cures } = verdict;
  const words = `${trafficWords(flow.traffic)} from ${flow.from.name} to ${flow.to.name}`;
  if (flow.expect === "deny")
    return `${flowIdText(flow.id)}: ${words} must not get through. Opened by ${openedBy.join(", ")}.`;
  const missing = halves.flatMap((half) => {
    const lacking = lack(verdict, half);
    return lacking === undefined ? [] : [`${place(half)}: ${lacking}`];
  });
  const add = cures.length === 0 ? "" : `\nAdd:\n${cureTerraform(write(cures)).join("\n")}`;
  const why = impossibleWords(verdict) ?? missing.join("; ");
  return `${flowIdText(flow.id)}: ${words} is blocked: ${why}.${add}`;
}

/** What a flow hangs on that holds if something else is true. */
export function conditionalFlowWords({ flow, conditions }: Verdict): string {
  return `${flowIdText(flow.id)} holds if ${conditions.map(conditionWords).join(", and if ")}.`;
}
