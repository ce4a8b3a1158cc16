import type { Document } from "yaml";
import { InputError } from "./errors";

/** Words that YAML 1.1 takes for booleans besides `true` and `false`, as Terraform does. */
const BOOLEAN_WORDS = {
  identify: (value: unknown) => typeof value === "boolean",
  default: true as const,
  tag: "tag:yaml.org,2002:bool",
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (word: string) => /^(?:y|on)/i.test(word),
};

/**
 * The documents of a YAML text as Terraform's yamldecode reads it, as JSON has them; undefined where it is none. One without content is null. Keys are text.
 *
 * What aliases repeat is bounded, so that a text of few lines does not fill the memory.
 */
export function yamlDocuments(text: string): unknown[] | undefined {
  // Loaded where it is needed: most runs read no YAML.
  const { parseAllDocuments } = require("yaml") as typeof import("yaml");
  const options = { customTags: ["merge" as const, BOOLEAN_WORDS], logLevel: "silent" as const };
  try {
    const documents = [...parseAllDocuments(text, options)];
    if (documents.some(({ errors }) => errors.length > 0)) return undefined;
    const contents = documents.map((document): unknown => document.toJS());
    // What holds itself is no document for anybody: JSON says so by throwing.
    if (text.includes("*")) JSON.stringify(contents);
    return contents;
  } catch {
    // An alias of nothing, of too much, or of what it is in.
    return undefined;
  }
}

/**
 * What the YAML text of a file of this program's own holds, such as `flows.yaml`: by YAML 1.2, and with every mistake said.
 *
 * @param file its path, for messages
 * @throws InputError naming every mistake of its form
 */
export function parseYaml(text: string, file: string): unknown {
  const { LineCounter, parseDocument } = require("yaml") as typeof import("yaml");
  const lineCounter = new LineCounter();
  // A key that is a list or a map is told as one that is not known. The parser would hold each key against all before it.
  const document = parseDocument(text, { logLevel: "error", uniqueKeys: false, lineCounter });
  const problems = [
    ...document.errors.map(({ message }) => formProblem(message)),
    ...repeatedKeys(document).map((offset) => {
      const { line, col } = lineCounter.linePos(offset);
      return `Map keys must be unique at line ${line}, column ${col}`;
    }),
  ];
  if (problems.length > 0) throw new InputError(problems.map((problem) => `${file}: ${problem}`));
  try {
    return document.toJS({
      reviver: (key: unknown, value: unknown) => {
        // A schema would pass over it, and over what it says.
        if (key === "__proto__")
          throw new InputError([`${file}: __proto__ is not allowed as a name: choose another.`]);
        return value;
      },
    });
  } catch (error) {
    // An alias of what it stands in has no end.
    if (error instanceof RangeError)
      throw new InputError([`${file}: an alias stands inside of what it names.`]);
    // An alias of nothing, or of too much.
    if (!(error instanceof ReferenceError)) throw error;
    throw new InputError([`${file}: ${error.message}.`]);
  }
}

/** Where keys stand that are in their map already. */
function repeatedKeys(document: Document): number[] {
  const { isScalar, visit } = require("yaml") as typeof import("yaml");
  const found: number[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const known = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (known.has(key.value)) found.push(key.range?.[0] ?? 0);
        known.add(key.value);
      }
    },
  });
  return found.sort((a, b) => a - b);
}

/** The parser's own words, in one line; in ours where they are about the parser. */
function formProblem(message: string): string {
  if (/call stack/.test(message)) return "it is nested too deeply to be read.";
  const [line = ""] = message.split("\n");
  return line
    .replace(/^Source contains multiple documents; .*? at /, "another document begins, and one is read, at ")
    .replace(/:$/, "");
}

/** A value as YAML, with a newline at its end and no line folded, so that a difference shows one line for one change. */
export function yamlText(value: unknown): string {
  const { stringify } = require("yaml") as typeof import("yaml");
  return stringify(value, { lineWidth: 0 });
}
