import type { Finding, Report, SuppressedFinding } from "../checks/model";
import type { Difference } from "../compare/difference";
import { localFlowId } from "../expect/flow-id";
import type { Verdict } from "../judge/model";
import { conditionWords, impossibleWords } from "./condition-words";
import { type CureWriter, cureTerraform, cureWriter } from "./cure-terraform";
import { differenceText } from "./difference-text";
import { labelled, type Paint, painter, printable, printableLines, wrap } from "./layout";
import { type Scope, scopesOf, shortName } from "./scopes";
import {
  arrow,
  hasNoGroups,
  inputWords,
  lack,
  noGroupsWords,
  place,
  refusing,
  summaryLine,
  trafficWords,
  unusedWords,
  where,
} from "./words";

/** Where the details of a flow or a finding begin: below its id. */
const INDENT = 12;

/** The report for people: a summary, the flows with the rules that carry them, the findings by severity. */
export function renderText(reports: readonly Report[], color: boolean, difference?: Difference): string {
  const paint = painter(color);
  const lines = [paint("bold", summaryLine(reports))];
  if (difference) lines.push("", ...differenceText(difference, paint));
  for (const report of reports) lines.push("", ...reportLines(report, paint));
  return `${lines.join("\n")}\n`;
}

function reportLines(report: Report, paint: Paint): string[] {
  const write = cureWriter(report);
  const title = `${paint("bold", printable(report.path))}  (${inputWords(report)})`;
  const lines = hasNoGroups(report) ? [`${title}: ${noGroupsWords(report)}`] : [title];
  if (!hasNoGroups(report) && report.verdicts.length === 0) {
    lines.push(`  ${nextStep(report)}`);
  }
  for (const scope of scopesOf(report.verdicts)) lines.push(...flowLines(scope, write, paint));
  lines.push(
    ...section("Findings", [
      ...report.findings
        .filter(({ isOfUnusedFeature }) => !isOfUnusedFeature)
        .flatMap((finding) => findingLines(finding, paint)),
      ...unusedLines(report, paint),
    ]),
  );
  lines.push(
    ...section(
      "Suppressed findings",
      report.suppressed.flatMap((finding) => findingLines(finding, paint)),
    ),
  );
  lines.push(
    ...section(
      "Notes",
      report.notes.flatMap((note) => wrap(`- ${note}`, 2)),
    ),
  );
  return lines;
}

/** What brings flows to judge. */
function nextStep({ kind, flowsFile }: Report): string {
  if (flowsFile !== undefined) return `No flows are stated: write some to ${printable(flowsFile)}.`;
  return kind === "configuration"
    ? "No flows are stated. verify --init writes flows.yaml with what the rules admit today."
    : "No flows are stated: give a flows.yaml by --flows, or to a plan its configuration by --config.";
}

/** What concerns a feature that the input does not show, in one line; other formats have each finding. */
function unusedLines({ findings }: Report, paint: Paint): string[] {
  const words = unusedWords(findings);
  if (words === undefined) return [];
  const [first = "", ...others] = wrap(words, INDENT);
  return [`  ${paint("cyan", "info".padEnd(8))}  ${first.slice(INDENT)}`, ...others];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function flowLines(scope: Scope, write: CureWriter, paint: Paint): string[] {
  const { name, verdicts, prefix } = scope;
  const rows = verdicts.map((verdict) => ({
    verdict,
    id: printable(localFlowId(verdict.flow.id)),
    path: printable(`${verdict.flow.from.name} ${arrow(verdict.flow)} ${verdict.flow.to.name}`),
  }));
  const idWidth = Math.min(Math.max(...rows.map(({ id }) => id.length)), 28);
  const pathWidth = Math.min(Math.max(...rows.map(({ path }) => path.length)), 36);
  const title = name === "" ? "Flows" : `Flows of ${printable(name)}`;
  return [
    "",
    title,
    ...(prefix === "" ? [] : [paint("dim", `  Short names are those of ${printable(prefix)}NAME`)]),
    ...rows.flatMap(({ verdict, id, path }) => {
      const head = `${id.padEnd(idWidth)}  ${path.padEnd(pathWidth)}`;
      const [first = "", ...others] = labelled(head, trafficWords(verdict.flow.traffic), INDENT, 0);
      return [
        `  ${statusWord(verdict, paint)}  ${first.slice(INDENT)}`,
        ...others,
        ...detailLines(verdict, scope, write, paint),
      ];
    }),
    ...(verdicts.some(({ flow }) => flow.expect === "deny")
      ? [paint("dim", "  ->  must get through    -/->  must not get through")]
      : []),
  ];
}

function statusWord({ status }: Verdict, paint: Paint): string {
  if (status === "broken") return paint("red", "BROKEN".padEnd(8));
  return status === "holds" ? paint("green", "holds".padEnd(8)) : paint("yellow", "holds if");
}

function detailLines(verdict: Verdict, scope: Scope, write: CureWriter, paint: Paint): string[] {
  const short = (address: string) => shortName(address, scope);
  const isOpen = verdict.flow.expect === "deny" && verdict.status === "broken";
  const details: { readonly label: string; readonly text: string; readonly isWrong?: boolean }[] = [];
  if (isOpen)
    details.push({ label: "opened by", text: verdict.openedBy.map(short).join(", "), isWrong: true });
  else {
    for (const { half, words } of refusing(verdict)) details.push({ label: place(half), text: words });
    for (const half of verdict.flow.expect === "allow" ? verdict.halves : []) {
      const rules = half.admittedBy.map(short).join(", ");
      if (rules !== "") details.push({ label: place(half), text: rules });
      const missing = lack(verdict, half);
      if (missing !== undefined) details.push({ label: place(half), text: missing, isWrong: true });
    }
  }
  const impossible = impossibleWords(verdict);
  if (impossible !== undefined) details.push({ label: "because", text: impossible });
  for (const condition of verdict.conditions) details.push({ label: "if", text: conditionWords(condition) });
  const width = Math.max(0, ...details.map(({ label }) => printable(label).length));
  const { description } = verdict.flow;
  return [
    ...(description !== undefined && verdict.status !== "holds" ? wrap(description, INDENT) : []),
    ...details.flatMap(({ label, text, isWrong }) => {
      const lines = labelled(printable(label), text, INDENT, width);
      return isWrong ? lines.map((line) => paint("red", line)) : lines;
    }),
    ...cureTerraform(write(verdict.cures)).flatMap((piece) => [
      `${" ".repeat(INDENT)}add:`,
      ...printableLines(piece).map((line) => `${" ".repeat(INDENT + 2)}${line}`),
    ]),
  ];
}

function findingLines(finding: Finding | SuppressedFinding, paint: Paint): string[] {
  const { severity, check, address, message, source } = finding;
  const word = { error: "error", warning: "warning", information: "info" }[severity];
  const color = { error: "red", warning: "yellow", information: "cyan" } as const;
  return [
    `  ${paint(color[severity], word.padEnd(8))}  ${printable(check)}  ${printable(address)}`,
    ...wrap(message, INDENT),
    ...("reason" in finding ? wrap(`Suppressed: ${finding.reason}`, INDENT) : []),
    ...(source === undefined ? [] : [paint("dim", `${" ".repeat(INDENT)}${printable(where(source))}`)]),
  ];
}
