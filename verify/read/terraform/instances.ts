import { withKey } from "../../../expression/address";
import { evaluateData, type Scope } from "../../../expression/evaluate";
import { Unknown, type Value } from "../../../expression/value";
import {
  expanded,
  isKnown,
  isList,
  isNonEmptyText,
  isObject,
  Reference,
  text,
  toBoolean,
  toNumber,
  toText,
} from "../../../expression/values";
import type { Json } from "../../../io/json";
import { asObjects } from "./module-files";

/** One of the instances that `count` and `for_each` make. */
export interface Instance {
  readonly key: string | number | undefined;
  readonly scope: Scope;
}

export interface Instances {
  /**
   * Of OpenTofu's `lifecycle { enabled }`: `disabled`, of which there is none, and `optional`, of which it is not known
   * whether there is one.
   */
  readonly form: "single" | "optional" | "disabled" | "count" | "for_each" | "unknown";
  /** When the instances are not known: a single one that stands for all of them. */
  readonly all: readonly Instance[];
  /** Whether they are known, and more than are written out. */
  readonly areTooMany?: true;
}

/** Whether it is not known if there are the instances that stand for what is declared. */
export function mayBeNone({ form }: Instances): boolean {
  return form === "unknown" || form === "optional";
}

/** More are not written out: a mistake in `count` must not fill the memory. */
export const MOST_INSTANCES = 100_000;

/**
 * The instances of a resource or a module call.
 *
 * @param address without a key
 * @param knownKeys the keys that a plan knows, for a `for_each` that cannot be evaluated
 */
export function instancesOf(
  body: Json,
  address: string,
  scope: Scope,
  knownKeys?: readonly (string | number)[],
): Instances {
  if (body["count"] !== undefined && body["count"] !== null)
    return counted(body["count"], address, scope, knownKeys);
  if (body["for_each"] !== undefined && body["for_each"] !== null) {
    return iterated(body["for_each"], address, scope, knownKeys);
  }
  const all = [
    { key: undefined, scope: { name: scope.name, label: address, surroundings: scope.surroundings } },
  ];
  const enabled = enabledOf(body);
  if (enabled === undefined) return { form: "single", all };
  const isEnabled = toBoolean(evaluateData(enabled, scope));
  if (isEnabled === undefined) return { form: "optional", all };
  return isEnabled ? { form: "single", all } : { form: "disabled", all: [] };
}

/**
 * What `lifecycle { enabled = … }` of a resource, a data source or a module says; undefined where it is not there. OpenTofu 1.11
 * has it (https://opentofu.org/docs/language/meta-arguments/enabled/).
 */
export function enabledOf(body: Json): unknown {
  const [enabled] = asObjects(body["lifecycle"])
    .map((lifecycle) => lifecycle["enabled"])
    .filter((value) => value !== undefined && value !== null);
  return enabled;
}

/**
 * The arguments whose changes `lifecycle { ignore_changes = … }` leaves to others: their names, or `all`. See
 * https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes.
 */
export function ignoredChangesOf(body: Json): string[] {
  return asObjects(body["lifecycle"])
    .flatMap(({ ignore_changes: ignored = [] }) => ignored)
    .flatMap((name) => (typeof name === "string" ? [name.replace(/^\$\{(.*)\}$/, "$1")] : []));
}

/** Whether `lifecycle { prevent_destroy = true }` keeps Terraform from destroying an object. */
export function preventsDestroyIn(body: Json): boolean {
  return asObjects(body["lifecycle"]).some((lifecycle) => lifecycle["prevent_destroy"] === true);
}

function counted(
  count: unknown,
  address: string,
  scope: Scope,
  knownKeys: readonly (string | number)[] = [],
): Instances {
  const indexed = (key: number | undefined, index: Value): Instance => ({
    key,
    scope: within(scope, withKey(address, key), "count", { index }),
  });
  const length =
    toNumber(evaluateData(count, scope)) ?? (knownKeys.length > 0 ? knownKeys.length : undefined);
  if (length === undefined || length > MOST_INSTANCES) {
    const all = [indexed(undefined, new Unknown(`count.index in ${address}`))];
    return { form: "unknown", all, ...(length !== undefined && { areTooMany: true }) };
  }
  return { form: "count", all: Array.from({ length }, (_, index) => indexed(index, index)) };
}

function iterated(
  forEach: unknown,
  address: string,
  scope: Scope,
  knownKeys: readonly (string | number)[] = [],
): Instances {
  const each = (key: string | undefined, eachKey: Value, value: Value): Instance => ({
    key,
    scope: within(scope, withKey(address, key), "each", { key: eachKey, value }),
  });
  const pairs = pairsOf(evaluateData(forEach, scope));
  const some = pairs && pairs.length <= MOST_INSTANCES ? pairs : undefined;
  const keys = some?.map(([key]) => toText(key));
  if (some && keys?.every((key) => key !== undefined)) {
    return {
      form: "for_each",
      all: some.map(([, value], index) => each(keys[index], keys[index] as string, value)),
    };
  }
  if (knownKeys.length > 0) {
    const all = knownKeys.map((key) =>
      each(String(key), String(key), new Unknown(`each.value in ${withKey(address, key)}`)),
    );
    return { form: "for_each", all };
  }
  const ids = newIds(expanded(evaluateData(forEach, scope)));
  if (ids) return { form: "for_each", all: ids.map((id) => each(text(id), id, id)) };
  const value = new Unknown(`each.value in ${address}`);
  return {
    form: "unknown",
    all: [each(undefined, new Unknown(`each.key in ${address}`), value)],
    ...(pairs && { areTooMany: true }),
  };
}

/**
 * The items of a set of which some are ids of resources that the configuration makes; undefined for any other. Terraform does
 * not plan them (`late-instances.ts`); the rules that are meant are known all the same.
 */
function newIds(collection: Value): readonly Value[] | undefined {
  if (!isList(collection)) return undefined;
  const isNew = (item: Value) =>
    isNonEmptyText(item) && item instanceof Unknown && !/(^|\.)data\./.test(item.expression);
  const isClear = collection.every((item) => isNew(item) || (isKnown(item) && toText(item) !== undefined));
  return isClear && collection.some(isNew) ? collection : undefined;
}

/**
 * Keys and values over which `for_each` goes: of an object, in the order of its keys; of a set, each item twice.
 * Undefined where they are not known.
 */
export function pairsOf(collection: Value): [Value, Value][] | undefined {
  const known = expanded(collection);
  if (isObject(known)) {
    return Object.keys(known)
      .sort()
      .map((key) => [key, known[key] as Value]);
  }
  if (!isList(known)) return undefined;
  if (!known.every((item) => isKnown(item) && toText(item) !== undefined)) return undefined;
  return [...new Set(known)].map((item) => [item, item]);
}

/** A scope in which one name means more: `each`, `count`, the iterator of a dynamic block. */
export function within(
  scope: Scope,
  label: string,
  name: string,
  values: { readonly [key: string]: Value },
): Scope {
  const meaning = new Reference(`${name} in ${label}`, (key) =>
    Object.hasOwn(values, key) ? (values[key] as Value) : new Unknown(`${name}.${key} in ${label}`),
  );
  return {
    label,
    surroundings: scope.surroundings,
    name: (asked) => (asked === name ? meaning : scope.name(asked)),
  };
}
