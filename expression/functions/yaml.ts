import { createRequire } from "node:module";
import type { Node, Pair, Scalar } from "yaml";
import { byBytes } from "../collections";
import { bigOf, decimalOf, shortOf } from "../numbers";
import type { Value } from "../value";
import { expanded, isList, isObject, objectFrom, toText, type ValueObject } from "../values";
import { type Outcome, REFUSED } from "./function";

/** More values are not read: aliases of aliases would make billions of them. */
const MOST_VALUES = 100_000;
const DEEPEST = 200;

/** Loaded for the first text: most inputs have none. */
let loaded: typeof import("yaml") | undefined;

function library(): typeof import("yaml") {
  loaded ??= createRequire(__filename)("yaml") as typeof import("yaml");
  return loaded;
}

/** What is not read here, though Terraform may read it. */
class NotRead extends Error {}

/** What Terraform refuses. */
class Refused extends Error {}

/**
 * The value of a YAML document as `yamldecode` reads it: plain scalars by the rules of YAML 1.1 and 1.2 together
 * (https://github.com/zclconf/go-cty-yaml), so that `yes` is true and `2024-01-01` a time.
 */
export function yamlValue(text: string): Outcome {
  const documents = library().parseAllDocuments(text, {
    schema: "failsafe",
    version: "1.1",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const [document, ...others] = [...documents];
  if (others.length > 0) return REFUSED;
  if (document === undefined) return REFUSED;
  if (document.errors.length > 0 || document.warnings.length > 0) return undefined;
  if (document.contents === null) return undefined;
  try {
    return new Reader().value(document.contents as Node, 0);
  } catch (error) {
    if (error instanceof Refused) return REFUSED;
    if (error instanceof NotRead) return undefined;
    throw error;
  }
}

class Reader {
  private readonly anchors = new Map<string, Value>();
  private count = 0;

  value(node: Node | null, depth: number): Value {
    this.count += 1;
    if (this.count > MOST_VALUES || depth > DEEPEST) throw new NotRead();
    if (node === null) return null;
    const { isAlias, isMap, isScalar, isSeq } = library();
    if (isAlias(node)) {
      const value = this.anchors.get(node.source);
      if (value === undefined) throw new Refused();
      this.count += sizeOf(value, MOST_VALUES);
      return value;
    }
    const value = this.content(node, depth);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.anchors.set(anchor, value);
    return value;
  }

  private content(node: Node, depth: number): Value {
    const { isMap, isScalar, isSeq } = library();
    if (isScalar(node)) return scalar(node);
    if (node.tag !== undefined) throw new NotRead();
    if (isSeq(node)) return node.items.map((item) => this.value(item as Node | null, depth + 1));
    if (!isMap(node)) throw new NotRead();
    const entries: [string, Value][] = [];
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const { key } = pair;
      if (isScalar(key) && key.type === "PLAIN" && key.value === "<<" && key.tag === undefined) {
        for (const one of merged(this.value(pair.value, depth + 1))) entries.push(...Object.entries(one));
        continue;
      }
      entries.push([this.key(key), this.value(pair.value, depth + 1)]);
    }
    return objectFrom(entries);
  }

  private key(node: Node | null): string {
    if (node !== null && !library().isScalar(node)) throw new Refused();
    const key = node === null ? null : toText(this.value(node, 0));
    if (key === null || key === undefined) throw new Refused();
    return key;
  }
}

/** What `<<` adds: an object or a list of them. */
function merged(value: Value): readonly ValueObject[] {
  const all = isList(value) ? value : [value];
  if (!all.every(isObject)) throw new Refused();
  return all;
}

function sizeOf(value: Value, most: number): number {
  const parts = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  let size = 1;
  for (const part of parts) {
    if (size > most) return size;
    size += sizeOf(part, most - size);
  }
  return size;
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map(
    (word) => [word, true] as const,
  ),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map(
    (word) => [word, false] as const,
  ),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
]);

