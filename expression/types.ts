import { setOf } from "./collections";
import { parseExpression } from "./parse";
import { type Expression, SyntaxProblem } from "./syntax";
import type { Value } from "./value";
import { asMap, isList, isObject, toBoolean, toNumber, toText } from "./values";

/** The type of a variable, as far as it changes values. */
export type Type = (value: Value) => Value;

const UNCHANGED: Type = (value) => value;

/** Converts a value as a variable of a type does: `"80"` to a number, an absent optional attribute to its default. */
export function converted(value: Value, type: Type): Value {
  return value === null ? null : type(value);
}

/** @param type the argument `type` of a variable: `map(string)` in JSON, `${map(string)}` from hcl2json */
export function typeOf(type: unknown): Type {
  if (typeof type !== "string") return UNCHANGED;
  try {
    return typeFrom(parseExpression(type.replace(/^\$\{([\s\S]*)\}$/, "$1")));
  } catch (error) {
    if (error instanceof SyntaxProblem) return UNCHANGED;
    throw error;
  }
}

function typeFrom(type: Expression): Type {
  if (type.kind === "name") return SIMPLE.get(type.name) ?? UNCHANGED;
  if (type.kind !== "call") return UNCHANGED;
  const [of] = type.args;
  if (of === undefined) return UNCHANGED;
  if (type.name === "object") return objectFrom(of);
  const item = typeFrom(of);
  if (type.name === "list")
    return (value) => (isList(value) ? value.map((one) => converted(one, item)) : value);
  if (type.name === "set")
    return (value) => (isList(value) ? setOf(value.map((one) => converted(one, item))) : value);
  if (type.name === "map") return (value) => mapped(value, item);
  return UNCHANGED;
}

const SIMPLE = new Map<string, Type>([
  ["string", (value) => toText(value) ?? value],
  ["number", (value) => toNumber(value) ?? value],
  ["bool", (value) => toBoolean(value) ?? value],
]);

/** An object has the attributes of its type: no others, and the optional ones in any case. */
function objectFrom(type: Expression): Type {
  if (type.kind !== "object") return UNCHANGED;
  const attributes = new Map<string, { type: Type; fallback: Value | undefined }>();
  for (const [key, attribute] of type.entries) {
    if (key.kind === "literal") attributes.set(String(key.value), attributeFrom(attribute));
  }
  return (value) => {
    if (!isObject(value)) return value;
    const entries = [...attributes].flatMap(([name, attribute]): [string, Value][] => {
      const given = value[name] ?? attribute.fallback;
      // Null stands in for what is given as null, and has no default.
      if (given === undefined) return Object.hasOwn(value, name) ? [[name, null]] : [];
      return [[name, converted(given, attribute.type)]];
    });
    return Object.fromEntries(entries);
  };
}

function attributeFrom(type: Expression): { type: Type; fallback: Value | undefined } {
  if (type.kind !== "call" || type.name !== "optional" || type.args[0] === undefined) {
    return { type: typeFrom(type), fallback: undefined };
  }
  const [of, fallback] = type.args;
  return { type: typeFrom(of), fallback: fallback === undefined ? null : constant(fallback) };
}

/** Defaults of optional attributes are constants. */
function constant(expression: Expression): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "unary":
      return -(toNumber(constant(expression.of)) ?? 0);
    case "tuple":
      return expression.items.map(constant);
    case "object":
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [String(constant(key)), constant(value)] as const),
      );
    default:
      return null;
  }
}

function mapped(value: Value, item: Type): Value {
  if (!isObject(value)) return value;
  return asMap(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, converted(one, item)])));
}
