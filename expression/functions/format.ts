import { checkText } from "../limits";
import { decimalOf } from "../numbers";
import { Unknown, type Value } from "../value";
import { expanded, isKnown, isList, isObject, SetValue, toBoolean, toText } from "../values";
import { jsonOf } from "./encodings";
import { argument, type Functions, type Outcome, type PureFunction, REFUSED } from "./function";
import { characters } from "./texts";

export const FORMAT_FUNCTIONS: Functions = [
  ["format", onTemplate(formatted)],
  ["formatlist", onTemplate(formattedList)],
];

function onTemplate(of: (template: string, args: readonly Value[]) => Outcome): PureFunction {
  return ([template, ...args]) => {
    if (template === undefined) return REFUSED;
    const text = argument("string", template);
    // Of null, which has no type, Terraform itself makes something unknown.
    return typeof text === "string" ? (args.includes(null) ? undefined : of(text, args)) : text;
  };
}

/** Each verb, or a percent sign that is none: flags, width, precision, number of the argument, mode. */
const VERB = /%(?:%|([0#+ -]*)([1-9]\d*)?(?:\.(\d*))?(?:\[([1-9]\d*)\])?([a-zA-Z])|)/g;

function formatted(template: string, args: readonly Value[]): Outcome {
  let next = 1;
  let highest = 0;
  let size = template.length;
  const parts: (string | typeof REFUSED | undefined)[] = [];
  let last = 0;
  for (const match of template.matchAll(VERB)) {
    parts.push(template.slice(last, match.index));
    last = match.index + match[0].length;
    const [whole, flags = "", width, precision, index, mode] = match;
    if (whole === "%%") {
      parts.push("%");
      continue;
    }
    if (mode === undefined) return REFUSED;
    const at = index === undefined ? next : Number(index);
    highest = Math.max(highest, at);
    next = at + 1;
    if (at > args.length) return REFUSED;
    checkText(Number(width ?? 0), "format()");
    const one = formattedOne({ flags, width, precision, mode }, args[at - 1] as Value);
    if (one === REFUSED) return REFUSED;
    size += one?.length ?? 0;
    checkText(size, "format()");
    parts.push(one);
  }
  if (highest < args.length) return REFUSED;
  return parts.includes(undefined) ? undefined : parts.join("") + template.slice(last);
}

interface Verb {
  readonly flags: string;
  readonly width: string | undefined;
  readonly precision: string | undefined;
  readonly mode: string;
}

function formattedOne(verb: Verb, given: Value): string | typeof REFUSED | undefined {
  const value = expanded(given);
  if (!isKnown(value)) return undefined;
  switch (verb.mode) {
    case "v":
      return padded(verb, shown(verb, value));
    case "t": {
      const known = toBoolean(value);
      return known === undefined ? REFUSED : String(known);
    }
    case "s":
    case "q": {
      const text = isList(value) || isObject(value) ? undefined : toText(value);
      if (text === undefined) return REFUSED;
      const size = Number(verb.precision ?? 0);
      const cut = size > 0 ? characters(text).slice(0, size).join("") : text;
      return padded(verb, verb.mode === "q" ? jsonOf(cut) : cut);
    }
    case "b":
    case "d":
    case "o":
    case "x":
    case "X":
      return whole(verb, value);
    case "e":
    case "E":
    case "f":
    case "g":
    case "G":
      return fraction(verb, value);
    default:
      return REFUSED;
  }
}

function shown({ flags }: Verb, value: Value): string | undefined {
  if (flags.includes("#")) return jsonOf(value);
  if (typeof value === "string") return value;
  if (typeof value !== "number") return jsonOf(value);
  // As Go's `%g`, which has exponents from 21 digits on.
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-4 && size < 1e21) ? decimalOf(value) : undefined;
}

/** Whole numbers, padded behind their sign with zeros. */
function whole(verb: Verb, value: Value): string | typeof REFUSED | undefined {
  if (typeof value === "boolean") return REFUSED;
  const number = argument("number", value);
  if (typeof number !== "number") return number as typeof REFUSED | undefined;
  if (!Number.isInteger(number)) return REFUSED;
  if (verb.precision !== undefined || verb.flags.includes("#")) return undefined;
  const base = { b: 2, d: 10, o: 8, x: 16, X: 16 }[verb.mode] as number;
  const digits = BigInt(Math.abs(number)).toString(base);
  return signed(verb, number < 0, verb.mode === "X" ? digits.toUpperCase() : digits);
}

/** `%.2f`: numbers that a double has exactly, because others are rounded by digits that it has not. */
function fraction(verb: Verb, value: Value): string | typeof REFUSED | undefined {
  if (typeof value === "boolean") return REFUSED;
  const number = argument("number", value);
  if (typeof number !== "number") return number as typeof REFUSED | undefined;
  if (verb.mode !== "f" || verb.flags.includes("#") || Math.abs(number) >= 1e15) return undefined;
  const places = verb.precision === undefined ? 6 : Number(verb.precision);
  if (places > 15 || !Number.isInteger(number * 2 ** 20)) return undefined;
  return signed(verb, number < 0, rounded(Math.abs(number), places));
}

/** A binary fraction of 20 places, rounded to nearest and half to even. */
function rounded(number: number, places: number): string {
  const scaled = BigInt(number * 2 ** 20) * 10n ** BigInt(places);
  const unit = 1n << 20n;
  let result = scaled / unit;
  const rest = scaled % unit;
  if (rest * 2n > unit || (rest * 2n === unit && result % 2n === 1n)) result += 1n;
  const digits = result.toString().padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function signed({ flags, width = "0" }: Verb, isNegative: boolean, digits: string): string {
  const sign = isNegative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  if (flags.includes("-")) return `${sign}${digits}`.padEnd(Number(width));
  if (flags.includes("0")) return `${sign}${digits.padStart(Number(width) - sign.length, "0")}`;
  return `${sign}${digits}`.padStart(Number(width));
}

function padded({ flags, width }: Verb, text: string | undefined): string | undefined {
  if (text === undefined || width === undefined) return text;
  const missing = Math.max(0, Number(width) - characters(text).length);
  const padding = (flags.includes("0") ? "0" : " ").repeat(missing);
  return flags.includes("-") ? text + padding : padding + text;
}

/** Of lists, all as long as each other, one text for each place; what is no list is the same in all. */
function formattedList(template: string, args: readonly Value[]): Outcome {
  const values = args.map(expanded);
  if (values.some((value) => value instanceof Unknown)) return undefined;
  const lists = values.filter(isList);
  if (lists.some((list) => list instanceof SetValue && !isKnown(list))) return undefined;
  const [size = 1] = lists.map((list) => list.length);
  if (lists.some((list) => list.length !== size)) return REFUSED;
  const results: Value[] = [];
  for (let place = 0; place < size; place += 1) {
    const result = formatted(
      template,
      values.map((value) => (isList(value) ? (value[place] as Value) : value)),
    );
    if (result === REFUSED || result === undefined) return result;
    results.push(result);
  }
  return results;
}
