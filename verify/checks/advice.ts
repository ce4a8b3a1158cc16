import { groupedBy } from "../../io/lists";
import type { Verdict } from "../judge/model";
import type { Finding } from "./model";

/**
 * Parts findings into those that are said and those that wait. Advice to take something away waits while a flow that is
 * wanted is broken: with an outage, what seems superfluous may be what still works, and the half that is missing comes
 * first. An error is always said.
 */
export function partByAdvice(
  findings: readonly Finding[],
  verdicts: readonly Verdict[],
): { said: Finding[]; waiting: Finding[] } {
  const isOutage = verdicts.some(({ status, flow }) => status === "broken" && flow.expect === "allow");
  const waits = ({ advice, severity }: Finding) => isOutage && advice !== undefined && severity !== "error";
  return {
    said: findings.filter((finding) => !waits(finding)),
    waiting: findings.filter(waits),
  };
}

/** Findings that wait are not silence: `… (2 of wide-egress)`. Empty where none waits. */
export function noteOfWaiting(waiting: readonly Finding[]): string[] {
  if (waiting.length === 0) return [];
  const counts = [...groupedBy(waiting, ({ check }) => check)].map(
    ([check, findings]) => `${findings.length} of ${check}`,
  );
  return [
    `while a flow is broken, advice to remove or narrow rules waits (${counts.join(", ")}): what seems superfluous may be what still works`,
  ];
}
