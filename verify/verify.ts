import { plural } from "../io/plural";
import { runChecks } from "./checks";
import { noteOfWaiting, partByAdvice, withoutContradictions } from "./checks/advice";
import { isCounted } from "./checks/counted";
import { lookedAt, seenIn } from "./checks/looked-at";
import type { Report } from "./checks/model";
import { suppress } from "./checks/suppressions";
import { noteOfUntouchedCni } from "./checks/untouched-cni";
import { withLines } from "./derive/lines";
import { judgeAll } from "./judge/judge";
import { notesOfTexts } from "./read/kubernetes/objects";
import { type InputOptions, understand } from "./understand";

export interface VerifyOptions extends InputOptions {
  /** The ids of checks that are not run. */
  readonly checksNotRun?: ReadonlySet<string>;
}

/**
 * Verifies one input: reads it, judges its flows and runs the checks.
 *
 * @param path a folder of Terraform configuration, a plan or a state as JSON, or `-`
 * @throws InputError when it cannot be read, or its flows cannot be understood
 */
export async function verify(path: string, options: VerifyOptions = {}): Promise<Report> {
  const { checksNotRun = new Set(), onStep = () => {} } = options;
  const { input, inventory, expectations, settings, flows, derived } = await understand(path, options);
  const { mode } = settings.mode;
  const { nodes, cni, groupsPerInterface } = settings;
  const sets = expectations.map((one) => ({ flows: one.flows, nodes: one.nodes ?? nodes }));
  onStep(plural(flows.length + derived.flows.length, "flow"));
  const verdicts = withLines(judgeAll(inventory, [...sets, { flows: derived.flows, nodes }], mode));
  const context = {
    inventory,
    flows,
    verdicts,
    mode,
    ...(cni && { cni }),
    ...(groupsPerInterface && { groupsPerInterface }),
  };
  const found = runChecks(context, checksNotRun, onStep);
  const { findings, suppressed, notes } = suppress(
    found,
    expectations.flatMap((one) => one.suppressions),
    input.ignores ?? [],
    checksNotRun,
  );
  // Where a derived flow does not count, it holds nothing back that does.
  const idle = derived.flows.length > 0 && !options.manifests && !options.expect;
  const areDerivedIdle = idle ? ({ areDerivedIdle: true } as const) : {};
  const counted = verdicts.filter((verdict) => isCounted(areDerivedIdle, verdict));
  const { said, waiting } = partByAdvice(withoutContradictions(findings), counted);
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
    ...(derived.table.rows.length > 0 && { workloads: derived.table }),
    verdicts,
    ...areDerivedIdle,
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
