import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { InputError } from "../io/errors";
import { exists, foldersIn, isFolder, readStandardInput, realPath } from "../io/files";
import { writeText } from "../io/write";
import type { EnforcingMode } from "../network/cni";
import { initialFlows } from "../verify/ask/init";
import { CHECKS } from "../verify/checks";
import type { Report, Severity } from "../verify/checks/model";
import { SEVERITIES } from "../verify/checks/order";
import { takeInventory } from "../verify/inventory";
import { readInput } from "../verify/read";
import { compare, FORMATS, type Format, render } from "../verify/report";
import { verify } from "../verify/verify";

const MODES = ["strict", "standard"] as const satisfies readonly EnforcingMode[];

export const USAGE = `Usage: npm run verify -- [PATH…] [options]

Proves which flows work, and which rule is missing, before anything is applied.

PATH is a folder of Terraform configuration, a plan or a state as JSON (terraform show -json), or - for standard
input. Default: every stack in cdktf.out/stacks; one that another calls as a module is verified there.

  --flows FILE        the flows to check, in place of PATH/flows.yaml
  --var-file FILE     values of variables, as for Terraform; may be given several times
  --config DIR        for a plan: its configuration, which knows the references
  --mode MODE         ${MODES.join(" or ")}: the CNI's enforcing mode; default: what flows.yaml says, else the CNI, else strict
  --format FORMAT     ${FORMATS.join(", ")}
  --base PATH         what PATH was before: adds which flows open, close or change their rules
  --fail-on SEVERITY  ${SEVERITIES.join(", ")} or never: findings from here on make the exit code 1; default: error
  --no-assumptions    a flow that holds only if something else is true makes the exit code 1 too
  --init              writes PATH/flows.yaml with what the rules admit today
  --help              this text

Exit code 0: nothing is broken. 1: a flow is broken, or a finding reaches --fail-on. 2: the input could not be read,
or it holds nothing that is known here.
`;

interface Options {
  readonly paths: readonly string[];
  readonly flows?: string;
  readonly varFiles: readonly string[];
  readonly config?: string;
  readonly mode?: EnforcingMode;
  readonly format: Format;
  readonly base?: string;
  readonly failOn: Severity | "never";
  readonly noAssumptions: boolean;
  readonly init: boolean;
}

/**
 * Runs the verifier as a command.
 *
 * @param args the words after the command's name
 * @param defaultFolder where the stacks are that are verified when no path is given
 * @returns the exit code
 */
export async function main(args: readonly string[], defaultFolder: string): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === "help") {
      process.stdout.write(USAGE);
      return 0;
    }
    const paths = options.paths.length > 0 ? options.paths : stacksIn(defaultFolder);
    if (options.init) return await init(paths);
    return await run(paths, options, options.paths.length > 0);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.problems.join("\n"));
    return 2;
  }
}

async function run(paths: readonly string[], options: Options, isExplicit: boolean): Promise<number> {
  const stdin = paths.includes("-") ? readStandardInput() : undefined;
  const all: Report[] = [];
  for (const path of paths)
    all.push(await verify(path, { ...options, ...(stdin !== undefined && { stdin }) }));
  const reports = isExplicit ? all : all.filter((report) => !isCalled(report, all));
  const before =
    options.base === undefined ? undefined : [await verify(options.base, withoutConfig(options))];
  const difference = before && compare(before, reports);
  const color = process.stdout.isTTY === true;
  const rendered = render(reports, options.format, {
    color,
    catalogue: CHECKS,
    ...(difference && { difference }),
  });
  process.stdout.write(rendered);
  if (isExplicit && reports.every((report) => isEmpty(report))) {
    console.error(`${paths.join(", ")}: there is no security group and nothing else that is known here`);
    return 2;
  }
  return reports.some((report) => fails(report, options)) ? 1 : 0;
}

/** Whether a stack is called by another one, which then says all that there is to say of it. */
function isCalled({ path }: Report, all: readonly Report[]): boolean {
  const folder = realPath(path);
  return all.some((other) => other.calls.some((call) => exists(call) && realPath(call) === folder));
}

function withoutConfig({ config, ...options }: Options): Omit<Options, "config"> {
  return options;
}

function isEmpty({ groups, lookedAt = [], verdicts, findings, suppressed, cni }: Report): boolean {
  const known = [groups, lookedAt, verdicts, findings, suppressed];
  return known.every(({ length }) => length === 0) && cni === undefined;
}

function fails({ verdicts, findings }: Report, { failOn, noAssumptions }: Options): boolean {
  const limit = failOn === "never" ? -1 : SEVERITIES.indexOf(failOn);
  return (
    verdicts.some(({ status }) => status === "broken" || (noAssumptions && status === "holds-if")) ||
    findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit)
  );
}

async function init(paths: readonly string[]): Promise<number> {
  for (const path of paths) {
    const file = join(path, "flows.yaml");
    if (!isFolder(path)) {
      throw new InputError([`${path}: --init needs a folder of Terraform configuration`]);
    }
    if (exists(file)) throw new InputError([`${file} is there already: --init writes a new one only`]);
    const flows = await initialFlows(takeInventory(await readInput(path)));
    writeText(file, flows);
    console.log(`wrote ${file}`);
  }
  return 0;
}

function stacksIn(folder: string): string[] {
  if (!exists(folder))
    throw new InputError([`${folder}: there are no stacks; run \`npm run synth\` or name a path`]);
  return foldersIn(folder)
    .map((name) => relative(process.cwd(), join(folder, name)) || ".")
    .sort();
}

function parseOptions(args: readonly string[]): Options | "help" {
  const { values, positionals } = parseWords(args);
  if (values.help) return "help";
  const problems: string[] = [];
  const choice = <T extends string>(name: string, value: string | undefined, accepted: readonly T[]) => {
    if (value === undefined || accepted.includes(value as T)) return value as T | undefined;
    problems.push(`--${name} must be ${accepted.join(", ")} (given: ${value})`);
    return undefined;
  };
  const format = choice("format", values.format, FORMATS) ?? "text";
  const mode = choice("mode", values.mode, MODES);
  const failOn = choice("fail-on", values["fail-on"], [...SEVERITIES, "never" as const]) ?? "error";
  if (values.config !== undefined && positionals.length !== 1)
    problems.push("--config goes with one plan as PATH");
  if (values.flows !== undefined && positionals.length !== 1) problems.push("--flows goes with one PATH");
  if (values.base !== undefined && positionals.length !== 1) problems.push("--base goes with one PATH");
  if (problems.length > 0) throw new InputError(problems);
  return {
    paths: positionals,
    varFiles: values["var-file"] ?? [],
    format,
    failOn,
    noAssumptions: values["no-assumptions"] ?? false,
    init: values.init ?? false,
    ...(values.flows !== undefined && { flows: values.flows }),
    ...(values.config !== undefined && { config: values.config }),
    ...(values.base !== undefined && { base: values.base }),
    ...(mode && { mode }),
  };
}

function parseWords(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        flows: { type: "string" },
        "var-file": { type: "string", multiple: true },
        config: { type: "string" },
        mode: { type: "string" },
        format: { type: "string" },
        base: { type: "string" },
        "fail-on": { type: "string" },
        "no-assumptions": { type: "boolean" },
        init: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new InputError([`${(error as Error).message.split(". ")[0]}; --help lists the options`]);
  }
}
