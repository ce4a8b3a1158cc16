import { groupedBy, sortedOnce } from "../../io/lists";
import { inWords, plural } from "../../io/plural";
import type { Family } from "../../network/addresses";
import type { Traffic } from "../../network/traffic";
import { describeAll, trafficOf, trafficSet } from "../../network/traffic";
import type { Finding, Report, Severity } from "../checks/model";
import { flowIdText } from "../expect/flow-id";
import type { Flow } from "../expect/model";
import type { Group } from "../inventory/model";
import type { Half, Verdict } from "../judge/model";
import type { Source } from "../read/model";

/** Traffic in the fewest words, whatever the order and the pieces in which it is given. */
export function trafficWords(traffic: readonly Traffic[]): string {
  return describeAll(trafficOf(trafficSet(traffic)));
}

/** `IPv4`, `IPv4 and IPv6`. */
export function familyWords(families: readonly Family[]): string {
  return families.map((family) => (family === "ipv4" ? "IPv4" : "IPv6")).join(" and ");
}

/** The arrow of a flow: what must get through, or what must not. */
export function arrow(flow: Flow): string {
  return flow.expect === "allow" ? "->" : "-/->";
}

/** `pods egress`, `rds ingress`. */
export function place(half: Half): string {
  return `${half.endpoint.name} ${half.direction}`;
}

/** What a half of a broken flow lacks, in words; nothing when the flow is not broken for its sake. */
export function lack({ status, cures }: Verdict, half: Half): string | undefined {
  if (status !== "broken" || half.missing.length === 0) return undefined;
  // What a group that is declared elsewhere lacks here is a condition, and no rule cures it.
  if (cures.length > 0 && !cures.some((cure) => cure.direction === half.direction)) return undefined;
  const family = half.missingFamily === undefined ? "" : ` over ${familyWords([half.missingFamily])}`;
  return `no rule allows ${trafficWords(half.missing)}${family}`;
}

/** The halves of a closed flow that certainly let nothing through, or nothing of one family, with words that say so. */
export function refusing({ flow, status, halves }: Verdict): { half: Half; words: string }[] {
  if (flow.expect !== "deny" || status !== "holds") return [];
  const closed = halves.filter(({ isClosed }) => isClosed);
  if (closed.length > 0) return closed.map((half) => ({ half, words: "no rule allows it" }));
  return halves.flatMap((half) => {
    if (half.closedFamily === undefined) return [];
    return [{ half, words: `no rule allows it over ${familyWords([half.closedFamily])}` }];
  });
}

/** Groups by their keys. */
export type Groups = ReadonlyMap<string, Group>;

export function groupsByKey(report: Report): Groups {
  return new Map(report.groups.map((group) => [group.key, group]));
}

/** `main.tf:12`, or the file alone. */
export function where(source: Source): string {
  return source.line === undefined ? source.file : `${source.file}:${source.line}`;
}

/**
 * How a report's input is called.
 *
 * @param named how a format writes an address
 */
export function inputWords(report: Report, named = (address: string) => address): string {
  const { kind, mode, modeFrom, cni } = report;
  const from = modeFrom === undefined ? "" : `, from ${named(modeFrom)}`;
  return `${kind}, enforcing mode ${mode}${from}${cni === undefined ? "" : `, CNI ${cni}`}`;
}

/** Whether an input holds nothing that flows could be judged on: a group that it only names has no rules here. */
export function hasNoGroups({ groups, rules, verdicts }: Report): boolean {
  return !groups.some(({ declaredAt }) => declaredAt) && rules.length + verdicts.length === 0;
}

/** How such an input is listed. */
export function noGroupsWords({ lookedAt = [] }: Report): string {
  return `no security groups${lookedAt.length === 0 ? "" : `; looked at: ${lookedAt.join(", ")}`}`;
}

