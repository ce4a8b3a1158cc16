import type { Value } from "../../../expression/value";
import { isList, isObject, toText } from "../../../expression/values";

/** Maps from any key to text. */
const MAPS: ReadonlySet<string> = new Set(["annotations", "labels", "matchLabels", "nodeSelector"]);

/** Lists whose items have text under a key, and that key. */
const LISTS: Readonly<Record<string, string>> = { env: "value", matchExpressions: "values" };

/**
 * An object as the provider hashicorp/kubernetes applies it: where Kubernetes has text, the provider makes text of numbers and
 * booleans (`matchLabels = { tier = 1 }`), by the type that the API server gives for the field. What kubectl applies is
 * rejected instead.
 */
export function withTextValues(body: Value): Value {
  if (isList(body)) return body.map(withTextValues);
  if (!isObject(body)) return body;
  const isService = body["kind"] === "Service";
  const entries = Object.entries(body).map(([key, value]): [string, Value] => {
    if (MAPS.has(key)) return [key, withTextItems(value)];
    const of = Object.hasOwn(LISTS, key) ? LISTS[key] : undefined;
    if (of !== undefined && isList(value)) return [key, value.map((item) => withText(item, of))];
    const isSpec = isService && key === "spec" && isObject(value);
    return [key, withTextValues(isSpec ? withText(value, "selector") : value)];
  });
  return Object.fromEntries(entries);
}

function withText(value: Value, key: string): Value {
  if (!isObject(value) || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: withTextItems(value[key] ?? null) };
}

/** A value, or each of its items, as text. */
function withTextItems(value: Value): Value {
  if (isList(value)) return value.map((item) => toText(item) ?? item);
  if (!isObject(value)) return toText(value) ?? value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toText(item) ?? item]));
}
