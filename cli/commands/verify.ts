import { attempt, InputError } from "../../io/errors";
import { exists, readStandardInput, realPath, shownPath } from "../../io/files";
import { decoded } from "../../io/text";
import { CHECKS } from "../../verify/checks";
import type { Report } from "../../verify/checks/model";
import { checksPage, compare, DEFAULT_LIMITS, type Difference, render } from "../../verify/report";
import { type VerifyOptions, verify } from "../../verify/verify";
import { checksNotRun } from "../checks";
import { exitOf } from "../exit";
import { fixFile, writeFix } from "../fix";
import { type FoundInputs, inputsAt, misfits, readingOf, rootsWords } from "../inputs";
import { type Ratchet, ratchetOf } from "../known";
import { manifestMisfits, manifestOptions, readsStandardInput } from "../manifests";
import type { Run } from "../model";
import type { Values } from "../options";
import { type Output, outputsOf, overwritten, writeOutputs } from "../outputs";
import { inputPaths } from "../paths";
import { attemptLater } from "../problems";
import { type Progress, progressOn } from "../progress";
import { type Before, judgeBefore, revisionOf } from "../revision";
import { withSettings } from "../settings";
import { terminalOf } from "../terminal";
import { writeFlows } from "./init";

/** Judges every input and says what came of it: exit code 0, or 1 where something fails, or 2 where nothing is known. */
export const run: Run = async (given, surroundings) => {
  if (given.values.init) return writeFlows(inputPaths(given.operands, surroundings).paths, given.values);
  const { operands, values } = withSettings(given);
  const { paths, isExplicit } = inputPaths(operands, surroundings);
  const { reports, before, ratchet, problems, fix, outputs } = await judge(paths, values);
  const judged = isExplicit ? reports : reports.filter((one) => !isCalled(one, reports));
  const isUnknown = isExplicit && judged.every((one) => isEmpty(one));
  // What is known is written of a whole run alone.
  const isRatcheted = !isUnknown && (problems.length === 0 || !values["update-known"]);
  const shown = ratchet && isRatcheted ? ratchet.apply(judged) : judged;
  const difference = before && differenceOf(before, reports, shown, values);
  const limits = {
    failOn: values["fail-on"] ?? DEFAULT_LIMITS.failOn,
    noAssumptions: values["no-assumptions"] === true,
  };
  const exit = exitOf(shown, limits);
  const hasReason = isUnknown || problems.length > 0;
  const options = {
    all: values.all === true,
    catalogue: CHECKS,
    checksPage: checksPage(),
    limits,
    // What standard error says is the reason, otherwise.
    ...(!hasReason && { exit }),
    ...(difference && { difference }),
  };
  const format = values.format ?? "text";
  // Formats for programs have all or nothing.
  if (!values.quiet || format === "text" || exit.code !== 0 || hasReason) {
    const look = { ...terminalOf(process.stdout, process.env), onlyFailing: values.quiet === true };
    process.stdout.write(render(shown, format, { ...options, ...look }));
  }
  if (problems.length > 0) {
    // A file that lacks a root would look like one in which all is well.
    const unwritten = outputs.map(
      ({ file }) => `${shownPath(file)} is not written, because the report is not whole`,
    );
    throw new InputError([...problems, ...unwritten]);
  }
  const texts = outputs.map(
    ({ format, file }) => [file, render(shown, format, { ...options, color: false })] as const,
  );
  for (const warning of writeOutputs(new Map(texts))) console.error(warning);
  const [report] = reports;
  if (fix !== undefined && report) {
    for (const words of writeFix(fix, report, values.quiet === true)) console.error(words);
  }
  if (isUnknown) {
    console.error(
      `${paths.join(", ")}: found no security groups, policies, CNI settings, cluster roles or nodes`,
    );
    return 2;
  }
  return exit.code;
};

interface Judged {
  readonly reports: readonly Report[];
  /** What was before, in one report, where a base is given. */
  readonly before?: readonly Report[];
  /** Why some of the roots that were found are not among them. */
  readonly problems: readonly string[];
  readonly ratchet?: Ratchet;
  readonly outputs: readonly Output[];
  /** The file for the rules that are missing. */
  readonly fix?: string;
}

