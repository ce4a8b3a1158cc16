import { documentsOf, jsonParts, type TextParts, textParts } from "../partial-text";
import { Unknown, type Value } from "../value";
import { expanded, isKnown, isList, isObject, toText } from "../values";
import { REFUSED, type TerraformFunction } from "./function";

/** Values as text, and text as values. https://developer.hashicorp.com/terraform/language/functions/yamlencode */
export const ENCODING_FUNCTIONS: readonly (readonly [string, TerraformFunction])[] = [
  ["jsonencode", ([value]) => (value === undefined ? undefined : json(value))],
  ["jsondecode", ([text]) => decoded(text, isJsonText)],
  ["yamlencode", ([value]) => (value === undefined ? undefined : yaml(value))],
  ["yamldecode", ([text]) => decoded(text, () => true)],
];

/** What is known of the text that a function makes of arguments of which a part is not. */
export const PARTLY_KNOWN: ReadonlyMap<string, (args: readonly Value[]) => TextParts | undefined> = new Map([
  ["jsonencode", ([value]: readonly Value[]) => encodedParts(value)],
  // YAML is a superset of JSON.
  ["yamlencode", ([value]: readonly Value[]) => encodedParts(value)],
  ["format", formattedParts],
  ["join", joinedParts],
]);

/** Keys in order, and `<`, `>` and `&` escaped, as Terraform writes JSON. Undefined where a part is not known. */
export function json(value: Value): string | undefined {
  const known = sorted(value);
  if (!isKnown(known)) return undefined;
  return JSON.stringify(known).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** As Terraform writes YAML: block style, keys in order, text in double quotes or, of several lines, as a block. */
function yaml(value: Value): string | undefined {
  const known = sorted(value);
  return isKnown(known) ? `${yamlLines(known).join("\n")}\n` : undefined;
}

function yamlLines(value: Value): string[] {
  const under = (head: string, item: Value): string[] => {
    const [first = "", ...rest] = yamlLines(item);
    if (isObject(item) && Object.keys(item).length > 0) {
      return [head, ...[first, ...rest].map((line) => `  ${line}`)];
    }
    if (isList(item) && item.length > 0) return [head, first, ...rest];
    return [`${head} ${first}`, ...rest];
  };
  if (isList(value) && value.length > 0) {
    return value.flatMap((item) => {
      const [first = "", ...rest] = yamlLines(item);
      return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
    });
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) => under(`${JSON.stringify(key)}:`, item));
  }
  if (typeof value !== "string" || !value.includes("\n")) return [JSON.stringify(value)];
  const end = value.endsWith("\n\n") ? "+" : value.endsWith("\n") ? "" : "-";
  const lines = value.replace(/\n$/, "").split("\n");
  return [`|${end}`, ...lines.map((line) => (line === "" ? "" : `  ${line}`))];
}

function decoded(
  source: Value | undefined,
  isRight: (text: string) => boolean,
): ReturnType<TerraformFunction> {
  if (source === undefined || (source instanceof Unknown && source.parts === undefined)) return undefined;
  if (typeof source === "string" && !isRight(source)) return REFUSED;
  const documents = documentsOf(source);
  const [only] = documents ?? [];
  if (documents?.length === 1 && only !== undefined) return only;
  return source instanceof Unknown ? undefined : REFUSED;
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function encodedParts(value: Value | undefined): TextParts | undefined {
  const known = value === undefined ? undefined : sorted(value);
  return known === undefined || known instanceof Unknown ? undefined : jsonParts(known);
}

/** `%s` and `%v` of what is not known; any other verb may change it. */
function formattedParts([template, ...args]: readonly Value[]): TextParts | undefined {
  if (typeof template !== "string") return undefined;
  const pieces = template.split(/(%%|%[sv])/);
  const values = pieces.map((piece): Value => {
    if (piece === "%%") return "%";
    return piece === "%s" || piece === "%v" ? (args.shift() ?? null) : piece;
  });
  const isWhole = args.length === 0 && !pieces.some((piece) => /^(?!%[%sv]$).*%/s.test(piece));
  const isText = values.every((value) => value instanceof Unknown || toText(value) !== undefined);
  return isWhole && isText ? textParts(values) : undefined;
}

function joinedParts([separator, ...lists]: readonly Value[]): TextParts | undefined {
  if (typeof separator !== "string" || !lists.every(isList)) return undefined;
  const items = lists.flat().flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
  const isText = items.every((value) => value instanceof Unknown || toText(value) !== undefined);
  return isText ? textParts(items) : undefined;
}

function sorted(value: Value): Value {
  const known = expanded(value);
  if (isList(known)) return known.map(sorted);
  if (!isObject(known)) return known;
  return Object.fromEntries(
    Object.keys(known)
      .sort()
      .map((key) => [key, sorted(known[key] as Value)]),
  );
}
