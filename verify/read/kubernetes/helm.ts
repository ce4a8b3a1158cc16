import { documentsOf } from "../../../expression/partial-text";
import { Unknown, type Value } from "../../../expression/value";
import { isList, isObject, toText, type ValueObject } from "../../../expression/values";
import type { HelmRelease, Resource } from "../model";

/** The charts that the resources of a Terraform input install. */
export function helmReleases(resources: readonly Resource[]): HelmRelease[] {
  return resources.flatMap((resource): HelmRelease[] => {
    const { address, mode, type, values, source, isUncertain } = resource;
    const { chart } = values;
    if (mode !== "managed" || type !== "helm_release" || typeof chart !== "string") return [];
    const name = chart.replace(/\/+$/, "").replace(/^.*\//, "");
    return [
      { address, chart: name, values: valuesOf(resource), source, ...(isUncertain && { isUncertain }) },
    ];
  });
}

/** Values as Helm merges them: texts in order, then what is set by path. */
function valuesOf({ address, values }: Resource): Value {
  const texts = values["values"] ?? [];
  const unknown = new Unknown(`${address}.values`);
  if (!isList(texts)) return unknown;
  const given = texts
    .filter((text) => text !== null && text !== "")
    .map((text) => documentsOf(text)?.[0] ?? (text instanceof Unknown ? unknown : {}));
  const set = ["set", "set_list", "set_sensitive"].flatMap((block) => settings(values[block]));
  return [...given, ...set].reduce<Value>(merged, {});
}

/** Each `set` as an object with one leaf. */
function settings(blocks: Value | undefined): Value[] {
  return (isList(blocks ?? null) ? (blocks as readonly Value[]) : []).flatMap((block): Value[] => {
    if (!isObject(block)) return [];
    const name = toText(block["name"] ?? null);
    const keys = name === undefined ? [] : pathOf(name);
    return keys.length === 0
      ? []
      : [keys.reduceRight<Value>((inner, key) => ({ [key]: inner }), settingOf(block))];
  });
}

/** Helm makes numbers and booleans of texts that look so, unless they are set as text. */
function settingOf(block: ValueObject): Value {
  const value = block["value"] ?? null;
  if (typeof value !== "string" || block["type"] === "string") return value;
  if (value === "true" || value === "false") return value === "true";
  if (value === "null") return null;
  return /^(?:0|-?[1-9]\d*)$/.test(value) ? Number(value) : value;
}

/** `a.b\.c` is b.c in a. One that goes into a list is not read. */
function pathOf(name: string): string[] {
  if (name.includes("[")) return [];
  return [...name.matchAll(/((?:[^.\\]|\\.)+)/g)].map(([key]) => key.replace(/\\(.)/g, "$1"));
}

/** What is later goes before, map by map. What is merged with what is not known is not known. */
function merged(base: Value, over: Value): Value {
  if (base instanceof Unknown) return base;
  if (!isObject(base) || !isObject(over)) return over;
  const entries = Object.entries(over).map(([key, value]): [string, Value] => [
    key,
    Object.hasOwn(base, key) ? merged(base[key] as Value, value) : value,
  ]);
  return { ...base, ...Object.fromEntries(entries) };
}
