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
import { type Derived, derivedFlows } from "./derive/flows";
import { type ModeSetting, settingsOf } from "./expect/settings";
import { bindFlows, type Expectations, parseFlowsFile } from "./expect/stated/flows-file";
import { groupWordsProblem } from "./expect/stated/group-words";
import { takeInventory } from "./inventory";
import { certainEnforcingModes } from "./inventory/cluster/cni";
import type { Inventory } from "./inventory/model";
import { judgeAll } from "./judge/judge";
import { readInput, readPlanWithConfiguration } from "./read";
import type { FlowsFile } from "./read/flows/schema";
import { readManifests } from "./read/kubernetes/manifests";
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
  /** Manifests that stand beside the input: `[NAMESPACE=]PATH`, each a file, a folder or `-`. */
  readonly manifests?: readonly string[];
  /** What stands in manifests for a group, and the group that is meant: over what `flows.yaml` says. */
  readonly groupWords?: ReadonlyMap<string, string>;
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
  const read = options.config
    ? await readPlanWithConfiguration(path, options.config, reading)
    : await readInput(path, reading);
  const file = ownFlows(read, options);
  const own = file && options.manifests ? withReplacements(file) : file;
  const input = withManifests(read, own, options);
  onStep(plural(input.resources.length, "resource"));
  const inventory = takeInventory(input);
  refuseWrongWords(inventory, own, options);
  const expectations = expectationsOf(inventory, own);

  const settings = settingsOf(expectations, options.mode, modesOfCni(inventory));
  const { mode } = settings.mode;
  const { nodes, cni, groupsPerInterface } = settings;
  const flows = expectations.flatMap((one) => one.flows);
  const sets = expectations.map((one) => ({ flows: one.flows, nodes: one.nodes ?? nodes }));
  const derived = options.manifests
    ? without(derivedFlows({ inventory, flows, mode }), own?.flows.derived)
    : { flows: [], notes: [] };
  onStep(plural(flows.length + derived.flows.length, "flow"));
  const verdicts = judgeAll(inventory, [...sets, { flows: derived.flows, nodes }], mode);
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
    ...(settings.isOfCni && { modeFrom: settings.mode.from }),
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
      ...derived.notes,
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
  options: Pick<VerifyOptions, "varFiles" | "tofu" | "mode" | "manifests">,
): Promise<{ readonly text: string; readonly missing: number }> {
  const { varFiles = [], tofu = false, mode } = options;
  const read = await readInput(path, { varFiles, tofu });
  const inventory = takeInventory(withManifests(read, undefined, options));
  const ofModules = expectationsOf(inventory, undefined);
  const { mode: setting } = settingsOf(ofModules, mode, modesOfCni(inventory));
  const flows = ofModules.flatMap((one) => one.flows);
  const text = await initialFlows(inventory, {
    ...(mode && { stated: mode }),
    mode: setting.mode,
    flows: [
      ...flows,
      ...(options.manifests ? derivedFlows({ inventory, flows, mode: setting.mode }).flows : []),
    ],
  });
  return { text, missing: text.split(MISSING).length - 1 };
}

/** The enforcing modes that are certainly set for the CNI of the input. */
function modesOfCni(inventory: Inventory): ModeSetting[] {
  return certainEnforcingModes(inventory).map(({ mode, by }) => ({ mode, from: by.address }));
}

/** A `flows.yaml`, parsed, by the path that is shown. */
interface OwnFlows {
  readonly file: string;
  readonly flows: FlowsFile;
}

function readFlows(file: string): OwnFlows {
  return { file: shown(file), flows: parseFlowsFile(readTextFile(file, FLOWS_LIMIT), shown(file)) };
}

/** The input with the objects of manifests, and with what stands in these for its groups. */
function withManifests(
  input: Input,
  own: OwnFlows | undefined,
  { manifests = [], groupWords = new Map(), stdin }: VerifyOptions,
): Input {
  const words = new Map([...Object.entries(own?.flows.groups ?? {}), ...groupWords]);
  const read = manifests.length === 0 ? undefined : readManifests(manifests, stdin);
  return {
    ...input,
    ...(words.size > 0 && { groupWords: words }),
    ...(read && { manifests: read.objects, notes: [...input.notes, ...read.notes] }),
  };
}

/** Derived flows without those that `flows.yaml` leaves out or replaces. */
function without({ flows, notes }: Derived, stated: FlowsFile["derived"] = {}): Derived {
  const ids = new Set(flows.map(({ id }) => id.name));
  const told = Object.entries(stated).map(([id, { reason, flow }]) => {
    if (!ids.has(id)) return `derived.${id} of flows.yaml meets no flow that a workload needs: it can go`;
    return `${id} is ${flow === undefined ? "left out" : "replaced"}: ${reason}`;
  });
  return { flows: flows.filter(({ id }) => !Object.hasOwn(stated, id.name)), notes: [...notes, ...told] };
}

/** What a file states, with what it says in place of derived flows. */
function withReplacements({ file, flows }: OwnFlows): OwnFlows {
  const replaced = Object.entries(flows.derived ?? {}).flatMap(([id, { flow, reason }]) =>
    flow === undefined ? [] : [[id, { flow, description: reason }] as const],
  );
  return replaced.length === 0
    ? { file, flows }
    : { file, flows: { ...flows, flows: { ...flows.flows, ...Object.fromEntries(replaced) } } };
}

/** @throws InputError naming each word of a manifest that is said to mean a group which is not there */
function refuseWrongWords(
  inventory: Inventory,
  own: OwnFlows | undefined,
  { groupWords }: VerifyOptions,
): void {
  const problems = [...(inventory.input.groupWords ?? [])].flatMap(([name, meaning]) => {
    const where = groupWords?.has(name) ? `--group ${name}` : `${own?.file}: groups.${name}`;
    return groupWordsProblem(meaning, where, inventory) ?? [];
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** The flows of the input's own file, and of every module that it calls and that brings some along. */
function expectationsOf(inventory: Inventory, own: OwnFlows | undefined): Expectations[] {
  const parsed = new Map<string, OwnFlows>();
  const result: Expectations[] = own ? [bindFlows(own.flows, own.file, inventory, "")] : [];
  for (const { address, folder } of inventory.input.modules) {
    const file = folder === undefined ? undefined : join(folder, "flows.yaml");
    if (file === undefined || kindOf(file) === undefined) continue;
    const one = parsed.get(file) ?? readFlows(file);
    parsed.set(file, one);
    result.push(bindFlows(one.flows, one.file, inventory, address));
  }
  return result;
}

/** The file that is named, or that of the folder. */
function ownFlows({ kind, path }: Input, { flows, config }: VerifyOptions): OwnFlows | undefined {
  if (flows !== undefined) return readFlows(flows);
  const folder = kind === "configuration" ? path : config;
  if (folder === undefined || folder === "-" || !isFolder(folder)) return undefined;
  const file = join(folder, "flows.yaml");
  return kindOf(file) === undefined ? undefined : readFlows(file);
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
