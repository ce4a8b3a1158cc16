import { quote } from "./hcl";
import { type Big, bigOf, decimalOf, shortOf } from "./numbers";
import { isVariable } from "./references";
import { lastAttribute } from "./resource-reference";
import { Unknown, type Value } from "./value";

export type ValueObject = { readonly [key: string]: Value };

/**
 * An object whose parts are worked out when they are asked for: a resource, a module call, `var`. To everybody
 * else it is an unknown value with the expression that names it.
 */
export class Reference extends Unknown {
  readonly #step: (key: string | number) => Value;
  readonly #members: (() => ValueObject | readonly Value[] | undefined) | undefined;

  /**
   * @param outcome of evaluating it in Terraform, where that is known: `try` and `can` depend on it
   * @param why it fails, as a sentence without its point
   */
  constructor(
    expression: string,
    step: (key: string | number) => Value,
    members?: () => ValueObject | readonly Value[] | undefined,
    readonly outcome?: "succeeds" | "fails",
    readonly why?: string,
  ) {
    super(expression);
    this.#step = step;
    this.#members = members;
  }

  step(key: string | number): Value {
    return this.#step(key);
  }

  /** All of its parts, where they are known: the instances of a resource or a module, a resource's blocks. */
  members(): ValueObject | readonly Value[] | undefined {
    return this.#members?.();
  }
}

/** An unknown value of a resource, whose attributes are written with dots: `aws_eks_cluster.main.vpc_config[0].id`. */
export function attribute(expression: string, outcome?: "succeeds" | "fails"): Reference {
  const part = (key: string | number) =>
    typeof key === "string" && /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(key)
      ? `${expression}.${key}`
      : `${expression}[${text(key)}]`;
  return new Reference(
    expression,
    (key) => attribute(part(key), outcome === "fails" ? "fails" : undefined),
    undefined,
    outcome,
  );
}

/** What Terraform refuses to evaluate: a missing key, an index beyond the end. @param why as a sentence without its point */
export function failure(expression: string, why?: string): Reference {
  const step = (key: string | number) => failure(`${expression}[${text(key)}]`, why);
  return new Reference(expression, step, undefined, "fails", why);
}

/** The first of what Terraform certainly refuses to evaluate in some values. */
export function failedIn(values: readonly Value[]): Reference | undefined {
  for (const value of values) {
    if (value instanceof Reference && value.outcome === "fails") return value;
    const parts = isList(value) ? value : isObject(value) ? Object.values(value) : [];
    const failed = parts.length === 0 ? undefined : failedIn(parts);
    if (failed) return failed;
  }
  return undefined;
}

/** What Terraform knows only after apply: an attribute of a resource that is still to be made, and all that hangs on it. */
export class Late extends Unknown {
  /** @param resources the addresses of the resources that are still to be made */
  constructor(
    expression: string,
    readonly resources: readonly string[],
  ) {
    super(expression);
  }
}

/** What is known after apply by some values, or undefined where something else is not known of them, or nothing. */
export function lateFrom(expression: string, values: readonly Value[]): Late | undefined {
  const unknown = values.flatMap(unknownIn);
  const late = unknown.filter((one) => one instanceof Late);
  if (late.length === 0 || late.length < unknown.length) return undefined;
  return new Late(expression, [...new Set(late.flatMap(({ resources }) => resources))]);
}

function unknownIn(value: Value): readonly Unknown[] {
  if (value instanceof Unknown) return [value];
  if (isList(value)) return value.flatMap(unknownIn);
  return isObject(value) ? Object.values(value).flatMap(unknownIn) : [];
}

/** Whether Terraform certainly refuses to evaluate a value, or a part of it. */
export function isFailed(value: Value): boolean {
  return failedIn([value]) !== undefined;
}

/** Whether Terraform certainly can evaluate a value with all of its parts: it is known, or that it exists is. */
export function isSure(value: Value): boolean {
  if (value instanceof Reference && value.outcome !== undefined) return value.outcome === "succeeds";
  if (value instanceof LongNumber) return true;
  if (value instanceof Unknown) return isVariable(value.expression);
  if (isList(value)) return value.every(isSure);
  return !isObject(value) || Object.values(value).every(isSure);
}

/** Attributes that are never null nor empty where their resource exists. */
const IDS = ["id", "cluster_security_group_id"];

/** Whether a value is the id of a resource that exists: unknown, but neither null nor empty. */
export function isNonEmptyText(value: Value): boolean {
  return (
    value instanceof Reference &&
    value.outcome === "succeeds" &&
    IDS.includes(lastAttribute(value.expression)?.name ?? "")
  );
}

/** A list that is a set: in the order in which Terraform iterates, and with each item once. */
export class SetValue extends Array<Value> {
  /** What is made of its items is a list. */
  static override get [Symbol.species]() {
    return Array;
  }
}

/** @param items each once, in order */
export function asSet(items: readonly Value[]): SetValue {
  const set = new SetValue();
  for (const item of items) set.push(item);
  return set;
}

