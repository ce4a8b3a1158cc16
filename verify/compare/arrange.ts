import { byText, sortedOnce } from "../../io/lists";
import type { Report } from "../checks/model";
import { compareFindings } from "../checks/order";
import type { Half, Verdict } from "../judge/model";

/**
 * A report whose parts are in an order that does not depend on how they were found. Flows stay in the order in
 * which they are stated, because their author chose it.
 */
export function arrange(report: Report): Report {
  return {
    ...report,
    groups: [...report.groups].sort((a, b) => byText(a.key, b.key)),
    rules: sortedBy(report.rules, (rule) => `${rule.address}\n${JSON.stringify([rule.peer, rule.traffic])}`),
    verdicts: report.verdicts.map(arrangeVerdict),
    findings: [...report.findings].sort(compareFindings),
    suppressed: [...report.suppressed].sort(compareFindings),
    ...(report.known && {
      known: { ...report.known, findings: [...report.known.findings].sort(compareFindings) },
    }),
    notes: sortedOnce(report.notes),
  };
}

/** The statuses of flows, in the order in which people look for them. */
export const STATUSES = ["broken", "holds-if", "holds"] as const satisfies readonly Verdict["status"][];

/** Broken flows first, then those that depend on something else; otherwise as stated. */
export function worstFirst(verdicts: readonly Verdict[]): Verdict[] {
  return STATUSES.flatMap((status) => verdicts.filter((verdict) => verdict.status === status));
}

function arrangeVerdict(verdict: Verdict): Verdict {
  return {
    ...verdict,
    halves: verdict.halves.map(arrangeHalf).sort((a, b) => byText(a.direction, b.direction)),
    openedBy: sortedOnce(verdict.openedBy),
  };
}

function arrangeHalf(half: Half): Half {
  return { ...half, admittedBy: sortedOnce(half.admittedBy) };
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => byText(a.key, b.key))
    .map(({ item }) => item);
}
