import { join, relative } from "node:path";
import { InputError } from "../io/errors";
import { isFolder, kindOf, workingDirectory } from "../io/files";
import { nearest } from "../io/nearest";
import { plural } from "../io/plural";
import { readTextFile } from "../io/text";
import type { EnforcingMode } from "../network/cni";
import { initialFlows, MISSING } from "./ask/init";
import { CHECKS, runChecks } from "./checks";
import { noteOfWaiting, partByAdvice, withoutContradictions } from "./checks/advice";
import { lookedAt, seenIn } from "./checks/looked-at";
import type { Finding, Report, SuppressedFinding } from "./checks/model";
import { noteOfUntouchedCni } from "./checks/untouched-cni";
import { type ModeSetting, settingsOf } from "./expect/settings";
import { bindFlows, type Expectations, parseFlowsFile } from "./expect/stated/flows-file";
import { takeInventory } from "./inventory";
import { certainEnforcingMode } from "./inventory/cluster/cni";
import type { Inventory } from "./inventory/model";
import { judgeAll } from "./judge/judge";
import { readInput, readPlanWithConfiguration } from "./read";
import type { FlowsFile } from "./read/flows/schema";
import { notesOfTexts } from "./read/kubernetes/objects";
import type { Ignore, Input, Source } from "./read/model";
import { FLOWS_LIMIT } from "./read/terraform/files";

export interface VerifyOptions {
  /** A `flows.yaml` in place of the one in the folder. */
  readonly flows?: string;
  /** Files with values of variables, as for Terraform. */
  readonly varFiles?: readonly string[];
  /** Whether folders are read as OpenTofu reads them, whatever files they hold. */
  readonly tofu?: boolean;
  /** For a plan: the folder of its configuration, which knows the references. */
  readonly config?: string;
  /** Over what `flows.yaml` says. Default: what the CNI of the input runs in, else strict. */
  readonly mode?: EnforcingMode;
  /** The ids of checks that are not run. */
  readonly checksNotRun?: ReadonlySet<string>;
  /** What `-` reads. */
  readonly stdin?: string;
  /** Called before each step that may take long, with what it is: for who waits. */
  readonly onStep?: (words: string) => void;
}

/**
 * Verifies one input: reads it, judges its flows and runs the checks.
 *
 * @param path a folder of Terraform configuration, a plan or a state as JSON, or `-`
 * @throws InputError when it cannot be read, or its flows cannot be understood
 */
export async function verify(path: string, options: VerifyOptions = {}): Promise<Report> {
  const { varFiles = [], tofu = false, stdin, checksNotRun = new Set(), onStep = () => {} } = options;
  const reading = { varFiles, tofu, ...(stdin !== undefined && { stdin }) };
  const input = options.config
    ? await readPlanWithConfiguration(path, options.config, reading)
    : await readInput(path, reading);
  onStep(plural(input.resources.length, "resource"));
  const inventory = takeInventory(input);
  const expectations = await expectationsOf(inventory, options);

  const settings = settingsOf(expectations, options.mode, modeOfCni(inventory));
  const { mode } = settings.mode;
  const { nodes, cni, groupsPerInterface } = settings;
  const flows = expectations.flatMap((one) => one.flows);
  const sets = expectations.map((one) => ({ flows: one.flows, nodes: one.nodes ?? nodes }));
  onStep(plural(flows.length, "flow"));
  const verdicts = judgeAll(inventory, sets, mode);
  const context = {
    inventory,
    flows,
    verdicts,
    mode,
    ...(cni && { cni }),
    ...(groupsPerInterface && { groupsPerInterface }),
  };
  const found = runChecks(context, checksNotRun, onStep);
  const { findings, suppressed, notes } = suppress(found, expectations, input.ignores ?? [], checksNotRun);
  const { said, waiting } = partByAdvice(withoutContradictions(findings), verdicts);
  return {
    path,
    kind: input.kind,
    mode,
    ...(cni && { cni: cni.management }),
    groups: [...inventory.groups.values()],
    names: inventory.names,
    modules: input.modules,
    ...(expectations[0] && { flowsFile: expectations[0].file }),
    seen: seenIn(context),
    lookedAt: lookedAt(context),
    rules: inventory.rules,
    verdicts,
    findings: said,
    suppressed,
    ...(waiting.length > 0 && { waiting }),
    ...(checksNotRun.size > 0 && { checksNotRun: [...checksNotRun] }),
    notes: [
      ...input.notes,
      ...notesOfTexts(input.resources),
      ...settings.notes,
      ...expectations.flatMap((one) => one.notes),
      ...notes,
      ...noteOfUntouchedCni(context),
      ...noteOfWaiting(waiting),
    ],
    calls: [...new Set(input.modules.flatMap(({ folder }) => folder ?? []))].sort(),
  };
}

/**
 * The `flows.yaml` that a folder may begin with: what its rules admit, and what its pods need besides.
 *
 * @param path a folder of Terraform configuration without such a file
 * @returns its text, and how many of its flows are needed and missing
 * @throws InputError when it cannot be read, or the flows of a module that it calls cannot be understood
 */
