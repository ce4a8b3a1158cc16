import { byBytes, equality, setOf, unified } from "../collections";
import { checkItems } from "../limits";
import { type Big, bigOf, compare, decimalOf, shortOf, sum } from "../numbers";
import { Unknown, type Value } from "../value";
import {
  asSet,
  expanded,
  isKnown,
  isList,
  isMap,
  isNonEmptyText,
  isObject,
  isSetOfUnknownSize,
  objectFrom,
  SetValue,
  toBoolean,
  toNumber,
  toText,
  type ValueObject,
} from "../values";
import {
  argument,
  booleansOf,
  type Functions,
  type Outcome,
  type PureFunction,
  REFUSED,
  takes,
  textsOf,
} from "./function";
import { characters } from "./texts";

/** A function of a list or a set and so many further arguments. */
const onList =
  (count: number, of: (list: readonly Value[], ...args: Value[]) => Outcome): PureFunction =>
  ([list, ...rest]) => {
    if (list === undefined || rest.length !== count) return REFUSED;
    if (list instanceof Unknown) return undefined;
    if (!isList(list)) return REFUSED;
    return isSetOfUnknownSize(list) ? undefined : of(list, ...rest);
  };

const onMap =
  (of: (map: ValueObject) => Outcome): PureFunction =>
  ([map, ...rest]) => {
    if (map === undefined || rest.length > 0) return REFUSED;
    if (map instanceof Unknown) return undefined;
    return isObject(map) ? of(map) : REFUSED;
  };

/** A function of sets, all of one type: what other than the first there are, each in turn. */
const onSets =
  (
    of: (set: readonly Value[], other: ReadonlySet<string>, otherItems: readonly Value[]) => readonly Value[],
    most = Number.POSITIVE_INFINITY,
  ): PureFunction =>
  (sets) => {
    if (sets.length === 0 || sets.length > most || (most === 2 && sets.length < 2)) return REFUSED;
    if (sets.some((set) => set !== undefined && !isList(set) && !(set instanceof Unknown))) return REFUSED;
    if (!sets.every(isList) || !sets.every(isKnown)) return undefined;
    const all = sets.every((set) => unified(set)) ? unified(sets.map((set) => setOf(set))) : undefined;
    if (all === undefined) return REFUSED;
    const [first, ...rest] = all as readonly (readonly Value[])[];
    return setOf(
      rest.reduce<readonly Value[]>(
        (set, other) => of(set, new Set(other.map((item) => JSON.stringify(item))), other),
        first as readonly Value[],
      ),
    );
  };

const has = (set: ReadonlySet<string>, item: Value) => set.has(JSON.stringify(item));

export const COLLECTION_FUNCTIONS: Functions = [
  ["alltrue", onList(0, (list) => allAre(true, list))],
  ["anytrue", onList(0, (list) => anyTrue(list))],
  ["chunklist", onList(1, chunked)],
  ["coalesce", coalesced],
  ["coalescelist", firstList],
  ["compact", onList(0, compacted)],
  ["concat", concatenated],
  ["contains", contained],
  ["distinct", onList(0, (list) => (isKnown(list) ? withoutRepeated(list) : undefined))],
  ["element", elementAt],
  ["flatten", onList(0, flattened)],
  ["index", indexOf],
  ["keys", onMap((map) => Object.keys(map).sort(byBytes))],
  ["length", length],
  ["lookup", lookedUp],
  ["matchkeys", matched],
  ["merge", merged],
  ["one", onList(0, (list) => (list.length > 1 ? REFUSED : (list[0] ?? null)))],
  ["range", counted],
  ["reverse", onList(0, (list) => [...list].reverse())],
  ["setintersection", onSets((set, other) => set.filter((item) => has(other, item)))],
  ["setproduct", product],
  ["setsubtract", onSets((set, other) => set.filter((item) => !has(other, item)), 2)],
  ["setunion", onSets((set, _, other) => [...set, ...other])],
  ["slice", onList(2, sliced)],
  ["sort", onList(0, inOrder)],
  ["transpose", onMap(transposed)],
  [
    "values",
    onMap((map) =>
      Object.keys(map)
        .sort(byBytes)
        .map((key) => map[key] as Value),
    ),
  ],
  ["zipmap", zipped],
];

