import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, InputError } from "../io/errors";
import { isJson } from "../io/json";

/** The files of an output folder by their paths inside it, with `/` on every system. */
export type Files = Readonly<Record<string, string>>;

export interface WriteResult {
  /** Paths of the files that were new or differed. */
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Paths of the files and of the folders of gone stacks that were removed. */
  readonly removed: readonly string[];
  /** What does not make the output wrong but should be known, such as a temporary file that could not be removed. */
  readonly warnings: readonly string[];
}

/** What synthesis writes into the folder of a stack, by the paths inside it. */
const GENERATED = /^(cdk\.tf\.json|README\.md|flows\.yaml|tests\/(plan|validation)\.tftest\.json)$/;
/** What Terraform and the cdktf CLI leave there that is of no value without the stack. */
const LEFT_OVER = /^(\.terraform\.lock\.hcl|plan)$/;
/** What a run that was killed leaves beside the places of its files, and as folders of gone stacks. */
const TEMPORARY =
  /^((manifest|contract)\.json|cdk\.tf\.json|README\.md|flows\.yaml|tests\/[^/]+\.tftest\.json)(\.old|\.gone)?\.\d+\.tmp$/;
const TEMPORARY_FOLDER = /^[a-z][a-z0-9_-]*\.gone\.\d+\.tmp$/;

/**
 * Makes an output folder hold the generated files, whole or not at all: everything is prepared beside its
 * place and then renamed, and a failure puts back what was there. A file that is the same is not touched.
 *
 * Only what synthesis made is removed: the folder of a stack that is gone, when the manifest that is there
 * lists it or (without a manifest) its `cdk.tf.json` carries the mark of synthesis; in the folders of other
 * stacks `tests/plan.tftest.json` and `tests/validation.tftest.json`, which are its names; and what killed runs
 * have left.
 *
 * @throws InputError when the folder of a stack that is gone holds a state, `.terraform` or anything else that
 *   synthesis did not write, and when the file system refuses
 */
export function writeFiles(outdir: string, files: Files): WriteResult {
  try {
    const stale = [...goneStacks(outdir, files), ...goneTests(outdir, files)];
    const changed = Object.keys(files).filter((path) => files[path] !== read(join(outdir, path)));
    // Before the new ones are made: a killed run may have had the same process id.
    const sweepWarnings = remove(outdir, temporaries(outdir, files));
    const replaced = replace(outdir, files, changed, stale);
    return {
      written: changed,
      unchanged: Object.keys(files).filter((path) => !changed.includes(path)),
      removed: stale,
      warnings: [...sweepWarnings, ...remove(outdir, replaced)],
    };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([`cannot write to ${outdir}: ${describe(error)}`]);
  }
}

/** @returns the paths under which that which was replaced or is gone still lies */
function replace(
  outdir: string,
  files: Files,
  changed: readonly string[],
  stale: readonly string[],
): string[] {
  const suffix = `.${process.pid}.tmp`;
  const place = (path: string) => join(outdir, path);
  const replaced: string[] = [];
  // Undone in reverse order when a step fails.
  const undo: (() => void)[] = [];
  const rename = (from: string, to: string) => {
    renameSync(place(from), place(to));
    undo.push(() => renameSync(place(to), place(from)));
  };
  const putAside = (path: string, kind: "old" | "gone") => {
    const aside = `${path}.${kind}${suffix}`;
    rename(path, aside);
    replaced.push(aside);
  };
  try {
    for (const path of changed) {
      const created = mkdirSync(dirname(place(path)), { recursive: true });
      if (created) undo.push(() => rmSync(created, { recursive: true, force: true }));
      undo.push(() => rmSync(place(`${path}${suffix}`), { force: true }));
      writeFileSync(place(`${path}${suffix}`), files[path] as string);
    }
    for (const path of stale) putAside(path, "gone");
    for (const path of changed) {
      if (existsSync(place(path))) putAside(path, "old");
      rename(`${path}${suffix}`, path);
    }
  } catch (error) {
    const failures = undo.reverse().flatMap(failureOf);
    if (failures.length === 0) throw error;
    throw new InputError([
      `cannot write to ${outdir}: ${describe(error)}`,
      ...failures.map((failure) => `${outdir} is not as it was: ${failure}`),
    ]);
  }
  return replaced;
}

