import { dirname, join, relative, resolve } from "node:path";
import * as z from "zod";
import { InputError, strictly } from "../io/errors";
import { kindOf, repositoryOf, shownPath, workingDirectory } from "../io/files";
import { manifestPath } from "../verify/read";
import type { Given } from "./model";
import { OPTIONS, type Option, type OptionName, optionOf, type Values } from "./options";
import { wrongValues } from "./parse";
import { PROGRAM } from "./words";
import { readYamlFile } from "./yaml-file";

/** The name of the file in which a repository keeps what it wants of every run. */
export const SETTINGS_FILE = `${PROGRAM}.yaml`;

const words = z.string({ error: "must be a string" }).min(1, "must not be empty");
const several = z.union([words.transform((one) => [one]), z.array(words).min(1, "must name at least one")], {
  error: "must be a string or a list of strings",
});

/** The options that the file may have: what is not about one run alone. */
const NAMES = (Object.keys(OPTIONS) as OptionName[]).filter((name) => optionOf(name).inFile !== undefined);

function schemaOf({ value, accepts, mayRepeat, words: meaning }: Option): z.ZodType {
  const type = mayRepeat
    ? several
    : accepts
      ? z.enum(accepts, { error: `must be ${accepts.join(", ")}` })
      : value === undefined
        ? z.literal(true, { error: "must be true, or left out" })
        : words;
  return type.describe(meaning);
}

/** The configuration file: paths to judge, and options by their names. */
export const settingsSchema = z.strictObject(
  {
    paths: several.describe("What is judged where no PATH is given, relative to this file.").optional(),
    ...Object.fromEntries(NAMES.map((name) => [name, schemaOf(optionOf(name)).optional()])),
  },
  strictly(["paths", ...NAMES].join(", "), "a map"),
);

/**
 * What is given, with what the configuration file says of the rest: an option that is given wins over the file, and a list of the
 * file does not add to one that is given. Says which file that is, unless only what is wrong is wanted.
 *
 * @throws InputError where the file cannot be read, naming all that is wrong with it
 */
export function withSettings({ operands, values }: Given): Given {
  const file = settingsFile(values.settings);
  if (file === undefined) return { operands, values };
  const shown = shownPath(file);
  const { paths, ...options } = readYamlFile(file, settingsSchema);
  const here = (path: string) => relative(workingDirectory(), resolve(dirname(file), path)) || ".";
  const all = operands.length > 0 ? operands : (paths ?? []).map(here);
  const given = Object.entries(options).map(([name, value]): [string, unknown] => [
    name,
    placed(optionOf(name as OptionName), value, here),
  ]);
  const problems = given.flatMap(([name, value]) =>
    name in values ? [] : wrongValues(name as OptionName, [value].flat().map(String), all),
  );
  if (problems.length > 0)
    throw new InputError(problems.map((problem) => `${shown}: ${problem.replace(/^--/, "")}`));
  const settled = { ...Object.fromEntries(given), ...values } as Values;
  if (!settled.quiet) console.error(`settings: ${shown}`);
  return { operands: all, values: settled };
}

/** A value with its paths as they are from the working directory. */
function placed({ inFile, freeWith }: Option, value: unknown, here: (path: string) => string): unknown {
  if (inFile === "as given" || typeof value === "boolean") return value;
  const one = (text: string) => {
    if (freeWith !== undefined && text.startsWith(freeWith)) return text;
    if (inFile === "path") return here(text);
    if (inFile === "namespace and path") return placedManifest(text, here);
    return text.replace(
      /(^|,)([A-Za-z]+=)([^,]+)/g,
      (_all, start, format, path) => `${start}${format}${here(path)}`,
    );
  };
  return Array.isArray(value) ? value.map(one) : one(String(value));
}

/** The paths of manifests may have a namespace before them. */
function placedManifest(words: string, here: (path: string) => string): string {
  const { path, namespace } = manifestPath(words);
  if (path === "-") return words;
  return namespace === undefined ? here(path) : `${namespace}=${here(path)}`;
}

/** The file that is named, else the nearest upwards, no higher than the repository. */
function settingsFile(given: string | undefined): string | undefined {
  if (given === "none") return undefined;
  if (given !== undefined) {
    if (kindOf(given) === undefined)
      throw new InputError([`${given}: there is no such file; --settings none does without one`]);
    return resolve(given);
  }
  const start = workingDirectory();
  const top = repositoryOf(start) ?? start;
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, SETTINGS_FILE);
    if (kindOf(file) !== undefined) return file;
    const other = file.replace(/yaml$/, "yml");
    if (kindOf(other) !== undefined)
      throw new InputError([`${shownPath(other)} is not read under this name: call it ${SETTINGS_FILE}`]);
    if (folder === top) return undefined;
  }
}
