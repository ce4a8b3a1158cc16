import { Unknown, type Value } from "../../expression/value";
import { isJson } from "../../io/json";

export { field } from "../../expression/values";

/** An object of the input: neither a list nor an unknown value. */
export type ObjectValue = { readonly [key: string]: Value };

export function isObject(value: Value | undefined): value is ObjectValue {
  return isJson(value) && !(value instanceof Unknown);
}

/**
 * The elements of an argument that is a list or a set, or the bodies of a block. A single value counts as a list
 * of one (JSON configuration writes single blocks so, and an unknown list is one unknown element); null and
 * nothing are the empty list.
 */
export function elements(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as Value];
}

/** The bodies of a block that are known. */
export function blocks(value: Value | undefined): ObjectValue[] {
  return elements(value).filter(isObject);
}

/** The value at a path of keys; a block on the way stands for its first body. */
export function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  let current = value;
  for (const key of path) {
    const object = Array.isArray(current) ? (current as readonly Value[])[0] : current;
    if (object instanceof Unknown) return object;
    if (!isObject(object)) return undefined;
    current = object[key];
  }
  return current;
}

/** Text that is known. */
export function text(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** `true`, also as the text that Terraform converts. */
export function isTrue(value: Value | undefined): boolean {
  return value === true || value === "true";
}

/** A text, or the expression of one that is not known: what tells it from others in any case. */
export function textOrExpression(value: Value | undefined): string | undefined {
  return value instanceof Unknown ? value.expression : text(value);
}
