import { isSecurityGroupType } from "../../../aws/security-group-types";
import {
  absoluteIn,
  callerOf,
  formatAddress,
  isPartOf,
  relativeTo,
  withoutKeys,
  withoutLastKey,
} from "../../../expression/address";
import { referenceOf } from "../../../expression/references";
import {
  isAttribute,
  type ResourceReference,
  resourceReference,
} from "../../../expression/resource-reference";
import { Unknown, type Value } from "../../../expression/value";
import { isKnown, isObject } from "../../../expression/values";
import { isJson, type Json } from "../../../io/json";
import type { NamedValue } from "../model";
import type { RecordedResource } from "./recorded";

/** The configuration as a plan records it: constants, and of everything else only what it refers to. */
export class PlanConfiguration {
  /** By addresses of modules without keys. */
  private readonly modules = new Map<string, Json>();
  /** The arguments of the calls of modules. */
  private readonly calls = new Map<string, Json>();
  private readonly resources = new Map<string, Json>();

  constructor(configuration: unknown) {
    if (isJson(configuration)) this.add("", configuration["root_module"]);
  }

  /** The expressions of a resource's arguments; without blocks that `dynamic` makes. Undefined if it is not there. */
  argumentsOf({ address, mode }: RecordedResource): Json | undefined {
    const resource = mode === "managed" ? this.resources.get(withoutKeys(address)) : undefined;
    if (!resource) return undefined;
    return isJson(resource["expressions"]) ? resource["expressions"] : {};
  }

  /** The configuration of a resource's provider, as the root names it; undefined for the default one. */
  providerOf({ address, type }: RecordedResource): string | undefined {
    const key = this.resources.get(withoutKeys(address))?.["provider_config_key"];
    return typeof key === "string" && key !== type.split("_")[0] ? key : undefined;
  }

  /** A value, or the resource's id that an unknown one is, where there is nothing else that it could be. */
  named({ module }: RecordedResource, name: string, value: Value, expression: unknown): Value {
    // Of a list the plan does not say which other items, known ones, it has.
    if (!(value instanceof Unknown) || !name.endsWith("_id")) return value;
    return this.id(module, expression) ?? value;
  }

  /**
   * The blocks of a group with the group that they name, where a plan alone tells: nothing in them is unknown but the
   * groups of one block, and all that the configuration of the blocks refers to is the id of one group that will be
   * created. Which other items, known ones, the list has stays unknown.
   *
   * @param isCreated whether a resource has no id before apply
   */
  withGroup(
    { address, module }: RecordedResource,
    name: string,
    blocks: readonly Value[],
    expression: unknown,
    isCreated: (address: string) => boolean,
  ): readonly Value[] {
    const reference = onlyReference(expression);
    const group = ownGroup(reference);
    if (group === undefined || !isCreated(absoluteIn(module, group.address))) return blocks;
    const unknown = blocks.flatMap((block, index) =>
      isObject(block)
        ? Object.entries(block).flatMap(([key, value]) => (isKnown(value) ? [] : [{ index, key, value }]))
        : [],
    );
    const [only] = unknown;
    if (only?.key !== "security_groups" || unknown.length > 1 || !(only.value instanceof Unknown))
      return blocks;
    const others = new Unknown(`${address}.${name}[${only.index}].security_groups`);
    return blocks.map((block, index) =>
      index === only.index && isObject(block)
        ? { ...block, security_groups: [new Unknown(absoluteIn(module, `${group.address}.id`)), others] }
        : block,
    );
  }

  /** The value of a module's variable, if the call of the module gives a constant or an id. */
  variable(module: string, name: string): Value | undefined {
    const argument = this.calls.get(withoutKeys(module))?.[name];
    if (!isJson(argument)) return undefined;
    if (argument["constant_value"] !== undefined) return argument["constant_value"] as Value;
    return this.id(callerOf(module), argument);
  }

