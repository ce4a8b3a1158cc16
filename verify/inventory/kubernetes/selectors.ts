import { Unknown, type Value } from "../../../expression/value";
import { elements, isObject } from "../values";

/**
 * A label selector of Kubernetes
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors): all of its requirements
 * must be met. It matches everything where it has none.
 */
export interface Requirement {
  readonly key: Value;
  readonly operator: Value;
  /** Undefined where none are given. */
  readonly values: readonly Value[] | undefined;
}

export const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

/** The requirements of a selector that is given; undefined where the input does not determine how many there are. */
export function requirementsOf(selector: Value): Requirement[] | undefined {
  if (!isObject(selector)) return undefined;
  const labels = selector["matchLabels"] ?? {};
  const expressions = selector["matchExpressions"] ?? [];
  if (!isObject(labels) || expressions instanceof Unknown) return undefined;
  const written = elements(expressions);
  if (!written.every(isObject)) return undefined;
  if (written.some(({ values }) => values instanceof Unknown)) return undefined;
  return [
    ...Object.entries(labels).map(([key, value]) => ({ key, operator: "In", values: [value] })),
    ...written.map(({ key = null, operator = null, values = null }) => ({
      key,
      operator,
      values: values === null ? undefined : elements(values),
    })),
  ];
}

/** The values that a label may have, and whether it may be missing. */
interface Allowed {
  readonly mayBeMissing: boolean;
  /** Those alone, or with `isExcluding` all but those. A value that is not known is written as its expression. */
  readonly values: ReadonlySet<string>;
  readonly isExcluding: boolean;
  readonly hasUnknown: boolean;
}

/** What pods a selector matches: what their labels may be, by the key. Keys that are not there may be anything. */
export type Matched = ReadonlyMap<string, Allowed>;

/** What a selector that no labels can meet matches. */
export const NOTHING: Matched = new Map([
  ["pod ", { mayBeMissing: false, values: new Set(), isExcluding: false, hasUnknown: false }],
]);

/**
 * What a selector matches; undefined where the input does not determine that.
 *
 * @param kind whose labels these are: keys of pods and of service accounts are different keys
 */
export function matchedBy(requirements: readonly Requirement[], kind: string): Matched | undefined {
  const matched = new Map<string, Allowed>();
  for (const requirement of requirements) {
    const allowed = allowedBy(requirement);
    if (typeof requirement.key !== "string" || allowed === undefined) return undefined;
    const key = `${kind} ${requirement.key}`;
    const before = matched.get(key);
    // What several requirements with an unknown value leave is not known.
    if (before && (before.hasUnknown || allowed.hasUnknown)) return undefined;
    matched.set(key, before ? common(before, allowed) : allowed);
  }
  return matched;
}

function allowedBy({ operator, values = [] }: Requirement): Allowed | undefined {
  const names = values.map((value) =>
    value instanceof Unknown ? `\${${value.expression}}` : typeof value === "string" ? value : undefined,
  );
  if (!names.every((name) => name !== undefined)) return undefined;
  const hasUnknown = values.some((value) => value instanceof Unknown);
  const of = (mayBeMissing: boolean, isExcluding: boolean) => {
    return { mayBeMissing, values: new Set(names), isExcluding, hasUnknown };
  };
  switch (operator) {
    case "In":
      return names.length > 0 ? of(false, false) : undefined;
    case "NotIn":
      return names.length > 0 ? of(true, true) : undefined;
    case "Exists":
      return names.length === 0 ? of(false, true) : undefined;
    case "DoesNotExist":
      return names.length === 0 ? of(true, false) : undefined;
    default:
      return undefined;
  }
}

