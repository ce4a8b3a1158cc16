import { plural } from "../../io/plural";
import type { Finding, Report, SuppressedFinding } from "../checks/model";
import type { Difference, FlowChange } from "../compare/difference";
import type { Reachable } from "../compare/reachable";
import { flowIdText, localFlowId } from "../expect/flow-id";
import type { Verdict } from "../judge/model";
import { COMMAND } from "./command-name";
import { conditionWords, impossibleWords } from "./condition-words";
import { type CureWriter, cureTerraform, cureWriter } from "./cure-terraform";
import { changeWords, findingCountWords, findingName, reachableTraffic } from "./difference-text";
import { importantIn } from "./important";
import { printableLines } from "./layout";
import { code, fenced, plain } from "./markdown-escape";
import { diagram, LIMITS } from "./mermaid";
import { type Scope, scopesOf, shortName } from "./scopes";
import {
  arrow,
  hasNoGroups,
  inputWords,
  isKnown,
  knownWords,
  lack,
  noGroupsWords,
  place,
  refusing,
  summaryLine,
  trafficWords,
  unjudgedWords,
  unusedWords,
  updateCommand,
  where,
} from "./words";
import { type WorkloadState, workloadsView } from "./workloads";

/** GitHub refuses a comment with more characters. */
export const COMMENT_LIMIT = 65_536;

/** What the row of a flow takes at least, by its status and the frame of its cells: ten thousand cannot fit. */
const SHORTEST_ROW = 30;

/** What the parts may take when all of them are too much; with headings and summary it stays below the limit. */
const SHARES = {
  difference: 12_000,
  diagram: 12_000,
  workloads: 4_000,
  flows: 14_000,
  findings: 12_000,
  rest: 6_000,
} as const;

export interface MarkdownOptions {
  readonly difference?: Difference;
  /** All checks: those that ran are named where they are few. */
  readonly catalogue?: readonly { readonly id: string }[];
  /** Whether what is known is told in full, too. */
  readonly all?: boolean;
  /** The address of `docs/checks.md`, where the project has one. */
  readonly checksPage?: string | undefined;
}

/** What stands before the findings. */
const EXPLAINED = `\`${COMMAND} explain CHECK\` says what a check looks for, and why it matters.`;

const STATUS = {
  holds: ":white_check_mark: holds",
  broken: ":x: **broken**",
  "holds-if": ":warning: holds if",
} as const;

/** The report for a pull request's comment. When it would not fit, it shows the broken and changed part and says so. */
export function renderMarkdown(reports: readonly Report[], options: MarkdownOptions): string {
  const flows = reports.reduce((sum, { verdicts }) => sum + verdicts.length, 0);
  const whole = flows * SHORTEST_ROW > COMMENT_LIMIT ? undefined : page(reports, options, undefined);
  return whole !== undefined && whole.length <= COMMENT_LIMIT ? whole : page(reports, options, SHARES);
}

