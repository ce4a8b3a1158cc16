import { entriesOf, equality } from "./collections";
import { callFunction } from "./functions";
import { type Outcome, REFUSED } from "./functions/function";
import { bounded, checkItems, checkText, countRounds, TooMuch, withOwnRounds } from "./limits";
import { type Big, compare, negated, productOf, quotientOf, sum, truncated } from "./numbers";
import { parseExpression, parseTemplate } from "./parse";
import { textParts } from "./partial-text";
import { rootNamesOf } from "./references";
import { remembered } from "./remembered";
import type { Surroundings } from "./surroundings";
import { type Expression, partsOf, SyntaxProblem, TooDeep } from "./syntax";
import { unknownFrom } from "./unknown";
import { Unknown, type Value } from "./value";
import {
  composed,
  expanded,
  failure,
  isFailed,
  isList,
  isObject,
  isSetOfUnknownSize,
  numberOf,
  SetValue,
  step,
  templateText,
  text,
  toBig,
  toBoolean,
  toText,
  type ValueObject,
} from "./values";

/** What names mean at a place in the configuration. */
export interface Scope {
  /** The address of the place; what cannot be evaluated is told apart by it. */
  readonly label: string;
  /** What a reference starts with: `var`, `local`, `each`, `data`, the type of a resource. */
  readonly name: (name: string) => Value;
  readonly surroundings?: Surroundings | undefined;
}

/** Longer texts are cut in notes. */
const LONGEST_SHOWN = 60;

/** Evaluates what JSON or hcl2json give as an argument: text is a template, the rest is data with templates in it. */
export function evaluateData(data: unknown, scope: Scope): Value {
  if (typeof data === "string") return evaluateTemplate(data, scope);
  if (Array.isArray(data))
    return listOf(
      data.map((item) => evaluateData(item, scope)),
      scope,
    );
  if (typeof data !== "object" || data === null) return data as number | boolean | null;
  const entries = Object.entries(data).map(
    ([key, item]) => [evaluateTemplate(key, scope), evaluateData(item, scope)] as const,
  );
  return listOf(objectOf(entries), scope);
}

/** What is written as data, or an unknown value where it is more than is worked out. */
function listOf(value: Value, scope: Scope): Value {
  try {
    return bounded(value, "it");
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    notEvaluated(scope, "a value", error.message);
    return new Unknown(`a value in ${scope.label}`);
  }
}

/** Evaluates the text of an expression. @throws SyntaxProblem */
export function evaluateExpression(expression: string, scope: Scope): Value {
  return withinLimits(parsedExpression(expression), scope, expression);
}

function evaluateTemplate(template: string, scope: Scope): Value {
  if (!template.includes("${") && !template.includes("%{")) return composed(template);
  const expression = parsedOrRaw(template);
  if (expression.kind === "raw" && expression.problem !== undefined) {
    const shown = template.length > LONGEST_SHOWN ? `${template.slice(0, LONGEST_SHOWN)}…` : template;
    notEvaluated(scope, shown, expression.problem);
  }
  return withinLimits(expression, scope, template);
}

function notEvaluated({ label, surroundings }: Scope, shown: string, problem: string): void {
  surroundings?.note(`${label === "" ? "" : `${label}: `}${shown} is not evaluated: ${problem}.`);
}

/** A value, or an unknown one where it is more than is worked out. */
function withinLimits(expression: Expression, scope: Scope, written: string): Value {
  try {
    return withOwnRounds(() => evaluate(expression, scope));
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    const shown = written.length > LONGEST_SHOWN ? `${written.slice(0, LONGEST_SHOWN)}…` : written;
    notEvaluated(scope, shown, error.message);
    return new Unknown(scope.label === "" ? shown : `${shown} in ${scope.label}`);
  }
}

const parsedExpression = remembered(parseExpression);
const parsedTemplate = remembered(parseTemplate);

/** Longer texts that are not read are cut: their place tells them apart. */
const LONGEST_RAW = 1_000;

const parsedOrRaw = remembered((template): Expression => {
  try {
    return parseTemplate(template);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const [, inner] = /^\$\{([\s\S]*)\}$/.exec(template) ?? [];
    const text = inner?.trim() ?? JSON.stringify(template);
    return {
      kind: "raw",
      text: text.length > LONGEST_RAW ? `${text.slice(0, LONGEST_RAW)}…` : text,
      problem: error.what,
    };
  }
});

