import { Unknown, type Value } from "../../model";
import { callFunction } from "./functions";
import { parseExpression, parseTemplate } from "./parse";
import { type Expression, SyntaxProblem } from "./syntax";
import {
  expanded,
  isKnown,
  isList,
  isObject,
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
  return evaluate(parseExpression(expression), scope);
}

function evaluateTemplate(template: string, scope: Scope): Value {
  if (!template.includes("${") && !template.includes("%{")) return template;
  return evaluate(parsed(template), scope);
}

/** Texts recur in every instance of a module or a resource. */
const PARSED = new Map<string, Expression>();
const PARSED_LIMIT = 10_000;

function parsed(template: string): Expression {
  const known = PARSED.get(template);
  if (known) return known;
  const expression = parsedOrRaw(template);
  if (PARSED.size >= PARSED_LIMIT) PARSED.clear();
  PARSED.set(template, expression);
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
      return new Unknown(`${text(evaluate(expression.of, scope))}[*]${expression.rest}`);
    case "call":
      return callFunction(
        expression.name,
        expression.args.map((arg) => evaluate(arg, scope)),
        expression.isSpread,
      );
    case "unary":
      return unary(expression.operator, evaluate(expression.of, scope));
    case "binary":
      return binary(expression.operator, evaluate(expression.left, scope), evaluate(expression.right, scope));
    case "conditional": {
      const condition = evaluate(expression.condition, scope);
      const isTrue = toBoolean(condition);
      if (isTrue !== undefined) return evaluate(isTrue ? expression.then : expression.otherwise, scope);
      return new Unknown(
        `(${text(condition)} ? ${text(evaluate(expression.then, scope))} : ${text(evaluate(expression.otherwise, scope))})`,
      );
    }
    case "tuple":
      return expression.items.map((item) => evaluate(item, scope));
    case "object":
      return objectOf(
        expression.entries.map(([key, value]) => [evaluate(key, scope), evaluate(value, scope)]),
      );
    case "for":
      return new Unknown(loopText(expression, scope));
    case "raw":
      return new Unknown(scope.label === "" ? expression.text : `${expression.text} in ${scope.label}`);
  }
}

function joined(parts: readonly Value[]): Value {
  const texts = parts.map(toText);
  return texts.every((part) => part !== undefined) ? texts.join("") : new Unknown(templateText(parts));
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
  return new Unknown(`{ ${texts.sort().join(", ")} }`);
}

function unary(operator: string, operand: Value): Value {
  if (operator === "!") {
    const known = toBoolean(operand);
    if (known !== undefined) return !known;
  } else {
    const known = toNumber(operand);
    if (known !== undefined) return known === 0 ? 0 : -known;
  }
  return new Unknown(`${operator}${text(operand)}`);
}

function binary(operator: string, left: Value, right: Value): Value {
  return (
    (operator === "&&" || operator === "||"
      ? logical(operator, toBoolean(left), toBoolean(right))
      : operator === "==" || operator === "!="
        ? compared(operator, expanded(left), expanded(right))
        : calculated(operator, toNumber(left), toNumber(right))) ??
    new Unknown(`(${text(left)} ${operator} ${text(right)})`)
  );
}

/** One side can decide alone. */
function logical(operator: "&&" | "||", left?: boolean, right?: boolean): boolean | undefined {
  const decisive = operator === "||";
  if (left === decisive || right === decisive) return decisive;
  return left === undefined || right === undefined ? undefined : !decisive;
}

function compared(operator: "==" | "!=", left: Value, right: Value): boolean | undefined {
  if (!isKnown(left) || !isKnown(right)) return undefined;
  return isEqual(left, right) === (operator === "==");
}

function isEqual(left: Value, right: Value): boolean {
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index] as Value));
  }
  if (isObject(left) && isObject(right)) return text(left) === text(right);
  return left === right;
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

/** A for-expression with everything in it resolved but its own names. */
function loopText(loop: Expression & { kind: "for" }, scope: Scope): string {
  const inner: Scope = {
    label: scope.label,
    name: (name) => (loop.names.includes(name) ? new Unknown(name) : scope.name(name)),
  };
  const in_ = (part: Expression) => text(evaluate(part, inner));
  const head = `for ${loop.names.join(", ")} in ${text(evaluate(loop.of, scope))} :`;
  const condition = loop.condition === undefined ? "" : ` if ${in_(loop.condition)}`;
  if (loop.key === undefined) return `[${head} ${in_(loop.value)}${condition}]`;
  return `{${head} ${in_(loop.key)} => ${in_(loop.value)}${loop.isGrouped ? "..." : ""}${condition}}`;
}
