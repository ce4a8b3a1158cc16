import {
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import { InputError } from "./errors";

/*
 * All reading of files goes through here, whoever asks for it: paths of the command, options, and what Terraform files
 * name. What the system refuses becomes a sentence with the path, devices and pipes are not opened, and sizes are
 * bounded before anything is read.
 */

/** What a path leads to; `other` is a device, a socket or a pipe. */
export type PathKind = "file" | "folder" | "other";

const MEGABYTE = 1024 * 1024;
/** The most that is read of anything, in bytes. */
export const LARGEST = 256 * MEGABYTE;

/** What to say where the system refuses a path, by its code. */
const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "it leads through a loop of links",
  ENAMETOOLONG: "the name is too long for this system",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "something on its way is a file, not a folder",
  EISDIR: "expected a file, given a folder",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the system reports an input or output error",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large for this system",
  EROFS: "the file system is read-only",
  ERR_INVALID_ARG_VALUE: "a path must not hold a null character",
};

/** A path as the user would open it: relative to the working directory where it lies in it. */
export function shownPath(path: string): string {
  if (!isAbsolute(path)) return path.replaceAll("\\", "/");
  const inside = relative(workingDirectory(), path);
  return (inside.startsWith("..") || isAbsolute(inside) ? path : inside || ".").replaceAll("\\", "/");
}

/** The working directory. @throws InputError where it was removed */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    throw new InputError(["the working directory is gone: change into one that exists, and try again."]);
  }
}

/**
 * What is at a path, links followed; undefined where there is nothing.
 *
 * @throws InputError where the system does not let anybody look: no permission, a loop of links, a name too long, a
 *   link that leads nowhere
 */
export function kindOf(path: string): PathKind | undefined {
  const found = looked(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found === undefined) {
    const link = looked(path, () => lstatSync(path, { throwIfNoEntry: false }));
    if (link === undefined) return undefined;
    const target = looked(path, () => readlinkSync(path));
    throw new InputError([`${shownPath(path)}: it is a link to ${target}, where there is nothing.`]);
  }
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "other";
}

/** Whether there is anything at a path that can be looked at. */
export function exists(path: string): boolean {
  return existsSync(path);
}

/** Whether there is a folder at a path. @throws InputError as kindOf */
export function isFolder(path: string): boolean {
  return kindOf(path) === "folder";
}

/** Whether there is a file at a path. @throws InputError as kindOf */
export function isFile(path: string): boolean {
  return kindOf(path) === "file";
}

/** The folder of the repository that a folder lies in: the nearest upwards with `.git`, which is a file in a worktree. */
export function repositoryOf(folder: string): string | undefined {
  if (exists(join(folder, ".git"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryOf(parent);
}

/** The names of all that a folder holds, in code-unit order. @throws InputError */
export function namesIn(folder: string): string[] {
  return looked(folder, () => readdirSync(folder)).sort();
}

/** The names of the folders in a folder, in code-unit order, without links to folders. @throws InputError */
export function foldersIn(folder: string): string[] {
  return looked(folder, () => readdirSync(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The one path of a file or folder, whatever links lead to it. @throws InputError where there is none */
export function realPath(path: string): string {
  return looked(path, () => realpathSync(path));
}

/**
 * What a file holds, undecoded.
 *
 * @param limit the bytes that it may have
 * @throws InputError when it is no file, is larger or cannot be read
 */
export function readBytes(path: string, limit = LARGEST): Buffer {
  const kind = kindOf(path);
  if (kind !== "file") throw new InputError([`${shownPath(path)}: ${NOT_A_FILE[kind ?? "nothing"]}.`]);
  return looked(path, () => {
    const file = openSync(path, "r");
    try {
      return readBounded(file, fstatSync(file).size, shownPath(path), limit);
    } finally {
      closeSync(file);
    }
  });
}

const NOT_A_FILE: Readonly<Record<Exclude<PathKind, "file"> | "nothing", string>> = {
  folder: "expected a file, given a folder",
  other: "it is a device, a pipe or a socket, and is not opened",
  nothing: "there is no such file",
};

/** All that standard input holds, undecoded. @throws InputError when it is more than the limit or cannot be read */
export function readStandardInput(limit = LARGEST): Buffer {
  return looked("-", () => readBounded(0, 0, "-", limit));
}

/** The text of a file of this project, as UTF-8, whatever its size. @throws Error of the system */
export function readText(path: string): string {
  return readFileSync(path, "utf8");
}

/** Reads until the end, and not beyond a limit: the size that a file states may be wrong, as that of `/proc` is. */
function readBounded(file: number, size: number, shown: string, limit: number): Buffer {
  if (size > limit) throw tooLarge(shown, size, limit);
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(Math.max(size - length + 1, 64 * 1024));
    const count = readSome(file, part);
    if (count === 0) return Buffer.concat(parts, length);
    parts.push(part.subarray(0, count));
    length += count;
    if (length > limit) throw tooLarge(shown, length, limit);
  }
}

/** Reads what is there, and waits where nothing is there yet. */
function readSome(file: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(file, into);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The end of a pipe, as Windows tells it.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function tooLarge(shown: string, size: number, limit: number): InputError {
  const megabytes = Math.ceil(size / MEGABYTE);
  const limitInMegabytes = limit / MEGABYTE;
  return new InputError([`${shown}: it has ${megabytes} MB; up to ${limitInMegabytes} MB can be read.`]);
}

/** What the system refused, in words; undefined for what is no answer of the system, but a bug of this program. */
export function refusalWords(error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? undefined : (SENTENCES[code] ?? `the system says ${message}`);
}

/** Asks the system. What it refuses is an InputError with the path. */
export function looked<T>(path: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    const words = error instanceof InputError ? undefined : refusalWords(error);
    if (words === undefined) throw error;
    const name = path.length > 200 ? `${path.slice(0, 200)}…` : path;
    throw new InputError([`${path === "-" ? "-" : shownPath(name.replaceAll("\0", "\\0"))}: ${words}.`]);
  }
}
