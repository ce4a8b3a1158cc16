import { jsonParts, type TextParts, textParts } from "../partial-text";
import { Unknown, type Value } from "../value";
import { expanded, isList, isObject, toText } from "../values";

/** What is known of the text that a function makes of arguments of which a part is not. */
export const PARTLY_KNOWN: ReadonlyMap<string, (args: readonly Value[]) => TextParts | undefined> = new Map([
  ["jsonencode", ([value]: readonly Value[]) => encodedParts(value)],
  // YAML is a superset of JSON.
  ["yamlencode", ([value]: readonly Value[]) => encodedParts(value)],
  ["format", formattedParts],
  ["join", joinedParts],
]);

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