/** Removes what is of no use any more. @returns a warning for each that stays */
function remove(outdir: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    failureOf(() => rmSync(join(outdir, path), { recursive: true, force: true })).map(
      (failure) => `${join(outdir, path)} is of no use any more but could not be removed: ${failure}`,
    ),
  );
}

function failureOf(step: () => void): string[] {
  try {
    step();
    return [];
  } catch (error) {
    return [describe(error)];
  }
}

/** Folders below `stacks` that synthesis made and that no stack has any more. */
function goneStacks(outdir: string, files: Files): string[] {
  const isMade = madeBefore(outdir);
  const gone = foldersIn(join(outdir, "stacks"))
    .filter((name) => !TEMPORARY_FOLDER.test(name) && isMade(name))
    .map((name) => `stacks/${name}`)
    .filter((folder) => !Object.keys(files).some((path) => path.startsWith(`${folder}/`)));
  const problems = gone.flatMap((folder) => {
    const kept = filesIn(join(outdir, folder)).filter(
      (path) => ![GENERATED, LEFT_OVER, TEMPORARY].some((known) => known.test(path)),
    );
    if (kept.length === 0) return [];
    return [
      `${join(outdir, folder)} is the folder of a stack that is gone, and it holds ${kept.join(", ")}: destroy what was deployed from it or move that elsewhere, then remove the folder`,
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
  return gone;
}

/** Tells the folders that an earlier synthesis made from those of others. */
function madeBefore(outdir: string): (name: string) => boolean {
  const manifest = readJson(join(outdir, "manifest.json"));
  if (manifest !== undefined) {
    const stacks = isJson(manifest) && isJson(manifest["stacks"]) ? manifest["stacks"] : {};
    return (name) => Object.hasOwn(stacks, name);
  }
  return (name) => {
    const configuration = readJson(join(outdir, "stacks", name, "cdk.tf.json"));
    // The block that every synthesized stack carries; cdktf's own `App` writes more into it.
    return isJson(configuration) && JSON.stringify(configuration["//"]) === '{"metadata":{}}';
  };
}

/** Generated tests of stacks that remain, which are not generated any more. */
function goneTests(outdir: string, files: Files): string[] {
  return filesOfStacks(outdir, files)
    .filter(({ path }) => path.startsWith("tests/") && GENERATED.test(path))
    .map(({ folder, path }) => `${folder}/${path}`)
    .filter((path) => !(path in files));
}

/** What killed runs have left. */
function temporaries(outdir: string, files: Files): string[] {
  const besideManifest = existsSync(outdir) ? readdirSync(outdir).filter((name) => TEMPORARY.test(name)) : [];
  const folders = foldersIn(join(outdir, "stacks")).filter((name) => TEMPORARY_FOLDER.test(name));
  const inStacks = filesOfStacks(outdir, files).filter(({ path }) => TEMPORARY.test(path));
  return [
    ...besideManifest,
    ...folders.map((name) => `stacks/${name}`),
    ...inStacks.map(({ folder, path }) => `${folder}/${path}`),
  ];
}

/** What lies in the folders of the stacks that remain. */
function filesOfStacks(outdir: string, files: Files): { folder: string; path: string }[] {
  return foldersIn(join(outdir, "stacks"))
    .map((name) => `stacks/${name}`)
    .filter((folder) => `${folder}/cdk.tf.json` in files)
    .flatMap((folder) => filesIn(join(outdir, folder)).map((path) => ({ folder, path })));
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Paths of the files in a folder; a `.terraform` folder counts as one, whatever is in it. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() && entry.name !== ".terraform"
        ? filesIn(join(folder, entry.name)).map((path) => `${entry.name}/${path}`)
        : [entry.name],
    )
    .sort();
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** What a file holds, or undefined where there is none or it holds no JSON. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
