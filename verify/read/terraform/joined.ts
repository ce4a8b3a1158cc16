import { type InstanceKey, keysIn, withoutKeys } from "../../../expression/address";
import type { Value } from "../../../expression/value";
import { isKnown } from "../../../expression/values";
import type { Json } from "../../../io/json";
import type { Input, Resource } from "../model";
import { blockNames } from "./blocks";
import { type ConfigurationOptions, readConfiguration } from "./configuration";
import { joined } from "./joined-values";
import { planInput, planNotes, variablesOf } from "./plan";

/** A plan's values with the references of its configuration. @throws InputError */
export async function joinedInput(
  file: string,
  plan: Json,
  folder: string,
  options: ConfigurationOptions,
): Promise<Input> {
  const planned = planInput(file, plan);
  const byAddress = new Map(planned.resources.map((resource) => [resource.address, resource]));
  const keys = instanceKeys(planned.resources);
  const configuration = await readConfiguration(folder, {
    ...options,
    variables: variablesOf(plan),
    known: {
      attribute: (address, name) => {
        const value = byAddress.get(address)?.values[name];
        return value !== undefined && isKnown(value) ? value : undefined;
      },
      keys: (address) => keys.get(address),
    },
  });
  const declared = new Map(configuration.resources.map((resource) => [resource.address, resource]));
  for (const resource of configuration.resources) {
    // For instances that the configuration does not know.
    const bare = withoutKeys(resource.address);
    if (!declared.has(bare)) declared.set(bare, resource);
  }

  const undeclared: string[] = [];
  const resources = planned.resources.map((resource): Resource => {
    const given = declared.get(resource.address) ?? declared.get(withoutKeys(resource.address));
    if (!given) {
      undeclared.push(resource.address);
      return resource;
    }
    return {
      ...resource,
      values: resource.mode === "data" ? resource.values : joinedValues(resource, given),
      source: given.source,
    };
  });
  return {
    ...configuration,
    kind: "plan",
    path: planned.path,
    resources,
    notes: [
      ...planNotes(file, plan),
      ...configuration.notes,
      ...undeclared.map(
        (address) => `${address}: it is in the plan and not in ${folder}; is that the plan's configuration?`,
      ),
    ].sort(),
    ...(planned.actions ? { actions: planned.actions } : {}),
    ...(planned.before ? { before: planned.before } : {}),
  };
}

/** The keys of instances, by addresses without them. */
function instanceKeys(resources: readonly Resource[]): Map<string, InstanceKey[]> {
  const keys = new Map<string, Set<InstanceKey>>();
  for (const { address } of resources) {
    for (const { of, key } of keysIn(address)) keys.set(of, (keys.get(of) ?? new Set()).add(key));
  }
  return new Map([...keys].map(([address, known]) => [address, [...known]]));
}

function joinedValues(planned: Resource, given: Resource): Resource["values"] {
  const names = [...new Set([...Object.keys(planned.values), ...Object.keys(given.values)])].sort();
  const entries = names.flatMap((name): [string, Value][] => {
    const value = planned.values[name];
    const configured = given.values[name];
    if (configured !== undefined)
      return [[name, value === undefined ? configured : joined(planned.type, value, configured)]];
    // Blocks that the configuration does not have are what AWS reports: the rules before apply.
    const isComputed = value === undefined || !isKnown(value) || blockNames(planned.type).includes(name);
    return isComputed ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}