function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "string" ? composed(expression.value) : expression.value;
    case "template":
      return joined(
        expression.parts.map((part) => (typeof part === "string" ? part : evaluate(part, scope))),
      );
    case "name":
      return scope.name(expression.name);
    case "step":
      return step(evaluate(expression.of, scope), evaluate(expression.key, scope));
    case "splat":
      return splat(expression, scope);
    case "call":
      return call(expression, scope);
    case "unary":
      return unary(expression.operator, evaluate(expression.of, scope));
    case "binary":
      return binary(expression, evaluate(expression.left, scope), evaluate(expression.right, scope));
    case "conditional":
      return conditional(expression, scope);
    case "tuple":
      return bounded(
        expression.items.map((item) => evaluate(item, scope)),
        "a list",
      );
    case "object":
      return bounded(
        objectOf(expression.entries.map(([key, value]) => [evaluate(key, scope), evaluate(value, scope)])),
        "an object",
      );
    case "for":
      return bounded(loop(expression, scope), "a for-expression");
    case "raw":
      return new Unknown(scope.label === "" ? expression.text : `${expression.text} in ${scope.label}`);
  }
}

function call({ name, args, isSpread }: Expression & { kind: "call" }, scope: Scope): Value {
  const values = args.map((arg) => evaluate(arg, scope));
  // It takes what a name stands for, and no template that is written there.
  const isTemplate = /^(?:core::)?templatestring$/.test(name) && !/^(?:name|step)$/.test(args[0]?.kind ?? "");
  if (isTemplate) return failure(`${name}(${values.map(text).join(", ")})`);
  return callFunction(name, values, isSpread, {
    surroundings: scope.surroundings,
    render: (template, names, seesFiles) => rendered(template, names, seesFiles, scope),
  });
}

/** Functions that a template must not call, and those that only one in a file may. */
const TEMPLATES_IN_TEMPLATES = /^(?:core::)?templat/;
const FILES_IN_TEMPLATES = /^(?:core::)?file/;

/** A template with names of its own: nothing around it is seen from inside. */
function rendered(template: string, names: ValueObject, seesFiles: boolean, scope: Scope): Outcome {
  let expression: Expression;
  try {
    expression = parsedTemplate(template);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return error instanceof TooDeep ? undefined : REFUSED;
  }
  if ([...rootNamesOf(expression)].some((name) => !Object.hasOwn(names, name))) return REFUSED;
  if (callsIn(expression, (name) => TEMPLATES_IN_TEMPLATES.test(name))) return undefined;
  if (!seesFiles && callsIn(expression, (name) => FILES_IN_TEMPLATES.test(name))) return undefined;
  const value = evaluate(expression, {
    label: scope.label,
    name: (name) => names[name] as Value,
    surroundings: scope.surroundings,
  });
  if (value === null || isFailed(value)) return REFUSED;
  if (seesFiles || value instanceof Unknown) return value;
  return toText(value) ?? REFUSED;
}

function callsIn(expression: Expression, isMeant: (name: string) => boolean): boolean {
  if (expression.kind === "call" && isMeant(expression.name)) return true;
  return partsOf(expression).some((part) => callsIn(part, isMeant));
}

function conditional(expression: Expression & { kind: "conditional" }, scope: Scope): Value {
  const condition = evaluate(expression.condition, scope);
  const then = () => evaluate(expression.then, scope);
  const otherwise = () => evaluate(expression.otherwise, scope);
  const isTrue = toBoolean(condition);
  if (isTrue === undefined) {
    return unknownFrom(`(${text(condition)} ? ${text(then())} : ${text(otherwise())})`, [condition]);
  }
  const value = isTrue ? then() : otherwise();
  if (typeof value !== "number" && typeof value !== "boolean") return value;
  // Both sides have one type: beside text, a number is text.
  return typeof (isTrue ? otherwise() : then()) === "string" ? (toText(value) as string) : value;
}

