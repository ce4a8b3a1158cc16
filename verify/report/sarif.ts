import { sortedOnce } from "../../io/lists";
import { isCounted } from "../checks/counted";
import type { Finding, Report, Severity, SuppressedFinding } from "../checks/model";
import { fingerprint, type Identity, identitiesOf } from "../compare/identity";
import { flowIdText } from "../expect/flow-id";
import type { Verdict } from "../judge/model";
import type { Source } from "../read/model";
import { COMMAND } from "./command-name";
import { type CureWriter, cureWriter } from "./cure-terraform";
import { brokenFlowWords } from "./flow-words";
import { type ArtifactPlace, places } from "./places";
import { checksNotRun, isKnown } from "./words";

/** What the catalogue of checks says about one of them; a check is such a help. */
export interface CheckHelp {
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** Why it matters, in full sentences. */
  readonly why: string;
  /** A URL with more. */
  readonly reference?: string;
}

export interface SarifOptions {
  /** The help of the checks; those that it leaves out are named by their ids alone. */
  readonly catalogue?: readonly CheckHelp[];
  /** The address of `docs/checks.md`, where the project has one. */
  readonly checksPage?: string | undefined;
}

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** The name of our fingerprint, with its version: what it is made of may change. */
const FINGERPRINT = "eksPodSecurityGroups/v1";

const LEVELS = { error: "error", warning: "warning", information: "note" } as const;

/** The rule that broken flows are results of. */
const BROKEN_FLOW: CheckHelp = {
  id: "broken-flow",
  severity: "error",
  title: "A flow is broken",
  why: "A flow that must get through is blocked, or one that must not gets through.",
};

