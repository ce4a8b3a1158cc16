import type { Finding, Report, Severity } from "../checks/model";
import type { Half, Verdict } from "../judge/model";

/** Compares by code units: the same order on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "information"];

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

function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    byText(a.check, b.check) ||
    byText(a.address, b.address) ||
    byText(a.message, b.message)
  );
}

/** Each text once, in order. */
export function sortedOnce(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(byText);
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => byText(a.key, b.key))
    .map(({ item }) => item);
}

/** Items by a key, in the order in which the keys come first. */
export function groupedBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const result = new Map<string, T[]>();
  for (const item of items) {
    const list = result.get(key(item));
    if (list) list.push(item);
    else result.set(key(item), [item]);
  }
  return result;
}