/** @param shares the characters for each part; without them everything is shown */
function page(
  reports: readonly Report[],
  { difference, checksPage, catalogue, all = false }: MarkdownOptions,
  shares: typeof SHARES | undefined,
): string {
  const room = (part: keyof typeof SHARES) => new Room(shares?.[part] ?? Number.POSITIVE_INFINITY);
  const isImportant = importantIn(difference);
  const lines = ["### Security groups: who reaches whom", "", `**${summaryLine(reports, catalogue)}**`];
  if (shares)
    lines.push(
      "",
      "The report is too long for one comment: below is what is broken or changed, as far as it fits.",
    );
  const changes = room("difference");
  if (difference)
    lines.push(
      "",
      "#### Difference to the base",
      "",
      ...differenceLines(difference, changes),
      ...findingChangeLines(difference, changes),
      ...changes.omission("change"),
    );
  lines.push(...diagramLines(reports, difference, shares?.diagram));
  for (const report of reports) lines.push(...workloadLines(report, all, room("workloads")));
  const flows = room("flows");
  for (const report of reports) {
    const verdicts = shares ? report.verdicts.filter((one) => isImportant(report, one)) : report.verdicts;
    if (verdicts.length > 0) lines.push(...flowLines({ ...report, verdicts }, flows));
  }
  lines.push(...flows.omission("flow"));
  const findings = reports.flatMap((report) => [
    ...report.findings
      .filter(({ isOfUnusedFeature }) => !isOfUnusedFeature)
      .map((finding) => findingBlock(finding, checksPage)),
    ...[unusedWords(report.findings) ?? []].flat().map((words) => `- **information** ${plain(words)}`),
  ]);
  lines.push(...list("Findings", "finding", findings, room("findings"), EXPLAINED));
  const known = all
    ? reports.flatMap((report) => (report.known?.findings ?? []).map((one) => findingBlock(one, checksPage)))
    : reports.flatMap(knownCount);
  lines.push(...list(all ? "Known findings" : "Known", "known finding", known, room("rest")));
  const gone = reports.flatMap(({ known }) => (known?.gone ?? []).map((one) => `- ${plain(one)}`));
  lines.push(...list("No longer found", "entry", gone, room("rest"), goneIntro(reports)));
  const suppressed = reports.flatMap((report) =>
    report.suppressed.map((finding) => findingBlock(finding, checksPage)),
  );
  lines.push(...list("Suppressed findings", "suppressed finding", suppressed, room("rest")));
  const notes = reports.flatMap(notesOf);
  lines.push(...list("Notes", "note", notes, room("rest")));
  return `${lines.join("\n")}\n`;
}

/** How many characters a part may still take, and how much did not fit. */
class Room {
  private omitted = 0;

  constructor(private left: number) {}

  /** The blocks that fit, in order; `frame` is what the first of them brings along. */
  take(blocks: readonly string[], frame = ""): string[] {
    const taken: string[] = [];
    for (const block of blocks) {
      const size = block.length + 1 + (taken.length === 0 ? frame.length : 0);
      if (size > this.left) {
        this.omitted += 1;
        continue;
      }
      this.left -= size;
      taken.push(block);
    }
    return taken;
  }

  omission(noun: string): string[] {
    if (this.omitted === 0) return [];
    return ["", `And ${plural(this.omitted, `more ${noun}`)} that did not fit: \`--format text\` shows all.`];
  }
}

function list(title: string, noun: string, blocks: readonly string[], room: Room, intro?: string): string[] {
  if (blocks.length === 0) return [];
  const before = intro === undefined ? [] : [intro, ""];
  return ["", `#### ${title}`, "", ...before, ...room.take(blocks), ...room.omission(noun)];
}

function diagramLines(
  reports: readonly Report[],
  difference: Difference | undefined,
  share: number | undefined,
): string[] {
  if (reports.every((report) => report.verdicts.length === 0)) return [];
  const { text, omission } = diagram(reports, difference, {
    ...LIMITS,
    ...(share !== undefined && { characters: share }),
  });
  const about = "Solid: gets through. Dashed: broken. Flows that are blocked as intended are not drawn.";
  return [
    "",
    ...fenced("mermaid", text.split("\n")),
    "",
    omission === undefined ? about : `${about} ${omission}`,
  ];
}

const STATES = {
  broken: ":x: **broken**",
  unknown: ":warning: unknown",
  "holds-if": ":warning: holds if",
  holds: ":white_check_mark: holds",
  node: "node",
} as const satisfies Readonly<Record<WorkloadState, string>>;

