import { isAbsolute, relative } from "node:path";
import { InputError } from "../../../io/errors";
import { readBytes, sizeOf } from "../../../io/files";
import { isJson, type Json } from "../../../io/json";
import { scanJson } from "../../../io/json-lines";

const MEGABYTE = 1024 * 1024;
/** hcl2json dies on tens of megabytes, without an error that could be caught. */
export const HCL_LIMIT = 2 * MEGABYTE;
export const JSON_LIMIT = 256 * MEGABYTE;

/** A path as the user would open it: relative to the working directory where it lies in it. */
export function shownPath(path: string): string {
  if (!isAbsolute(path)) return path.replaceAll("\\", "/");
  const inside = relative(process.cwd(), path);
  return (inside.startsWith("..") || isAbsolute(inside) ? path : inside || ".").replaceAll("\\", "/");
}

/** The text of a file. @throws InputError when it is too large or no text */
export function readText(path: string, limit: number): string {
  const size = sizeOf(path);
  if (size > limit) throw tooLarge(shownPath(path), size, limit);
  return decoded(readBytes(path), shownPath(path));
}

/** @throws InputError */
export function tooLarge(file: string, size: number, limit: number): InputError {
  return new InputError([
    `${file}: it has ${Math.ceil(size / MEGABYTE)} MB; up to ${limit / MEGABYTE} MB can be read.`,
  ]);
}

function decoded(bytes: Buffer, file: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new InputError([
      `${file}: it is UTF-16, which \`>\` of older PowerShells writes. Write it as UTF-8: \`terraform show -json PLAN | Out-File -Encoding utf8 FILE\`.`,
    ]);
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new InputError([
      `${file}: it is an archive, as \`terraform plan -out\` writes it. Give what \`terraform show -json ${file}\` prints.`,
    ]);
  }
  if (bytes.includes(0)) throw new InputError([`${file}: it is binary, not text.`]);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError([`${file}: it is not UTF-8 text.`]);
  }
}

/** Parses the JSON of a file. @throws InputError with the line of a mistake */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Its message has a position in some versions of Node only; the scan finds the line, or that there is none.
    scanJson(file, text, () => {});
    throw new InputError([`${file}: it is not JSON: ${(error as Error).message}`]);
  }
}

/** Parses the JSON of a file that must hold an object. @throws InputError */
export function parseJsonObject(file: string, text: string): Json {
  const value = parseJson(file, text);
  if (isJson(value)) return value;
  throw new InputError([
    `${file}: expected a JSON object, given ${Array.isArray(value) ? "an array" : String(value)}.`,
  ]);
}