/** Whether a flow is not as it should be, and was known not to be. */
export function isKnown({ known }: Pick<Report, "known">, { flow, status }: Verdict): boolean {
  return status !== "holds" && known?.flows.has(flowIdText(flow.id)) === true;
}

/** `1 broken flow and 12 findings`: what is known and only counted; undefined where there is nothing. */
export function knownWords(report: Report): string | undefined {
  const flows = (wanted: Verdict["status"]) =>
    report.verdicts.filter((verdict) => verdict.status === wanted && isKnown(report, verdict)).length;
  const [broken, conditional] = [flows("broken"), flows("holds-if")];
  const parts = [
    ...(broken > 0 ? [plural(broken, "broken flow")] : []),
    ...(conditional > 0
      ? [`${plural(conditional, "flow")} that ${conditional === 1 ? "depends" : "depend"} on something else`]
      : []),
    ...(report.known?.findings.length ? [plural(report.known.findings.length, "finding")] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** What takes known things out of their file that are no longer found. */
export function updateCommand(file: string): string {
  return `verify --known ${file} --update-known`;
}

export interface Counts {
  readonly flows: number;
  readonly holds: number;
  /** With those that are known, as `broken`. */
  readonly holdsIf: number;
  readonly broken: number;
  readonly knownHoldsIf: number;
  readonly knownBroken: number;
  /** Findings that are known, which the numbers by severity leave out. */
  readonly known: number;
  readonly errors: number;
  readonly warnings: number;
  readonly information: number;
  readonly suppressed: number;
}

export function count(reports: readonly Report[]): Counts {
  const verdicts = reports.flatMap((report) => report.verdicts);
  const findings = reports.flatMap((report) => report.findings);
  const status = (wanted: Verdict["status"]) =>
    verdicts.filter((verdict) => verdict.status === wanted).length;
  const knownStatus = (wanted: Verdict["status"]) =>
    reports
      .flatMap((report) => report.verdicts.filter((verdict) => isKnown(report, verdict)))
      .filter((verdict) => verdict.status === wanted).length;
  const severity = (wanted: Severity) => findings.filter((finding) => finding.severity === wanted).length;
  return {
    flows: verdicts.length,
    holds: status("holds"),
    holdsIf: status("holds-if"),
    broken: status("broken"),
    knownHoldsIf: knownStatus("holds-if"),
    knownBroken: knownStatus("broken"),
    known: reports.reduce((sum, { known }) => sum + (known?.findings.length ?? 0), 0),
    errors: severity("error"),
    warnings: severity("warning"),
    information: severity("information"),
    suppressed: reports.reduce((sum, report) => sum + report.suppressed.length, 0),
  };
}

/**
 * The summary in one line: `10 flows: 1 broken, 2 hold if …, 7 hold. Findings: 1 warning.`
 *
 * @param catalogue all checks, to name those that were run where these are few
 */
export function summaryLine(
  reports: readonly Report[],
  catalogue: readonly { readonly id: string }[] = [],
): string {
  const counts = count(reports);
  const statuses = listed([
    [counts.broken, `broken${ofThem(counts.knownBroken)}`],
    [counts.holdsIf, `${counts.holdsIf === 1 ? "holds" : "hold"} if …${ofThem(counts.knownHoldsIf)}`],
    [counts.holds, counts.holds === 1 ? "holds" : "hold"],
  ]);
  const findings = listed([
    [counts.errors, counts.errors === 1 ? "error" : "errors"],
    [counts.warnings, counts.warnings === 1 ? "warning" : "warnings"],
    [counts.information, "information"],
    [counts.known, "known"],
    [counts.suppressed, "suppressed"],
  ]);
  const flows = counts.flows === 0 ? nothingJudged(reports) : `${plural(counts.flows, "flow")}: ${statuses}`;
  return [
    `${flows}. ${findings === "" ? "No findings" : `Findings: ${findings}`}.`,
    ...notRunWords(reports, catalogue),
  ].join(" ");
}

/** More ids than these are only counted. */
const MOST_NAMED = 5;

/** The ids of the checks that no report is about, in order. */
export function checksNotRun(reports: readonly Report[]): readonly string[] {
  return [...new Set(reports.flatMap((report) => report.checksNotRun ?? []))];
}

function notRunWords(reports: readonly Report[], catalogue: readonly { readonly id: string }[]): string[] {
  const ids = checksNotRun(reports);
  if (ids.length === 0) return [];
  const run = catalogue.flatMap(({ id }) => (ids.includes(id) ? [] : [id]));
  if (ids.length > MOST_NAMED && run.length > 0 && run.length <= MOST_NAMED)
    return [`Only ${run.length === 1 ? "this check" : "these checks"} ran: ${run.join(", ")}.`];
  const which = ids.length > MOST_NAMED ? "" : `: ${ids.join(", ")}`;
  return [`${plural(ids.length, "check")} not run${which}.`];
}

function ofThem(known: number): string {
  return known === 0 ? "" : ` (${inWords(known)} known)`;
}

/** Why no flow is judged, in a clause. */
export function unjudgedWords(reports: readonly Report[]): string {
  const rows = reports.flatMap(({ workloads }) => workloads?.rows ?? []);
  const { length: unknown } = rows.filter(({ carries }) => carries === "unknown");
  if (unknown > 0)
    return `the security groups of ${rows.length === unknown ? "" : `${unknown} of `}${plural(rows.length, "workload")} are not known`;
  if (rows.some(({ carries }) => carries === "own")) return "nothing is known that the workloads need";
  if (rows.length > 0)
    return `${plural(rows.length, "workload")} ${rows.length === 1 ? "keeps" : "keep"} the security groups of the node`;
  const isStated = reports.some(({ flowsFile }) => flowsFile !== undefined);
  return isStated ? "flows.yaml declares no flow" : "no flows.yaml";
}

/** Where no flow was judged: why, and what was seen, so that silence is not taken for health. */
function nothingJudged(reports: readonly Report[]): string {
  const why = unjudgedWords(reports);
  const groups = reports.flatMap((report) => report.groups);
  const declared = groups.filter(({ declaredAt }) => declaredAt !== undefined).length;
  const rules = reports.map((report) => new Set(report.rules.map(({ address }) => address)).size);
  const sum = (of: (report: Report) => number | undefined) =>
    reports.reduce((total, report) => total + (of(report) ?? 0), 0);
  const seen = [
    [declared, "group"],
    [groups.length - declared, "group declared elsewhere", "groups declared elsewhere"],
    [rules.reduce((total, number) => total + number, 0), "rule"],
    [sum(({ seen }) => seen?.databases), "database"],
    [sum(({ seen }) => seen?.caches), "cache"],
    [sum(({ seen }) => seen?.policies), "policy", "policies"],
  ] as const;
  const words = seen.filter(([number]) => number > 0).map(([number, one, more]) => plural(number, one, more));
  const all = words.length === 0 ? "No security group" : words.join(", ");
  return `Nothing was checked between groups: ${why}. ${all} seen`;
}

/** Findings that matter only to pods with groups of their own, of which the input shows none, in one line. */
export function unusedWords(findings: readonly Finding[]): string | undefined {
  const unused = findings.filter(({ isOfUnusedFeature }) => isOfUnusedFeature);
  if (unused.length === 0) return undefined;
  const checks = [...groupedBy(unused, ({ check }) => check)].map(
    ([check, all]) => `${check} (${all.map(({ address }) => address).join(", ")})`,
  );
  return `Only matters for pods with their own security groups, and this input shows none: ${checks.join(", ")}.`;
}

/** The checks that such findings are of. */
export function unusedChecks(findings: readonly Finding[]): string[] {
  return sortedOnce(findings.filter(({ isOfUnusedFeature }) => isOfUnusedFeature).map(({ check }) => check));
}

function listed(parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${inWords(number)} ${words}`)
    .join(", ");
}
