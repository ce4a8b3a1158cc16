import { absoluteIn, relativeTo } from "../../../expression/address";
import type { GroupKey } from "../../../network/peers";
import type { Inventory } from "../../inventory/model";
import type { Input } from "../../read/model";

/** A group without the attribute that is its id: the resource or data source as a whole, or one instance of it. */
const WHOLE_GROUP =
  /^(module\.[\w-]+(\[[^\]]*\])?\.)*(data\.)?aws_(default_)?security_group\.[\w-]+(\[[^\]]*\])?$/;

const RESOURCE_START = /^(?:data\.)?[a-z][a-z0-9]*_\w*\.[\w-]+/;
const NAMED_START = /^(?:module|var|local)\.[\w-]+/;
/** One reference, without operators and calls. */
const REFERENCE = /^[A-Za-z_][\w-]*(\.[\w-]+|\.\*|\[[^\]]*\])+$/;

/**
 * The group of the input that the words name by its key, as reports and `--init` write it: also where an expression of the same
 * words would mean something else, such as `module.a.data.…` beside an output `data`, or nothing.
 */
export function groupByKey(
  words: string,
  { groups }: Pick<Inventory, "groups">,
  module: string,
): GroupKey | undefined {
  const key = absolute(words.trim(), module);
  return groups.has(key) ? key : undefined;
}

/** The expression whose value is the id of the group that the words name. */
export function groupExpression(
  words: string,
  { groups }: Pick<Inventory, "groups">,
  module: string,
): string {
  const expression = words.trim();
  const isDeclared = groups.get(absolute(expression, module))?.declaredAt !== undefined;
  return WHOLE_GROUP.test(expression) && !isDeclared ? `${expression}.id` : expression;
}

/**
 * The resource, data source, module, variable or local that a reference starts with, where the configuration has none such. A plan or
 * a state does not list all that its configuration declares, so there nothing can be said.
 */
export function namesNothing(expression: string, input: Input, module: string): string | undefined {
  if (input.declared === undefined || !REFERENCE.test(expression)) return undefined;
  const local =
    module !== "" && expression.startsWith(`${module}.`) ? expression.slice(module.length + 1) : expression;
  const named = NAMED_START.exec(local)?.[0];
  const start = named ?? RESOURCE_START.exec(local)?.[0];
  if (start === undefined || input.declared.has(absolute(start, module))) return undefined;
  if (named !== undefined) return named;
  return start.startsWith("data.") ? `data source ${start.slice("data.".length)}` : `resource ${start}`;
}

/** Whether an expression names a group that is declared, but of which `count` or `for_each` makes none. */
export function isAbsent(expression: string, { groups, input }: Inventory, module: string): boolean {
  const address = absolute(expression.replace(/\.id$/, ""), module);
  if (!WHOLE_GROUP.test(address) || address.includes("data.") || groups.get(address)?.declaredAt)
    return false;
  const all = address.replace(/\[[^[\]]*\]$/, "");
  return (
    input.declared?.has(all) === true &&
    groups.get(all)?.declaredAt === undefined &&
    !input.resources.some((resource) => resource.address.startsWith(`${all}[`))
  );
}

function absolute(expression: string, module: string): string {
  return absoluteIn(module, relativeTo(module, expression));
}
