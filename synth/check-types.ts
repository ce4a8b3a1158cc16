import { parseExpression } from "../expression/parse";
import type { Expression } from "../expression/syntax";
import { Unknown, type Value } from "../expression/value";
import { isList, isObject, toBoolean, toNumber, toText } from "../expression/values";
import { given } from "../io/errors";

/**
 * What Terraform would refuse of a value because of its type, and the attributes that it would drop without a word:
 * a misspelled optional attribute is as if nothing had been said.
 *
 * @param type a Terraform type constraint, such as `map(string)`
 * @returns one sentence for each problem, with its place; what is not known yet has none
 */
export function misfits(place: string, type: string, value: Value): string[] {
  return problemsOf(place, parseExpression(type), value);
}

const SIMPLE = new Map<string, { readonly words: string; readonly fits: (value: Value) => boolean }>([
  ["string", { words: "text", fits: (value) => toText(value) !== undefined }],
  ["number", { words: "a number", fits: (value) => toNumber(value) !== undefined }],
  ["bool", { words: "true or false", fits: (value) => toBoolean(value) !== undefined }],
]);

function problemsOf(place: string, type: Expression, value: Value): string[] {
  if (value === null || value instanceof Unknown) return [];
  const mustBe = (words: string) => [`${place}: must be ${words} (${given(value)})`];
  if (type.kind === "name") {
    const simple = SIMPLE.get(type.name);
    return simple === undefined || simple.fits(value) ? [] : mustBe(simple.words);
  }
  const of = type.kind === "call" ? type.args[0] : undefined;
  if (type.kind !== "call" || of === undefined) return [];
  switch (type.name) {
    case "optional":
      return problemsOf(place, of, value);
    case "list":
    case "set":
      if (!isList(value)) return mustBe("a list");
      return value.flatMap((item, index) => problemsOf(`${place}[${index}]`, of, item));
    case "map":
      if (!isObject(value)) return mustBe("a map");
      return Object.entries(value).flatMap(([key, item]) => problemsOf(`${place}.${key}`, of, item));
    case "object":
      if (!isObject(value)) return mustBe("an object");
      return problemsOfObject(place, of, value);
    default:
      return [];
  }
}

function problemsOfObject(place: string, type: Expression, value: Readonly<Record<string, Value>>): string[] {
  const attributes = new Map<string, Expression>();
  for (const [key, of] of type.kind === "object" ? type.entries : []) {
    if (key.kind === "literal") attributes.set(String(key.value), of);
  }
  const names = [...attributes.keys()].join(", ");
  const isOptional = (of: Expression) => of.kind === "call" && of.name === "optional";
  return [
    ...Object.keys(value)
      .filter((key) => !attributes.has(key))
      .map((key) => `${place}: has no attribute "${key}"; it has ${names}`),
    ...[...attributes].flatMap(([key, of]) => {
      const item = Object.hasOwn(value, key) ? value[key] : undefined;
      if (item !== undefined) return problemsOf(`${place}.${key}`, of, item);
      return isOptional(of) ? [] : [`${place}: needs the attribute "${key}"`];
    }),
  ];
}