/** The workloads in which something is wrong, and the others as a number. */
function workloadLines(report: Report, all: boolean, room: Room): string[] {
  const { lines, rest, idle } = workloadsView(report, all);
  const names = (some: readonly string[]) => (some.length === 0 ? "none" : some.map(code).join(", "));
  const rows = lines.map(
    ({ state, name, policies, groups, words }) =>
      `| ${[STATES[state], code(name), names(policies), groups === undefined ? "not known" : names(groups), plain(words)].join(" | ")} |`,
  );
  const head = ["", "Workload", "Policy", "Security groups", "What it needs"];
  const sentences = [rest, idle].flatMap((words) => (words === undefined ? [] : [`${plain(words)}.`]));
  if (rows.length + sentences.length === 0) return [];
  return [
    "",
    `#### Workloads beside ${code(report.path)}`,
    "",
    ...table(head, room.take(rows)),
    ...sentences.flatMap((words) => [words, ""]).slice(0, -1),
    ...room.omission("workload"),
  ];
}

function flowLines(report: Report, room: Room): string[] {
  const write = cureWriter(report);
  const lines: string[] = [];
  for (const scope of scopesOf(report.verdicts)) {
    const whose = [report.path, scope.name].filter(Boolean).map(code).join(", ");
    const title = [
      "",
      `#### Flows ${scope.isDerived ? `that workloads need, in ${whose}` : `of ${whose}`}`,
      "",
    ];
    const prefix = scope.prefix === "" ? "" : ` Short names are those of ${code(`${scope.prefix}NAME`)}.`;
    const head = [
      ...title,
      `Read from ${inputWords(report, code)}.${prefix}`,
      "",
      "| | Flow | | Traffic | Carried by |",
      "| --- | --- | --- | --- | --- |",
    ];
    const rows = room.take(
      scope.verdicts.map((verdict) => flowRow(verdict, scope, isKnown(report, verdict))),
      head.join("\n"),
    );
    if (rows.length > 0) lines.push(...head, ...rows);
    const broken = scope.verdicts.filter(
      (verdict) => verdict.status === "broken" && !isKnown(report, verdict),
    );
    lines.push(...room.take(broken.map((verdict) => brokenBlock(verdict, write))));
  }
  return lines;
}

function flowRow(verdict: Verdict, scope: Scope, known: boolean): string {
  const { flow, status } = verdict;
  const cells = [
    `${STATUS[status]}${known ? ", known" : ""}`,
    code(localFlowId(flow.id)),
    `${code(flow.from.name)} ${arrow(flow)} ${code(flow.to.name)}`,
    plain(trafficWords(flow.traffic)),
    carriedBy(verdict, scope).join("<br>"),
  ];
  return `| ${cells.join(" | ")} |`;
}

function carriedBy(verdict: Verdict, scope: Scope): string[] {
  const { flow, halves, conditions, openedBy } = verdict;
  const short = (addresses: readonly string[]) => addresses.map((address) => code(shortName(address, scope)));
  if (flow.expect === "deny" && verdict.status === "broken")
    return [`opened by ${short(openedBy).join(", ")}`];
  const lines = refusing(verdict).map(({ half, words }) => `${plain(place(half))}: ${words}`);
  for (const half of flow.expect === "allow" ? halves : []) {
    const missing = lack(verdict, half);
    const words = [...short(half.admittedBy), ...(missing === undefined ? [] : [`**${plain(missing)}**`])];
    if (words.length > 0) lines.push(`${plain(place(half))}: ${words.join(", ")}`);
  }
  const impossible = impossibleWords(verdict);
  if (impossible !== undefined) lines.push(plain(impossible));
  return [...lines, ...conditions.map((condition) => `if ${plain(conditionWords(condition))}`)];
}

/** What cures a broken flow. */
function brokenBlock(verdict: Verdict, write: CureWriter): string {
  const { flow, cures, openedBy } = verdict;
  const impossible = impossibleWords(verdict);
  const description = flow.description === undefined ? "" : ` (${plain(flow.description)})`;
  const title = `**${code(flowIdText(flow.id))}**${description}`;
  if (flow.expect === "deny") {
    return `\n${title} must not get through. It is opened by:\n\n${openedBy.map((address) => `- ${code(address)}`).join("\n")}`;
  }
  if (cures.length === 0) {
    return `\n${title} does not get through${impossible === undefined ? "" : `: ${plain(impossible)}`}.`;
  }
  const terraform = fenced("hcl", cureTerraform(write(cures)).flatMap(printableLines));
  return `\n${title} does not get through. Add:\n\n${terraform.join("\n")}`;
}

