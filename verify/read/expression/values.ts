import { Unknown, type Value } from "../../model";

export type ValueObject = { readonly [key: string]: Value };

/**
 * An object whose parts are worked out when they are asked for: a resource, a module call, `var`. To everybody
 * else it is an unknown value with the expression that names it.
 */
export class Reference extends Unknown {
  readonly #step: (key: string | number) => Value;
  readonly #members: (() => ValueObject | readonly Value[] | undefined) | undefined;

  constructor(
    expression: string,
    step: (key: string | number) => Value,
    members?: () => ValueObject | readonly Value[] | undefined,
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
export function attribute(expression: string): Reference {
  return new Reference(expression, (key) =>
    attribute(
      typeof key === "string" && /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(key)
        ? `${expression}.${key}`
        : `${expression}[${text(key)}]`,
    ),
  );
}

export function isObject(value: Value): value is ValueObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
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
  return of instanceof Reference && key instanceof Unknown ? attribute(expression) : new Unknown(expression);
}

/** A value as an expression, in one canonical spelling: an object's keys in order. */
export function text(value: Value): string {
  if (value instanceof Unknown) return value.expression;
  if (typeof value === "string") return quoted(value);
  if (isList(value)) return `[${value.map(text).join(", ")}]`;
  if (!isObject(value)) return String(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${quoted(key)} = ${text(value[key] as Value)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function quoted(value: string): string {
  return JSON.stringify(value.replaceAll("${", () => "$${").replaceAll("%{", "%%{"));
}

/** Text that is made of parts, some of them unknown: `"${aws_vpc.main.id}-pods"`. */
export function templateText(parts: readonly Value[]): string {
  const inner = (part: Value): string => {
    if (!(part instanceof Unknown)) return quoted(typeof part === "string" ? part : text(part)).slice(1, -1);
    const isTemplate = /^"[\s\S]*"$/.test(part.expression);
    return isTemplate ? part.expression.slice(1, -1) : `\${${part.expression}}`;
  };
  return `"${parts.map(inner).join("")}"`;
}

/** As HCL turns a value into text, where it does. */
export function toText(value: Value): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** As HCL turns a value into a number, where it does. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)
    ? Number(value)
    : undefined;
}

/** As HCL turns a value into a boolean, where it does. */
export function toBoolean(value: Value): boolean | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
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
