import { attempt, InputError } from "../../io/errors";
import { exists, readStandardInput, realPath } from "../../io/files";
import { decoded } from "../../io/text";
import { CHECKS } from "../../verify/checks";
import type { Report } from "../../verify/checks/model";
import { SEVERITIES } from "../../verify/checks/order";
import { compare, isKnown, render } from "../../verify/report";
import { type VerifyOptions, verify } from "../../verify/verify";
import { type Ratchet, ratchetOf } from "../known";
import type { Run } from "../model";
import type { Values } from "../options";
import { inputPaths } from "../paths";
import { attemptLater } from "../problems";
import { hasColor } from "../terminal";
import { writeFlows } from "./init";

/** Judges every input and says what came of it: exit code 0, or 1 where something fails, or 2 where nothing is known. */
export const run: Run = async ({ operands, values }, surroundings) => {
  const { paths, isExplicit } = inputPaths(operands, surroundings);
  if (values.init) return writeFlows(paths, values);
  const { reports, before, ratchet } = await judge(paths, values);
  const judged = isExplicit ? reports : reports.filter((one) => !isCalled(one, reports));
  const isUnknown = isExplicit && judged.every((one) => isEmpty(one));
  const shown = ratchet && !isUnknown ? ratchet.apply(judged) : judged;
  const difference = before && compare(before, shown);
  const isFailing = shown.some((one) => fails(one, values));
  if (isFailing || isUnknown || !values.quiet) {
    process.stdout.write(
      render(shown, values.format ?? "text", {
        color: hasColor(process.stdout),
        all: values.all === true,
        catalogue: CHECKS,
        ...(difference && { difference }),
      }),
    );
  }
  if (isUnknown) {
    console.error(`${paths.join(", ")}: there is no security group and nothing else that is known here`);
    return 2;
  }
  return isFailing ? 1 : 0;
};

interface Judged {
  readonly reports: readonly Report[];
  /** What was before, in one report, where a base is given. */
  readonly before?: readonly Report[];
  readonly ratchet?: Ratchet;
}

/** @throws InputError naming the problems of all inputs */
async function judge(paths: readonly string[], { base, ...values }: Values): Promise<Judged> {
  const problems: string[] = [];
  const isPiped = paths.includes("-") || base === "-";
  const stdin = isPiped ? attempt(problems, () => decoded(readStandardInput(), "-")) : undefined;
  const ratchet = attempt(problems, () => ratchetOf(values));
  const options = { ...verifyOptions(values), ...(stdin !== undefined && { stdin }) };
  const { config, ...withoutConfig } = options;

  const reports: Report[] = [];
  for (const path of paths) reports.push(...(await attemptLater(problems, () => verify(path, options))));
  const before =
    base === undefined ? undefined : await attemptLater(problems, () => verify(base, withoutConfig));
  if (problems.length > 0) throw new InputError([...new Set(problems)]);
  return { reports, ...(before && { before }), ...(ratchet && { ratchet }) };
}

function verifyOptions({ flows, config, mode, tofu, "var-file": varFiles = [] }: Values): VerifyOptions {
  return {
    varFiles,
    tofu: tofu === true,
    ...(flows !== undefined && { flows }),
    ...(config !== undefined && { config }),
    ...(mode !== undefined && { mode }),
  };
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

/** Whether something is wrong in a report that was not known. */
function fails(report: Report, values: Values): boolean {
  const { verdicts, findings } = report;
  const { "fail-on": failOn = "error", "no-assumptions": noAssumptions } = values;
  const limit = failOn === "never" ? -1 : SEVERITIES.indexOf(failOn);
  return (
    verdicts.some(
      (verdict) =>
        (verdict.status === "broken" || (noAssumptions && verdict.status === "holds-if")) &&
        !isKnown(report, verdict),
    ) || findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit)
  );
}
