import { yamlDocuments } from "../io/yaml";
import { Unknown, type Value } from "./value";
import { isList, isObject, plain, templateText, text, toText } from "./values";

/** Text of which a part is known: `"${var.environment}-eks"`, or JSON with a reference in it. */
export type TextParts = readonly (string | Unknown)[];

/** The parts of text that values make together; known ones that stand side by side are one. */
export function textParts(values: readonly Value[]): TextParts {
  const parts = values.flatMap((value): TextParts => {
    if (value instanceof Unknown) return value.parts ?? [value];
    return [toText(value) ?? new Unknown(text(value))];
  });
  return parts.reduce<(string | Unknown)[]>((all, part) => {
    const last = all.at(-1);
    if (typeof part === "string" && typeof last === "string") all.splice(-1, 1, last + part);
    else if (part !== "") all.push(part);
    return all;
  }, []);
}

/** A value as JSON, with what is unknown in it in its places. Keys in order. */
export function jsonParts(value: Value): TextParts {
  // Text that is known in part is one value here, and stays whole.
  if (value instanceof Unknown) return [value];
  if (isList(value)) return ["[", ...separated(value.map(jsonParts)), "]"];
  if (!isObject(value)) return [JSON.stringify(value)];
  const entries = Object.keys(value)
    .sort()
    .map((key): TextParts => [`${JSON.stringify(key)}: `, ...jsonParts(value[key] as Value)]);
  return ["{", ...separated(entries), "}"];
}

function separated(items: readonly TextParts[]): TextParts {
  return items.flatMap((parts, index) => (index === 0 ? parts : [", ", ...parts]));
}

/**
 * The documents of YAML or JSON text, of which a part may be unknown: each unknown part is a value or a part of one.
 * Undefined where the text is no YAML, or an unknown part is more than a value, such as lines of a map.
 */
export function documentsOf(source: Value): readonly Value[] | undefined {
  const parts = source instanceof Unknown ? source.parts : typeof source === "string" ? [source] : undefined;
  if (parts === undefined) return undefined;
  const mark = markFor(parts);
  const unknowns: Unknown[] = [];
  const marked = parts.map((part) =>
    typeof part === "string" ? part : `${mark}${unknowns.push(part) - 1}_`,
  );
  const documents = yamlDocuments(marked.join(""));
  return documents?.map((document) => withUnknowns(document, new RegExp(`${mark}(\\d+)_`), unknowns));
}

/** A word that does not occur in the text. */
function markFor(parts: TextParts): string {
  let mark = "unknown_";
  while (parts.some((part) => typeof part === "string" && part.includes(mark))) mark = `un${mark}`;
  return mark;
}

function withUnknowns(value: unknown, mark: RegExp, unknowns: readonly Unknown[]): Value {
  const restored = (item: string): Value => {
    // Every other piece is the number of an unknown part.
    const pieces = item
      .split(mark)
      .map((piece, index) => (index % 2 === 0 ? piece : (unknowns[Number(piece)] as Unknown)))
      .filter((piece) => piece !== "");
    const [only = ""] = pieces;
    if (pieces.length <= 1) return plain(only);
    return new Unknown(templateText(pieces), textParts(pieces));
  };
  if (typeof value === "string") return restored(value);
  if (Array.isArray(value)) return value.map((item) => withUnknowns(item, mark, unknowns));
  if (typeof value !== "object" || value === null) return value as Value;
  const entries = Object.entries(value).map(
    ([key, item]) => [restored(key), withUnknowns(item, mark, unknowns)] as const,
  );
  const unknownKey = entries.map(([key]) => key).find((key) => key instanceof Unknown);
  if (unknownKey instanceof Unknown) return new Unknown(`{ (${unknownKey.expression}) = … }`);
  return Object.fromEntries(entries as (readonly [string, Value])[]);
}
