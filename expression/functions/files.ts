import { isUtf8 } from "node:buffer";
import { setOf } from "../collections";
import type { FileContent } from "../surroundings";
import { isKnown, isObject } from "../values";
import { digest } from "./digests";
import { argument, type Functions, type Outcome, REFUSED, type TerraformFunction, takes } from "./function";

/** A function of the content of one file. */
const onFile =
  (of: (bytes: Buffer) => Outcome): TerraformFunction =>
  (args, { surroundings }) =>
    takes(["string"], (path) => content(surroundings?.file(path), of))(args);

function content(file: FileContent | undefined, of: (bytes: Buffer) => Outcome): Outcome {
  if (file?.kind === "missing") return REFUSED;
  return file?.kind === "content" ? of(file.bytes) : undefined;
}

export const FILE_FUNCTIONS: Functions = [
  ["basename", takes(["string"], (path) => last(path))],
  ["dirname", takes(["string"], folderOf)],
  ["file", onFile(textFrom)],
  ["filebase64", onFile((bytes) => bytes.toString("base64"))],
  ["filebase64sha256", onFile((bytes) => digest("sha256", bytes, "base64"))],
  ["filebase64sha512", onFile((bytes) => digest("sha512", bytes, "base64"))],
  [
    "fileexists",
    (args, { surroundings }) =>
      takes(["string"], (path) => {
        const kind = surroundings?.file(path).kind;
        return kind === "missing" ? false : kind === "content" ? true : undefined;
      })(args),
  ],
  ["filemd5", onFile((bytes) => digest("md5", bytes, "hex"))],
  [
    "fileset",
    (args, { surroundings }) =>
      takes(["string", "string"], (folder, pattern) => {
        const names = surroundings?.filesIn(folder, pattern);
        return names && setOf(names);
      })(args),
  ],
  ["filesha1", onFile((bytes) => digest("sha1", bytes, "hex"))],
  ["filesha256", onFile((bytes) => digest("sha256", bytes, "hex"))],
  ["filesha512", onFile((bytes) => digest("sha512", bytes, "hex"))],
  [
    "templatefile",
    ([path, ...rest], { surroundings, render }) => {
      if (path === undefined) return REFUSED;
      const name = argument("string", path);
      if (typeof name !== "string") return name;
      return content(surroundings?.file(name), (bytes) => {
        const text = textFrom(bytes);
        return typeof text === "string" ? rendered(text, rest, render, true) : text;
      });
    },
  ],
  [
    "templatestring",
    ([template, ...rest], { render }) => {
      if (template === null || (typeof template !== "string" && isKnown(template ?? null))) return REFUSED;
      return typeof template === "string" ? rendered(template, rest, render, false) : undefined;
    },
  ],
];

type Render = Parameters<TerraformFunction>[1]["render"];

function rendered(
  text: string,
  [names, ...rest]: Parameters<TerraformFunction>[0],
  render: Render,
  seesFiles: boolean,
): Outcome {
  if (names === undefined || rest.length > 0) return REFUSED;
  if (!isObject(names)) return isKnown(names) ? REFUSED : undefined;
  return render(text, names, seesFiles);
}

function textFrom(bytes: Buffer): string | typeof REFUSED {
  return isUtf8(bytes) ? bytes.toString("utf8") : REFUSED;
}

/** As Go's `filepath.Base`. */
function last(path: string): string {
  if (path === "") return ".";
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? "/" : (trimmed.split("/").at(-1) as string);
}

/** As Go's `filepath.Dir`: cleaned of `.`, `..` and doubled slashes. */
function folderOf(path: string): string {
  const at = path.lastIndexOf("/");
  const isAbsolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.slice(0, at + 1).split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isAbsolute) parts.push("..");
  }
  return isAbsolute ? `/${parts.join("/")}` : parts.join("/") || ".";
}