/** Whether a list is a set with unknown items: they may be equal. */
export function isSetOfUnknownSize(list: readonly Value[]): boolean {
  return list instanceof SetValue && list.length > 1 && !isKnown(list);
}

const MAPS = new WeakSet<object>();

/** An object that is known to be a map: its items have one type. */
export function asMap(entries: ValueObject): ValueObject {
  MAPS.add(entries);
  return entries;
}

/** Whether an object is known to be a map. */
export function isMap(value: ValueObject): boolean {
  return MAPS.has(value);
}

export function isObject(value: Value): value is ValueObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** The value at a path of keys of YAML, in which a list is no map; unknown where what leads to it is. */
export function field(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  let current = value;
  for (const key of path) {
    if (current instanceof Unknown) return current;
    if (!isObject(current ?? null) || !Object.hasOwn(current as ValueObject, key)) return undefined;
    current = (current as ValueObject)[key];
  }
  return current;
}

/** A text as Terraform keeps it: what can be one character is (NFC). */
export function composed(text: string): string {
  return text.normalize("NFC");
}

/** An object of entries, of which the last one with a key counts. Every name is one like others: `__proto__`, too. */
export function objectFrom(entries: Iterable<readonly [string, Value]>): ValueObject {
  return Object.fromEntries(entries);
}

/** The parts of a reference where it has known ones, else the value itself. */
export function expanded(value: Value): Value {
  return value instanceof Reference ? (value.members() ?? value) : value;
}

/** Whether nothing in a value is unknown. */
export function isKnown(value: Value): boolean {
  if (value instanceof Unknown) return false;
  if (isList(value)) return value.every(isKnown);
  return !isObject(value) || Object.values(value).every(isKnown);
}

/** `of.key` and `of["key"]`, which mean the same. */
export function step(of: Value, key: Value): Value {
  if (typeof key === "string" || typeof key === "number") {
    if (of instanceof Reference) return of.step(key);
    if (isList(of)) {
      const item = of[Number(key)];
      if (item !== undefined) return item;
    }
    if (isObject(of) && Object.hasOwn(of, key)) return of[key] as Value;
  }
  const expression = `${text(of)}[${text(key)}]`;
  if (of instanceof Reference && key instanceof Unknown) return attribute(expression);
  if (of instanceof Late && !(key instanceof Unknown)) return new Late(expression, of.resources);
  // A part that a known value does not have.
  return of instanceof Unknown || key instanceof Unknown
    ? new Unknown(expression)
    : failure(expression, `there is no ${text(key)} in ${shortened(text(of))}`);
}

/** Words that are not longer than somebody reads. */
function shortened(words: string): string {
  return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}

/** A value as an expression, in one canonical spelling: an object's keys in order. */
export function text(value: Value): string {
  if (value instanceof Unknown) return value.expression;
  if (typeof value === "string") return quote(value);
  if (isList(value)) return `[${value.map(text).join(", ")}]`;
  if (!isObject(value)) return toText(value) ?? String(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${quote(key)} = ${text(value[key] as Value)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** Text that is made of parts, some of them unknown: `"${aws_vpc.main.id}-pods"`. */
export function templateText(parts: readonly Value[]): string {
  const inner = (part: Value): string => {
    if (!(part instanceof Unknown)) return quote(typeof part === "string" ? part : text(part)).slice(1, -1);
    const isTemplate = /^"[\s\S]*"$/.test(part.expression);
    return isTemplate ? part.expression.slice(1, -1) : `\${${part.expression}}`;
  };
  return `"${parts.map(inner).join("")}"`;
}

/** A number of more digits than JavaScript's have, such as a third. To everybody but other numbers it is unknown. */
export class LongNumber extends Unknown {
  constructor(
    expression: string,
    readonly big: Big,
  ) {
    super(expression);
  }
}

/** A number that was computed. @param expression where it comes from */
export function numberOf(big: Big, expression: string): number | LongNumber {
  return shortOf(big) ?? new LongNumber(expression, big);
}

/** As HCL turns a value into text, where it does. */
export function toText(value: Value): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return decimalOf(value);
  return typeof value === "boolean" ? String(value) : undefined;
}

/** As HCL turns a value into a number, where it does and JavaScript has it. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === "number") return value;
  const big = toBig(value);
  return big === undefined || big === "large" ? undefined : shortOf(big);
}

/** As HCL turns a value into a number, where it does; `"large"` for one that is beyond computing. */
export function toBig(value: Value): Big | "large" | undefined {
  if (typeof value === "number") return bigOf(decimalOf(value));
  if (value instanceof LongNumber) return value.big;
  if (typeof value !== "string") return undefined;
  return /^[+-]?inf$/i.test(value) ? "large" : bigOf(value);
}

/** As HCL turns a value into a boolean, where it does. */
export function toBoolean(value: Value): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "1") return true;
  return value === "false" || value === "0" ? false : undefined;
}

/** A value for those who read the input: references become plain unknown values. */
export function plain(value: Value): Value {
  if (value instanceof Reference) {
    const members = value.members();
    return members === undefined ? new Unknown(value.expression) : plain(members);
  }
  if (isList(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
