import { moduleOf, relativeTo } from "./address";
import { parseExpression, parseTemplate } from "./parse";
import { remembered } from "./remembered";
import { type Expression, partsOf, SyntaxProblem } from "./syntax";

/** A reference by its names and keys: `var.groups["a.b"].id` is `["var", "groups", "a.b", "id"]`. */
export type ReferencePath = readonly (string | number)[];

/**
 * All references in an expression, in the order in which they stand, each once as far as its keys are written out:
 * `a.b[each.key].c` refers to `a.b` and to `each.key`. Names that a for-expression makes are its own. What is no
 * expression refers to nothing.
 */
export function referencesIn(expression: string): ReferencePath[] {
  const found: ReferencePath[] = [];
  const parsed = parsedOrNothing(expression);
  if (parsed) collect(parsed, new Set(), found);
  return found;
}

/** All references in what JSON or hcl2json give as an argument: text is a template, the rest is data with templates in it. */
export function referencesInData(data: unknown): readonly ReferencePath[] {
  const found: ReferencePath[] = [];
  collectInData(data, found);
  return found;
}

function collectInData(data: unknown, found: ReferencePath[]): void {
  if (typeof data === "string") found.push(...inTemplate(data));
  else if (Array.isArray(data)) for (const item of data) collectInData(item, found);
  else if (typeof data === "object" && data !== null) {
    for (const [key, item] of Object.entries(data)) {
      found.push(...inTemplate(key));
      collectInData(item, found);
    }
  }
}

function inTemplate(template: string): readonly ReferencePath[] {
  return template.includes("${") ? inParsedTemplate(template) : [];
}

const inParsedTemplate = remembered((template): readonly ReferencePath[] => {
  const found: ReferencePath[] = [];
  try {
    collect(parseTemplate(template), new Set(), found);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
  }
  return found;
});

/** The reference that an expression is, with all of its keys written out; undefined for anything else. */
export function referenceOf(expression: string): ReferencePath | undefined {
  const parsed = parsedOrNothing(expression);
  const path = parsed && pathOf(parsed);
  return path && shortest(path);
}

/** The names that the references of an expression begin with. */
export function rootNamesOf(expression: Expression): ReadonlySet<string> {
  const found: ReferencePath[] = [];
  collect(expression, new Set(), found);
  return new Set(found.map(([name]) => String(name)));
}

/** A reference as a key of maps: the same for `a["b"]` and `a.b`, which are the same. */
export function pathKey(path: ReferencePath): string {
  return JSON.stringify(path);
}

/** Functions that give the first value that is there, or the only one. */
const CHOICES = ["coalesce", "element", "one", "try", "tostring"];

/**
 * The one reference of an expression that has its value wherever what it refers to exists and is text:
 * `try(a.b, null)`, `coalesce(a.b, "")`, `join("", [a.b])`. Undefined for anything else.
 */
export function soleReference(expression: string): ReferencePath | undefined {
  const parsed = parsedOrNothing(expression);
  return parsed && soleOf(parsed);
}

/**
 * The same of an expression that also may be null or empty: `var.create ? a.b[0].c : null`, `concat(a.b[*].c, [""])[0]`.
 * A splat stands for its first part.
 */
export function chosenReference(expression: string): ReferencePath | undefined {
  const parsed = parsedOrNothing(expression);
  return parsed && chosenOf(parsed);
}

function chosenOf(expression: Expression): ReferencePath | undefined {
  if (expression.kind === "conditional") return branchOf(expression, chosenOf);
  if (expression.kind === "call") {
    const [first, second] = expression.args;
    const list = expression.name === "join" ? second : first;
    if (["element", "join", "one"].includes(expression.name)) return list && firstOf(list);
    return first && CHOICES.includes(expression.name) ? chosenOf(first) : undefined;
  }
  const path = pathOf(expression);
  if (path || expression.kind !== "step") return path;
  return expression.key.kind === "literal" && expression.key.value === 0 ? firstOf(expression.of) : undefined;
}

