import { byText, groupedBy } from "../../io/lists";
import { isCounted } from "../checks/counted";
import type { Finding, Report, Severity } from "../checks/model";
import { SEVERITIES } from "../checks/order";
import { flowIdText } from "../expect/flow-id";
import type { Verdict } from "../judge/model";
import { compareIdentities, type Identity, identitiesOf } from "./identity";

/** What is known of an input: findings, and flows that are not as they should be. */
export interface KnownInput {
  readonly findings: readonly (Identity & { readonly severity: Severity })[];
  readonly flows: readonly (Identity & { readonly status: Unhealthy })[];
}

type Unhealthy = Exclude<Verdict["status"], "holds">;

const NOTHING: KnownInput = { findings: [], flows: [] };
/** From the worst on. */
const STATUSES = ["broken", "holds-if"] as const satisfies readonly Unhealthy[];

export interface KnownOptions {
  /** Whether a flow that depends on something else fails, and so is written down. */
  readonly noAssumptions: boolean;
}

/** What comes of a report beside what is known of its input. */
export interface Ratcheted {
  /** The report with what is known apart. */
  readonly report: Report;
  /** What would be known if all of this were. */
  readonly all: KnownInput;
}

/**
 * Parts what a report holds into what is known and what is new. Known is what an entry says at the same place, as heavy at
 * most and about no more.
 *
 * @param file the path of the file that says what is known, for people
 */
export function ratchet(
  report: Report,
  known: KnownInput | undefined = NOTHING,
  file: string,
  options: KnownOptions,
): Ratcheted {
  const { ofFinding, ofFlow } = identitiesOf(report);
  const identified = (findings: readonly Finding[]) =>
    findings.map((finding) => ({ finding, entry: { ...ofFinding(finding), severity: finding.severity } }));
  const told = identified(report.findings);
  // What is not told while a flow is broken is there all the same.
  const found = [...told, ...identified(report.waiting ?? [])].map(({ entry }) => entry);
  const flows = report.verdicts.flatMap((verdict) => {
    const { status } = verdict;
    return status === "holds" || !isCounted(report, verdict)
      ? []
      : [{ id: flowIdText(verdict.flow.id), entry: { ...ofFlow(verdict), status } }];
  });

  const byFinding = covering(known.findings, ({ severity }) => SEVERITIES.indexOf(severity));
  const byFlow = covering(known.flows, ({ status }) => STATUSES.indexOf(status));
  const isKnown = ({ entry }: (typeof told)[number]) => byFinding(entry);
  const knownFlows = flows.filter(({ entry }) => byFlow(entry));
  const flowsToKnow = flows.filter(
    ({ entry }) => entry.status === "broken" || options.noAssumptions || byFlow(entry),
  );
  // Of what was not looked for nobody knows whether it is there: it stays.
  const notRun = known.findings.filter(({ of }) => report.checksNotRun?.includes(of));
  const isThere = isAmong([...found, ...notRun]);
  const isThereAsFlow = isAmong(flowsToKnow.map(({ entry }) => entry));
  return {
    report: {
      ...report,
      findings: told.filter((one) => !isKnown(one)).map(({ finding }) => finding),
      known: {
        file,
        findings: told.filter(isKnown).map(({ finding }) => finding),
        flows: new Set(knownFlows.map(({ id }) => id)),
        gone: [
          ...known.flows.filter((entry) => !isThereAsFlow(entry)).map(flowWords),
          ...known.findings.filter((entry) => !isThere(entry)).map(findingWords),
        ],
      },
    },
    all: {
      findings: once([...found, ...notRun], ({ severity }) => severity),
      flows: once(
        flowsToKnow.map(({ entry }) => entry),
        ({ status }) => status,
      ),
    },
  };
}

/** Each entry once, in order. */
function once<T extends Identity>(entries: readonly T[], weight: (entry: T) => string): T[] {
  const key = (entry: T) => JSON.stringify([entry.of, entry.place, entry.about, weight(entry)]);
  return [...new Map(entries.map((entry) => [key(entry), entry])).values()].sort(
    (a, b) => compareIdentities(a, b) || byText(weight(a), weight(b)),
  );
}

/** Whether an entry covers something: at the same place, about as much at least, and as heavy at least. */
function covering<T extends Identity>(
  entries: readonly T[],
  rank: (entry: T) => number,
): (found: T) => boolean {
  const at = byPlace(entries);
  return (found) =>
    at(found).some(
      (entry) => rank(entry) <= rank(found) && found.about.every((words) => entry.about.includes(words)),
    );
}

/** Whether something of what an entry says is still there: worse, or less of it. */
function isAmong(found: readonly Identity[]): (entry: Identity) => boolean {
  const at = byPlace(found);
  return (entry) =>
    at(entry).some(
      ({ about }) =>
        about.length + entry.about.length === 0 || about.some((words) => entry.about.includes(words)),
    );
}

function byPlace<T extends Identity>(all: readonly T[]): (like: Identity) => readonly T[] {
  const key = ({ of, place }: Identity) => `${of}\n${place}`;
  const places = groupedBy(all, key);
  return (like) => places.get(key(like)) ?? [];
}

function findingWords({ of, place, about }: Identity): string {
  return `${of} at ${place}${inBrackets(about)}`;
}

function flowWords({ of, status, about }: KnownInput["flows"][number]): string {
  return `flow ${of}, which was ${status === "broken" ? "broken" : "holds if"}${inBrackets(about)}`;
}

function inBrackets(about: readonly string[]): string {
  return about.length === 0 ? "" : ` (${about.join("; ")})`;
}
