import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, InputError } from "./errors";

/** The files of an output folder by their paths inside it, with `/` on every system. */
export type Files = Readonly<Record<string, string>>;

/** Writes one file. @throws Error of the system */
export function writeText(path: string, text: string): void {
  writeFileSync(path, text);
}

/**
 * Puts files in the place of others, whole or not at all: all are prepared beside their places and then renamed, and
 * a failure puts back what was there.
 *
 * @param changed the paths of those of the files that are to be written
 * @param stale the paths of files and folders that are to go
 * @returns the paths under which that which was replaced or is gone still lies
 * @throws what made it fail; InputError where not all could be put back
 */
export function replaceFiles(
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
      const created = makeFolders(dirname(place(path)));
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
export function removeFiles(outdir: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    failureOf(() => rmSync(join(outdir, path), { recursive: true, force: true })).map(
      (failure) => `${join(outdir, path)} is no longer needed but could not be removed: ${failure}`,
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

/**
 * Copies a folder with all that is in it, links as links.
 *
 * @param isCopied whether a file or folder is, by its path
 * @throws Error of the system
 */
export function copyFolder(from: string, to: string, isCopied: (path: string) => boolean): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: isCopied });
}

/**
 * Makes a folder with those above it. Node's own `recursive` tries without end where the system says that the folder above is not
 * there although it is, as in `/proc`.
 *
 * @returns the topmost that was made; undefined where all are there
 * @throws Error of the system
 */
function makeFolders(folder: string): string | undefined {
  const isThere = existsSync(folder);
  // What is there and no folder, the system says.
  if (isThere && statSync(folder).isDirectory()) return undefined;
  const parent = dirname(folder);
  const above = isThere || parent === folder ? undefined : makeFolders(parent);
  mkdirSync(folder);
  return above ?? folder;
}

/** Copies files into a folder, which is made where it is not there. @throws Error of the system */
export function copyFiles(files: readonly string[], folder: string): void {
  makeFolders(folder);
  for (const file of files) copyFileSync(file, join(folder, basename(file)));
}