/** Findings and broken flows as SARIF 2.1.0, the format of code scanning. */
export function renderSarif(reports: readonly Report[], options: SarifOptions): string {
  const { catalogue = [], checksPage } = options;
  const placeOf = places();
  const at: At = (address, source) => location(address, source, placeOf);
  const results = reports.flatMap((report) => {
    const sourceOf = sourcesIn(report);
    const whole = sourceOfFile(report.path);
    const flowsFile = sourceOfFile(report.flowsFile ?? report.path);
    const write = cureWriter(report);
    const { ofFinding, ofFlow } = identitiesOf(report);
    const input = report.path === "-" ? report.path : placeOf(report.path).uri;
    const more = (identity: Identity, isKnown: boolean) => ({
      partialFingerprints: { [FINGERPRINT]: fingerprint(identity, input) },
      ...(report.known && { baselineState: isKnown ? "unchanged" : "new" }),
    });
    return [
      ...report.verdicts
        .filter(({ status }) => status === "broken")
        .map((verdict) => ({
          ...flowResult(verdict, sourceOf, flowsFile, write, at),
          ...(!isCounted(report, verdict) && { level: LEVELS.information }),
          ...more(ofFlow(verdict), isKnown(report, verdict)),
        })),
      ...[...report.findings, ...(report.known?.findings ?? []), ...report.suppressed].map((finding) => ({
        ...findingResult(finding, sourceOf([finding.address]) ?? whole, at),
        ...more(ofFinding(finding), report.known?.findings.includes(finding) === true),
      })),
    ];
  });
  const notRun = checksNotRun(reports);
  const notes = reports.flatMap((report) => report.notes.map((note) => `${report.path}: ${note}`));
  const help = new Map([BROKEN_FLOW, ...catalogue].map((check) => [check.id, check]));
  const ids = sortedOnce(results.map((result) => result.ruleId));
  const index = new Map(ids.map((id, position) => [id, position]));
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: `${COMMAND} verify`,
            rules: ids.map((id) => descriptor(id, help.get(id), checksPage)),
          },
        },
        ...(notRun.length + notes.length > 0 && { invocations: [invocation(notRun, notes)] }),
        results: results.map((result) => ({ ...result, ruleIndex: index.get(result.ruleId) })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** A run with the checks that were left out, and what was not read or not judged. */
function invocation(notRun: readonly string[], notes: readonly string[]) {
  return {
    executionSuccessful: true,
    ...(notRun.length > 0 && {
      ruleConfigurationOverrides: notRun.map((id) => ({
        descriptor: { id },
        configuration: { enabled: false },
      })),
    }),
    ...(notes.length > 0 && {
      toolExecutionNotifications: notes.map((text) => ({ level: "note", message: { text } })),
    }),
  };
}

function descriptor(id: string, help: CheckHelp | undefined, checksPage: string | undefined) {
  if (help === undefined) return { id };
  const { title, why, reference, severity } = help;
  // A broken flow is no check: no page of the project explains it.
  const page = checksPage === undefined || help === BROKEN_FLOW ? undefined : `${checksPage}#${id}`;
  const more = help === BROKEN_FLOW ? [] : [`More: ${COMMAND} explain ${id}`];
  const text = [reference === undefined ? why : `${why} See ${reference}`, ...more].join("\n");
  return {
    id,
    shortDescription: { text: title },
    help: { text },
    ...(page !== undefined && { helpUri: page }),
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

/** The location of an address that stands at a source, where that is known. */
type At = (address: string, source: Source | undefined) => ReturnType<typeof location>;

/** @param otherwise where it is shown if it has no place of its own */
function findingResult(finding: Finding | SuppressedFinding, otherwise: Source | undefined, at: At) {
  return {
    ruleId: finding.check,
    level: LEVELS[finding.severity],
    message: { text: finding.message },
    ...locations(finding.address, finding.source ?? otherwise, at),
    ...("reason" in finding && { suppressions: [{ kind: "external", justification: finding.reason }] }),
  };
}

/** @param otherwise where it is shown if nothing that it concerns has a place */
function flowResult(
  verdict: Verdict,
  sourceOf: SourceOf,
  otherwise: Source | undefined,
  write: CureWriter,
  at: At,
) {
  const { flow, cures, openedBy } = verdict;
  const concerned = [...openedBy, ...cures.map((cure) => cure.group), ...flow.from.groups, ...flow.to.groups];
  const group = sourceOf(concerned);
  return {
    ruleId: BROKEN_FLOW.id,
    level: LEVELS[BROKEN_FLOW.severity],
    message: { text: brokenFlowWords(verdict, write) },
    ...(neededAt(verdict, group, at) ?? locations(flowIdText(flow.id), group ?? otherwise, at)),
  };
}

/** Of a flow that nobody states: the first place that needs it, beside the others and the group that lacks a rule. */
function neededAt({ flow }: Verdict, group: Source | undefined, at: At) {
  const id = flowIdText(flow.id);
  const needs = (flow.origins ?? []).filter(({ source }) => source.file !== "-");
  const [first, ...others] = needs.map(({ words, source }) => ({
    ...at(id, source),
    message: { text: `Needed by ${words}.` },
  }));
  if (first === undefined) return undefined;
  const related = [
    ...others,
    ...(group === undefined
      ? []
      : [{ ...at(id, group), message: { text: "The security group that it is about." } }]),
  ];
  return { locations: [first], ...(related.length > 0 && { relatedLocations: related }) };
}

/** Where the first of some addresses stands of which that is known. */
type SourceOf = (addresses: readonly string[]) => Source | undefined;

function sourcesIn({ groups, rules }: Report): SourceOf {
  const known = new Map<string, Source>();
  for (const { key, declaredAt } of groups) if (declaredAt) known.set(key, declaredAt);
  for (const { address, source } of rules) known.set(address, source);
  return (addresses) => {
    const address = addresses.find((one) => known.has(one));
    return address === undefined ? undefined : known.get(address);
  };
}

/** A file as a whole; standard input is none. */
function sourceOfFile(file: string): Source | undefined {
  return file === "-" ? undefined : { file };
}

/** Where something is, and for what stands in a fetched module also where in there. */
function locations(address: string, source: Source | undefined, at: At) {
  const { inside } = source ?? {};
  return {
    locations: [at(address, source)],
    ...(inside && {
      relatedLocations: [{ ...at(address, inside), message: { text: "It is in this file of the module." } }],
    }),
  };
}

function location(address: string, source: Source | undefined, placeOf: (file: string) => ArtifactPlace) {
  return {
    ...(source !== undefined &&
      source.file !== "-" && {
        physicalLocation: {
          artifactLocation: placeOf(source.file),
          ...(source.line !== undefined && { region: { startLine: source.line } }),
        },
      }),
    logicalLocations: [{ fullyQualifiedName: address }],
  };
}
