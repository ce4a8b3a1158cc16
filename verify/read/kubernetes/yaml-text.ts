import { InputError } from "../../../io/errors";
import { kubernetesDocuments } from "../../../io/kubernetes-yaml";

/** A document of a text, and the line of the text on which its content begins. */
export interface Document {
  readonly content: unknown;
  readonly line: number;
}

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
  const documents = parts(text).flatMap(({ text: part, line }): Document[] => {
    const wanted = wantedOf(part);
    if (wanted === undefined) return [];
    const contents = isTemplate(wanted) ? undefined : kubernetesDocuments(wanted);
    if (contents === undefined) {
      problems.push(`${file}:${line}: this document ${isTemplate(wanted) ? TEMPLATE_WORDS : "is not YAML."}`);
      return [];
    }
    return contents.flatMap((content) => (content === null ? [] : [{ content, line }]));
  });
  if (problems.length > 0) throw new InputError(problems);
  return documents;
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
function parts(text: string): { text: string; line: number }[] {
  const result: { text: string; line: number }[] = [];
  let before = 1;
  for (const part of text.split(/^---(?=\s|$)/m)) {
    const lines = part.split("\n");
    const first = lines.findIndex((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
    if (first >= 0) result.push({ text: part, line: before + first });
    before += lines.length - 1;
  }
  return result;
}
