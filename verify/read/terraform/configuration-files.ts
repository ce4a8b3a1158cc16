import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { FileContent, Surroundings } from "../../../expression/surroundings";
import { InputError } from "../../../io/errors";
import { exists, foldersIn, kindOf, namesIn, readBytes, realPath, repositoryOf } from "../../../io/files";
import { matcherOf } from "./glob";

const MEGABYTE = 1024 * 1024;
/** A file that an expression reads may be as large. */
export const DATA_LIMIT = 10 * MEGABYTE;
/** More entries of folders are not looked at for one pattern. */
const MOST_ENTRIES = 10_000;
/** Folders that hold no configuration. */
const PASSED_OVER = new Set([".git", ".terraform", "node_modules"]);

/**
 * The files that the expressions of a configuration may read: those whose real path lies in its root folder or in the
 * repository around it, the nearest folder with `.git`. Each file that is not read is noted once.
 *
 * @param root the folder of the root module, to which paths are relative
 */
export function surroundingsOf(root: string, note: (sentence: string) => void): Surroundings {
  const folder = realPath(root);
  const border = repositoryOf(folder) ?? folder;
  const contents = new Map<string, FileContent>();
  const unread = (path: string, why: string): FileContent => {
    note(`the file ${path} is not read: ${why}.`);
    return { kind: "unread" };
  };

  const contentOf = (path: string): FileContent => {
    if (path.startsWith("~")) return unread(path, "it lies in a home folder");
    if (path.includes("\0")) return unread(JSON.stringify(path), "it is no path");
    const target = resolve(folder, path);
    try {
      if (!exists(target)) {
        if (!isInside(border, target)) return unread(path, outside(border));
        note(`the file ${path} does not exist: Terraform rejects an expression that reads it.`);
        return { kind: "missing" };
      }
      const real = realPath(target);
      if (!isInside(border, real)) return unread(path, outside(border));
      return { kind: "content", bytes: readBytes(real, DATA_LIMIT) };
    } catch (error) {
      return unread(path, reasonOf(error));
    }
  };

  return {
    note,
    file: (path) => {
      const known = contents.get(path) ?? contentOf(path);
      contents.set(path, known);
      return known;
    },
    filesIn: (path, pattern) => {
      const refuse = (why: string): undefined => {
        note(`the files ${join(path, pattern)} are not looked at: ${why}.`);
      };
      if (/(^|\/)\.\.(\/|$)/.test(pattern)) return refuse("the pattern leads out of its folder");
      const matches = matcherOf(pattern);
      if (matches === undefined) return refuse("the pattern is not understood");
      try {
        const start = resolve(folder, path);
        if (!exists(start)) return [];
        if (!isInside(border, realPath(start))) return refuse(outside(border));
        const all = filesBelow(start, border);
        return all === undefined
          ? refuse(`there are more than ${MOST_ENTRIES} entries`)
          : all.filter(matches);
      } catch (error) {
        return refuse(reasonOf(error));
      }
    },
  };
}

/** What the one door of files says of a path, without the path and the full stop. */
function reasonOf(error: unknown): string {
  if (!(error instanceof InputError)) throw error;
  return error.problems
    .join("; ")
    .replace(/^[^:]*: /, "")
    .replace(/\.$/, "");
}

function outside(border: string): string {
  return `it lies outside ${shortened(border)}`;
}

/** A folder as the user would open it. */
function shortened(folder: string): string {
  const near = relative(process.cwd(), folder);
  return near.startsWith("..") || isAbsolute(near) ? folder : near || "this folder";
}

function isInside(border: string, path: string): boolean {
  return path === border || path.startsWith(border.endsWith(sep) ? border : `${border}${sep}`);
}

/** The regular files below a folder by their paths in it; undefined where there are too many. */
function filesBelow(start: string, border: string): string[] | undefined {
  const files: string[] = [];
  const open = [""];
  let entries = 0;
  for (let inner = open.pop(); inner !== undefined; inner = open.pop()) {
    const folder = join(start, inner);
    const folders = new Set(foldersIn(folder));
    for (const name of namesIn(folder)) {
      entries += 1;
      if (entries > MOST_ENTRIES) return undefined;
      const path = inner === "" ? name : `${inner}/${name}`;
      if (folders.has(name)) {
        if (!PASSED_OVER.has(name)) open.push(path);
        continue;
      }
      const target = join(folder, name);
      if (exists(target) && kindOf(target) === "file" && isInside(border, realPath(target))) files.push(path);
    }
  }
  return files.sort();
}
