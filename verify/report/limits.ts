import { isCounted } from "../checks/counted";
import type { Finding, Report, Severity } from "../checks/model";
import { SEVERITIES } from "../checks/order";
import type { Verdict } from "../judge/model";
import { isKnown } from "./words";

/** What decides on the exit code besides broken flows. */
export interface Limits {
  /** From which severity on a finding counts. */
  readonly failOn: Severity | "never";
  /** Whether flows that depend on something else count as broken. */
  readonly noAssumptions: boolean;
}

/** What counts where nothing else is asked for. */
export const DEFAULT_LIMITS: Limits = { failOn: "error", noAssumptions: false };

/** The severities of findings that make a run fail. */
export function failingSeverities({ failOn }: Limits): readonly Severity[] {
  return failOn === "never" ? [] : SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
}

/** Whether a finding makes a run fail. */
export function findingFails({ severity }: Finding, limits: Limits): boolean {
  return failingSeverities(limits).includes(severity);
}

/** Whether a flow makes a run fail; one that is known does not, nor one that does not count. */
export function flowFails(report: Report, verdict: Verdict, { noAssumptions }: Limits): boolean {
  const { status } = verdict;
  const isWrong = status === "broken" || (noAssumptions && status === "holds-if");
  return isWrong && isCounted(report, verdict) && !isKnown(report, verdict);
}
