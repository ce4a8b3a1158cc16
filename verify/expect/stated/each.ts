import { templateParts } from "../../../expression/parse";
import { type ReferencePath, referenceOf, referencesIn } from "../../../expression/references";
import { type Each, Unknown, type Value } from "../../../expression/value";
import { isList, isObject, toBoolean, toText } from "../../../expression/values";
import { given, InputError } from "../../../io/errors";
import type { Input } from "../../read/model";
import { pairsOf } from "../../read/terraform/instances";
import { namesNothing } from "./group-expression";

/** What an expression of a flow gives: something, or why it is not known, or what is wrong with it. */
export type Outcome<T> = { readonly value: T } | { readonly unknown: string } | { readonly problem: string };

/** The elements of the expression `for_each`, by their keys. */
export function elementsOf(expression: string, input: Input, module: string): Outcome<[string, Each][]> {
  const evaluated = evaluate("for_each", expression, input, module);
  if (!("value" in evaluated)) return evaluated;
  const collection = evaluated.value;
  const isUnknownSet = isList(collection) && collection.some((item) => item instanceof Unknown);
  if (collection instanceof Unknown || isUnknownSet) return { unknown: `for_each (${expression})` };
  const pairs = pairsOf(collection)?.map(
    ([key, value]) => [toText(key) as string, { key, value }] as [string, Each],
  );
  return pairs
    ? { value: pairs }
    : { problem: `for_each must be a map, or a set of strings (${expression} is ${shown(collection)})` };
}

/** Whether the expression `when` wants the flow. */
export function isWanted(expression: string, input: Input, module: string, each?: Each): Outcome<boolean> {
  const evaluated = evaluate("when", expression, input, module, each);
  if (!("value" in evaluated)) return evaluated;
  if (evaluated.value instanceof Unknown) return { unknown: `when (${expression})` };
  const value = toBoolean(evaluated.value);
  return value === undefined
    ? { problem: `when must be true or false (${expression} is ${shown(evaluated.value)})` }
    : { value };
}

/** Text in which `${each.key}`, `${each.value}` and `${each.value.NAME}` are filled in. */
export function filledIn(text: string, each: Each | undefined): Outcome<string> {
  let value = "";
  for (const part of templateParts(text)) {
    const filled = typeof part === "string" ? { value: part } : partOf(part.expression, each);
    if (!("value" in filled)) return filled;
    value += filled.value;
  }
  return { value };
}

function partOf(expression: string, each: Each | undefined): Outcome<string> {
  if (each === undefined) return { problem: `\${${expression}} works only in a flow with for_each` };
  const path = pathInEach(expression);
  if (path === undefined) {
    return {
      problem: `\${${expression}} is none of \${each.key}, \${each.value} and \${each.value.NAME}`,
    };
  }
  const missing = missingOfEach(expression, each);
  if (missing !== undefined) return { problem: missing };
  const value = valueAt(path, each);
  if (value instanceof Unknown) return { unknown: `${expression} (${value.expression})` };
  const text = toText(value as Value);
  return text === undefined
    ? { problem: `${expression} must be a string or a number (it is ${shown(value as Value)})` }
    : { value: text };
}

/** What is wrong with a reference to an element that has no such attribute; another expression is not looked at. */
export function missingOfEach(expression: string, each: Each): string | undefined {
  const path = pathInEach(expression);
  if (path === undefined || valueAt(path, each) !== undefined) return undefined;
  return `there is no ${expression}: the element is ${shown(each.value)}`;
}

/** The names behind `each` in `each.key`, `each.value` and `each.value.NAME`; undefined for anything else. */
function pathInEach(expression: string): ReferencePath | undefined {
  const [root, part, ...names] = referenceOf(expression) ?? [];
  const isElement = (part === "key" && names.length === 0) || part === "value";
  if (root !== "each" || !isElement || names.some((name) => typeof name === "number")) return undefined;
  return [part, ...names];
}

/** What a path leads to in an element; undefined where there is nothing. */
function valueAt(path: ReferencePath, { key, value }: Each): Value | undefined {
  let current: Value = { key, value };
  for (const name of path) {
    if (current instanceof Unknown) return current;
    if (!isObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name] as Value;
  }
  return current;
}

function evaluate(
  what: string,
  expression: string,
  input: Input,
  module: string,
  each?: Each,
): Outcome<Value> {
  for (const [root, name] of referencesIn(expression)) {
    const reference = `${root}.${name}`;
    if ((root === "var" || root === "local") && namesNothing(reference, input, module) !== undefined) {
      return { problem: `${what}: there is no ${reference} here (${expression})` };
    }
  }
  try {
    return { value: input.evaluate(expression, module, each) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { problem: `${what}: ${error.problems.join(" ")}` };
  }
}

function shown(value: Value): string {
  return given(value).replace(/^given: /, "");
}
