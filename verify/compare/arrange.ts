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
    notes: sortedOnce(report.notes),
  };
}

/** Broken flows first; otherwise as stated. */
export function brokenFirst(verdicts: readonly Verdict[]): Verdict[] {
  const isBroken = ({ status }: Verdict) => status === "broken";
  return [...verdicts.filter(isBroken), ...verdicts.filter((verdict) => !isBroken(verdict))];
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
