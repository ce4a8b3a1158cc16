import type { Finding, Report } from "../checks/model";
import { flowIdText } from "../expect/flow-id";
import type { Verdict } from "../judge/model";
import { COMMAND } from "./command-name";
import { type CureWriter, cureWriter } from "./cure-terraform";
import { brokenFlowWords, conditionalFlowWords } from "./flow-words";
import { DEFAULT_LIMITS, findingFails, flowFails, type Limits } from "./limits";
import type { Case } from "./test-case";
import { arrow, isKnown, trafficWords, unjudgedWords, where } from "./words";
import { workloadCases } from "./workload-cases";

export interface JunitOptions {
  /** What makes a run fail. Default: broken flows and errors. */
  readonly limits?: Limits;
}

/**
 * Reports as JUnit XML, which GitLab, Jenkins and others show as tests: a suite for each input, a test for each flow and each
 * finding, and where an input has workloads a suite before it with a test for each of them. It fails where the run fails for its
 * sake; what is known, suppressed or not judged is skipped, with the reason.
 */
export function renderJunit(reports: readonly Report[], { limits = DEFAULT_LIMITS }: JunitOptions): string {
  const suites = reports.flatMap((report) => {
    const workloads = workloadCases(report, limits);
    return [
      ...(workloads.length > 0 ? [{ path: `${report.path}: workloads`, cases: workloads }] : []),
      suite(report, limits),
    ];
  });
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: COMMAND, ...numbers(all) })}>`,
    ...suites.flatMap(({ path, cases }) => [
      `  <testsuite${attributes({ name: path, ...numbers(cases), skipped: numberOf(cases, "skipped") })}>`,
      ...cases.flatMap((one) => caseLines(path, one)),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function suite(report: Report, limits: Limits): { path: string; cases: Case[] } {
  const { path, verdicts, findings, known, suppressed } = report;
  const write = cureWriter(report);
  const unjudged: Case = {
    name: "flows",
    outcome: "skipped",
    type: "flows",
    words: `No flow is judged: ${unjudgedWords([report])}.`,
  };
  return {
    path,
    cases: [
      ...(verdicts.length === 0 ? [unjudged] : verdicts.map((one) => flowCase(report, one, write, limits))),
      ...findings.map((one) =>
        findingCase(one, findingFails(one, limits) ? "failed" : "passed", one.message),
      ),
      ...(known?.findings ?? []).map((one) =>
        findingCase(one, "skipped", `Known by ${known?.file}: ${one.message}`),
      ),
      ...suppressed.map((one) => findingCase(one, "skipped", `Suppressed: ${one.reason}`)),
    ],
  };
}

function flowCase(report: Report, verdict: Verdict, write: CureWriter, limits: Limits): Case {
  const { flow, status } = verdict;
  const words = {
    holds: undefined,
    broken: () => brokenFlowWords(verdict, write),
    "holds-if": () => conditionalFlowWords(verdict),
  }[status]?.();
  const isSkipped = isKnown(report, verdict);
  const outcome = flowFails(report, verdict, limits) ? "failed" : isSkipped ? "skipped" : "passed";
  const said = isSkipped ? `Known by ${report.known?.file}: ${words}` : words;
  const source = flow.origins?.[0]?.source;
  return {
    ...(source && { source }),
    name: `${flowIdText(flow.id)}: ${flow.from.name} ${arrow(flow)} ${flow.to.name} ${trafficWords(flow.traffic)}`,
    outcome,
    type: status === "broken" ? "broken-flow" : "conditional-flow",
    ...(said !== undefined && { words: said }),
  };
}

function findingCase(finding: Finding, outcome: Case["outcome"], words: string): Case {
  const { check, address, source } = finding;
  return { name: `${check}: ${address}`, ...(source && { source }), outcome, type: check, words };
}

function caseLines(path: string, { name, source, outcome, type, words }: Case): string[] {
  const place = source && {
    file: source.file,
    ...(source.line !== undefined && { line: source.line }),
  };
  const start = `    <testcase${attributes({ classname: path, name, ...place })}`;
  if (words === undefined) return [`${start}/>`];
  const [first = ""] = words.split("\n");
  const places = source === undefined ? "" : `\n${where(source)}`;
  const more = {
    failed: `<failure${attributes({ type, message: first })}>${escaped(`${words}${places}`)}</failure>`,
    skipped: `<skipped${attributes({ message: first })}/>`,
    passed: `<system-out>${escaped(`${words}${places}`)}</system-out>`,
  };
  return [`${start}>`, `      ${more[outcome]}`, "    </testcase>"];
}

function numbers(cases: readonly Case[]): Record<string, number> {
  return { tests: cases.length, failures: numberOf(cases, "failed"), errors: 0 };
}

function numberOf(cases: readonly Case[], wanted: Case["outcome"]): number {
  return cases.filter(({ outcome }) => outcome === wanted).length;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${escaped(String(value)).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`,
    )
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/** What XML 1.0 has no way to write: https://www.w3.org/TR/xml/#charsets */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

function escaped(text: string): string {
  return text.replace(NO_XML, "\ufffd").replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
}
