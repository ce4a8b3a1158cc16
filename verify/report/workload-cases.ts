import type { Finding, Report } from "../checks/model";
import type { WorkloadRow } from "../derive/model";
import { cureWriter } from "./cure-terraform";
import { brokenFlowWords, conditionalFlowWords } from "./flow-words";
import { findingFails, flowFails, type Limits } from "./limits";
import type { Case } from "./test-case";
import { isKnown } from "./words";
import { type JudgedWorkload, judgedWorkloads } from "./workloads";

/** The check that finds workloads which are without a data service, for want of a policy. */
const CLOSED = "data-service-closed-to-pods";

/**
 * A test for each workload, in their order. It fails where what it needs makes the run fail, and says what does not hold; it is
 * skipped where nothing of it is judged or all that is wrong is known, with the reason.
 */
export function workloadCases(report: Report, limits: Limits): Case[] {
  const write = cureWriter(report);
  const closed = closedWorkloads(report, limits);
  return judgedWorkloads(report).map((workload) => {
    const { row, verdicts, words } = workload;
    const details = [
      ...verdicts.flatMap((verdict) => {
        if (verdict.status === "broken") return [brokenFlowWords(verdict, write)];
        return verdict.status === "holds-if" ? [conditionalFlowWords(verdict)] : [];
      }),
      ...(closed.get(row.address)?.words ?? []),
      ...row.unjudged.map((reason) => `Not judged: ${reason}.`),
    ];
    const isFailed =
      verdicts.some((verdict) => flowFails(report, verdict, limits)) || closed.get(row.address)?.isFailed;
    const skipped = isFailed ? undefined : reasonToSkip(report, workload);
    const said = [skipped ?? `${row.name}: ${words}.`, ...details].join("\n");
    return {
      name: row.name,
      source: row.source,
      outcome: isFailed ? "failed" : skipped === undefined ? "passed" : "skipped",
      type: "workload",
      ...((isFailed || skipped !== undefined || details.length > 0) && { words: said }),
    };
  });
}

/** Why nothing is said for or against a workload; undefined where something of it is judged. */
function reasonToSkip(report: Report, { row, verdicts, state }: JudgedWorkload): string | undefined {
  const wrong = verdicts.filter(({ status }) => status !== "holds");
  if (wrong.length > 0 && wrong.every((verdict) => isKnown(report, verdict)))
    return `Known by ${report.known?.file}: ${wrong.length} of ${verdicts.length} flows are not as they should be.`;
  if (state === "node") return "It keeps the groups of its node, so no flow of it is judged.";
  if (verdicts.length > 0 || row.closedServices.length > 0) return undefined;
  return `Not judged${row.unjudged.length === 0 ? "" : `: ${row.unjudged.join("; ")}`}.`;
}

/** Workloads that a data service is closed to for want of a policy, by their addresses, and whether the run fails for it. */
function closedWorkloads(
  { findings, known, suppressed }: Report,
  limits: Limits,
): ReadonlyMap<WorkloadRow["address"], { readonly isFailed: boolean; readonly words: readonly string[] }> {
  const of = (some: readonly Finding[], isFailed: (one: Finding) => boolean) =>
    some
      .filter(({ check }) => check === CLOSED)
      .map((one) => [one.address, { isFailed: isFailed(one), words: [one.message] }] as const);
  return new Map([
    ...of(suppressed, () => false),
    ...of(known?.findings ?? [], () => false),
    ...of(findings, (one) => findingFails(one, limits)),
  ]);
}