function scalar(node: Scalar): Value {
  const text = String(node.source ?? node.value ?? "");
  if (node.tag !== undefined && node.tag !== "!" && node.tag !== "tag:yaml.org,2002:str") throw new NotRead();
  if (node.tag !== undefined || node.type !== "PLAIN") return String(node.value ?? "");
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (/^[-+]?\.inf$/i.test(text) || /^\.nan$/i.test(text)) throw new NotRead();
  if (/^\d{4}-/.test(text)) return timestamp(text);
  if (/^0o[0-7]+$|^0x[\da-fA-F]+$/.test(text)) return numeral(String(BigInt(text)));
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return numeral(text);
  // A dot alone, or one with a number behind it in a form of its own.
  if (/^[.+-]?\d|^\./.test(text) && bigOf(text) !== undefined) throw new NotRead();
  return text;
}

function numeral(text: string): number {
  const big = bigOf(text);
  const number = big === undefined || big === "large" ? undefined : shortOf(big);
  if (number === undefined) throw new NotRead();
  return number;
}

/** A date is a time at midnight; other times are not read, and what is none is text. */
function timestamp(text: string): string {
  const [, year, month = "", day = ""] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  if (year === undefined) {
    if (/^\d{4}-\d{1,2}-\d{1,2}[Tt ]/.test(text)) throw new NotRead();
    return text;
  }
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const time = new Date(`${date}T00:00:00Z`);
  const isDate = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date);
  return isDate ? `${date}T00:00:00Z` : text;
}

/** Lines of texts in quotes are folded at spaces behind. */
const LONGEST_LINE = 80;

/** YAML as `yamlencode` writes it: keys and texts in double quotes. Nothing for texts that need more than that. */
export function yamlOf(value: Value): string | undefined {
  const known = expanded(value);
  const lines = linesOf(known);
  if (lines === undefined) return undefined;
  return lines.some((line) => line.includes('"') && line.slice(LONGEST_LINE - 1).includes(" "))
    ? undefined
    : `${lines.join("\n")}\n${isPlain(known) ? "...\n" : ""}`;
}

/** A document of one plain scalar has an end of its own. */
function isPlain(value: Value): boolean {
  return value === null || typeof value === "number" || typeof value === "boolean";
}

function linesOf(value: Value): string[] | undefined {
  const known = expanded(value);
  if (isList(known) && known.length > 0) {
    const items = known.map(linesOf);
    return items.every((item) => item !== undefined)
      ? items.flatMap((item) => item.map((line, index) => `${index === 0 ? "- " : "  "}${line}`))
      : undefined;
  }
  if (isObject(known) && Object.keys(known).length > 0) {
    const entries = Object.keys(known)
      .sort(byBytes)
      .map((key) => entryOf(key, expanded(known[key] as Value)));
    return entries.every((entry) => entry !== undefined) ? entries.flat() : undefined;
  }
  const inline = inlineOf(known);
  return inline === undefined ? undefined : [inline];
}

function entryOf(key: string, value: Value): string[] | undefined {
  const name = quoted(key);
  if (name === undefined) return undefined;
  if (typeof value === "string" && value.includes("\n")) {
    const block = blockOf(value);
    return block && [`${name}: ${block[0]}`, ...block.slice(1)];
  }
  const lines = linesOf(value);
  if (lines === undefined) return undefined;
  if (isList(value) && value.length > 0) return [`${name}:`, ...lines];
  if (isObject(value) && Object.keys(value).length > 0)
    return [`${name}:`, ...lines.map((line) => `  ${line}`)];
  return [`${name}: ${lines[0]}`];
}

/** A text of several lines as a block of its own lines, where they need no escapes and no hint on their indentation. */
function blockOf(text: string): string[] | undefined {
  const lines = text.replace(/\n$/, "").split("\n");
  const isPlain = !/^[\s]|[ \t]$/m.test(text) && lines.every((line) => quoted(line) !== undefined);
  if (!isPlain || text.endsWith("\n\n")) return undefined;
  return [text.endsWith("\n") ? "|" : "|-", ...lines.map((line) => `  ${line}`)];
}

function inlineOf(value: Value): string | undefined {
  if (isList(value)) return "[]";
  if (isObject(value)) return "{}";
  if (typeof value === "string") return quoted(value);
  return typeof value === "number" ? decimalOf(value) : String(value);
}

/** Text in double quotes, where nothing but quotes and backslashes needs an escape. */
function quoted(text: string): string | undefined {
  return /^[\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text)
    ? `"${text.replace(/["\\]/g, "\\$&")}"`
    : undefined;
}
