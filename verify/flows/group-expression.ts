import type { Input, Inventory } from "../model";

/** A group without the attribute that is its id: the resource or data source as a whole, or one instance of it. */
const WHOLE_GROUP =
  /^(module\.[\w-]+(\[[^\]]*\])?\.)*(data\.)?aws_(default_)?security_group\.[\w-]+(\[[^\]]*\])?$/;

const RESOURCE_START = /^(?:data\.)?[a-z][a-z0-9]*_\w*\.[\w-]+/;
const MODULE_START = /^module\.[\w-]+/;
/** One reference, without operators and calls. */
const REFERENCE = /^[A-Za-z_][\w-]*(\.[\w-]+|\.\*|\[[^\]]*\])+$/;

/** The expression whose value is the id of the group that the words name. */
export function groupExpression(
  words: string,
  { groups }: Pick<Inventory, "groups">,
  module: string,
): string {
  const expression = words.trim();
  const isDeclared = groups.get(absolute(expression, module))?.source !== undefined;
  return WHOLE_GROUP.test(expression) && !isDeclared ? `${expression}.id` : expression;
}

/**
 * The resource, data source or module that a reference starts with, where the configuration has none such. A plan or
 * a state does not list all that its configuration declares, so there nothing can be said.
 */
export function namesNothing(expression: string, input: Input, module: string): string | undefined {
  if (input.kind !== "configuration" || !REFERENCE.test(expression)) return undefined;
  const local =
    module !== "" && expression.startsWith(`${module}.`) ? expression.slice(module.length + 1) : expression;
  const call = MODULE_START.exec(local)?.[0];
  const start = call ?? RESOURCE_START.exec(local)?.[0];
  if (start === undefined || declaredNames(input).has(absolute(start, module))) return undefined;
  if (call !== undefined) return call;
  return start.startsWith("data.") ? `data source ${start.slice("data.".length)}` : `resource ${start}`;
}

/** By the input: a module's flows count at every call of it. */
const names = new WeakMap<Input, ReadonlySet<string>>();

/** Resources, data sources and module calls, absolute and without the key of their own instance. */
function declaredNames(input: Input): ReadonlySet<string> {
  const known = names.get(input);
  if (known) return known;
  const made = new Set([
    ...input.resources.map(({ module, mode, type, name }) =>
      absolute(`${mode === "data" ? "data." : ""}${type}.${name}`, module),
    ),
    ...input.modules.map(({ address }) => address.replace(/\[[^[\]]*\]$/, "")),
  ]);
  names.set(input, made);
  return made;
}

function absolute(expression: string, module: string): string {
  return module === "" || expression.startsWith(`${module}.`) ? expression : `${module}.${expression}`;
}
