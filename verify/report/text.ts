import { groupedBy } from "../../io/lists";
import { plural } from "../../io/plural";
import type { Finding, Report, SuppressedFinding } from "../checks/model";
import { STATUSES } from "../compare/arrange";
import type { Difference } from "../compare/difference";
import { localFlowId } from "../expect/flow-id";
import type { Verdict } from "../judge/model";
import { COMMAND } from "./command-name";
import { conditionWords, impossibleWords } from "./condition-words";
import { type CureWriter, cureTerraform, cureWriter } from "./cure-terraform";
import { differenceText } from "./difference-text";
import { DEFAULT_WIDTH, labelled, painter, printable, printableLines, type Screen, wrap } from "./layout";
import { DEFAULT_LIMITS, findingFails, flowFails, type Limits } from "./limits";
import { type Scope, scopesOf } from "./scopes";
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
  unusedChecks,
  unusedWords,
  updateCommand,
  where,
} from "./words";
import { workloadLines } from "./workloads-text";

/** Where the details of a flow or a finding begin: below its id. */
const INDENT = 12;

export interface TextOptions {
  readonly color: boolean;
  /** Whether only that is said which makes the run fail: nothing where nothing does. */
  readonly onlyFailing?: boolean;
  /** What makes a run fail. Default: broken flows and errors. */
  readonly limits?: Limits;
  /** The columns of the terminal. Default: 100, so that what is piped is the same everywhere. */
  readonly width?: number;
  /** Whether healthy flows are listed and not only counted, and suppressed findings are told in full. */
  readonly all?: boolean;
  readonly difference?: Difference;
  /** All checks: those that ran are named where they are few. */
  readonly catalogue?: readonly { readonly id: string }[];
  /** The exit code and why, in a sentence: the last line. */
  readonly exit?: { readonly code: number; readonly words: string };
}

/** How one report is printed: what stays the same over all inputs, and what was told already. */
interface Printing {
  readonly screen: Screen;
  readonly all: boolean;
  /** Whether this is the first time that it is asked for this. */
  readonly isNew: (what: string) => boolean;
}

/**
 * The report for people. Of each input first what is broken, then what depends on something else and how many flows
 * hold, then the findings by severity; inputs in which something is wrong first. It ends with the summary and the exit
 * code, where a terminal stops. Where no flow was judged, the summary comes first: silence is not to be taken for health.
 */
export function renderText(reports: readonly Report[], options: TextOptions): string {
  const { difference, exit, all = false } = options;
  const paint = painter(options.color);
  const screen = { paint, width: options.width ?? DEFAULT_WIDTH };
  const told = new Set<string>();
  const isNew = (what: string) => !told.has(what) && told.add(what) !== undefined;
  const exitWords = exit ? wrap(`Exit code ${exit.code}: ${exit.words}.`, 0, screen) : [];
  const exitLines = exitWords.map((line) => (exit?.code === 0 ? line : paint("red", line)));
  if (options.onlyFailing) {
    const failing = reports.flatMap((report) => failingOf(report, options.limits ?? DEFAULT_LIMITS));
    const blocks = urgentFirst(failing).map((report) => failingLines(report, { screen, all, isNew }));
    return blocks.length === 0 ? "" : `${paragraphs([...blocks, exitLines]).join("\n")}\n`;
  }
  const summary = wrap(summaryLine(reports, options.catalogue), 0, screen).map((line) => paint("bold", line));
  const isJudged = reports.some(({ verdicts }) => verdicts.length > 0);
  const blocks = [
    isJudged ? [] : summary,
    difference ? differenceText(difference, screen) : [],
    ...urgentFirst(reports).map((report) => reportLines(report, { screen, all, isNew })),
    [...(isJudged ? summary : []), ...exitLines],
  ];
  return `${paragraphs(blocks).join("\n")}\n`;
}

/** Inputs with broken flows or errors first, then those with something else to say; otherwise as given. */
function urgentFirst(reports: readonly Report[]): Report[] {
  const urgency = (report: Report) => {
    const { findings } = report;
    const verdicts = report.verdicts.filter((verdict) => !isKnown(report, verdict));
    if (verdicts.some(({ status }) => status === "broken")) return 0;
    if (findings.some(({ severity }) => severity === "error")) return 1;
    return verdicts.some(({ status }) => status === "holds-if") || findings.length > 0 ? 2 : 3;
  };
  return [...reports].sort((a, b) => urgency(a) - urgency(b));
}