/** What both allow, or more than that where a value is not known. */
function common(a: Allowed, b: Allowed): Allowed {
  const mayBeMissing = a.mayBeMissing && b.mayBeMissing;
  if (a.hasUnknown || b.hasUnknown) return { ...(a.hasUnknown ? b : a), mayBeMissing };
  const [first, second] = a.isExcluding ? [b, a] : [a, b];
  const values = first.isExcluding
    ? [...first.values, ...second.values]
    : [...first.values].filter((value) => second.values.has(value) !== second.isExcluding);
  return { mayBeMissing, values: new Set(values), isExcluding: first.isExcluding, hasUnknown: false };
}

function isNothing({ mayBeMissing, values, isExcluding }: Allowed): boolean {
  return !mayBeMissing && !isExcluding && values.size === 0;
}

/** What both match, or more than that where a value is not known; undefined where no pod can match both. */
export function both(a: Matched, b: Matched): Matched | undefined {
  const result = new Map(a);
  for (const [key, allowed] of b) {
    const before = a.get(key);
    const now = before ? common(before, allowed) : allowed;
    if (isNothing(now)) return undefined;
    result.set(key, now);
  }
  return result;
}

/** Whether no pod can be matched. */
export function matchesNothing(matched: Matched): boolean {
  return [...matched.values()].some(isNothing);
}

const MISSING: Allowed = { mayBeMissing: true, values: new Set(), isExcluding: false, hasUnknown: false };

/** The labels that something has. */
export interface Labelled {
  readonly labels: Readonly<Record<string, Value>>;
  /** Keys of labels that it may have besides: whether it does, and with which value, is not known. */
  readonly open?: readonly string[];
}

/** Labels by whose they are (`pod`, `service account`): of those that are missing nothing is known. */
export type AllLabels = Readonly<Record<string, Labelled>>;

/** What a selector says of a label, and the label: its value, that it is missing, or that it is not known. */
function labelOf(key: string, all: AllLabels): { value: Value | undefined } | "unknown" {
  const [whose, own] = Object.entries(all).find(([one]) => key.startsWith(`${one} `)) ?? [];
  if (whose === undefined || own === undefined) return "unknown";
  const name = key.slice(whose.length + 1);
  // One that is null is none.
  if (Object.hasOwn(own.labels, name)) return { value: own.labels[name] ?? undefined };
  return own.open?.includes(name) ? "unknown" : { value: undefined };
}

/** Whether pods with exactly these labels are certainly matched. */
export function matchesLabels(matched: Matched, labels: AllLabels): boolean {
  return [...matched].every(([key, allowed]) => {
    const label = labelOf(key, labels);
    if (label === "unknown") return false;
    const { value } = label;
    const is = value === undefined ? MISSING : allowedBy({ key, operator: "In", values: [value] });
    return is !== undefined && isWithin(is, allowed);
  });
}

/** Whether pods with exactly these labels may be matched. */
export function mayMatchLabels(matched: Matched, labels: AllLabels): boolean {
  return [...matched].every(([key, allowed]) => {
    const label = labelOf(key, labels);
    if (label === "unknown") return !isNothing(allowed);
    const { value } = label;
    if (value === undefined) return allowed.mayBeMissing;
    // A value that is not known may be any, and what a selector names without saying which may be this one.
    if (value instanceof Unknown || allowed.hasUnknown) return allowed.isExcluding || allowed.values.size > 0;
    return allowed.values.has(String(value)) !== allowed.isExcluding;
  });
}

/** Whether all that `a` matches, `b` matches, too. */
export function implies(a: Matched, b: Matched): boolean {
  return [...b].every(([key, allowed]) => {
    const own = a.get(key);
    return own !== undefined && isWithin(own, allowed);
  });
}

function isWithin(a: Allowed, b: Allowed): boolean {
  if (a.mayBeMissing && !b.mayBeMissing) return false;
  if (a.isExcluding) return b.isExcluding && [...b.values].every((value) => a.values.has(value));
  if (!b.isExcluding) return [...a.values].every((value) => b.values.has(value));
  if (b.values.size > 0 && (a.hasUnknown || b.hasUnknown)) return false;
  return [...a.values].every((value) => !b.values.has(value));
}