/** @throws InputError naming the problems of all inputs that were named; those of roots that were found are given back */
async function judge(paths: readonly string[], { base, ...values }: Values): Promise<Judged> {
  const problems: string[] = [];
  const ofRoots: string[] = [];
  const found = await inputsAt(paths, values, problems);
  if (problems.length === 0) problems.push(...misfits(found, values), ...manifestMisfits(found, values));
  const beside = manifestOptions({ ...values, ...(base !== undefined && { base }) }, paths, problems);
  const { manifests: _, ...withoutManifests } = beside;
  const fix =
    values.fix === undefined || problems.length > 0
      ? undefined
      : attempt(problems, () => fixFile(values.fix as string, found, values.tofu === true));
  const outputs = attempt(problems, () => outputsOf(values.output ?? [])) ?? [];
  problems.push(...overwritten(outputs, filesOf(paths, values, [base, fix])));
  const isPiped = paths.includes("-") || base === "-" || readsStandardInput(values);
  // What cannot be used is said before anybody waits for input.
  const stdin =
    isPiped && problems.length === 0 ? attempt(problems, () => decoded(readStandardInput(), "-")) : undefined;
  const checks = attempt(problems, () => checksNotRun(values));
  const ratchet = attempt(problems, () => ratchetOf(values));
  const progress = progressOn(process.stderr, values.quiet === true);
  const options = {
    ...readingOf(values),
    expect: values.expect === true,
    ...(readsStandardInput(values) && stdin === undefined ? withoutManifests : beside),
    onStep: progress.step,
    ...(stdin !== undefined && { stdin }),
    ...(checks && { checksNotRun: checks }),
  };
  const { config, ...withoutConfig } = options;
  if (!values.quiet) for (const words of rootsWords(found)) console.error(words);

  const reports = await reportsOf(found, options, { named: problems, ofRoots }, progress.at);
  if (base !== undefined) progress.at(base, 1, 1);
  const before = await beforeOf(base, found, values, withoutConfig, problems);
  progress.end();
  if (problems.length > 0 || reports.length === 0)
    throw new InputError([...new Set([...problems, ...ofRoots])]);
  return {
    reports: reports.map((report) => ({
      ...report,
      notes: [...report.notes, ...(before?.notes.get(report.path) ?? [])],
    })),
    problems: [...new Set(ofRoots)],
    outputs,
    ...(before && { before: before.reports }),
    ...(ratchet && { ratchet }),
    ...(fix !== undefined && { fix }),
  };
}

/** What changed, but for inputs that were judged and are not shown. */
function differenceOf(
  before: readonly Report[],
  reports: readonly Report[],
  shown: readonly Report[],
  { base }: Values,
): Difference {
  if (revisionOf(base) === undefined) return compare(before, shown);
  const has = (list: readonly Report[], path: string) => list.some((one) => one.path === path);
  const meant = before.filter(({ path }) => has(shown, path) || !has(reports, path));
  return compare(meant, shown, { byPath: true });
}

/** The base of roots that were searched for is searched as well, even if it holds Terraform itself. */
function likeHead(values: Omit<Values, "base">, found: readonly FoundInputs[]): Values {
  return { ...values, ...(found.some(({ isSearched }) => isSearched) && { recursive: true }) };
}

/** What was before, where a base is given: another path, or a revision of the inputs. */
async function beforeOf(
  base: string | undefined,
  found: readonly FoundInputs[],
  values: Omit<Values, "base">,
  options: VerifyOptions,
  problems: string[],
): Promise<Before | undefined> {
  if (base === undefined) return undefined;
  const revision = revisionOf(base);
  if (revision !== undefined) return judgeBefore(revision, found, values, options, problems);
  const inputs = await inputsAt([base], likeHead(values, found), problems);
  const ofBase = { ...options, ...(values["base-manifests"] && { manifests: values["base-manifests"] }) };
  const reports = await reportsOf(inputs, ofBase, { named: problems, ofRoots: problems });
  return { reports, notes: new Map() };
}

/**
 * Reports of all that was found.
 *
 * @param heard receives what is wrong with inputs that were named, and with roots that a search found
 * @param at called before each of them, with its number and how many there are
 */
async function reportsOf(
  found: readonly FoundInputs[],
  options: VerifyOptions,
  heard: { readonly named: string[]; readonly ofRoots: string[] },
  at: Progress["at"] = () => {},
): Promise<Report[]> {
  const reports: Report[] = [];
  const of = found.reduce((sum, { inputs }) => sum + inputs.length, 0);
  let number = 0;
  for (const { inputs, isSearched, problems } of found) {
    heard.ofRoots.push(...problems);
    for (const input of inputs) {
      at(input, ++number, of);
      const problemsOfIt = isSearched ? heard.ofRoots : heard.named;
      reports.push(...(await attemptLater(problemsOfIt, () => verify(input, options))));
    }
  }
  return reports;
}

/** The files that a run reads or writes besides its outputs. */
function filesOf(
  paths: readonly string[],
  { flows, known, settings, "var-file": varFiles = [] }: Values,
  others: readonly (string | undefined)[],
): string[] {
  const files = [...paths, ...varFiles, flows, known, settings, ...others];
  return files.filter((file) => file !== undefined);
}

/** Whether a stack is called by another one, which then says all that there is to say of it. */
function isCalled({ path }: Report, all: readonly Report[]): boolean {
  const folder = realPath(path);
  return all.some((other) => other.calls.some((call) => exists(call) && realPath(call) === folder));
}

function isEmpty({ groups, lookedAt = [], verdicts, findings, suppressed, cni }: Report): boolean {
  const known = [groups, lookedAt, verdicts, findings, suppressed];
  return known.every(({ length }) => length === 0) && cni === undefined;
}
