import { InputError } from "../io/errors";
import { kindOf, realPath, shownPath } from "../io/files";
import { plural } from "../io/plural";
import { findRoots, holdsConfiguration, LEFT_OUT, type RootSearch } from "../verify/read";
import type { VerifyOptions } from "../verify/verify";
import type { Values } from "./options";
import { attemptLater } from "./problems";

/** What a PATH stands for: itself, or the roots that were found in it. */
export interface FoundInputs {
  readonly path: string;
  readonly inputs: readonly string[];
  readonly isSearched: boolean;
  /** What of it could not be looked at, in sentences: the rest counts all the same. */
  readonly problems: readonly string[];
}

/**
 * What each PATH stands for: one that holds Terraform itself is judged alone; one that does not, or any with `--recursive`, is
 * searched for roots.
 *
 * @param problems receives a sentence for each PATH that cannot be searched or holds none
 */
export async function inputsAt(
  paths: readonly string[],
  values: Values,
  problems: string[],
): Promise<FoundInputs[]> {
  const found: FoundInputs[] = [];
  for (const path of paths) found.push(...(await attemptLater(problems, () => inputsIn(path, values))));
  return withoutRepetition(found);
}

/** What is wrong with options for the roots that were found. */
export function misfits(found: readonly FoundInputs[], { exclude, flows }: Values): string[] {
  const all = found.flatMap(({ inputs }) => inputs);
  return [
    ...(exclude !== undefined && !found.some(({ isSearched }) => isSearched)
      ? [
          "--exclude has no effect: no PATH is searched for roots. --recursive also searches one that holds Terraform itself",
        ]
      : []),
    ...(flows !== undefined && all.length > 1
      ? [`--flows goes with one root, but there are ${all.length}: ${all.map(shownPath).join(", ")}`]
      : []),
  ];
}

async function inputsIn(path: string, values: Values): Promise<FoundInputs> {
  const alone = { path, inputs: [path], isSearched: false, problems: [] };
  const isSearchable = path !== "-" && kindOf(path) === "folder";
  if (!isSearchable && values.recursive) {
    throw new InputError([`${path}: --recursive searches folders for roots, but this is not a folder`]);
  }
  if (!isSearchable || (holdsConfiguration(path) && !values.recursive)) return alone;
  const { roots, looked, problems } = await findRoots(path, searchOf(values));
  if (roots.length === 0) throw new InputError([nothingIn(path, looked, values), ...problems]);
  return { path, inputs: roots, isSearched: true, problems };
}

/** What the options say of a search. */
export function searchOf({ exclude = [], tofu }: Values): RootSearch {
  return { exclude, tofu: tofu === true };
}

function nothingIn(path: string, looked: number, { exclude = [] }: Values): string {
  const below = looked === 1 ? "no folder below it" : `${looked - 1} below it`;
  return (
    `${shownPath(path)}: there is no Terraform configuration in it, neither *.tf nor *.tf.json; searched: this folder and ${below}, ` +
    `without ${[...LEFT_OUT, ...exclude.map((pattern) => `--exclude ${pattern}`)].join(", ")} and links.`
  );
}

/** Each root once, whatever PATHs lead to it. */
function withoutRepetition(found: readonly FoundInputs[]): FoundInputs[] {
  const seen = new Set<string>();
  return found.map((one) => {
    if (!one.isSearched) return one;
    const inputs = one.inputs.filter((input) => !seen.has(realPath(input)));
    for (const input of inputs) seen.add(realPath(input));
    return { ...one, inputs };
  });
}

/** What the options say of how an input is read, besides its manifests. */
export function readingOf({
  flows,
  config,
  mode,
  tofu,
  "var-file": varFiles = [],
}: Values): Pick<VerifyOptions, "flows" | "config" | "mode" | "tofu" | "varFiles"> {
  return {
    varFiles,
    tofu: tofu === true,
    ...(flows !== undefined && { flows }),
    ...(config !== undefined && { config }),
    ...(mode !== undefined && { mode }),
  };
}

/** The roots that were found, named: what is judged together. */
export function rootsWords(found: readonly FoundInputs[]): string[] {
  return found
    .filter(({ isSearched }) => isSearched)
    .map(({ path, inputs }) => {
      return `${shownPath(path)}: ${plural(inputs.length, "root")}: ${inputs.map(shownPath).join(", ")}`;
    });
}
