import { Unknown, type Value } from "../../model";
import { subnetOf } from "./cidr";
import { expanded, isKnown, isList, isObject, text, toNumber, toText, type ValueObject } from "./values";

/** Calls a function of Terraform; one that is not known here, or that needs what is not known, is unknown. */
export function callFunction(name: string, args: readonly Value[], isSpread: boolean): Value {
  const unknown = () => new Unknown(`${name}(${args.map(text).join(", ")}${isSpread ? "..." : ""})`);
  const last = expanded(args.at(-1) ?? null);
  if (isSpread && !isList(last)) return unknown();
  const values = (isSpread ? [...args.slice(0, -1), ...(last as readonly Value[])] : args).map(expanded);
  const result = FUNCTIONS.get(name)?.(values);
  // Null is a result: lookup(map, "self", null).
  return result === undefined ? unknown() : result;
}

/** Each gives nothing where its arguments are not known or not what it takes. */
const FUNCTIONS = new Map<string, (args: readonly Value[]) => Value | undefined>([
  ["toset", ([list]) => (list !== undefined && isList(list) ? distinct(list) : undefined)],
  ["tolist", ([list]) => (list !== undefined && isList(list) ? list : undefined)],
  ["tomap", ([map]) => (map !== undefined && isObject(map) ? map : undefined)],
  ["concat", (lists) => (lists.every(isList) ? lists.flat() : undefined)],
  ["merge", merged],
  ["keys", ([map]) => (map !== undefined && isObject(map) ? Object.keys(map).sort() : undefined)],
  ["values", ([map]) => (map !== undefined && isObject(map) ? valuesInOrder(map) : undefined)],
  ["flatten", ([list]) => (list !== undefined && isList(list) ? flattened(list) : undefined)],
  ["lookup", lookedUp],
  ["format", formatted],
  ["join", joined],
  ["jsonencode", ([value]) => (value !== undefined && isKnown(value) ? json(value) : undefined)],
  ["cidrsubnet", subnet],
]);

/** As a set iterates: text in order. */
function distinct(list: readonly Value[]): readonly Value[] {
  const byText = new Map(list.map((item) => [text(item), item]));
  const items = [...byText.values()];
  const texts = items.map(toText);
  if (!items.some((item) => typeof item === "string") || !texts.every((item) => item !== undefined))
    return items;
  return [...new Set(texts)].sort();
}

function merged(maps: readonly Value[]): Value | undefined {
  const given = maps.filter((map) => map !== null);
  return given.every(isObject) ? Object.assign({}, ...given) : undefined;
}

function valuesInOrder(map: ValueObject): Value[] {
  return Object.keys(map)
    .sort()
    .map((key) => map[key] as Value);
}

/** An unknown item may be a list itself. */
function flattened(list: readonly Value[]): Value[] | undefined {
  const items: Value[] = [];
  for (const item of list.map(expanded)) {
    if (item instanceof Unknown) return undefined;
    const inner = isList(item) ? flattened(item) : [item];
    if (inner === undefined) return undefined;
    items.push(...inner);
  }
  return items;
}

function lookedUp([map, key, otherwise]: readonly Value[]): Value | undefined {
  if (map === undefined || !isObject(map) || typeof key !== "string") return undefined;
  return Object.hasOwn(map, key) ? map[key] : otherwise;
}

function formatted([template, ...args]: readonly Value[]): string | undefined {
  if (typeof template !== "string") return undefined;
  let next = 0;
  let isUnknown = false;
  const result = template.replace(/%(%|0?\d*[a-zA-Z]|.?)/g, (_, verb: string) => {
    if (verb === "%") return "%";
    const value = args[next++];
    const formatted = value === undefined ? undefined : formattedOne(verb, value);
    isUnknown ||= formatted === undefined;
    return formatted ?? "";
  });
  return isUnknown || next !== args.length ? undefined : result;
}

function formattedOne(verb: string, value: Value): string | undefined {
  const [, padding, kind] = /^(0?\d*)([sdvq])$/.exec(verb) ?? [];
  if (padding === undefined) return undefined;
  const number = toNumber(value);
  const raw =
    kind === "d"
      ? Number.isInteger(number)
        ? String(number)
        : undefined
      : (toText(value) ?? json(value, kind));
  const shown = raw !== undefined && kind === "q" ? JSON.stringify(raw) : raw;
  return shown?.padStart(Number(padding), padding.startsWith("0") ? "0" : " ");
}

function joined([separator, ...lists]: readonly Value[]): string | undefined {
  if (typeof separator !== "string" || !lists.every(isList)) return undefined;
  const texts = lists.flat().map((item) => toText(expanded(item)));
  return texts.every((item) => item !== undefined) ? texts.join(separator) : undefined;
}

/** Keys in order, and `<`, `>` and `&` escaped, as Terraform writes JSON. @param verb only `%v` shows it as text */
function json(value: Value, verb = "v"): string | undefined {
  if (verb !== "v" || !isKnown(value)) return undefined;
  return JSON.stringify(sorted(value)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
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

function subnet([prefix, newBits, number]: readonly Value[]): string | undefined {
  const bits = toNumber(newBits ?? null);
  const index = toNumber(number ?? null);
  if (typeof prefix !== "string" || bits === undefined || index === undefined) return undefined;
  return subnetOf(prefix, bits, index);
}
