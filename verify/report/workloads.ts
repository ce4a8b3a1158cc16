import { plural } from "../../io/plural";
import type { Report } from "../checks/model";
import type { WorkloadRow } from "../derive/model";
import { flowIdText } from "../expect/flow-id";
import type { Verdict } from "../judge/model";
import { groupsByKey, isKnown } from "./words";

/** What became of what a workload needs, from the worst on. */
export type WorkloadState = "broken" | "unknown" | "holds-if" | "holds" | "node";

/** A row of the table of workloads, in words. */
export interface WorkloadLine {
  readonly state: WorkloadState;
  readonly name: string;
  readonly policies: readonly string[];
  /** Absent where they are not known. */
  readonly groups?: readonly string[];
  /** What holds and what does not. */
  readonly words: string;
}

/** The table of workloads as reports show it. */
export interface WorkloadsView {
  readonly lines: readonly WorkloadLine[];
  /** The rest, counted, in a sentence. */
  readonly rest?: string;
  /** Policies that select none of the workloads, in a sentence. */
  readonly idle?: string;
}

const ORDER = ["broken", "unknown", "holds-if", "holds", "node"] as const satisfies readonly WorkloadState[];
/** States of which nobody need be told. */
const QUIET: readonly WorkloadState[] = ["holds", "node"];
/** More policies than these are only counted. */
const MOST_NAMED = 5;

/** A workload with the verdicts on what it needs, and what became of it. */
export interface JudgedWorkload {
  readonly row: WorkloadRow;
  readonly verdicts: readonly Verdict[];
  readonly state: WorkloadState;
  /** What holds and what does not. */
  readonly words: string;
}

/** The workloads of a report with what was judged of them, in their order. */
export function judgedWorkloads(report: Report): JudgedWorkload[] {
  const byId = new Map(report.verdicts.map((verdict) => [flowIdText(verdict.flow.id), verdict]));
  return (report.workloads?.rows ?? []).map((row) => {
    const verdicts = row.flows.flatMap((name) => byId.get(name) ?? []);
    return { row, verdicts, state: stateOf(row, verdicts), words: wordsOf(row, verdicts) };
  });
}

/**
 * The workloads of a report, those with something wrong first. Those in which nothing is are counted.
 *
 * @param all whether they are shown as well
 */
export function workloadsView(report: Report, all: boolean): WorkloadsView {
  const { workloads } = report;
  if (workloads === undefined) return { lines: [] };
  const labels = groupsByKey(report);
  const rows = judgedWorkloads(report).map((one) => {
    const told = one.verdicts.filter((verdict) => !isKnown(report, verdict));
    return { ...one, isShown: all || !QUIET.includes(stateOf(one.row, told)) };
  });
  const shown = rows.filter(({ isShown }) => isShown);
  const quiet = rows.filter(({ isShown }) => !isShown);
  const ownGroups = quiet.filter(({ state }) => state !== "node").length;
  const { length: onNode } = quiet.filter(({ state }) => state === "node");
  const rest = [
    ...(ownGroups > 0
      ? [`${plural(ownGroups, "workload")} with ${ownGroups === 1 ? "its" : "their"} own security groups`]
      : []),
    ...(onNode > 0 ? [`${plural(onNode, "workload")} with those of the node`] : []),
  ].join(", ");
  const { idlePolicies } = workloads;
  const more = idlePolicies.length - MOST_NAMED;
  return {
    lines: ORDER.flatMap((state) =>
      shown
        .filter((one) => one.state === state)
        .map(({ row, words }) => ({
          state,
          name: row.name,
          policies: row.policies.map(({ name }) => name),
          ...(row.carries !== "unknown" && {
            groups: row.groups.map((key) => labels.get(key)?.label ?? key),
          }),
          words,
        })),
    ),
    ...(rest !== "" && {
      rest: `${shown.length === 0 ? "" : "Besides: "}${rest}${shown.length === 0 ? "" : ", in which nothing is broken"}`,
    }),
    ...(idlePolicies.length > 0 && {
      idle: `No workload here is selected by ${[
        ...idlePolicies.slice(0, MOST_NAMED),
        ...(more > 0 ? [`${more} more`] : []),
      ].join(", ")}`,
    }),
  };
}

function stateOf({ carries, closedServices }: WorkloadRow, verdicts: readonly Verdict[]): WorkloadState {
  const has = (wanted: Verdict["status"]) => verdicts.some(({ status }) => status === wanted);
  if (closedServices.length > 0 || has("broken")) return "broken";
  if (carries === "node" || (carries === "unknown" && verdicts.length === 0)) return carries;
  return has("holds-if") ? "holds-if" : "holds";
}

function wordsOf({ carries, closedServices }: WorkloadRow, verdicts: readonly Verdict[]): string {
  if (closedServices.length > 0) {
    return `has no policy, and ${closedServices.join(", ")} ${closedServices.length === 1 ? "allows" : "allow"} only pods that have one`;
  }
  if (carries === "unknown" && verdicts.length === 0) return "not judged";
  if (carries === "node") return "keeps the groups of its node";
  const count = (wanted: Verdict["status"]) => verdicts.filter(({ status }) => status === wanted).length;
  const parts = [
    [count("broken"), "broken"],
    [count("holds-if"), count("holds-if") === 1 ? "holds if …" : "hold if …"],
    [count("holds"), count("holds") === 1 ? "holds" : "hold"],
  ] as const;
  const words = parts.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
  return words.length === 0
    ? "no flow of it is judged"
    : `${plural(verdicts.length, "flow")}: ${words.join(", ")}`;
}
