import { Unknown, type Value } from "./value";
import {
  asSet,
  isKnown,
  isList,
  isNonEmptyText,
  isObject,
  isSetOfUnknownSize,
  LongNumber,
  objectFrom,
  Reference,
  SetValue,
  step,
  text,
  toText,
  type ValueObject,
} from "./values";

/**
 * Items of one type, as those of a list, a set and a map are: with text among them, numbers and booleans become text,
 * and so at every place of lists and objects among them. Nothing for what has no type in common: numbers beside
 * booleans, text beside lists.
 */
export function unified(items: readonly Value[]): readonly Value[] | undefined {
  const given = items.filter(
    (item) => item !== null && (!(item instanceof Unknown) || item instanceof LongNumber),
  );
  if (given.every(isList)) return given.length === 0 ? items : unifiedLists(items, given);
  if (given.every(isObject)) return unifiedObjects(items, given);
  if (given.some((item) => isList(item) || isObject(item))) return undefined;
  const kinds = new Set(given.map((item) => (item instanceof LongNumber ? "number" : typeof item)));
  if (kinds.has("string")) return items.map((item) => toText(item) ?? item);
  return kinds.has("number") && kinds.has("boolean") ? undefined : items;
}

/** Lists as long as each other have a type at each place; others, or those of which that cannot be said, have one in all. */
function unifiedLists(
  items: readonly Value[],
  given: readonly (readonly Value[])[],
): readonly Value[] | undefined {
  const [first = []] = given;
  const areSets = given.some((list) => list instanceof SetValue);
  const places =
    given.every((list) => list.length === first.length) && !areSets
      ? first.map((_, place) => unified(given.map((list) => list[place] as Value)))
      : [undefined];
  const byPlace = places.every((place) => place !== undefined)
    ? given.map((_, index) => places.map((place) => place[index] as Value))
    : regrouped(given);
  if (byPlace === undefined) return undefined;
  let next = 0;
  return items.map((item) => {
    if (!isList(item)) return item;
    const list = byPlace[next++] as Value[];
    return areSets ? setOf(list) : list;
  });
}

/** The items of all lists, of one type. */
function regrouped(lists: readonly (readonly Value[])[]): Value[][] | undefined {
  const all = unified(lists.flat());
  let next = 0;
  return all && lists.map((list) => list.map(() => all[next++] as Value));
}

/** Objects of the same names have a type for each; others are maps, which have one for all. */
function unifiedObjects(
  items: readonly Value[],
  given: readonly ValueObject[],
): readonly Value[] | undefined {
  const names = Object.keys(given[0] as ValueObject).sort();
  const areAlike = given.every((one) => Object.keys(one).sort().join("\n") === names.join("\n"));
  const lists = given.map((one) => (areAlike ? names : Object.keys(one)).map((name) => one[name] as Value));
  const columns = areAlike
    ? names.map((_, place) => unified(lists.map((list) => list[place] as Value)))
    : [undefined];
  const values = columns.every((column) => column !== undefined)
    ? given.map((_, index) => columns.map((column) => column[index] as Value))
    : regrouped(lists);
  if (values === undefined) return undefined;
  let next = 0;
  return items.map((item) => {
    if (!isObject(item)) return item;
    const own = values[next++] as Value[];
    return objectFrom(
      (areAlike ? names : Object.keys(item)).map((name, index) => [name, own[index] as Value]),
    );
  });
}

/** A set: each item once, in the order in which Terraform iterates. What is unknown keeps its place. */
export function setOf(list: readonly Value[]): SetValue {
  const items = [...new Map((unified(list) ?? list).map((item) => [text(item), item])).values()];
  if (!items.every(isKnown)) return asSet(items);
  const names = new Set(items.map((item) => (isObject(item) ? Object.keys(item).sort().join("\n") : "")));
  const keyed = items.map((item) => ({ item, key: orderKey(item, names.size > 1) }));
  return asSet(
    keyed.every(({ key }) => key !== undefined)
      ? keyed.sort((a, b) => compared(a.key as Value, b.key as Value)).map(({ item }) => item)
      : items,
  );
}

/** What the items of a set are ordered by: null comes last, and what has no order of its own goes by how go-cty spells it. */
function orderKey(value: Value, areMaps: boolean): Value | undefined {
  return isList(value) || isObject(value) ? spelled(value, areMaps) : value;
}

function spelled(value: Value, areMaps: boolean): string | undefined {
  if (value === null) return "~";
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value === "number")
    return Math.abs(value) < 1e10 && Number.isInteger(value) ? String(value) : undefined;
  if (typeof value === "string") return JSON.stringify(value);
  if (!isList(value) && !isObject(value)) return undefined;
  const keys = isObject(value) ? Object.keys(value).sort() : [];
  const parts = isList(value) ? value : keys.map((key) => value[key] as Value);
  const inner = parts.map((part) => spelled(part, areMaps));
  if (inner.includes(undefined)) return undefined;
  if (isObject(value) && areMaps) {
    return `{${inner.map((part, index) => `${JSON.stringify(keys[index])}:${part};`).join("")}}`;
  }
  return `<${inner.map((part) => `${part};`).join("")}>`;
}

/** The order of texts in Go: by code points, where JavaScript's is by code units. */
export function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  // Only the halves of pairs stand before other code units that are smaller code points.
  const isPlain = !/[\ud800-\udfff]/.test(a) && !/[\ud800-\udfff]/.test(b);
  if (isPlain) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function compared(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (typeof a === "string" && typeof b === "string") return byBytes(a, b);
  return (a as number) < (b as number) ? -1 : 1;
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