/** Of a list, a part of each item; null has no items, and any other value is the only one. */
function splat({ of: written, rest, keys }: Expression & { kind: "splat" }, scope: Scope): Value {
  const of = evaluate(written, scope);
  if (of === null) return [];
  const known = expanded(of);
  if (
    known instanceof Unknown ||
    (known !== of && !isList(known)) ||
    (isList(known) && isSetOfUnknownSize(known))
  ) {
    return unknownFrom(`${text(of)}[*]${rest}`, [of]);
  }
  const items = isList(known) ? (entriesOf(of) ?? []).map(([, item]) => item) : [known];
  return items.map((item) => keys.reduce<Value>(step, item));
}

/** How long a text is; of what is not known, how long its expression is. */
function textSize(part: Value): number {
  return part instanceof Unknown ? part.expression.length : (toText(part)?.length ?? 1);
}

function joined(parts: readonly Value[]): Value {
  const texts = parts.map(toText);
  checkText(
    parts.reduce<number>((sum, part) => sum + textSize(part), 0),
    "a template",
  );
  // Of what is not known, each piece is kept apart.
  checkItems(
    parts.reduce<number>((sum, part) => sum + (part instanceof Unknown ? (part.parts?.length ?? 1) : 1), 0),
    "a template",
  );
  return texts.every((part) => part !== undefined)
    ? composed(texts.join(""))
    : unknownFrom(templateText(parts), parts, textParts(parts));
}

const NULL_KEY = "one of its keys is null";

/** An object whose keys are values; one with an unknown key is unknown. */
function objectOf(entries: readonly (readonly [Value, Value])[]): Value {
  const named = entries.map(([key, value]) => [toText(key), value] as const);
  if (named.every((entry): entry is [string, Value] => entry[0] !== undefined)) {
    return Object.fromEntries(named);
  }
  const texts = entries.map(
    ([key, value]) => `${key instanceof Unknown ? `(${key.expression})` : text(key)} = ${text(value)}`,
  );
  const keys = entries.map(([key]) => key);
  if (keys.includes(null)) return failure(`{ ${texts.join(", ")} }`, NULL_KEY);
  return unknownFrom(`{ ${texts.sort().join(", ")} }`, entries.flat(), undefined, keys);
}

function unary(operator: string, operand: Value): Value {
  if (operator === "!") {
    const known = toBoolean(operand);
    if (known !== undefined) return !known;
  } else {
    const known = toBig(operand);
    if (known !== undefined && known !== "large") return numberOf(negated(known), `-${text(operand)}`);
  }
  return unknownFrom(`${operator}${text(operand)}`, [operand]);
}

function binary(expression: Expression & { kind: "binary" }, left: Value, right: Value): Value {
  const { operator } = expression;
  return (
    (operator === "&&" || operator === "||"
      ? logical(operator, toBoolean(left), toBoolean(right))
      : operator === "==" || operator === "!="
        ? compared(expression, expanded(left), expanded(right))
        : calculated(operator, expanded(left), expanded(right))) ??
    unknownFrom(`(${text(left)} ${operator} ${text(right)})`, [left, right])
  );
}

/** One side can decide alone. */
function logical(operator: "&&" | "||", left?: boolean, right?: boolean): boolean | undefined {
  const decisive = operator === "||";
  if (left === decisive || right === decisive) return decisive;
  return left === undefined || right === undefined ? undefined : !decisive;
}

function compared(
  { operator, left: leftWords, right: rightWords }: Expression & { kind: "binary" },
  left: Value,
  right: Value,
): boolean | undefined {
  const isEqual = equality(left, right);
  const isCollection = isList(left) || isObject(left);
  if (isEqual && isCollection && !areOfOneType(leftWords, left, rightWords, right)) return undefined;
  return isEqual === undefined ? undefined : isEqual === (operator === "==");
}

/**
 * Whether equal collections certainly have one type. For Terraform others are never equal, such as `[]` and an empty
 * list of a variable, and types are not carried along here.
 */
function areOfOneType(leftWords: Expression, left: Value, rightWords: Expression, right: Value): boolean {
  const parts = isList(left) ? left : Object.values(left as object);
  const isFlat = parts.every((part) => part !== null && !isList(part) && !isObject(part));
  const areSets = left instanceof SetValue && right instanceof SetValue && left.length > 0;
  return isFlat && (areSets || (isWritten(leftWords) && isWritten(rightWords)));
}

/** Whether an expression is a tuple or an object, in which each part has the type of its own. */
function isWritten({ kind }: Expression): boolean {
  return kind === "tuple" || kind === "object" || kind === "for";
}

