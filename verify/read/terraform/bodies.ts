import { evaluateData, type Scope } from "../../../expression/evaluate";
import { expressionIn } from "../../../expression/parse";
import { Unknown, type Value } from "../../../expression/value";
import { expanded, isList, isObject, SetValue, step } from "../../../expression/values";
import { isJson, type Json } from "../../../io/json";
import { blockNames, COMMENT, META_ARGUMENTS } from "./blocks";
import { MOST_INSTANCES, pairsOf, within } from "./instances";
import { asObjects, dynamicBlocks } from "./module-files";
import { UNCERTAIN } from "./uncertain-block";

/** The arguments that the body of a resource gives, blocks included, in order. */
export function argumentNames(body: Json): string[] {
  return namesIn(body).filter((name) => !META_ARGUMENTS.has(name));
}

/** The arguments that a body gives; in a block inside a resource, such as `lifecycle` of a container, all are the provider's. */
function namesIn(body: Json): string[] {
  const written = Object.keys(body).filter((name) => name !== "dynamic" && name !== COMMENT);
  if (!Object.hasOwn(body, "dynamic")) return written.sort();
  return [...new Set([...written, ...Object.keys(dynamicBlocks(body))])].sort();
}

/** Whether the body of a resource gives an argument. */
export function givesArgument(body: Json, name: string): boolean {
  if (name === "dynamic" || META_ARGUMENTS.has(name)) return false;
  return (
    Object.hasOwn(body, name) || (Object.hasOwn(body, "dynamic") && Object.hasOwn(dynamicBlocks(body), name))
  );
}

/**
 * Evaluates an argument of the body of a resource. Nested blocks are an array of objects, however they are written;
 * `dynamic` ones come behind the written ones. Inside a block, what is null is left out, as if it were not written.
 *
 * @param onUnknown called with the name of a dynamic block whose number is not known
 */
export function argumentOf(
  type: string,
  body: Json,
  name: string,
  scope: Scope,
  onUnknown: (block: string) => void,
): Value {
  const dynamic = Object.hasOwn(body, "dynamic") ? dynamicBlocks(body)[name] : undefined;
  const written = Object.hasOwn(body, name) ? body[name] : undefined;
  if (dynamic === undefined && !blockNames(type).includes(name)) return evaluateData(written, scope);
  if (typeof written === "string") return withoutNulls(evaluateData(written, scope));
  // Not every argument with the name of a block is one: `port` of a probe is a number.
  if (dynamic === undefined && isScalar(written)) return evaluateData(written, scope);

  const blocks = (Array.isArray(written) ? written : [written]).filter((block) => block != null);
  const all = [
    ...blocks.map((block) =>
      isJson(block) ? blockOf(type, block, scope, onUnknown) : withoutNulls(evaluateData(block, scope)),
    ),
    ...asObjects(dynamic).flatMap((block) => dynamicOf(type, name, block, scope, onUnknown)),
  ];
  // An empty list is written as such, and means that there must be none; without blocks nothing is written.
  return all.length > 0 || Array.isArray(written) ? all : null;
}

function isScalar(written: unknown): boolean {
  return typeof written === "number" || typeof written === "boolean";
}

function blockOf(type: string, body: Json, scope: Scope, onUnknown: (block: string) => void): Value {
  const entries = namesIn(body)
    .map((name) => [name, argumentOf(type, body, name, scope, onUnknown)] as const)
    .filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}

function dynamicOf(
  type: string,
  name: string,
  block: Json,
  scope: Scope,
  onUnknown: (block: string) => void,
): Value[] {
  const [content] = asObjects(block["content"]);
  if (!content) return [];
  const iterator = typeof block["iterator"] === "string" ? expressionIn(block["iterator"]) : name;
  const one = (key: Value, value: Value) =>
    blockOf(type, content, within(scope, scope.label, iterator, { key, value }), onUnknown);

  const collection = expanded(evaluateData(block["for_each"], scope));
  // Unlike a resource's, a list may be iterated too, and items of any kind. In a set an item is its own key.
  const pairs = isList(collection)
    ? [...collection].map((item, index): [Value, Value] => [
        collection instanceof SetValue ? item : index,
        item,
      ])
    : pairsOf(collection);
  if (pairs && pairs.length <= MOST_INSTANCES) return pairs.map(([key, value]) => one(key, value));
  onUnknown(name);
  const part = (of: string) => new Unknown(`${iterator}.${of} in ${scope.label}`);
  return [{ ...(one(part("key"), part("value")) as object), [UNCERTAIN]: true }];
}

/** The attribute form of blocks: a list of objects, in which each has every attribute, often null. */
function withoutNulls(value: Value): Value {
  const known = expanded(value);
  if (isList(known)) return known.map(withoutNulls);
  if (!isObject(known)) return known;
  return Object.fromEntries(Object.entries(known).filter(([, item]) => item !== null));
}

/** A part of a resource's blocks; what they do not give is `otherwise`. */
export function partOf(value: Value, key: string | number): Value | undefined {
  if (isList(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? step(value, key) : undefined;
}