/** Of a report what makes the run fail; nothing where nothing does. */
function failingOf(report: Report, limits: Limits): Report[] {
  const verdicts = report.verdicts.filter((verdict) => flowFails(report, verdict, limits));
  const findings = report.findings.filter((finding) => findingFails(finding, limits));
  return verdicts.length + findings.length === 0 ? [] : [{ ...report, verdicts, findings }];
}

function failingLines(report: Report, printing: Printing): string[] {
  return [
    ...titleLines(report, printing),
    ...firstSection(report, printing),
    ...flowSections(report, printing),
    ...findingSection(report, printing),
  ];
}

function findingSection(report: Report, printing: Printing): string[] {
  const used = report.findings.filter((finding) => !finding.isOfUnusedFeature && !isFirst(finding));
  return section("Findings", paragraphs([...findingBlocks(used, printing), unusedLines(report, printing)]));
}

/** What comes before the flows. */
function firstSection({ findings }: Report, printing: Printing): string[] {
  return section("What is not known", paragraphs(findingBlocks(findings.filter(isFirst), printing)));
}

function reportLines(report: Report, printing: Printing): string[] {
  const { screen } = printing;
  const known = printing.all ? (report.known?.findings ?? []) : [];
  // Of workloads the table says what is missing.
  const isTold = hasNoGroups(report) || report.verdicts.length > 0 || report.workloads !== undefined;
  return [
    ...titleLines(report, printing),
    ...(isTold ? [] : wrap(nextStep(report), 2, screen)),
    ...firstSection(report, printing),
    ...workloadLines(report, printing.all, () => allHint(printing), screen),
    ...flowSections(report, printing),
    ...findingSection(report, printing),
    ...section("Known findings", paragraphs(findingBlocks(known, printing))),
    ...knownLines(report, printing),
    ...section("Suppressed findings", paragraphs(findingBlocks(report.suppressed, printing))),
    ...section(
      "Notes",
      report.notes.flatMap((note) => bulleted(note, screen)),
    ),
  ];
}

/** Whether a finding comes before the flows, because these hang on it. */
function isFirst({ check }: Finding): boolean {
  return check === "group-not-mapped";
}

/** The input and how it was read, with all that there is to say of its flows where that is little. */
function titleLines(report: Report, printing: Printing): string[] {
  const { screen } = printing;
  const path = printable(report.path);
  const short = hasNoGroups(report) ? noGroupsWords(report) : healthyInShort(report, printing);
  const words = `(${inputWords(report)})${short === undefined ? "" : `: ${short}`}`;
  const line = `  ${printable(words)}`;
  const isOneLine = path.length + line.length <= screen.width;
  return isOneLine
    ? [screen.paint("bold", path) + line]
    : [screen.paint("bold", path), ...wrap(words, 2, screen)];
}

/** How many flows hold, where they are all and only counted. */
function healthyInShort({ verdicts }: Report, printing: Printing): string | undefined {
  const isHealthy = verdicts.length > 0 && verdicts.every(({ status }) => status === "holds");
  return isHealthy && !printing.all ? healthyWords(verdicts.length, printing) : undefined;
}

/** What brings flows to judge. */
function nextStep({ kind, path, flowsFile }: Report): string {
  if (flowsFile !== undefined) return `No flows are declared: add some to ${flowsFile}.`;
  return kind === "configuration"
    ? `No flows are declared: \`${COMMAND} init ${shellWord(path)}\` writes flows.yaml with what the rules allow today.`
    : "No flows are declared: pass a flows.yaml with --flows, or the plan's configuration with --config.";
}