function calculated(operator: string, left: Value, right: Value): Value | undefined {
  const [a, b] = [toBig(left), toBig(right)];
  if (a === undefined || b === undefined || a === "large" || b === "large") return undefined;
  const number = (big: Big) => numberOf(big, `(${text(left)} ${operator} ${text(right)})`);
  switch (operator) {
    case "+":
      return number(sum(a, b));
    case "-":
      return number(sum(a, negated(b)));
    case "*":
      return number(productOf(a, b));
    case "/":
      return b.mantissa === 0n ? undefined : number(quotientOf(a, b));
    case "%":
      return b.mantissa === 0n ? left : number(remainderOf(a, b));
    case "<":
      return compare(a, b) < 0;
    case ">":
      return compare(a, b) > 0;
    case "<=":
      return compare(a, b) <= 0;
    default:
      return compare(a, b) >= 0;
  }
}

/** What is left of the first, with its sign, when the second is taken from it as often as it fits. */
function remainderOf(a: Big, b: Big): Big {
  return sum(a, negated(productOf(truncated(quotientOf(a, b)), b)));
}

function loop(loop: Expression & { kind: "for" }, scope: Scope): Value {
  const of = evaluate(loop.of, scope);
  const entries = entriesOf(of);
  if (!entries) {
    const spelled = loopText(loop, of, scope);
    return of instanceof Unknown || isList(of) ? unknownFrom(spelled, [of]) : failure(spelled);
  }
  countRounds(entries.length);
  const results: [Value, Value][] = [];
  for (const [key, value] of entries) {
    const inner = loopScope(loop.names, key, value, scope);
    const condition = loop.condition === undefined ? true : evaluate(loop.condition, inner);
    const isWanted = toBoolean(condition);
    if (isWanted === undefined) return unknownFrom(loopText(loop, of, scope), [condition]);
    if (!isWanted) continue;
    results.push([loop.key === undefined ? null : evaluate(loop.key, inner), evaluate(loop.value, inner)]);
  }
  if (loop.key === undefined) return results.map(([, value]) => value);

  const byKey = new Map<string, Value[]>();
  for (const [key, value] of results) {
    const name = toText(key);
    if (key === null) return failure(loopText(loop, of, scope), NULL_KEY);
    if (name === undefined) return unknownFrom(loopText(loop, of, scope), [key]);
    const values = byKey.get(name);
    if (values) values.push(value);
    else byKey.set(name, [value]);
  }
  const repeated = [...byKey].find(([, values]) => values.length > 1);
  if (repeated && !loop.isGrouped) {
    const why = `two of its items have the key ${text(repeated[0])}, which ... behind the value would group`;
    return failure(loopText(loop, of, scope), why);
  }
  return Object.fromEntries(
    [...byKey].map(([key, values]) => [key, loop.isGrouped ? values : (values[0] as Value)]),
  );
}

/** What names mean in one round of a for-expression. */
function loopScope(names: readonly string[], key: Value, value: Value, scope: Scope): Scope {
  const own = new Map(
    names.length === 1
      ? [[names[0], value]]
      : [
          [names[0], key],
          [names[1], value],
        ],
  );
  return {
    surroundings: scope.surroundings,
    label: `${scope.label === "" ? "" : `${scope.label}, `}round ${text(key)}`,
    name: (name) => (own.has(name) ? (own.get(name) as Value) : scope.name(name)),
  };
}

/** A for-expression with everything in it resolved but its own names. */
function loopText(loop: Expression & { kind: "for" }, of: Value, scope: Scope): string {
  const inner: Scope = {
    surroundings: scope.surroundings,
    label: scope.label,
    name: (name) => (loop.names.includes(name) ? new Unknown(name) : scope.name(name)),
  };
  const in_ = (part: Expression) => text(evaluate(part, inner));
  const head = `for ${loop.names.join(", ")} in ${text(of)} :`;
  const condition = loop.condition === undefined ? "" : ` if ${in_(loop.condition)}`;
  if (loop.key === undefined) return `[${head} ${in_(loop.value)}${condition}]`;
  return `{${head} ${in_(loop.key)} => ${in_(loop.value)}${loop.isGrouped ? "..." : ""}${condition}}`;
}
