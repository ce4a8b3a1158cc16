import { isUtf8 } from "node:buffer";
import { InputError } from "../../io/errors";
import { scanJson } from "../../io/json-lines";
import { byBytes } from "../collections";
import { bigOf, decimalOf, shortOf } from "../numbers";
import { documentsOf } from "../partial-text";
import { Unknown, type Value } from "../value";
import { expanded, isKnown, isList, isObject, objectFrom } from "../values";
import { csvRows } from "./csv";
import { type Functions, type Outcome, type PureFunction, REFUSED, takes } from "./function";
import { yamlOf, yamlValue } from "./yaml";

export const ENCODING_FUNCTIONS: Functions = [
  ["base64decode", takes(["string"], decoded)],
  ["base64encode", takes(["string"], (text) => Buffer.from(text).toString("base64"))],
  ["csvdecode", takes(["string"], csvRows)],
  ["jsondecode", decoding(jsonValue)],
  ["jsonencode", takes(["any"], (value) => (isKnown(value) ? jsonOf(value) : undefined))],
  ["textdecodebase64", takes(["string", "string"], textFrom)],
  ["textencodebase64", takes(["string", "string"], bytesOf)],
  ["urlencode", takes(["string"], escaped)],
  ["yamldecode", decoding(yamlValue)],
  ["yamlencode", takes(["any"], (value) => (isKnown(value) ? yamlOf(value) : undefined))],
];

/** A function of a text, of which a part may be unknown. */
function decoding(of: (text: string) => Outcome): PureFunction {
  return (args) => {
    const [source] = args;
    if (!(source instanceof Unknown) || source.parts === undefined) return takes(["string"], of)(args);
    const documents = documentsOf(source);
    return documents?.length === 1 ? documents[0] : undefined;
  };
}

const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

function bytesFrom(text: string): Buffer | undefined {
  // Go passes over the ends of lines.
  const digits = text.replace(/[\r\n]/g, "");
  return BASE64.test(digits) ? Buffer.from(digits, "base64") : undefined;
}

function decoded(text: string): string | typeof REFUSED {
  const bytes = bytesFrom(text);
  return bytes !== undefined && isUtf8(bytes) ? bytes.toString("utf8") : REFUSED;
}

/** Those of the many encodings that Terraform knows which are the same everywhere. */
const ENCODINGS: ReadonlyMap<string, { readonly name: BufferEncoding; readonly highest: number }> = new Map([
  ["utf-8", { name: "utf8", highest: 0x10ffff }],
  ["utf-16le", { name: "utf16le", highest: 0x10ffff }],
  ["iso-8859-1", { name: "latin1", highest: 0xff }],
]);

function bytesOf(text: string, name: string): string | typeof REFUSED | undefined {
  const encoding = ENCODINGS.get(name.toLowerCase());
  if (encoding === undefined) return undefined;
  if ([...text].some((one) => (one.codePointAt(0) as number) > encoding.highest)) return REFUSED;
  return Buffer.from(text, encoding.name).toString("base64");
}

function textFrom(source: string, name: string): string | typeof REFUSED | undefined {
  const encoding = ENCODINGS.get(name.toLowerCase());
  if (encoding === undefined) return undefined;
  const bytes = bytesFrom(source);
  if (bytes === undefined) return REFUSED;
  if (encoding.name === "utf8" && !isUtf8(bytes)) return REFUSED;
  if (encoding.name === "utf16le" && bytes.length % 2 === 1) return REFUSED;
  const text = bytes.toString(encoding.name);
  // A mark of byte order and halves of pairs are treated in ways of their own.
  if (/^\ufeff|[\ud800-\udfff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text))
    return undefined;
  return text.includes("\ufffd") ? REFUSED : text;
}

/** As in a query: a space is `+`. */
function escaped(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

/** Keys in order, no spaces, and `<`, `>` and `&` escaped, as Terraform writes JSON. @param value known */
export function jsonOf(value: Value): string {
  const known = expanded(value);
  if (typeof known === "number") return decimalOf(known);
  if (isList(known)) return `[${known.map(jsonOf).join(",")}]`;
  if (isObject(known)) {
    const entries = Object.keys(known)
      .sort(byBytes)
      .map((key) => `${jsonOf(key)}:${jsonOf(known[key] as Value)}`);
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(known).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Deeper JSON is not read. */
const DEEPEST = 500;

/** The value of a JSON text; nothing where a key stands twice or a number has more digits than JavaScript's. */
function jsonValue(text: string): Outcome {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return REFUSED;
  }
  try {
    scanJson("", text, () => {});
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
  const withoutTexts = text.replace(/"(?:[^"\\]|\\.)*"/gs, '""');
  const numerals = withoutTexts.match(/-?\d[\d.eE+-]*/g) ?? [];
  return numerals.every(isShort) ? fromJson(value, 0) : undefined;
}

function isShort(numeral: string): boolean {
  const big = bigOf(numeral);
  return big !== undefined && big !== "large" && shortOf(big) !== undefined;
}

function fromJson(value: unknown, depth: number): Value | undefined {
  if (depth > DEEPEST) return new Unknown("jsondecode(…)");
  if (Array.isArray(value)) return value.map((item) => fromJson(item, depth + 1) as Value);
  if (typeof value !== "object" || value === null) return value === 0 ? 0 : (value as Value);
  return objectFrom(Object.entries(value).map(([key, item]) => [key, fromJson(item, depth + 1) as Value]));
}
