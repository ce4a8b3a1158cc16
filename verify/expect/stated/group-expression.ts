import { isSecurityGroupType } from "../../../aws/security-group-types";
import { absoluteFor, isPartOf, relativeTo } from "../../../expression/address";
import {
  isAttribute,
  type ResourceReference,
  resourceReference,
  wordsOf,
} from "../../../expression/resource-reference";
import type { GroupKey } from "../../../network/peers";
import type { Inventory } from "../../inventory/model";
import type { Input } from "../../read/model";

/**
 * The group of the input that the words name by its key, as reports and `--init` write it: also where an expression of the same
 * words would mean something else, such as `module.a.data.…` beside an output `data`, or nothing.
 */
export function groupByKey(
  words: string,
  { groups }: Pick<Inventory, "groups">,
  module: string,
): GroupKey | undefined {
  const key = absoluteFor(module, words.trim());
  return groups.has(key) ? key : undefined;
}

/** The expression whose value is the id of the group that the words name. */
export function groupExpression(
  words: string,
  { groups }: Pick<Inventory, "groups">,
  module: string,
): string {
  const expression = words.trim();
  const isDeclared = groups.get(absoluteFor(module, expression))?.declaredAt !== undefined;
  return isWhole(groupIn(expression)) && !isDeclared ? `${expression}.id` : expression;
}

/** Whether an expression can only mean a group that the input declares: the group itself, or its id. */
export function isOwnGroup(expression: string): boolean {
  return ownGroup(expression) !== undefined;
}

/** Whether an expression names a group that is declared, but of which `count` or `for_each` makes none. */
export function isAbsent(expression: string, { groups, input }: Inventory, module: string): boolean {
  const group = ownGroup(expression);
  if (group === undefined) return false;
  const isMade = (address: string) => groups.get(address)?.declaredAt !== undefined;
  const all = absoluteFor(module, group.all);
  if (isMade(absoluteFor(module, group.address)) || isMade(all)) return false;
  return input.declared?.has(all) === true && !input.resources.some(({ address }) => isPartOf(all, address));
}

/**
 * The resource, data source, module, variable or local that a reference starts with, where the configuration has none such. A plan or
 * a state does not list all that its configuration declares, so there nothing can be said.
 */
export function namesNothing(expression: string, input: Input, module: string): string | undefined {
  const local = relativeTo(module, expression);
  const isThere = (name: string) => input.declared?.has(absoluteFor(module, name)) ?? true;
  const [first = "", second] = wordsOf(local) ?? [];
  if (["local", "module", "var"].includes(first)) {
    const name = `${first}.${second}`;
    return second === undefined || isThere(name) ? undefined : name;
  }
  const resource = resourceReference(local);
  if (resource === undefined || isThere(resource.all)) return undefined;
  const { mode, type, name } = resource;
  return `${mode === "data" ? "data source" : "resource"} ${type}.${name}`;
}

function groupIn(expression: string): ResourceReference | undefined {
  const reference = resourceReference(expression);
  return reference && isSecurityGroupType(reference.type) ? reference : undefined;
}

function ownGroup(expression: string): ResourceReference | undefined {
  const group = groupIn(expression);
  const isId = isWhole(group) || (group && isAttribute(group, "id"));
  return group?.mode === "managed" && isId ? group : undefined;
}

/** Whether a reference leads to the resource as a whole, or to one instance of it. */
function isWhole(reference: ResourceReference | undefined): boolean {
  return reference?.rest.length === 0;
}
