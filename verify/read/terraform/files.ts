import { InputError } from "../../../io/errors";
import { LARGEST } from "../../../io/files";
import { isJson, type Json } from "../../../io/json";
import { scanJson } from "../../../io/json-lines";

const MEGABYTE = 1024 * 1024;
/** hcl2json dies on tens of megabytes, without an error that could be caught. */
export const HCL_LIMIT = 2 * MEGABYTE;
export const JSON_LIMIT = LARGEST;
/** Of `flows.yaml`: about 100,000 flows. */
export const FLOWS_LIMIT = 16 * MEGABYTE;

/** Parses the JSON of a file. @throws InputError with the line of a mistake */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its message quotes the text, which may be a secret, and has a position in some versions of Node only.
    scanJson(file, text, () => {});
    throw new InputError([`${file}: it is not JSON.`]);
  }
}

/** Parses the JSON of a file that must hold an object. @throws InputError */
export function parseJsonObject(file: string, text: string): Json {
  const value = parseJson(file, text);
  if (isJson(value)) return value;
  throw new InputError([
    `${file}: expected a JSON object, given ${Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`}.`,
  ]);
}