function findingChangeLines({ findings }: Difference, room: Room): string[] {
  const line =
    (mark: string) =>
    ({ finding }: { readonly finding: Finding }) =>
      `- ${mark} ${plain(findingName(finding))}`;
  const changes = [...findings.added.map(line("new:")), ...findings.gone.map(line("gone:"))];
  return ["", findingCountWords(findings), "", ...room.take(changes), ...room.omission("finding")];
}

function differenceLines({ flows, reachable }: Difference, room: Room): string[] {
  if (flows.length + reachable.length === 0) return ["No flow changes, and nothing becomes reachable."];
  return [
    ...table(["Flow", "", "Traffic", "Change", "Rules"], room.take(flows.map(changeRow))),
    ...table(["Becomes reachable", "Traffic", "By"], room.take(reachable.map(reachableRow))),
  ];
}

function table(head: readonly string[], rows: readonly string[]): string[] {
  if (rows.length === 0) return [];
  return [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...rows, ""];
}

function changeRow(change: FlowChange): string {
  const { flow, addedRules, removedRules, after } = change;
  const rules = [
    ...addedRules.map((address) => `added ${code(address)}`),
    ...removedRules.map((address) => `removed ${code(address)}`),
  ];
  const cells = [
    code(flowIdText(flow.id)),
    `${code(flow.from.name)} ${arrow(flow)} ${code(flow.to.name)}`,
    plain(trafficWords(flow.traffic)),
    `${after === "broken" ? ":x: " : ""}${changeWords(change)}`,
    rules.join("<br>"),
  ];
  return `| ${cells.join(" | ")} |`;
}

function reachableRow(one: Reachable): string {
  const path = `${code(one.from)} -> ${code(one.to)}`;
  return `| ${path} | ${plain(reachableTraffic(one))} | ${one.rules.map(code).join("<br>")} |`;
}

function findingBlock(finding: Finding | SuppressedFinding, checksPage: string | undefined): string {
  const [first = "", ...others] = printableLines(finding.message);
  const { source } = finding;
  const at =
    source === undefined
      ? ""
      : ` (${code(where(source))}${source.inside ? `, in ${code(where(source.inside))}` : ""})`;
  const reason = "reason" in finding ? [`  Suppressed: ${plain(finding.reason)}`] : [];
  const id = code(finding.check);
  const check = checksPage === undefined ? id : `[${id}](${checksPage}#${encodeURIComponent(finding.check)})`;
  const more = others.length === 0 ? [] : fenced("", others).map((line) => `  ${line}`);
  return [
    `- **${finding.severity}** ${check} at ${code(finding.address)}${at}: ${plain(first)}`,
    ...more,
    ...reason,
  ].join("\n");
}

function knownCount(report: Report): string[] {
  const words = knownWords(report);
  if (words === undefined || report.known === undefined) return [];
  return [`- ${code(report.path)}: ${words}, known by ${code(report.known.file)}; \`--all\` shows them`];
}

/** What takes out of the file what is no longer found. */
function goneIntro(reports: readonly Report[]): string | undefined {
  const [file] = reports.flatMap(({ known }) => known?.file ?? []);
  return file === undefined ? undefined : `${code(updateCommand(file))} removes them.`;
}

function notesOf(report: Report): string[] {
  const input = code(report.path);
  const own = hasNoGroups(report)
    ? [noGroupsWords(report)]
    : report.verdicts.length === 0
      ? [`no flow is judged: ${unjudgedWords([report])}`]
      : [];
  return [...own, ...report.notes.map(plain)].map((note) => `- ${input}: ${note}`);
}
