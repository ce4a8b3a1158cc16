import { join, relative, sep } from "node:path";
import { InputError } from "../io/errors";
import {
  exists,
  isFolder,
  kindOf,
  looked,
  namesIn,
  realPath,
  shownPath,
  workingDirectory,
} from "../io/files";
import { commitOf, repositoryAt, untracked, writeCommit } from "../io/git";
import type { Json } from "../io/json";
import { isJson } from "../io/json";
import { withTemporaryFolder } from "../io/temporary";
import { readTextFile } from "../io/text";
import { copyFiles, copyFolder, writeText } from "../io/write";
import type { Report } from "../verify/checks/model";
import { fetchedCalls, findRoots, holdsConfiguration } from "../verify/read";
import { type VerifyOptions, verify } from "../verify/verify";
import { type FoundInputs, searchOf } from "./inputs";
import type { Values } from "./options";
import { attemptLater } from "./problems";

const MARK = "git:";

/** The revision that a base names; undefined for one that is a path. */
export function revisionOf(base: string | undefined): string | undefined {
  return base?.startsWith(MARK) ? base.slice(MARK.length) : undefined;
}

/** What the inputs were at a revision. */
export interface Before {
  /** Each has the path of its input, or the one that it would have. An input that was not there has none. */
  readonly reports: readonly Report[];
  /** What could not be compared, by the path of the input, in sentences. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
}

/** A repository at a revision, written to a folder. */
interface Written {
  /** The repository, and the folder that holds it as it was. */
  readonly repository: string;
  readonly folder: string;
  readonly revision: string;
}

/**
 * Judges what the inputs were at a revision of their git repositories. Each repository is written to a temporary folder, so
 * that modules beside the inputs are there; a folder that was not there is empty.
 *
 * @param problems receives a sentence for each input that has no such revision or cannot be read there
 */
export async function judgeBefore(
  revision: string,
  found: readonly FoundInputs[],
  values: Values,
  options: VerifyOptions,
  problems: string[],
): Promise<Before> {
  const reports: Report[] = [];
  const notes = new Map<string, string[]>();
  const byRepository = new Map<string, FoundInputs[]>();
  for (const one of found) {
    const [repository] = await attemptLater(problems, async () => repositoryOfInput(one.path));
    if (repository === undefined) continue;
    byRepository.set(repository, [...(byRepository.get(repository) ?? []), one]);
  }
  for (const [repository, own] of byRepository) {
    await attemptLater(problems, () =>
      withTemporaryFolder(async (folder) => {
        const [commit] = await attemptLater(problems, async () => commitOf(repository, revision));
        if (commit === undefined) return;
        writeCommit(repository, commit, folder);
        // Expressions read files in the repository around them.
        copyFiles([], join(folder, ".git"));
        const written = { repository, folder, revision };
        for (const [place, input] of await placesOf(written, own, values)) {
          const heard: string[] = [];
          const known = await prepare(written, place, input, options.tofu === true);
          if (known.length > 0) notes.set(input, known);
          const judged = await attemptLater(heard, () => verify(place, options));
          problems.push(...heard.map((words) => inWords(written, words)));
          reports.push(...judged.map((report) => asOf(written, report, input)));
        }
      }),
    );
  }
  return { reports, notes };
}

/** @throws InputError for what is no folder in a repository */
function repositoryOfInput(path: string): string {
  const kind = path === "-" ? "other" : kindOf(path);
  if (kind === "folder") return repositoryAt(path);
  if (kind === undefined) throw new InputError([`${path}: there is no such file or folder.`]);
  throw new InputError([
    `${path}: --base git:… goes with folders: what a plan or a state was before is in another file: pass that file to --base.`,
  ]);
}

/** Where the inputs were, with their paths of today; of folders that are searched also the roots that are gone. */
async function placesOf(
  { repository, folder }: Written,
  found: readonly FoundInputs[],
  values: Values,
): Promise<Map<string, string>> {
  const before = (path: string) => join(folder, relative(repository, realPath(path)));
  const places = new Map<string, string>();
  for (const { path, inputs, isSearched } of found) {
    for (const input of inputs) {
      const place = before(input);
      if (exists(place) && isFolder(place) && holdsConfiguration(place)) places.set(place, input);
    }
    const start = before(path);
    if (!isSearched || !exists(start) || !isFolder(start)) continue;
    const { roots, problems } = await findRoots(start, searchOf(values));
    if (problems.length > 0) throw new InputError(problems);
    for (const root of roots) {
      if (!places.has(root)) places.set(root, shownPath(join(repository, relative(folder, root))));
    }
  }
  return places;
}

const VALUES = /^(?:terraform|.*\.auto)\.tfvars(?:\.json)?$/;

/**
 * Puts beside a root what git does not have: the values of variables that are not committed, and of the modules that
 * `terraform init` fetched those whose calls say the same source and version as today.
 *
 * @returns what is not comparable, in sentences
 */
async function prepare(
  { repository, folder, revision }: Written,
  place: string,
  input: string,
  tofu: boolean,
): Promise<string[]> {
  const today = join(repository, relative(folder, place));
  if (!exists(today) || !isFolder(today)) return [];
  const values = untracked(
    today,
    namesIn(today).filter((name) => VALUES.test(name) && !exists(join(place, name))),
  );
  copyFiles(
    values.map((name) => join(today, name)),
    place,
  );
  const manifest = join(today, MODULES, "modules.json");
  if (!exists(manifest)) return [];
  const installed = JSON.parse(readTextFile(manifest, MANIFEST_LIMIT)) as Json;
  const [now, then] = [await fetchedCalls(today, tofu), await fetchedCalls(place, tofu)];
  const others = [...then].filter(([call, words]) => now.get(call) !== words).map(([call]) => call);
  const isOther = (key: string) => others.some((call) => key === call || key.startsWith(`${call}.`));
  const modules = Array.isArray(installed["Modules"]) ? installed["Modules"].filter(isJson) : [];
  const kept = modules.filter(({ Key: key }) => typeof key === "string" && !isOther(key));
  looked(manifest, () => {
    copyFolder(join(today, MODULES), join(place, MODULES), (path) => !path.endsWith(`${sep}.git`));
    writeText(join(place, MODULES, "modules.json"), JSON.stringify({ Modules: kept }));
  });
  return others.map(
    (call) =>
      `${shownPath(input)}: module.${call.replaceAll(".", ".module.")} had another source or version at ${revision}, or was not ` +
      "called; .terraform/modules holds what is called today, so what it declared then is not known and not compared.",
  );
}

const MODULES = join(".terraform", "modules");
const MANIFEST_LIMIT = 16 * 1024 * 1024;

/** A report under the path of today, without the temporary folder in its words. */
function asOf(written: Written, report: Report, input: string): Report {
  const words = (text: string) => inWords(written, text);
  return {
    ...report,
    path: input,
    findings: report.findings.map((finding) => ({ ...finding, message: words(finding.message) })),
    notes: report.notes.map(words),
  };
}

/** Words of another revision, with the paths that its files have today. */
function inWords({ repository, folder, revision }: Written, text: string): string {
  const here = realPath(workingDirectory());
  const inner = relative(repository, here);
  let inside = text;
  // What lies below the working directory is shown relative to it.
  for (const root of [folder, shownPath(folder)]) {
    if (!inner.startsWith("..")) inside = inside.replaceAll(`${join(root, inner)}${sep}`, "");
    inside = inside.replaceAll(`${root}${sep}`, `${relative(here, repository) || "."}${sep}`);
  }
  return inside === text ? text : `at ${revision}: ${inside}`;
}
