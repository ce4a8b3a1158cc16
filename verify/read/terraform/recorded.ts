import type { Value } from "../../../expression/value";
import { isList, isObject } from "../../../expression/values";
import { isJson } from "../../../io/json";
import type { ModuleInput, Resource } from "../model";

type Values = { readonly [argument: string]: Value };

/** A resource as plans and states hold it. */
export interface RecordedResource extends Omit<Resource, "source"> {
  readonly values: Values;
  /** Of what an apply replaced and could not destroy: the key that tells it from its successor at the same address. */
  readonly deposed?: string;
}

/** The resources of `planned_values` or of the `values` of a state, child modules included. */
export function recordedResources(values: unknown): RecordedResource[] {
  return isJson(values) ? ofModule(values["root_module"], "") : [];
}

function ofModule(module: unknown, path: string): RecordedResource[] {
  if (!isJson(module)) return [];
  const resources = Array.isArray(module["resources"]) ? module["resources"].filter(isJson) : [];
  const children = Array.isArray(module["child_modules"]) ? module["child_modules"].filter(isJson) : [];
  return [
    ...resources.map(
      (resource): RecordedResource => ({
        address: String(resource["address"]),
        module: path,
        mode: resource["mode"] === "data" ? "data" : "managed",
        type: String(resource["type"]),
        name: String(resource["name"]),
        values: isJson(resource["values"]) ? (resource["values"] as Values) : {},
        ...(resource["tainted"] === true && { isTainted: true as const }),
        ...(typeof resource["deposed_key"] === "string" && { deposed: resource["deposed_key"] }),
      }),
    ),
    ...children.flatMap((child) => ofModule(child, String(child["address"]))),
  ];
}

/** What is null is not given: of a resource, and of its blocks. */
export function withoutNulls(values: Values): Values {
  const entries = Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, isList(value) ? value.map(blockWithoutNulls) : value] as const);
  return Object.fromEntries(entries);
}

function blockWithoutNulls(value: Value): Value {
  return isObject(value) ? withoutNulls(value) : value;
}

/** The modules that recorded resources stand in; a plan and a state do not say from which folders they come. */
export function modulesOf(resources: readonly Resource[], path: string): ModuleInput[] {
  return [...new Set(resources.map(({ module }) => module))]
    .filter((module) => module !== "")
    .sort()
    .map((address) => ({ address, source: { file: path } }));
}
