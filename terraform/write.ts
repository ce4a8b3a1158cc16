import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "./errors";

/** The files of an output folder by their paths inside it, with `/` on every system. */
export type Files = Readonly<Record<string, string>>;

export interface WriteResult {
  /** Paths of the files that were new or differed. */
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Paths of the files and of the folders of gone stacks that were removed. */
  readonly removed: readonly string[];
}

/** What synthesis writes into the folder of a stack, by the paths inside it. */
const GENERATED = [/^cdk\.tf\.json$/, /^README\.md$/, /^tests\/[^/]+\.tftest\.json$/];
/** What Terraform and the cdktf CLI leave there that is of no value without the stack. */
const LEFT_OVER = [/^\.terraform\.lock\.hcl$/, /^plan$/];

/**
 * Makes an output folder hold the generated files, whole or not at all: everything is prepared beside its
 * place and then renamed, and a failure puts back what was there. A file that is the same is not touched.
 * The folders of stacks that are gone are removed.
 *
 * @throws InputError when the folder of a stack that is gone holds a state, `.terraform` or anything else that
 *   synthesis did not write, and when the file system refuses
 */
export function writeFiles(outdir: string, files: Files): WriteResult {
  try {
    const stale = [...goneStacks(outdir, files), ...goneTests(outdir, files)];
    const changed = Object.keys(files).filter((path) => files[path] !== read(join(outdir, path)));
    replace(outdir, files, changed, stale);
    return {
      written: changed,
      unchanged: Object.keys(files).filter((path) => !changed.includes(path)),
      removed: stale,
    };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([`cannot write to ${outdir}: ${(error as Error).message}`]);
  }
}

function replace(outdir: string, files: Files, changed: readonly string[], stale: readonly string[]): void {
  const suffix = `.${process.pid}.tmp`;
  const place = (path: string) => join(outdir, path);
  // Undone in reverse order when a step fails.
  const undo: (() => void)[] = [];
  const rename = (from: string, to: string) => {
    renameSync(from, to);
    undo.push(() => renameSync(to, from));
  };
  try {
    for (const path of changed) {
      const created = mkdirSync(dirname(place(path)), { recursive: true });
      if (created) undo.push(() => rmSync(created, { recursive: true, force: true }));
      undo.push(() => rmSync(`${place(path)}${suffix}`, { force: true }));
      writeFileSync(`${place(path)}${suffix}`, files[path] as string);
    }
    for (const path of stale) rename(place(path), `${place(path)}.gone${suffix}`);
    for (const path of changed) {
      if (existsSync(place(path))) rename(place(path), `${place(path)}.old${suffix}`);
      rename(`${place(path)}${suffix}`, place(path));
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
  for (const path of changed) rmSync(`${place(path)}.old${suffix}`, { force: true });
  for (const path of stale) rmSync(`${place(path)}.gone${suffix}`, { recursive: true, force: true });
}

/** Folders below `stacks` that no stack has any more. */
function goneStacks(outdir: string, files: Files): string[] {
  const folders = foldersIn(join(outdir, "stacks")).map((name) => `stacks/${name}`);
  const gone = folders.filter((folder) => !Object.keys(files).some((path) => path.startsWith(`${folder}/`)));
  const problems = gone.flatMap((folder) => {
    const kept = filesIn(join(outdir, folder)).filter(
      (path) => ![...GENERATED, ...LEFT_OVER].some((known) => known.test(path)),
    );
    if (kept.length === 0) return [];
    return [
      `${join(outdir, folder)} is the folder of a stack that is gone, and it holds ${kept.join(", ")}: destroy what was deployed from it or move that elsewhere, then remove the folder`,
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
  return gone;
}

/** Generated tests of stacks that remain, which are not generated any more. */
function goneTests(outdir: string, files: Files): string[] {
  return foldersIn(join(outdir, "stacks"))
    .map((name) => `stacks/${name}`)
    .filter((folder) => `${folder}/cdk.tf.json` in files)
    .flatMap((folder) => filesIn(join(outdir, folder)).map((path) => ({ folder, path })))
    .filter(({ path }) => path.startsWith("tests/") && GENERATED.some((known) => known.test(path)))
    .map(({ folder, path }) => `${folder}/${path}`)
    .filter((path) => !(path in files));
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