/** A word as a shell takes it. */
function shellWord(text: string): string {
  return /^[\w./@:+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** What concerns a feature that the input does not show, in one line; other formats have each finding. */
function unusedLines({ findings }: Report, printing: Printing): string[] {
  const words = unusedWords(findings);
  if (words === undefined) return [];
  const { screen } = printing;
  const [first = "", ...others] = wrap(words, INDENT, screen);
  return [
    `  ${screen.paint("cyan", "info".padEnd(8))}  ${first.slice(INDENT)}`,
    ...others,
    ...unusedChecks(findings).flatMap((check) => explainLines(check, printing)),
  ];
}

function bulleted(text: string, screen: Screen): string[] {
  const [first = "", ...others] = wrap(text, 4, screen);
  return [`  - ${first.slice(4)}`, ...others];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

/** The flows by what became of them: each kind by the module calls that state them. */
function flowSections(report: Report, printing: Printing): string[] {
  const write = cureWriter(report);
  return STATUSES.flatMap((status) => {
    const verdicts = report.verdicts.filter((verdict) => verdict.status === status);
    if (verdicts.length === 0) return [];
    if (status === "holds" && !printing.all) {
      // The title has said so already.
      return verdicts.length === report.verdicts.length
        ? []
        : ["", `${healthyWords(verdicts.length, printing)}.`];
    }
    const known = verdicts.filter((verdict) => isKnown(report, verdict));
    const sections = (some: readonly Verdict[], suffix: string) =>
      scopesOf(some).flatMap((scope) => {
        const idle = scope.isDerived && report.areDerivedIdle && status === "broken";
        const count = idle ? ", which count with --expect" : "";
        return section(`${titleOf(status, scope)}${suffix}${count}`, flowLines(scope, write, printing));
      });
    return [
      ...sections(
        verdicts.filter((verdict) => !known.includes(verdict)),
        "",
      ),
      ...(printing.all ? sections(known, ", known") : []),
    ];
  });
}

/** What is known as a count, and what is known no more. */
function knownLines(report: Report, { screen, all, isNew }: Printing): string[] {
  const { known } = report;
  if (known === undefined) return [];
  const words = all ? undefined : knownWords(report);
  const hint = words !== undefined && isNew("--all of what is known") ? "; --all shows them" : "";
  return [
    ...section(
      `Known by ${printable(known.file)}`,
      words === undefined ? [] : wrap(`${words}${hint}`, 2, screen),
    ),
    ...section(
      "No longer found",
      known.gone.flatMap((one) => bulleted(one, screen)),
    ),
    ...(known.gone.length > 0 && isNew("--update-known")
      ? wrap(`\`${updateCommand(known.file)}\` removes what is no longer found.`, 2, screen)
      : []),
  ];
}

function titleOf(status: Verdict["status"], { name, isDerived }: Scope): string {
  const whose = isDerived ? " that workloads need" : name === "" ? "" : ` of ${printable(name)}`;
  if (status === "broken") return `Broken flows${whose}`;
  const flows = `Flows${whose}${isDerived ? " and" : ""}`;
  return `${flows} that ${status === "holds" ? "hold" : "depend on something else"}`;
}

function healthyWords(number: number, printing: Printing): string {
  return `${plural(number, "flow")} ${number === 1 ? "holds" : "hold"}${allHint(printing)}`;
}

/** How to see what is only counted, the first time. */
function allHint({ isNew }: Printing): string {
  return isNew("--all") ? "; --all shows them" : "";
}

function flowLines({ verdicts }: Scope, write: CureWriter, printing: Printing): string[] {
  const { screen, isNew } = printing;
  const rows = verdicts.map((verdict) => ({
    verdict,
    id: printable(localFlowId(verdict.flow.id)),
    path: printable(`${verdict.flow.from.name} ${arrow(verdict.flow)} ${verdict.flow.to.name}`),
  }));
  // Names that would leave no room for the others do without columns.
  const room = screen.width - INDENT;
  const isAligned = ({ id, path }: { id: string; path: string }) =>
    id.length <= room * 0.35 && path.length <= room * 0.45;
  const aligned = rows.filter(isAligned);
  const idWidth = widest(aligned.map(({ id }) => id));
  const pathWidth = widest(aligned.map(({ path }) => path));
  const hasDenied = verdicts.some(({ flow }) => flow.expect === "deny");
  return [
    ...rows.flatMap((row) => {
      const { verdict, id, path } = row;
      const traffic = trafficWords(verdict.flow.traffic);
      const [first = "", ...others] = isAligned(row)
        ? labelled(`${id.padEnd(idWidth)}  ${path.padEnd(pathWidth)}`, traffic, INDENT, 0, screen)
        : [`${" ".repeat(INDENT)}${id}`, ...labelled(path, traffic, INDENT, 0, screen)];
      return [
        `  ${statusWord(verdict, screen)}  ${first.slice(INDENT)}`,
        ...others,
        ...detailLines(verdict, write, printing),
      ];
    }),
    ...(hasDenied && isNew("-/->")
      ? [screen.paint("dim", "  ->  must get through    -/->  must not get through")]
      : []),
  ];
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}

function statusWord({ status }: Verdict, { paint }: Screen): string {
  if (status === "broken") return paint("red", "BROKEN".padEnd(8));
  return status === "holds" ? paint("green", "holds".padEnd(8)) : paint("yellow", "holds if");
}

function detailLines(verdict: Verdict, write: CureWriter, { screen, all }: Printing): string[] {
  const isOpen = verdict.flow.expect === "deny" && verdict.status === "broken";
  const details: { readonly label: string; readonly text: string; readonly isWrong?: boolean }[] = [];
  if (isOpen) details.push({ label: "opened by", text: verdict.openedBy.join(", "), isWrong: true });
  else {
    for (const { half, words } of refusing(verdict)) details.push({ label: place(half), text: words });
    for (const half of verdict.flow.expect === "allow" ? verdict.halves : []) {
      const rules = half.admittedBy.join(", ");
      if (rules !== "") details.push({ label: place(half), text: rules });
      const missing = lack(verdict, half);
      if (missing !== undefined) details.push({ label: place(half), text: missing, isWrong: true });
    }
  }
  const isTold = all || verdict.status === "broken";
  for (const { words, source } of isTold ? (verdict.flow.origins ?? []) : [])
    details.push({ label: "needed by", text: `${words}, ${where(source)}` });
  const impossible = impossibleWords(verdict);
  if (impossible !== undefined) details.push({ label: "because", text: impossible });
  for (const condition of verdict.conditions) details.push({ label: "if", text: conditionWords(condition) });
  // Labels stand in a column beside what fits there; what does not stands below its own.
  const longestWord = (text: string) => widest(printable(text).split(" "));
  const beside = details.filter(
    ({ label, text }) => INDENT + label.length + 2 + longestWord(text) <= screen.width,
  );
  const width = widest(beside.map(({ label }) => printable(label)));
  const { description } = verdict.flow;
  const isDescribed = description !== undefined && isTold;
  return [
    ...(isDescribed ? wrap(description, INDENT, screen) : []),
    ...details.flatMap(({ label, text, isWrong }) => {
      const lines = labelled(printable(label), text, INDENT, width, screen);
      return isWrong ? lines.map((line) => screen.paint("red", line)) : lines;
    }),
    ...cureTerraform(write(verdict.cures)).flatMap((piece) => [
      `${" ".repeat(INDENT)}add:`,
      ...printableLines(piece).map((line) => `${" ".repeat(INDENT + 2)}${line}`),
    ]),
  ];
}

/** Findings in their order, those of one check together and with the command that explains it. */
function findingBlocks(findings: readonly (Finding | SuppressedFinding)[], printing: Printing): string[][] {
  const checks = groupedBy(findings, ({ severity, check }) => `${severity} ${check}`);
  return [...checks.values()].map((same) => [
    ...same.flatMap((finding) => findingLines(finding, printing)),
    ...same.slice(0, 1).flatMap(({ check }) => explainLines(check, printing)),
  ]);
}

/** Blocks with an empty line between them. */
function paragraphs(blocks: readonly (readonly string[])[]): string[] {
  return blocks
    .filter(({ length }) => length > 0)
    .flatMap((block, index) => (index === 0 ? block : ["", ...block]));
}

function findingLines(finding: Finding | SuppressedFinding, printing: Printing): string[] {
  const { severity, check, address, message, source } = finding;
  const { screen } = printing;
  const word = { error: "error", warning: "warning", information: "info" }[severity];
  const color = { error: "red", warning: "yellow", information: "cyan" } as const;
  const [first = "", ...others] = labelled(printable(check), address, INDENT, 0, screen);
  const isSuppressed = "reason" in finding;
  return [
    `  ${screen.paint(color[severity], word.padEnd(8))}  ${first.slice(INDENT)}`,
    ...others,
    ...(isSuppressed && !printing.all ? [] : wrap(message, INDENT, screen)),
    ...(isSuppressed ? wrap(`Suppressed: ${finding.reason}`, INDENT, screen) : []),
    ...(source === undefined
      ? []
      : [where(source), ...(source.inside ? [`in ${where(source.inside)}`] : [])].map((place) =>
          screen.paint("dim", `${" ".repeat(INDENT)}${printable(place)}`),
        )),
  ];
}

/** The command that says more about a check, behind the first findings of it. */
function explainLines(check: string, { screen, isNew }: Printing): string[] {
  if (!isNew(`explain ${check}`)) return [];
  return [screen.paint("dim", `${" ".repeat(INDENT)}More: ${COMMAND} explain ${printable(check)}`)];
}
