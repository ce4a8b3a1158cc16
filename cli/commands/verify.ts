import { attempt, InputError } from "../../io/errors";
import { exists, readStandardInput, realPath } from "../../io/files";
import { decoded } from "../../io/text";
import { CHECKS } from "../../verify/checks";
import type { Report } from "../../verify/checks/model";
import { checksPage, compare, render } from "../../verify/report";
import { type VerifyOptions, verify } from "../../verify/verify";
import { exitOf } from "../exit";
import { type Ratchet, ratchetOf } from "../known";
import type { Run } from "../model";
import type { Values } from "../options";
import { inputPaths } from "../paths";
import { attemptLater } from "../problems";
import { terminalOf } from "../terminal";
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
  const exit = exitOf(shown, {
    failOn: values["fail-on"] ?? "error",
    noAssumptions: values["no-assumptions"] === true,
  });
  if (exit.code !== 0 || isUnknown || !values.quiet) {
    process.stdout.write(
      render(shown, values.format ?? "text", {
        ...terminalOf(process.stdout, process.env),
        all: values.all === true,
        catalogue: CHECKS,
        checksPage: checksPage(),
        // What standard error says then is the reason.
        ...(!isUnknown && { exit }),
        ...(difference && { difference }),
      }),
    );
  }
  if (isUnknown) {
    console.error(`${paths.join(", ")}: there is no security group and nothing else that is known here`);
    return 2;
  }
  return exit.code;
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