function chunked(list: readonly Value[], given: Value): Outcome {
  return takes(["int"], (size) => {
    const items = unified(list);
    if (size < 0 || items === undefined) return REFUSED;
    if (items.length === 0) return [];
    if (size === 0) return [items];
    return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
      items.slice(index * size, (index + 1) * size),
    );
  })([given]);
}

function firstList(args: readonly Value[]): Outcome {
  if (args.length === 0) return REFUSED;
  for (const arg of args) {
    if (arg instanceof Unknown) return undefined;
    if (arg === null) continue;
    if (!isList(arg) || arg instanceof SetValue) return REFUSED;
  }
  return args.find((arg) => isList(arg) && arg.length > 0) ?? REFUSED;
}

function concatenated(lists: readonly Value[]): Outcome {
  if (lists.length === 0) return REFUSED;
  if (lists.some((list) => !(list instanceof Unknown) && (!isList(list) || list instanceof SetValue)))
    return REFUSED;
  if (!lists.every(isList)) return undefined;
  checkItems(
    lists.reduce((sum, list) => sum + list.length, 0),
    "concat()",
  );
  return lists.flat();
}

/** A null object adds nothing, and with nothing else there is none. */
function merged(maps: readonly Value[]): Outcome {
  const given = maps.filter((map) => map !== null);
  if (given.some((map) => !(map instanceof Unknown) && !isObject(map))) return REFUSED;
  return given.every(isObject) ? objectFrom(given.flatMap((map) => Object.entries(map))) : undefined;
}

/** An unknown item may be a list itself. */
function flattened(list: readonly Value[]): Value[] | undefined {
  const items: Value[] = [];
  for (const item of list.map(expanded)) {
    if (item instanceof Unknown || (isList(item) && isSetOfUnknownSize(item))) return undefined;
    const inner = isList(item) ? flattened(item) : [item];
    if (inner === undefined) return undefined;
    for (const one of inner) items.push(one);
  }
  return items;
}

function lookedUp([map, key, ...otherwise]: readonly Value[]): Outcome {
  if (map === undefined || key === undefined || otherwise.length > 1) return REFUSED;
  const name = argument("string", key);
  if (name === REFUSED || (!(map instanceof Unknown) && !isObject(map))) return REFUSED;
  if (map instanceof Unknown || typeof name !== "string") return undefined;
  if (Object.hasOwn(map, name)) return map[name];
  const [fallback] = otherwise;
  if (fallback === undefined) return REFUSED;
  return isMap(map) ? likeItems(map, fallback) : fallback;
}

/** A value as one of the type that the items of a map have; nothing where an empty map does not say it. */
function likeItems(map: ValueObject, value: Value): Outcome {
  if (value === null || value instanceof Unknown) return value;
  const sample = Object.values(map).find((item) => item !== null && !(item instanceof Unknown));
  switch (typeof sample) {
    case "string":
      return toText(value) ?? REFUSED;
    case "number":
      return typeof value === "boolean" ? REFUSED : (toNumber(value) ?? REFUSED);
    case "boolean":
      return typeof value === "number" ? REFUSED : (toBoolean(value) ?? REFUSED);
    case "undefined":
      return undefined;
    default:
      return isList(value) || isObject(value) ? undefined : REFUSED;
  }
}

function length([value, ...rest]: readonly Value[]): Outcome {
  if (value === undefined || rest.length > 0) return REFUSED;
  if (value instanceof Unknown) return undefined;
  if (isList(value)) return isSetOfUnknownSize(value) ? undefined : value.length;
  if (isObject(value)) return Object.keys(value).length;
  // Null has no type, and so a number that is not known.
  return typeof value === "string" ? characters(value).length : REFUSED;
}

