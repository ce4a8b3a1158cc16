import { withoutKeys } from "../expression/address";
import { isJson, type Json } from "../io/json";
import type { Direction } from "../network/rules";

/** Whether the configuration of a group declares its rules of a direction as blocks. */
export type DeclaresBlocks = (address: string, direction: Direction) => boolean;

/**
 * What a plan records of blocks of rules in its configuration. The values of a group alone do not tell: without blocks they hold
 * whatever rules AWS has. Blocks that `dynamic` makes are not recorded, and nothing tells them from none.
 */
export function blocksDeclaredBy(plan: Json): DeclaresBlocks {
  const groups = new Map<string, Record<Direction, boolean>>();
  const root = isJson(plan["configuration"]) ? plan["configuration"]["root_module"] : undefined;
  const variables = isJson(plan["variables"]) ? plan["variables"] : {};
  const isGiven = (name: string) => {
    const variable = variables[name];
    return isJson(variable) && isValue(variable["value"]);
  };
  if (isJson(root)) collect("", root, isGiven, groups);
  return (address, direction) => groups.get(withoutKeys(address))?.[direction] ?? false;
}

/** @param isGiven whether a variable of the module has a value other than null */
function collect(
  path: string,
  module: Json,
  isGiven: (variable: string) => boolean,
  groups: Map<string, Record<Direction, boolean>>,
): void {
  const resources = Array.isArray(module["resources"]) ? module["resources"].filter(isJson) : [];
  for (const { address, expressions } of resources) {
    const given = (direction: Direction) => isJson(expressions) && isSet(expressions[direction], isGiven);
    groups.set(`${path}${String(address)}`, { ingress: given("ingress"), egress: given("egress") });
  }
  const calls = isJson(module["module_calls"]) ? module["module_calls"] : {};
  for (const [name, call] of Object.entries(calls)) {
    if (!isJson(call) || !isJson(call["module"])) continue;
    const declared = isJson(call["module"]["variables"]) ? call["module"]["variables"] : {};
    const values = isJson(call["expressions"]) ? call["expressions"] : {};
    const isGivenThere = (variable: string) => {
      if (variable in values) return isSet(values[variable], isGiven);
      const declaration = declared[variable];
      return isJson(declaration) && isValue(declaration["default"]);
    };
    collect(`${path}module.${name}.`, call["module"], isGivenThere, groups);
  }
}

/** Whether an expression has a value other than null. What it is made of, apart from variables, has one. */
function isSet(expression: unknown, isGiven: (variable: string) => boolean): boolean {
  // Blocks one after the other.
  if (Array.isArray(expression)) return expression.length > 0;
  if (!isJson(expression)) return false;
  const references = Array.isArray(expression["references"]) ? expression["references"].map(String) : [];
  const [only] = references;
  const variable = references.length === 1 ? /^var\.([^.[]+)$/.exec(only ?? "")?.[1] : undefined;
  if (variable !== undefined) return isGiven(variable);
  return references.length > 0 || isValue(expression["constant_value"]);
}

function isValue(value: unknown): boolean {
  return value !== undefined && value !== null;
}
