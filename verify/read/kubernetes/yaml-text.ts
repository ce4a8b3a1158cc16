import { InputError } from "../../../io/errors";
import { kubernetesDocuments } from "../../../io/kubernetes-yaml";
import { type YamlPath, yamlLines } from "../../../io/yaml-lines";

/** A document of a text, and the line of the text on which its content begins. */
export interface Document {
  readonly content: unknown;
  readonly line: number;
  /** The line on which a part of the content stands, found by a second parse of its text; absent where it is JSON, or long. */
  readonly lineOf?: (part: unknown) => number | undefined;
}

/** Longer documents, such as a list of all that a cluster holds, are not parsed twice. */
const LONGEST = 1024 * 1024;

/**
 * What a file of manifests holds: JSON, or documents of YAML, each parsed by itself, so that a mistake is named with the
 * line of its document.
 *
 * @param wantedOf what of a document's text is parsed, if anything: what nobody asks for costs nothing
 * @throws InputError naming each document that cannot be read
 */
export function manifestDocuments(
  text: string,
  file: string,
  wantedOf: (text: string) => string | undefined = (document) => document,
): Document[] {
  if (/^\s*[[{]/.test(text)) {
    const json = jsonOf(text);
    if (json !== undefined) return [{ content: json, line: 1 }];
  }
  const problems: string[] = [];
  const wanted = parts(text).flatMap((part) => {
    const own = wantedOf(part.text);
    return own === undefined ? [] : [{ ...part, wanted: own }];
  });
  const contents = contentsOf(wanted.map((part) => part.wanted));
  const documents = wanted.flatMap(({ text: part, line, start, wanted }, index): Document[] => {
    const own = contents[index];
    if (own === undefined) {
      problems.push(`${file}:${line}: this document ${isTemplate(wanted) ? TEMPLATE_WORDS : "is not YAML."}`);
      return [];
    }
    const isLocated = own.length === 1 && part.length <= LONGEST;
    return own.flatMap((content) => {
      if (content === null) return [];
      return [{ content, line, ...(isLocated && { lineOf: linesIn(part, start, content) }) }];
    });
  });
  if (problems.length > 0) throw new InputError(problems);
  return documents;
}

/** So many documents are parsed at once: if one of them is wrong, no more than these are parsed again. */
const TOGETHER = 100;

/** What ends at the line after which a document begins: nothing, white space or a comment. */
const BEGINS_A_LINE = /^(?:[^\s%]|[ \t\r]*(?:#.*)?\n)/;

/**
 * What each text holds; undefined for one that is none. Parsing several at once takes two thirds of the time. What has aliases is
 * parsed by itself, so that they are none of another document.
 */
function contentsOf(texts: readonly string[]): (readonly unknown[] | undefined)[] {
  const found: (readonly unknown[] | undefined)[] = [];
  const isPlain = (text: string) => !text.includes("*") && BEGINS_A_LINE.test(text) && !isTemplate(text);
  const isWhole = (text: string) => text.endsWith("\n");
  for (let index = 0; index < texts.length; index += TOGETHER) {
    const some = texts.slice(index, index + TOGETHER);
    const together =
      some.every(isPlain) && some.slice(0, -1).every(isWhole)
        ? kubernetesDocuments(some.map((text) => `---\n${text}`).join(""))
        : undefined;
    if (together?.length === some.length) found.push(...together.map((content) => [content]));
    else found.push(...some.map((text) => (isTemplate(text) ? undefined : kubernetesDocuments(text))));
  }
  return found;
}

/** Says where parts of a content stand, which are told by what they are: the same objects. */
function linesIn(text: string, start: number, content: unknown): NonNullable<Document["lineOf"]> {
  const lines = yamlLines(text);
  return (part) => {
    const path = pathTo(part, content);
    const line = path && lines(path);
    return line === undefined ? undefined : start + line - 1;
  };
}

function pathTo(part: unknown, content: unknown): YamlPath | undefined {
  if (part === content) return [];
  if (typeof content !== "object" || content === null) return undefined;
  for (const [key, value] of Object.entries(content)) {
    const path = pathTo(part, value);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}

const TEMPLATE_WORDS =
  "has {{ … }} in the place of values, so it is a template: give what is rendered of it, such as what `helm template` prints.";

/** Whether a value or a line is filled in by something else: some templates parse, and then say what nobody applies. */
function isTemplate(text: string): boolean {
  return /^[ \t]*(?:-[ \t]+)?(?:[\w./-]+:[ \t]+)?\{\{/m.test(text);
}

/** JSON is YAML, too, and read faster as what it is. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The documents' texts: nothing in a document stands at the beginning of a line as `---` does. */
function parts(text: string): { text: string; line: number; start: number }[] {
  const result: { text: string; line: number; start: number }[] = [];
  let before = 1;
  for (const part of text.split(/^---(?=\s|$)/m)) {
    const lines = part.split("\n");
    const first = lines.findIndex((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
    if (first >= 0) result.push({ text: part, line: before + first, start: before });
    before += lines.length - 1;
  }
  return result;
}
