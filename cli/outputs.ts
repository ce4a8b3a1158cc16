import { basename, dirname, join, parse, relative, resolve } from "node:path";
import { InputError } from "../io/errors";
import { exists, kindOf, looked, realPath, shownPath } from "../io/files";
import { nearest } from "../io/nearest";
import { removeFiles, replaceFiles } from "../io/write";
import { FORMATS, type Format } from "../verify/report";

/** A file to write, and in which format. */
export interface Output {
  readonly format: Format;
  /** Its path, absolute and without links: what it is called where it is compared with others. */
  readonly file: string;
}

/** What Terraform reads, or the verifier: a report does not go there. */
const READ = /\.(?:tf|tofu|tfvars)(?:\.json)?$|\.tfstate$|^flows\.yaml$/;

/** A comma that begins another `FORMAT=FILE`; others belong to the name of a file. */
const BETWEEN = /,(?=[A-Za-z]+=)/;

/**
 * The files that `--output` names.
 *
 * @param given `FORMAT=FILE`, or several with commas between them
 * @throws InputError naming all that is wrong with them
 */
export function outputsOf(given: readonly string[]): Output[] {
  const problems: string[] = [];
  const outputs: Output[] = [];
  for (const one of given.flatMap((words) => words.split(BETWEEN))) {
    const [, name = "", file = ""] = /^([^=]*)=(.*)$/s.exec(one) ?? [];
    const format = FORMATS.find((known) => known === name);
    if (format === undefined || file === "") {
      problems.push(format === undefined && name !== "" ? unknownFormat(name) : notUnderstood(one));
      continue;
    }
    const problem = wrongPlace(file);
    if (problem !== undefined) {
      problems.push(problem);
      continue;
    }
    const place = placeOf(file);
    if (outputs.some((other) => other.file === place))
      problems.push(`--output names ${shownPath(place)} twice`);
    outputs.push({ format, file: place });
  }
  if (problems.length > 0) throw new InputError([...new Set(problems)]);
  return outputs;
}

/** What is wrong with outputs that would lie where another file of the run does. */
export function overwritten(outputs: readonly Output[], others: readonly string[]): string[] {
  const taken = new Set(others.filter((file) => exists(dirname(file))).map(placeOf));
  return outputs
    .filter(({ file }) => taken.has(file))
    .map(({ file }) => `--output would overwrite ${shownPath(file)}, which this run reads or writes`);
}

function unknownFormat(name: string): string {
  const meant = nearest(name, FORMATS);
  return `the format of --output must be ${FORMATS.join(", ")} (given: ${name}${meant ? `; did you mean ${meant}?` : ""})`;
}

function notUnderstood(words: string): string {
  return `--output must be FORMAT=FILE, such as sarif=report.sarif (given: ${words})`;
}

function wrongPlace(file: string): string | undefined {
  const folder = dirname(file);
  try {
    if (kindOf(folder) !== "folder")
      return `${file}: there is no folder ${folder} to write it to: create it first.`;
    if (READ.test(basename(file)))
      return `${file}: --output must not name what Terraform or the verifier reads: choose another name.`;
    const kind = kindOf(file);
    if (kind === "folder") return `${file}: --output names a file, and this is a folder.`;
    if (kind === "other")
      return `${file}: it is a device, a pipe or a socket: --format writes to standard output.`;
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.problems.join(" ");
    throw error;
  }
}

function placeOf(file: string): string {
  return exists(file) ? realPath(file) : join(realPath(dirname(file)), basename(file));
}

/**
 * Writes files, all of them or none.
 *
 * @param texts by path, absolute
 * @returns a warning for each file that stays beside them
 * @throws InputError where they cannot be written
 */
export function writeOutputs(texts: ReadonlyMap<string, string>): string[] {
  const [first] = texts.keys();
  if (first === undefined) return [];
  const { root } = parse(resolve(first));
  const files = Object.fromEntries([...texts].map(([file, text]) => [relative(root, file), text]));
  const replaced = looked(first, () => replaceFiles(root, files, Object.keys(files), []));
  return removeFiles(root, replaced);
}
