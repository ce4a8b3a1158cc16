import { entriesOf, equality } from "./collections";
import { callFunction } from "./functions";
import { parseExpression, parseTemplate } from "./parse";
import { textParts } from "./partial-text";
import { type Expression, SyntaxProblem } from "./syntax";
import { unknownFrom } from "./unknown";
import { Unknown, type Value } from "./value";
import {
  expanded,
  failure,
  isList,
  isObject,
  isSetOfUnknownSize,
  SetValue,
  step,
  templateText,
  text,
  toBoolean,
  toNumber,
  toText,
} from "./values";

/** What names mean at a place in the configuration. */
export interface Scope {
  /** The address of the place; what cannot be evaluated is told apart by it. */
  readonly label: string;
  /** What a reference starts with: `var`, `local`, `each`, `data`, the type of a resource. */
  readonly name: (name: string) => Value;
}

/** Evaluates what JSON or hcl2json give as an argument: text is a template, the rest is data with templates in it. */
export function evaluateData(data: unknown, scope: Scope): Value {
  if (typeof data === "string") return evaluateTemplate(data, scope);
  if (Array.isArray(data)) return data.map((item) => evaluateData(item, scope));
  if (typeof data !== "object" || data === null) return data as number | boolean | null;
  const entries = Object.entries(data).map(
    ([key, item]) => [evaluateTemplate(key, scope), evaluateData(item, scope)] as const,
  );
  return objectOf(entries);
}

/** Evaluates the text of an expression. @throws SyntaxProblem */
export function evaluateExpression(expression: string, scope: Scope): Value {
  return evaluate(remembered(EXPRESSIONS, expression, parseExpression), scope);
}

function evaluateTemplate(template: string, scope: Scope): Value {
  if (!template.includes("${") && !template.includes("%{")) return template;
  return evaluate(remembered(TEMPLATES, template, parsedOrRaw), scope);
}

/** Texts recur in every instance of a module or a resource. */
const EXPRESSIONS = new Map<string, Expression>();
const TEMPLATES = new Map<string, Expression>();
const MOST_REMEMBERED = 10_000;

function remembered(
  known: Map<string, Expression>,
  text: string,
  parse: (text: string) => Expression,
): Expression {
  const expression = known.get(text) ?? parse(text);
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(text, expression);
  return expression;
}

function parsedOrRaw(template: string): Expression {
  try {
    return parseTemplate(template);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const [, inner] = /^\$\{([\s\S]*)\}$/.exec(template) ?? [];
    return { kind: "raw", text: inner?.trim() ?? JSON.stringify(template) };
  }
}

function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
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
      return callFunction(
        expression.name,
        expression.args.map((arg) => evaluate(arg, scope)),
        expression.isSpread,
      );
    case "unary":
      return unary(expression.operator, evaluate(expression.of, scope));
    case "binary":
      return binary(expression, evaluate(expression.left, scope), evaluate(expression.right, scope));
    case "conditional":
      return conditional(expression, scope);
    case "tuple":
      return expression.items.map((item) => evaluate(item, scope));
    case "object":
      return objectOf(
        expression.entries.map(([key, value]) => [evaluate(key, scope), evaluate(value, scope)]),
      );
    case "for":
      return loop(expression, scope);
    case "raw":
      return new Unknown(scope.label === "" ? expression.text : `${expression.text} in ${scope.label}`);
  }
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
  return typeof (isTrue ? otherwise() : then()) === "string" ? String(value) : value;
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

function joined(parts: readonly Value[]): Value {
  const texts = parts.map(toText);
  return texts.every((part) => part !== undefined)
    ? texts.join("")
    : unknownFrom(templateText(parts), parts, textParts(parts));
}

/** An object whose keys are values; one with an unknown key is unknown. */
function objectOf(entries: readonly (readonly [Value, Value])[]): Value {
  const named = entries.map(([key, value]) => [toText(key), value] as const);
  if (named.every((entry): entry is [string, Value] => entry[0] !== undefined)) {
    return Object.fromEntries(named);
  }
  const texts = entries.map(
    ([key, value]) => `${key instanceof Unknown ? `(${key.expression})` : text(key)} = ${text(value)}`,
  );
  return unknownFrom(`{ ${texts.sort().join(", ")} }`, entries.flat());
}

function unary(operator: string, operand: Value): Value {
  if (operator === "!") {
    const known = toBoolean(operand);
    if (known !== undefined) return !known;
  } else {
    const known = toNumber(operand);
    if (known !== undefined) return known === 0 ? 0 : -known;
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
        : calculated(operator, toNumber(left), toNumber(right))) ??
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

function calculated(operator: string, left?: number, right?: number): number | boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? undefined : left / right;
    case "%":
      return right === 0 ? undefined : left % right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "<=":
      return left <= right;
    default:
      return left >= right;
  }
}

function loop(loop: Expression & { kind: "for" }, scope: Scope): Value {
  const of = evaluate(loop.of, scope);
  const entries = entriesOf(of);
  if (!entries) {
    const spelled = loopText(loop, of, scope);
    return of instanceof Unknown || isList(of) ? unknownFrom(spelled, [of]) : failure(spelled);
  }
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
    if (name === undefined) return unknownFrom(loopText(loop, of, scope), [key]);
    const values = byKey.get(name);
    if (values) values.push(value);
    else byKey.set(name, [value]);
  }
  const isRepeated = [...byKey.values()].some((values) => values.length > 1);
  if (isRepeated && !loop.isGrouped) return failure(loopText(loop, of, scope));
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
    label: `${scope.label === "" ? "" : `${scope.label}, `}round ${text(key)}`,
    name: (name) => (own.has(name) ? (own.get(name) as Value) : scope.name(name)),
  };
}

/** A for-expression with everything in it resolved but its own names. */
function loopText(loop: Expression & { kind: "for" }, of: Value, scope: Scope): string {
  const inner: Scope = {
    label: scope.label,
    name: (name) => (loop.names.includes(name) ? new Unknown(name) : scope.name(name)),
  };
  const in_ = (part: Expression) => text(evaluate(part, inner));
  const head = `for ${loop.names.join(", ")} in ${text(of)} :`;
  const condition = loop.condition === undefined ? "" : ` if ${in_(loop.condition)}`;
  if (loop.key === undefined) return `[${head} ${in_(loop.value)}${condition}]`;
  return `{${head} ${in_(loop.key)} => ${in_(loop.value)}${loop.isGrouped ? "..." : ""}${condition}}`;
}