function elementAt(args: readonly Value[]): Outcome {
  const [list, index] = args;
  if (list === undefined || index === undefined || args.length > 2) return REFUSED;
  const at = argument("int", index);
  if (
    at === REFUSED ||
    (isList(list) ? list.length === 0 || list instanceof SetValue : !(list instanceof Unknown))
  )
    return REFUSED;
  // What a negative one means depends on the version.
  if (typeof at !== "number" || at < 0 || !isList(list)) return undefined;
  return list[at % list.length];
}

function sliced(list: readonly Value[], ...bounds: readonly Value[]): Outcome {
  if (list instanceof SetValue) return REFUSED;
  return takes(["int", "int"], (from, to) =>
    0 <= from && from <= to && to <= list.length ? list.slice(from, to) : REFUSED,
  )(bounds);
}

function inOrder(list: readonly Value[]): Outcome {
  const texts = textsOf(list);
  if (texts === undefined || texts === REFUSED) return texts;
  return texts.includes(null) ? REFUSED : (texts as string[]).sort(byBytes);
}

function withoutRepeated(list: readonly Value[]): Outcome {
  const items = unified(list);
  if (items === undefined) return REFUSED;
  return [...new Map(items.map((item) => [JSON.stringify(item), item] as const)).values()];
}

/** What is unknown may be empty, but for ids of resources. */
function compacted(list: readonly Value[]): Outcome {
  const items = list.filter((item) => item !== null && item !== "");
  if (items.some((item) => isList(item) || isObject(item))) return REFUSED;
  const texts = items.map((item) => (isNonEmptyText(item) ? item : toText(item)));
  return texts.every((item) => item !== undefined) ? texts : undefined;
}

function contained([list, wanted, ...rest]: readonly Value[]): Outcome {
  if (list === undefined || wanted === undefined || rest.length > 0) return REFUSED;
  if (list instanceof Unknown) return undefined;
  if (!isList(list)) return REFUSED;
  // Whether null may be asked for depends on the version.
  if (wanted === null) return undefined;
  const found = list.map((item) => equality(expanded(item), wanted));
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}

function indexOf(args: readonly Value[]): Outcome {
  const [list, wanted] = args;
  if (list === undefined || wanted === undefined || wanted === null || args.length > 2) return REFUSED;
  if (list instanceof Unknown) return undefined;
  if (!isList(list) || list instanceof SetValue || list.length === 0) return REFUSED;
  for (const [index, item] of list.entries()) {
    const isEqual = equality(expanded(item), wanted);
    if (isEqual === undefined) return undefined;
    if (isEqual) return index;
  }
  return REFUSED;
}

function coalesced(args: readonly Value[]): Outcome {
  const items = unified(args);
  // With null, which has no type, Terraform may pass over that the others have none in common.
  if (items === undefined && args.includes(null)) return undefined;
  if (args.length === 0 || items === undefined) return REFUSED;
  const first = items.find((arg) => arg !== null && arg !== "");
  if (first === undefined) return REFUSED;
  return first instanceof Unknown && !isNonEmptyText(first) ? undefined : first;
}

/** Whether all items are `wanted`; nothing where an unknown one decides. */
function allAre(wanted: boolean, list: readonly Value[]): Outcome {
  const items = booleansOf(list);
  if (items === REFUSED) return REFUSED;
  const known = items.map((item) => item ?? (item === null ? false : undefined));
  if (known.includes(!wanted)) return false;
  return known.includes(undefined) ? undefined : true;
}

function anyTrue(list: readonly Value[]): Outcome {
  const areFalse = allAre(false, list);
  return typeof areFalse === "boolean" ? !areFalse : areFalse;
}

