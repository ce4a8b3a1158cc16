import { join, relative } from "node:path";
import { attempt, InputError } from "../io/errors";
import {
  exists,
  foldersIn,
  isFolder,
  kindOf,
  looked,
  readStandardInput,
  realPath,
  workingDirectory,
} from "../io/files";
import { decoded } from "../io/text";
import { replaceFiles } from "../io/write";
import { CHECKS } from "../verify/checks";
import type { Report } from "../verify/checks/model";
import { SEVERITIES } from "../verify/checks/order";
import { compare, render } from "../verify/report";
import { initialise, verify } from "../verify/verify";
import { lastWords } from "./bug";
import { type Options, parseOptions, USAGE } from "./options";

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
    if (options.init) return await init(paths, options);
    return await run(paths, options, options.paths.length > 0);
  } catch (error) {
    console.error(error instanceof InputError ? error.problems.join("\n") : lastWords(error));
    return 2;
  }
}

async function run(paths: readonly string[], options: Options, isExplicit: boolean): Promise<number> {
  const { base } = options;
  const problems: string[] = [];
  const isPiped = paths.includes("-") || base === "-";
  const stdin = isPiped ? attempt(problems, () => decoded(readStandardInput(), "-")) : undefined;
  const input = { ...options, ...(stdin !== undefined && { stdin }) };
  const report = (path: string, settings: Options) => attemptLater(problems, () => verify(path, settings));

  const all: Report[] = [];
  for (const path of paths) all.push(...(await report(path, input)));
  const reports = isExplicit ? all : all.filter((one) => !isCalled(one, all));
  const before = base === undefined ? undefined : await report(base, withoutConfig(input));
  if (problems.length > 0) throw new InputError([...new Set(problems)]);

  const difference = before && compare(before, reports);
  const color = process.stdout.isTTY === true;
  const rendered = render(reports, options.format, {
    color,
    catalogue: CHECKS,
    ...(difference && { difference }),
  });
  process.stdout.write(rendered);
  if (isExplicit && reports.every((one) => isEmpty(one))) {
    console.error(`${paths.join(", ")}: there is no security group and nothing else that is known here`);
    return 2;
  }
  return reports.some((one) => fails(one, options)) ? 1 : 0;
}

/** What comes of work that may find problems in input: nothing where it does, and they are added to those known. */
async function attemptLater<T>(problems: string[], work: () => Promise<T>): Promise<T[]> {
  try {
    return [await work()];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return [];
  }
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

/** Writes `flows.yaml` into every folder, or into none where one of them cannot have it. */
async function init(paths: readonly string[], options: Options): Promise<number> {
  const problems: string[] = [];
  const written: { readonly path: string; readonly text: string; readonly missing: number }[] = [];
  for (const path of paths) {
    const one = await attemptLater(problems, async () => {
      if (path === "-" || !isFolder(path)) {
        throw new InputError([`${path}: --init needs a folder of Terraform configuration`]);
      }
      const file = join(path, FILE);
      if (kindOf(file) !== undefined) {
        throw new InputError([`${file} is there already: --init writes a new one only`]);
      }
      return { path, ...(await initialise(path, options)) };
    });
    written.push(...one);
  }
  if (problems.length > 0) throw new InputError(problems);
  for (const { path, text, missing } of written) {
    looked(join(path, FILE), () => replaceFiles(path, { [FILE]: text }, [FILE], []));
    const count = missing === 1 ? "1 flow that is needed is" : `${missing} flows that are needed are`;
    console.log(`wrote ${join(path, FILE)}${missing === 0 ? "" : `: ${count} MISSING`}`);
  }
  return 0;
}

const FILE = "flows.yaml";

function stacksIn(folder: string): string[] {
  if (!exists(folder))
    throw new InputError([`${folder}: there are no stacks; run \`npm run synth\` or name a path`]);
  return foldersIn(folder)
    .map((name) => relative(workingDirectory(), join(folder, name)) || ".")
    .sort();
}
