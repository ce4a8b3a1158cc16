import { equality, setOf, unified } from "../collections";
import { Unknown, type Value } from "../value";
import {
  asSet,
  expanded,
  isKnown,
  isList,
  isNonEmptyText,
  isObject,
  isSetOfUnknownSize,
  SetValue,
  toBoolean,
  toNumber,
  toText,
  type ValueObject,
} from "../values";
import { REFUSED, type TerraformFunction } from "./function";

/** What a function of lists makes of a list or a set; nothing where that is not known. */
const onList =
  (
    of: (list: readonly Value[], args: readonly Value[]) => ReturnType<TerraformFunction>,
  ): TerraformFunction =>
  ([list, ...rest]) =>
    list !== undefined && isList(list) && !isSetOfUnknownSize(list) ? of(list, rest) : undefined;

const onMap =
  (of: (map: ValueObject, args: readonly Value[]) => ReturnType<TerraformFunction>): TerraformFunction =>
  ([map, ...rest]) =>
    map !== undefined && isObject(map) ? of(map, rest) : undefined;

const onSets =
  (of: (sets: readonly (readonly Value[])[]) => readonly Value[]): TerraformFunction =>
  (sets) =>
    sets.every((set) => isList(set) && isKnown(set)) && sets.every(isList)
      ? setOf(of(sets.map(setOf)))
      : undefined;

export const COLLECTION_FUNCTIONS: readonly (readonly [string, TerraformFunction])[] = [
  ["toset", ([list]) => (list !== undefined && isList(list) ? setOf(list) : undefined)],
  ["tolist", onList((list) => unified(list) ?? REFUSED)],
  ["tomap", onMap(mapOfOneType)],
  ["concat", concatenated],
  ["merge", merged],
  ["keys", onMap((map) => Object.keys(map).sort())],
  [
    "values",
    onMap((map) =>
      Object.keys(map)
        .sort()
        .map((key) => map[key] as Value),
    ),
  ],
  ["flatten", onList(flattened)],
  ["lookup", onMap(lookedUp)],
  ["length", length],
  ["element", onList(elementAt)],
  ["slice", onList(sliced)],
  ["reverse", onList((list) => [...list].reverse())],
  ["sort", onList(inOrder)],
  ["distinct", onList((list) => (isKnown(list) ? withoutRepeated(list) : undefined))],
  ["compact", onList(compacted)],
  ["contains", contained],
  ["coalesce", coalesced],
  ["one", onList((list) => (list.length > 1 ? REFUSED : (list[0] ?? null)))],
  ["alltrue", onList((list) => allAre(true, list))],
  ["anytrue", onList((list) => negated(allAre(false, list)))],
  ["zipmap", zipped],
  ["setproduct", product],
  ["setunion", onSets((sets) => sets.flat())],
  [
    "setintersection",
    onSets(([first = [], ...rest]) => first.filter((item) => rest.every((set) => set.includes(item)))),
  ],
  [
    "setsubtract",
    onSets(([first = [], ...rest]) => first.filter((item) => !rest.some((set) => set.includes(item)))),
  ],
  ["range", counted],
];

function mapOfOneType(map: ValueObject): ReturnType<TerraformFunction> {
  const keys = Object.keys(map);
  const values = unified(Object.values(map));
  return values ? Object.fromEntries(keys.map((key, index) => [key, values[index] as Value])) : REFUSED;
}

function concatenated(lists: readonly Value[]): Value[] | undefined {
  return lists.every((list) => isList(list) && !(list instanceof SetValue)) ? lists.flat() : undefined;
}

function merged(maps: readonly Value[]): Value | undefined {
  const given = maps.filter((map) => map !== null);
  return given.every(isObject) ? Object.assign({}, ...given) : undefined;
}

/** An unknown item may be a list itself. */
function flattened(list: readonly Value[]): Value[] | undefined {
  const items: Value[] = [];
  for (const item of list.map(expanded)) {
    if (item instanceof Unknown || (isList(item) && isSetOfUnknownSize(item))) return undefined;
    const inner = isList(item) ? flattened(item) : [item];
    if (inner === undefined) return undefined;
    items.push(...inner);
  }
  return items;
}

function lookedUp(map: ValueObject, [key, ...otherwise]: readonly Value[]): ReturnType<TerraformFunction> {
  const name = toText(key ?? null);
  if (name === undefined) return undefined;
  if (Object.hasOwn(map, name)) return map[name];
  return otherwise.length > 0 ? otherwise[0] : REFUSED;
}

