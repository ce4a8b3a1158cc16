import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";

/** What a path leads to; `other` is a device, a socket or a pipe. */
export type PathKind = "file" | "folder" | "other";

/** What is at a path, links followed; undefined where there is nothing. */
export function kindOf(path: string): PathKind | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "other";
}

/** Whether there is anything at a path that can be looked at. */
export function exists(path: string): boolean {
  return existsSync(path);
}

/** Whether there is a folder at a path. */
export function isFolder(path: string): boolean {
  return exists(path) && kindOf(path) === "folder";
}

/** Whether there is a file at a path. */
export function isFile(path: string): boolean {
  return exists(path) && kindOf(path) === "file";
}

/** The names of all that a folder holds, in code-unit order. @throws Error of the system */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

/** The names of the folders in a folder, in code-unit order, without links to folders. @throws Error of the system */
export function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The one path of a file or folder, whatever links lead to it. @throws Error of the system where there is none */
export function realPath(path: string): string {
  return realpathSync(path);
}

/** How many bytes a file has. @throws Error of the system */
export function sizeOf(path: string): number {
  return statSync(path).size;
}

/** What a file holds, undecoded. @throws Error of the system */
export function readBytes(path: string): Buffer {
  return readFileSync(path);
}

/** The text of a file, as UTF-8. @throws Error of the system */
export function readText(path: string): string {
  return readFileSync(path, "utf8");
}

/** All that standard input holds. @throws Error of the system */
export function readStandardInput(): string {
  return readFileSync(0, "utf8");
}
