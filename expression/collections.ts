import { Unknown, type Value } from "./value";
import {
  asSet,
  isKnown,
  isList,
  isNonEmptyText,
  isObject,
  isSetOfUnknownSize,
  Reference,
  SetValue,
  step,
  text,
  toText,
} from "./values";

/**
 * Items of one type, as those of a list, a set and a map are: with text among them, numbers and booleans become text.
 * Nothing for numbers beside booleans, which have no type in common.
 */
export function unified(items: readonly Value[]): readonly Value[] | undefined {
  const kinds = new Set(items.map((item) => typeof item));
  if (kinds.has("string")) return items.map((item) => toText(item) ?? item);
  return kinds.has("number") && kinds.has("boolean") ? undefined : items;
}

/** A set: each item once, in the order in which Terraform iterates. What is unknown keeps its place. */
export function setOf(list: readonly Value[]): SetValue {
  const items = [...new Map((unified(list) ?? list).map((item) => [text(item), item])).values()];
  return asSet(items.every(isComparable) ? items.sort(compared) : items);
}

function isComparable(value: Value): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function compared(a: Value, b: Value): number {
  if (a === b) return 0;
  return (a as string) < (b as string) ? -1 : 1;
}

/** Whether two values are equal; nothing where the input does not say. */
export function equality(left: Value, right: Value): boolean | undefined {
  if (left instanceof Unknown) return right === null && isNonEmptyText(left) ? false : undefined;
  if (right instanceof Unknown) return equality(right, left);
  if (isList(left) && isList(right)) {
    if (isSetOfUnknownSize(left) || isSetOfUnknownSize(right)) return undefined;
    if (left.length !== right.length) return false;
    return all(left.map((item, index) => equality(item, right[index] as Value)));
  }
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length || keys.some((key) => !Object.hasOwn(right, key)))
      return false;
    return all(keys.map((key) => equality(left[key] as Value, right[key] as Value)));
  }
  return left === right;
}

function all(parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

/**
 * What a for-expression goes over: keys or indexes with their values, of a set each value twice. Undefined where that
 * is not known.
 */
export function entriesOf(value: Value): [Value, Value][] | undefined {
  const known = value instanceof Reference ? value.members() : value;
  // Parts of a reference know what the configuration does not give.
  const part = (key: string | number) => step(value, key);
  if (known === undefined || known instanceof Unknown) return undefined;
  if (known instanceof SetValue) return isKnown(known) ? known.map((item) => [item, item]) : undefined;
  if (isList(known)) return known.map((_, index) => [index, part(index)]);
  if (!isObject(known)) return undefined;
  return Object.keys(known)
    .sort()
    .map((key) => [key, part(key)]);
}