function length([value]: readonly Value[]): ReturnType<TerraformFunction> {
  if (value === undefined || value instanceof Unknown) return undefined;
  if (isList(value)) return isSetOfUnknownSize(value) ? undefined : value.length;
  if (isObject(value)) return Object.keys(value).length;
  const text = toText(value);
  return text === undefined ? REFUSED : [...new Intl.Segmenter().segment(text)].length;
}

function elementAt(list: readonly Value[], [index]: readonly Value[]): ReturnType<TerraformFunction> {
  const at = toNumber(index ?? null);
  // What a negative one means depends on the version and on the type of the list.
  if (at === undefined || at < 0) return undefined;
  return list.length === 0 ? REFUSED : list[at % list.length];
}

function sliced(list: readonly Value[], bounds: readonly Value[]): ReturnType<TerraformFunction> {
  const [from, to] = bounds.map(toNumber);
  if (from === undefined || to === undefined) return undefined;
  return 0 <= from && from <= to && to <= list.length ? list.slice(from, to) : REFUSED;
}

function inOrder(list: readonly Value[]): Value[] | undefined {
  const texts = list.map(toText);
  return texts.every((item) => item !== undefined) ? texts.sort() : undefined;
}

function withoutRepeated(list: readonly Value[]): Value[] | undefined {
  return unified(list)?.filter(
    (item, index, all) => all.findIndex((other) => equality(item, other) === true) === index,
  );
}

/** What is unknown may be empty, but for ids of resources. */
function compacted(list: readonly Value[]): Value[] | undefined {
  const items = list.filter((item) => item !== null && item !== "");
  const texts = items.map((item) => (isNonEmptyText(item) ? item : toText(item)));
  return texts.every((item) => item !== undefined) ? texts : undefined;
}

function contained([list, wanted]: readonly Value[]): boolean | undefined {
  if (list === undefined || wanted === undefined || !isList(list)) return undefined;
  const found = list.map((item) => equality(expanded(item), wanted));
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}

function coalesced(args: readonly Value[]): ReturnType<TerraformFunction> {
  const first = args.find((arg) => arg !== null && arg !== "");
  if (first === undefined) return REFUSED;
  if (first instanceof Unknown && !isNonEmptyText(first)) return undefined;
  return unified([first, ...args])?.[0] ?? first;
}

/** Whether all items are `wanted`; nothing where an unknown one decides. */
function allAre(wanted: boolean, list: readonly Value[]): boolean | undefined {
  const items = list.map((item) => (item === null ? false : toBoolean(item)));
  if (items.includes(!wanted)) return false;
  return items.includes(undefined) ? undefined : true;
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function zipped([keys, values]: readonly Value[]): ReturnType<TerraformFunction> {
  if (keys === undefined || values === undefined || !isList(keys) || !isList(values)) return undefined;
  const names = keys.map(toText);
  if (!names.every((name) => name !== undefined)) return undefined;
  if (names.length !== values.length) return REFUSED;
  return Object.fromEntries(names.map((name, index) => [name, values[index] as Value]));
}

/** All combinations; of sets alone, a set. */
function product(lists: readonly Value[]): ReturnType<TerraformFunction> {
  if (!lists.every((list) => isList(list) && !isSetOfUnknownSize(list)) || !lists.every(isList))
    return undefined;
  const typed = lists.map((list) => unified(list));
  if (!typed.every((list) => list !== undefined)) return REFUSED;
  const all = typed.reduce<Value[][]>(
    (made, list) => made.flatMap((one) => list.map((item) => [...one, item])),
    [[]],
  );
  return lists.every((list) => list instanceof SetValue) ? asSet(all) : all;
}

/** As Terraform: more than this is refused. */
const LONGEST_RANGE = 1024;

function counted(args: readonly Value[]): ReturnType<TerraformFunction> {
  const numbers = args.map(toNumber);
  if (!numbers.every((number) => number !== undefined)) return undefined;
  const [from, to] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  if (from === undefined || to === undefined) return undefined;
  const by = numbers[2] ?? (to < from ? -1 : 1);
  const size = by === 0 ? Number.NaN : Math.max(0, Math.ceil((to - from) / by));
  if (!(size <= LONGEST_RANGE)) return REFUSED;
  return Array.from({ length: size }, (_, index) => from + index * by);
}
