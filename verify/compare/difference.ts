import { byText, sortedOnce } from "../../io/lists";
import { trafficOf, trafficSet } from "../../network/traffic";
import type { Report } from "../checks/model";
import { flowIdText, localFlowId } from "../expect/flow-id";
import type { Flow } from "../expect/model";
import type { Verdict } from "../judge/model";
import { arrange } from "./arrange";
import { type FindingChanges, findingChanges } from "./finding-changes";
import { type Meaning, meanings } from "./meaning";
import { newlyReachable, type Reachable } from "./reachable";

/** What changed between two revisions. */
export interface Difference {
  /** Flows that changed, by path and id. */
  readonly flows: readonly FlowChange[];
  /** What the rules of the head admit and those of the base did not. */
  readonly reachable: readonly Reachable[];
  readonly findings: FindingChanges;
}

/**
 * How a flow changed. It `opens` or `closes` when its traffic gets through now or no longer does, whether it should
 * or not, and becomes `conditional` when that depends on what the input does not say. `restated` is a flow whose
 * endpoints, traffic or expectation are others; `rules` one that other rules carry.
 */
export type Change = "new" | "gone" | "opens" | "closes" | "conditional" | "restated" | "rules";

export interface FlowChange {
  /** The path of the report that the flow is in: of the head, unless the flow is gone. */
  readonly path: string;
  /** The flow as the head states it, or as the base did when it is gone. */
  readonly flow: Flow;
  readonly changes: readonly Change[];
  readonly before?: Verdict["status"];
  readonly after?: Verdict["status"];
  /** For a flow of both: addresses of the rules that carry or open it in the head, and none of the base meant them. */
  readonly addedRules: readonly string[];
  /** Likewise: addresses in the base of the rules that carried or opened it, and none of the head means them. */
  readonly removedRules: readonly string[];
}

/**
 * Compares two revisions. Rules, flows and groups are matched by what they mean: a group by its key or else its name,
 * a rule by its group, direction, traffic and peer, a flow by its id or else by what it states. So a new address
 * alone is no change. Time: linear in rules and flows.
 *
 * @param byPath whether reports of the same input have the same path
 */
export function compare(
  base: readonly Report[],
  head: readonly Report[],
  { byPath = false }: { readonly byPath?: boolean } = {},
): Difference {
  const flows: FlowChange[] = [];
  const reachable: Reachable[] = [];
  const findings: FindingChanges[] = [];
  for (const [before, after] of byPath ? equalPaths(base, head) : pairs(base, head)) {
    const meaning = meanings(before, after);
    flows.push(...flowChanges(before, after, meaning));
    findings.push(findingChanges(before, after, meaning));
    if (after) reachable.push(...newlyReachable(before, after, meaning));
  }
  const place = ({ path, flow }: FlowChange) => `${path}\n${flowIdText(flow.id)}`;
  return { flows: flows.sort((a, b) => byText(place(a), place(b))), reachable, findings: joined(findings) };
}

function equalPaths(base: readonly Report[], head: readonly Report[]): ReturnType<typeof pairs> {
  const byPath = (reports: readonly Report[]) => new Map(reports.map((one) => [one.path, arrange(one)]));
  const [before, after] = [byPath(base), byPath(head)];
  return sortedOnce([...before.keys(), ...after.keys()]).map((path) => [before.get(path), after.get(path)]);
}

function joined(all: readonly FindingChanges[]): FindingChanges {
  return {
    added: all.flatMap(({ added }) => added),
    gone: all.flatMap(({ gone }) => gone),
    unchanged: all.reduce((sum, { unchanged }) => sum + unchanged, 0),
  };
}

/** Reports of the same input: the only ones, or those whose paths end alike. */
function pairs(
  base: readonly Report[],
  head: readonly Report[],
): (readonly [Report | undefined, Report | undefined])[] {
  if (base.length === 1 && head.length === 1)
    return [[arrange(base[0] as Report), arrange(head[0] as Report)]];
  const before = byTail(base, head);
  const after = byTail(head, base);
  return sortedOnce([...before.keys(), ...after.keys()]).map((tail) => {
    const [old, now] = [before.get(tail), after.get(tail)];
    return [old && arrange(old), now && arrange(now)];
  });
}

