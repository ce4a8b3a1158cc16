import { join } from "node:path";
import { describe, InputError } from "../io/errors";
import { exists, foldersIn, namesIn, readText } from "../io/files";
import { isJson } from "../io/json";
import { type Files, removeFiles, replaceFiles } from "../io/write";

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
    const sweepWarnings = removeFiles(outdir, temporaries(outdir, files));
    const replaced = replaceFiles(outdir, files, changed, stale);
    return {
      written: changed,
      unchanged: Object.keys(files).filter((path) => !changed.includes(path)),
      removed: stale,
      warnings: [...sweepWarnings, ...removeFiles(outdir, replaced)],
    };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([`cannot write to ${outdir}: ${describe(error)}`]);
  }
}

/** What an output folder has besides the files that synthesis would write, and what it lacks of them. */
export interface Comparison {
  readonly missing: readonly string[];
  /** What there is instead of the file. */
  readonly different: readonly { readonly path: string; readonly content: string }[];
  /** What synthesis wrote once and would remove. */
  readonly stale: readonly string[];
}

/**
 * Compares an output folder with the generated files, without touching either.
 *
 * @throws InputError when the file system refuses
 */
export function comparedWith(outdir: string, files: Files): Comparison {
  try {
    const found = Object.keys(files).map((path) => ({ path, content: read(join(outdir, path)) }));
    return {
      missing: found.filter(({ content }) => content === undefined).map(({ path }) => path),
      different: found.flatMap(({ path, content }) =>
        content === undefined || content === files[path] ? [] : [{ path, content }],
      ),
      stale: [...goneFolders(outdir, files), ...goneTests(outdir, files)],
    };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([`cannot read ${outdir}: ${describe(error)}`]);
  }
}

/** Folders below `stacks` that synthesis made and that no stack has any more. */
function goneFolders(outdir: string, files: Files): string[] {
  const isMade = madeBefore(outdir);
  return stackFolders(outdir)
    .filter((name) => !TEMPORARY_FOLDER.test(name) && isMade(name))
    .map((name) => `stacks/${name}`)
    .filter((folder) => !Object.keys(files).some((path) => path.startsWith(`${folder}/`)));
}

/** The same, where nothing else lies in them. */
function goneStacks(outdir: string, files: Files): string[] {
  const gone = goneFolders(outdir, files);
  const problems = gone.flatMap((folder) => {
    const kept = filesIn(join(outdir, folder)).filter(
      (path) => ![GENERATED, LEFT_OVER, TEMPORARY].some((known) => known.test(path)),
    );
    if (kept.length === 0) return [];
    return [
      `${join(outdir, folder)} is the folder of a removed stack, and contains ${kept.join(", ")}: destroy what was deployed from it or move the state, then delete the folder`,
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
  const besideManifest = exists(outdir) ? namesIn(outdir).filter((name) => TEMPORARY.test(name)) : [];
  const folders = stackFolders(outdir).filter((name) => TEMPORARY_FOLDER.test(name));
  const inStacks = filesOfStacks(outdir, files).filter(({ path }) => TEMPORARY.test(path));
  return [
    ...besideManifest,
    ...folders.map((name) => `stacks/${name}`),
    ...inStacks.map(({ folder, path }) => `${folder}/${path}`),
  ];
}

/** What lies in the folders of the stacks that remain. */
function filesOfStacks(outdir: string, files: Files): { folder: string; path: string }[] {
  return stackFolders(outdir)
    .map((name) => `stacks/${name}`)
    .filter((folder) => `${folder}/cdk.tf.json` in files)
    .flatMap((folder) => filesIn(join(outdir, folder)).map((path) => ({ folder, path })));
}

/** Paths of the files in a folder; a `.terraform` folder counts as one, whatever is in it. */
function filesIn(folder: string): string[] {
  const folders = new Set(foldersIn(folder));
  return namesIn(folder)
    .flatMap((name) =>
      folders.has(name) && name !== ".terraform"
        ? filesIn(join(folder, name)).map((path) => `${name}/${path}`)
        : [name],
    )
    .sort();
}

/** The names of the folders of an output's stacks. */
function stackFolders(outdir: string): string[] {
  const stacks = join(outdir, "stacks");
  return exists(stacks) ? foldersIn(stacks) : [];
}

function read(path: string): string | undefined {
  return exists(path) ? readText(path) : undefined;
}

/** What a file holds, or undefined where there is none or it holds no JSON. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readText(path));
  } catch {
    return undefined;
  }
}
