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
  const documents = parts(text).flatMap(({ text: part, line, start }): Document[] => {
    const wanted = wantedOf(part);
    if (wanted === undefined) return [];
    const contents = isTemplate(wanted) ? undefined : kubernetesDocuments(wanted);
    if (contents === undefined) {
      problems.push(`${file}:${line}: this document ${isTemplate(wanted) ? TEMPLATE_WORDS : "is not YAML."}`);
      return [];
    }
    const isLocated = contents.length === 1 && part.length <= LONGEST;
    return contents.flatMap((content) => {
      if (content === null) return [];
      return [{ content, line, ...(isLocated && { lineOf: linesIn(part, start, content) }) }];
    });
  });
  if (problems.length > 0) throw new InputError(problems);
  return documents;
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