export async function initialise(
  path: string,
  { varFiles = [], tofu = false, mode }: Pick<VerifyOptions, "varFiles" | "tofu" | "mode">,
): Promise<{ readonly text: string; readonly missing: number }> {
  const inventory = takeInventory(await readInput(path, { varFiles, tofu }));
  const ofModules = await expectationsOf(inventory, {});
  const { mode: setting } = settingsOf(ofModules, mode, modeOfCni(inventory));
  const text = await initialFlows(inventory, {
    ...(mode && { stated: mode }),
    mode: setting.mode,
    flows: ofModules.flatMap((one) => one.flows),
  });
  return { text, missing: text.split(MISSING).length - 1 };
}

/** The enforcing mode that the CNI of the input certainly runs in. */
function modeOfCni(inventory: Inventory): ModeSetting | undefined {
  const found = certainEnforcingMode(inventory);
  return found && { mode: found.mode, from: found.by.address };
}

/** The flows of the input's own file, and of every module that it calls and that brings some along. */
async function expectationsOf(inventory: Inventory, options: VerifyOptions): Promise<Expectations[]> {
  const parsed = new Map<string, FlowsFile>();
  const read = async (file: string) => {
    const known = parsed.get(file);
    if (known) return known;
    const flows = parseFlowsFile(readTextFile(file, FLOWS_LIMIT), shown(file));
    parsed.set(file, flows);
    return flows;
  };
  const { input } = inventory;
  const result: Expectations[] = [];
  const own = options.flows ?? ownFlowsFile(input, options);
  if (own !== undefined) result.push(bindFlows(await read(own), shown(own), inventory, ""));
  for (const { address, folder } of input.modules) {
    const file = folder === undefined ? undefined : join(folder, "flows.yaml");
    if (file === undefined || kindOf(file) === undefined) continue;
    result.push(bindFlows(await read(file), shown(file), inventory, address));
  }
  return result;
}

function ownFlowsFile({ kind, path }: Input, { config }: VerifyOptions): string | undefined {
  const folder = kind === "configuration" ? path : config;
  if (folder === undefined || folder === "-" || !isFolder(folder)) {
    return undefined;
  }
  const file = join(folder, "flows.yaml");
  return kindOf(file) === undefined ? undefined : file;
}

function shown(file: string): string {
  const near = relative(workingDirectory(), file);
  return near === "" || near.startsWith("..") ? file : near;
}

/** Why a suppression does nothing. */
function idleWords(check: string): string {
  if (CHECKS.some(({ id }) => id === check)) return "matches no finding: remove it";
  const meant = nearest(
    check,
    CHECKS.map(({ id }) => id),
  );
  return `has no effect: there is no such check${meant ? `; did you mean ${meant}?` : ""}`;
}

/** @throws InputError naming each check that there is not, with the nearest */
function refuseUnknown(ignores: readonly Ignore[]): void {
  const ids = CHECKS.map(({ id }) => id);
  const problems = ignores
    .filter(({ check }) => !ids.includes(check))
    .map(({ check, source }) => {
      const meant = nearest(check, ids);
      const where = source.line === undefined ? source.file : `${source.file}:${source.line}`;
      return `${where}: there is no check "${check}" to ignore${meant ? `; did you mean ${meant}?` : ""}`;
    });
  if (problems.length > 0) throw new InputError(problems);
}

function isSame(one: Source, other: Source | undefined): boolean {
  return one.line !== undefined && one.file === other?.file && one.line === other.line;
}

function suppress(
  found: readonly Finding[],
  expectations: readonly Expectations[],
  ignores: readonly Ignore[],
  checksNotRun: ReadonlySet<string>,
): { findings: Finding[]; suppressed: SuppressedFinding[]; notes: string[] } {
  const suppressions = expectations.flatMap((one) => one.suppressions);
  const key = ({ check, address }: { check: string; address: string }) => `${check} ${address}`;
  const reasons = new Map(suppressions.map((one) => [key(one), one.reason]));
  const ofGroups = new Map(
    suppressions.filter((one) => one.withPolicies).map((one) => [key(one), one.reason]),
  );
  refuseUnknown(ignores);
  const ignoredBy = (finding: Finding) =>
    ignores.find(({ check, block }) => check === finding.check && block && isSame(block, finding.source));
  const used = new Set<Ignore>();
  const atGroups = ({ check, groups = [] }: Finding) => groups.map((address) => key({ check, address }));
  const findings: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of found) {
    const ofItsGroups = atGroups(finding).map((one) => ofGroups.get(one));
    const reason = [reasons.get(key(finding)), ...ofItsGroups].find((one) => one !== undefined);
    const ignore = ignoredBy(finding);
    if (ignore) used.add(ignore);
    if (ignore) suppressed.push({ ...finding, reason: ignore.reason });
    else if (reason === undefined) findings.push(finding);
    else suppressed.push({ ...finding, reason });
  }
  const met = new Set(suppressed.flatMap((finding) => [key(finding), ...atGroups(finding)]));
  const notes = suppressions
    .filter((one) => !one.isOfModule && !checksNotRun.has(one.check) && !met.has(key(one)))
    .map((one) => `the suppression of ${one.check} at ${one.address} ${idleWords(one.check)}`);
  const idle = ignores
    .filter((one) => !checksNotRun.has(one.check) && !used.has(one))
    .map(({ check, source, block }) => {
      const where = source.line === undefined ? source.file : `${source.file}:${source.line}`;
      const why = block ? "matches no finding: remove it" : "is not next to a block: it has no effect";
      return `${where}: eks-pod-security-groups:ignore ${check} ${why}`;
    });
  return { findings, suppressed, notes: [...notes, ...idle] };
}
