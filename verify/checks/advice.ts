import { groupedBy } from "../../io/lists";
import type { Verdict } from "../judge/model";
import type { Advice, Finding } from "./model";

/**
 * Findings that can be followed together: a rule is not superfluous because of a wider one that another finding says to
 * narrow or to remove. Then it is the one that stays.
 */
export function withoutContradictions(findings: readonly Finding[]): Finding[] {
  const changed = new Set(
    findings.flatMap(({ advice }) => (advice === undefined || coversOf(advice) ? [] : advice.rule)),
  );
  return findings.filter(
    ({ advice }) => advice === undefined || !coversOf(advice)?.some((rule) => changed.has(rule)),
  );
}

function coversOf(advice: Advice): readonly string[] | undefined {
  return advice.kind === "remove" ? advice.coveredBy : undefined;
}

/** Checks that find a half which is missing, where no flow says so. */
const MISSING_HALVES: readonly string[] = [
  "data-service-closed-to-pods",
  "data-service-port",
  "dead-rule",
  "dns-half-open",
  "group-on-no-node",
  "no-dns-path",
  "no-probe-path",
  "store-on-default-group",
];

/**
 * Parts findings into those that are said and those that wait. Advice to take something away waits while a flow that is
 * wanted is broken or a half is missing: with an outage, what seems superfluous may be what still works, and the missing
 * half comes first. An error is always said, and so is what must be written anew.
 */
export function partByAdvice(
  findings: readonly Finding[],
  verdicts: readonly Verdict[],
): { said: Finding[]; waiting: Finding[] } {
  const isOutage =
    verdicts.some(({ status, flow }) => status === "broken" && flow.expect === "allow") ||
    findings.some(({ check, severity }) => MISSING_HALVES.includes(check) && severity !== "information");
  const takesAway = ({ advice }: Finding) => advice !== undefined && advice.kind !== "rewrite";
  const waits = (finding: Finding) => isOutage && takesAway(finding) && finding.severity !== "error";
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
    `advice to remove or narrow rules is withheld (${counts.join(", ")}) while a flow is broken or a rule is missing: what looks redundant may be what still works`,
  ];
}