function zipped([keys, values, ...rest]: readonly Value[]): Outcome {
  if (keys === undefined || values === undefined || rest.length > 0) return REFUSED;
  const names = textsOf(keys);
  if (names === REFUSED || (!isList(values) && !(values instanceof Unknown)) || values instanceof SetValue)
    return REFUSED;
  if (names === undefined || !isList(values)) return undefined;
  if (names.length !== values.length || names.includes(null)) return REFUSED;
  return objectFrom(names.map((name, index) => [name as string, values[index] as Value]));
}

/** A map of lists of names, turned round: by each name, the keys of the lists that have it. */
function transposed(map: ValueObject): Outcome {
  const lists = Object.keys(map)
    .sort(byBytes)
    .map((key) => ({ key, names: textsOf(expanded(map[key] as Value)) }));
  if (lists.some(({ names }) => names === REFUSED)) return REFUSED;
  if (lists.some(({ names }) => names === undefined)) return undefined;
  const result = new Map<string, string[]>();
  for (const { key, names } of lists) {
    for (const name of names as (string | null)[]) {
      if (name === null) return REFUSED;
      const known = result.get(name);
      if (known) known.push(key);
      else result.set(name, [key]);
    }
  }
  return objectFrom(result);
}

function matched(args: readonly Value[]): Outcome {
  const [values, keys, wanted] = args;
  if (values === undefined || keys === undefined || wanted === undefined || args.length > 3) return REFUSED;
  if (args.some((arg) => !isList(arg) && !(arg instanceof Unknown))) return REFUSED;
  if (!isList(values) || !isList(keys) || !isList(wanted)) return undefined;
  if (!isKnown(keys) || !isKnown(wanted) || !isKnown(values)) return undefined;
  const items = unified(values);
  const all = unified([...keys, ...wanted]);
  if (!items || !all || !unified(keys) || !unified(wanted) || values.length !== keys.length) return REFUSED;
  const searched = new Set(all.slice(keys.length).map((item) => JSON.stringify(item)));
  return items.filter((_, index) => has(searched, all[index] as Value));
}

/** All combinations; with a set among what they are of, a set. */
function product(lists: readonly Value[]): Outcome {
  if (lists.length < 2) return REFUSED;
  if (lists.some((list) => !isList(list) && !(list instanceof Unknown))) return REFUSED;
  const typed = lists.map((list) => (isList(list) ? unified(list) : []));
  if (typed.includes(undefined)) return REFUSED;
  if (!lists.every(isList) || lists.some(isSetOfUnknownSize)) return undefined;
  const size = lists.reduce((count, list) => count * list.length, 1);
  checkItems(size * lists.length, "setproduct()");
  const all = (typed as readonly (readonly Value[])[]).reduce<Value[][]>(
    (made, list) => made.flatMap((one) => list.map((item) => [...one, item])),
    [[]],
  );
  if (!lists.some((list) => list instanceof SetValue)) return all;
  return isKnown(all) ? setOf(all) : asSet(all);
}

/** As Terraform: more than this is refused. */
const LONGEST_RANGE = 1024;

function counted(args: readonly Value[]): Outcome {
  if (args.length < 1 || args.length > 3) return REFUSED;
  const numbers = args.map((arg) => argument("number", arg));
  if (numbers.includes(REFUSED)) return REFUSED;
  if (!numbers.every((number) => typeof number === "number")) return undefined;
  const [from, to] = (numbers.length === 1 ? [0, numbers[0]] : numbers) as [number, number];
  const by = numbers[2] ?? (to < from ? -1 : 1);
  if (by === 0 || (by < 0 ? to > from : to < from)) return REFUSED;
  if ((to - from) / by > LONGEST_RANGE + 1) return REFUSED;
  const [step, end] = [bigOf(decimalOf(by)) as Big, bigOf(decimalOf(to)) as Big];
  const items: (number | undefined)[] = [];
  for (
    let next = bigOf(decimalOf(from)) as Big;
    compare(next, end) * Math.sign(by) < 0;
    next = sum(next, step)
  ) {
    if (items.length === LONGEST_RANGE) return REFUSED;
    items.push(shortOf(next));
  }
  return items.includes(undefined) ? undefined : (items as number[]);
}