/** Reports by the end of their path, as short as it can be while it is unique on both sides. */
function byTail(reports: readonly Report[], others: readonly Report[]): Map<string, Report> {
  const parts = (report: Report) => report.path.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  const tail = (report: Report, length: number) => parts(report).slice(-length).join("/");
  const isUnique = (list: readonly Report[], length: number) =>
    new Set(list.map((report) => tail(report, length))).size === list.length;
  const longest = Math.max(1, ...[...reports, ...others].map((report) => parts(report).length));
  let length = 1;
  while (length < longest && !(isUnique(reports, length) && isUnique(others, length))) length += 1;
  return new Map(reports.map((report) => [tail(report, length), report]));
}

function flowChanges(before: Report | undefined, after: Report | undefined, meaning: Meaning): FlowChange[] {
  const result: FlowChange[] = [];
  const old = new Map((before?.verdicts ?? []).map((verdict) => [flowIdText(verdict.flow.id), verdict]));
  const unmatched: Verdict[] = [];
  for (const verdict of after?.verdicts ?? []) {
    const was = old.get(flowIdText(verdict.flow.id));
    old.delete(flowIdText(verdict.flow.id));
    if (was) result.push(...changesOf(was, verdict, after as Report, meaning));
    else unmatched.push(verdict);
  }
  const renamed = new Map(
    [...old.values()].map((verdict) => [statement(verdict.flow, meaning.baseGroup), verdict]),
  );
  for (const verdict of unmatched) {
    const was = renamed.get(statement(verdict.flow, (key) => key));
    if (was && old.delete(flowIdText(was.flow.id)))
      result.push(...changesOf(was, verdict, after as Report, meaning));
    else result.push(alone((after as Report).path, verdict, "new"));
  }
  for (const verdict of old.values()) result.push(alone((before as Report).path, verdict, "gone"));
  return result;
}

function alone(path: string, { flow, status }: Verdict, change: "new" | "gone"): FlowChange {
  const was = change === "new" ? { after: status } : { before: status };
  return { path, flow, changes: [change], ...was, addedRules: [], removedRules: [] };
}

function changesOf(before: Verdict, after: Verdict, report: Report, meaning: Meaning): FlowChange[] {
  const had = new Set(carriers(before).flatMap(meaning.baseRules));
  const has = new Set(carriers(after).flatMap(meaning.headRules));
  const addedRules = carriers(after).filter((address) =>
    meaning.headRules(address).some((rule) => !had.has(rule)),
  );
  const removedRules = carriers(before).filter((address) =>
    meaning.baseRules(address).some((rule) => !has.has(rule)),
  );
  const changes: Change[] = [];
  const passes = passage(after);
  if (passes !== passage(before)) changes.push(passes);
  if (statement(before.flow, meaning.baseGroup) !== statement(after.flow, (key) => key))
    changes.push("restated");
  if (addedRules.length + removedRules.length > 0) changes.push("rules");
  if (changes.length === 0) return [];
  const { path } = report;
  return [
    { path, flow: after.flow, changes, before: before.status, after: after.status, addedRules, removedRules },
  ];
}

/** Whether the traffic gets through, which is what holds for an `allow` and is broken for a `deny`. */
function passage({ flow, status }: Verdict): "opens" | "closes" | "conditional" {
  if (status === "holds-if") return "conditional";
  return (flow.expect === "allow") === (status === "holds") ? "opens" : "closes";
}

/** The rules that carry a flow, or open it. */
function carriers({ halves, openedBy }: Verdict): string[] {
  return sortedOnce([...openedBy, ...halves.flatMap((half) => half.admittedBy)]);
}

/** What a flow states, apart from its id, in words that are equal for equal flows. */
function statement({ id, expect, from, to, traffic }: Flow, group: (key: string) => string): string {
  const endpoint = ({ groups, cidrs }: Flow["from"]) => [
    groups.map(group).sort(byText),
    [...(cidrs ?? [])].sort(byText),
  ];
  return JSON.stringify([
    localFlowId(id),
    expect,
    endpoint(from),
    endpoint(to),
    trafficOf(trafficSet(traffic)),
  ]);
}