/** The one item of a list that is not null or empty. */
function firstOf(list: Expression): ReferencePath | undefined {
  switch (list.kind) {
    case "conditional":
      return branchOf(list, firstOf);
    case "tuple":
      return onlyOf(list.items, chosenOf);
    case "call":
      return LISTS.includes(list.name) ? onlyOf(list.args, firstOf) : undefined;
    case "splat": {
      const of = pathOf(list.of);
      return of && [...of, 0, ...list.keys];
    }
    default:
      return undefined;
  }
}

type Search = (expression: Expression) => ReferencePath | undefined;

function branchOf(conditional: Expression & { kind: "conditional" }, search: Search) {
  const { then, otherwise } = conditional;
  if (isNothing(otherwise)) return search(then);
  return isNothing(then) ? search(otherwise) : undefined;
}

function onlyOf(items: readonly Expression[], search: Search): ReferencePath | undefined {
  const [item, ...others] = items.filter((one) => !isNothing(one));
  return item && others.length === 0 ? search(item) : undefined;
}

/** Whether an expression is null, empty text or an empty list, or a list of these. */
function isNothing(expression: Expression): boolean {
  if (expression.kind === "tuple") return expression.items.every(isNothing);
  return expression.kind === "literal" && (expression.value ?? "") === "";
}

/** Functions that give the items of their arguments, without those that are null, empty or there twice. */
const LISTS = ["compact", "concat", "distinct", "flatten", "setunion", "sort", "tolist", "toset"];

/**
 * The references that are the items of a list, such as `compact(concat([a.b], [try(c.d, null)]))`; undefined in place of an
 * item that is more than one reference, or may be several.
 */
export function itemReferences(expression: string): (ReferencePath | undefined)[] {
  const parsed = parsedOrNothing(expression);
  return parsed ? itemsOf(parsed) : [undefined];
}

function itemsOf(expression: Expression): (ReferencePath | undefined)[] {
  if (expression.kind === "tuple") return expression.items.flatMap(itemsOf);
  if (expression.kind === "literal" && (expression.value ?? "") === "") return [];
  const isList = expression.kind === "call" && LISTS.includes(expression.name) && !expression.isSpread;
  return isList ? expression.args.flatMap(itemsOf) : [soleOf(expression)];
}

function soleOf(expression: Expression): ReferencePath | undefined {
  if (expression.kind === "tuple") {
    const [item, ...others] = expression.items;
    return item && others.length === 0 ? soleOf(item) : undefined;
  }
  if (expression.kind !== "call") return pathOf(expression);
  const { name, args } = expression;
  const [first, second] = args;
  if (name === "join") return second && args.length === 2 ? soleOf(second) : undefined;
  return first && CHOICES.includes(name) ? soleOf(first) : undefined;
}

/** Whether an expression is a variable, also one of a module, and no part of it. */
export function isVariable(expression: string): boolean {
  const path = referenceOf(relativeTo(moduleOf(expression), expression));
  return path?.[0] === "var" && path.length === 2;
}

/** An expression as it is parsed; undefined for what is none. */
export const parsedOrNothing = remembered((expression): Expression | undefined => {
  try {
    return parseExpression(expression);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return undefined;
  }
});

function pathOf(expression: Expression): ReferencePath | undefined {
  if (expression.kind === "name") return [expression.name];
  if (expression.kind !== "step" || expression.key.kind !== "literal") return undefined;
  const of = pathOf(expression.of);
  return of && [...of, expression.key.value as string | number];
}

/** A managed resource may be written with what it is in front: `resource.a.b` is `a.b`. */
function shortest(path: ReferencePath): ReferencePath {
  return path[0] === "resource" && path.length > 2 ? path.slice(1) : path;
}

/** @param own the names that for-expressions around it make */
function collect(expression: Expression, own: ReadonlySet<string>, found: ReferencePath[]): void {
  const path = pathOf(expression);
  if (path) {
    if (!own.has(String(path[0]))) found.push(shortest(path));
    return;
  }
  if (expression.kind === "for") {
    collect(expression.of, own, found);
    const inner = new Set([...own, ...expression.names]);
    for (const part of [expression.key, expression.value, expression.condition]) {
      if (part) collect(part, inner, found);
    }
    return;
  }
  for (const part of partsOf(expression)) collect(part, own, found);
}