  /**
   * The variables of a module and the outputs of those that it calls, with the ids that they certainly are, else null: as
   * the plan does not tell an id from a list of one, their names must say so.
   *
   * @param paths the addresses of all modules
   * @param groups the addresses of the groups of the plan
   */
  names(module: string, paths: readonly string[], groups: readonly string[]): NamedValue[] {
    const entries = (of: unknown) => Object.entries(isJson(of) ? of : {});
    const named = (expression: string, name: string, value: () => Value | undefined): NamedValue => ({
      expression: `${expression}.${name}`,
      value: name === "id" || name.endsWith("_id") ? (value() ?? null) : null,
    });
    const outputs = paths
      .filter((path) => callerOf(path) === module && path !== "")
      .flatMap((path) =>
        entries(this.modules.get(withoutKeys(path))?.["outputs"]).map(([name, output]) =>
          named(relativeTo(module, path), name, () => this.groupId(path, output, groups)),
        ),
      );
    const variables = entries(this.calls.get(withoutKeys(module))).map(([name]) =>
      named("var", name, () => this.variable(module, name)),
    );
    return [...variables, ...outputs];
  }

  /** The id that an output is, also of a group of which a variable says whether it is there. */
  private groupId(module: string, output: unknown, groups: readonly string[]): Unknown | undefined {
    const expression = isJson(output) ? output["expression"] : undefined;
    const references = isJson(expression) ? expression["references"] : undefined;
    if (!Array.isArray(references)) return undefined;
    const settled = references.map(String).filter((one) => !/^(each|count|local|path|var)\./.test(one));
    const only = onlyReference({ references: settled });
    const whole =
      only === undefined ? [] : groups.filter((one) => withoutLastKey(one) === absoluteIn(module, only));
    return whole.length === 1 ? new Unknown(`${whole[0]}.id`) : this.id(module, { references: settled });
  }

  /**
   * The id that an expression is. The plan lists what the expression refers to and not how; a value that is made of
   * the id of one resource and of nothing else is taken to be that id.
   */
  private id(module: string, expression: unknown): Unknown | undefined {
    const only = onlyReference(expression);
    if (only === undefined) return undefined;
    if (isId(only)) return new Unknown(absoluteIn(module, only));
    const [root, name = "", output = "", ...more] = referenceOf(only) ?? [];
    if (root === "var" && output === "" && module !== "") {
      return this.id(callerOf(module), this.calls.get(withoutKeys(module))?.[name]);
    }
    if (root !== "module" || more.length > 0) return undefined;
    const child = absoluteIn(module, formatAddress({ calls: [{ name: String(name) }] }));
    const outputs = this.modules.get(withoutKeys(child))?.["outputs"];
    const found = isJson(outputs) ? outputs[output] : undefined;
    return isJson(found) ? this.id(child, found["expression"]) : undefined;
  }

  private add(path: string, module: unknown): void {
    if (!isJson(module)) return;
    this.modules.set(path, module);
    for (const resource of Array.isArray(module["resources"]) ? module["resources"].filter(isJson) : []) {
      this.resources.set(absoluteIn(path, String(resource["address"])), resource);
    }
    for (const [name, call] of Object.entries(isJson(module["module_calls"]) ? module["module_calls"] : {})) {
      if (!isJson(call)) continue;
      const child = absoluteIn(path, `module.${name}`);
      this.calls.set(child, isJson(call["expressions"]) ? call["expressions"] : {});
      this.add(child, call["module"]);
    }
  }
}

/**
 * Whether a reference is the id of a resource of the same module, or that of a group which another resource makes: a
 * cluster's own, a VPC's default group.
 */
function isId(expression: string): boolean {
  const reference = resourceReference(expression);
  if (reference?.module !== "") return false;
  const last = reference.rest.at(-1);
  return (
    isAttribute(reference, "id") ||
    (last && "name" in last && last.name.endsWith("security_group_id")) === true
  );
}

/** The group of the same module whose id a reference is. */
function ownGroup(expression: string | undefined): ResourceReference | undefined {
  const group = resourceReference(expression ?? "");
  const isOwn = group?.module === "" && group.mode === "managed" && isSecurityGroupType(group.type);
  return isOwn && isAttribute(group, "id") ? group : undefined;
}

/** What an expression refers to, if that is one thing; the plan lists what leads to it as well. */
function onlyReference(expression: unknown): string | undefined {
  const references = isJson(expression) ? expression["references"] : undefined;
  if (!Array.isArray(references)) return undefined;
  const names = [...new Set(references.map(String))];
  const longest = names.filter((name) => !names.some((other) => other !== name && isPartOf(name, other)));
  return longest.length === 1 ? longest[0] : undefined;
}
