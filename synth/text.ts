import { Lazy, ref, Token, Tokenization } from "cdktf";
import { Construct } from "constructs";
import { escapeTemplates } from "../expression/hcl";
import { InputError } from "../io/errors";
import { TokenMap } from "./cdktf";

/** What cdktf puts for a string token or a number token into a string. Text may look the same. */
const TOKEN = /(\$\{TfToken\[[a-zA-Z0-9:._-]+\]\}|-8\.\d+e\+298)/;

/** What cdktf takes for a token of any kind where it resolves a string. */
const MARKER = /[$#&]\{TfToken\[[a-zA-Z0-9:._-]+\]\}|-8\.\d+e\+298/g;

/** What a token, what looks like one, and what Terraform would evaluate begin with. Most text has none of it. */
const SPECIAL = /[$%#&]\{|-8\./;

/**
 * Makes text reach Terraform as text: `${` and `%{` stay what they are instead of starting an expression.
 * Tokens inside it (a variable's value, a resource's attribute) still resolve. Text that looks like a token of
 * cdktf is text, unless it is to the letter the key of one that exists: the two cannot be told apart.
 *
 * For places where Terraform evaluates templates: arguments of resources, data sources, providers and
 * module calls, locals, output values. Not for variable defaults, descriptions, module sources and
 * backends, which Terraform's JSON syntax takes literally: an escape would stay in them.
 * The constructs of this folder apply it to what they are given; call it for text that goes into a
 * resource of your own.
 */
export function text(value: string): string {
  if (!SPECIAL.test(value)) return value;
  // What looks like a token is at the odd places: split() keeps what the group captured.
  const parts = value.split(TOKEN);
  if (parts.length === 1) return literalPart(value, false);
  const isReference = (index: number) => index % 2 === 1 && isToken(parts[index]);
  const written = (resolve: (token: string) => string) =>
    parts
      .map((part, index) => (isReference(index) ? resolve(part) : literalPart(part, isReference(index + 1))))
      .join("");
  if (!parts.some((_, index) => isReference(index))) return written(String);
  // One token for the whole: cdktf takes a `${` beside a token in one string for the start of an
  // expression and writes the token without its braces.
  return Lazy.stringValue({ produce: (context) => written((token) => context.resolve(token)) });
}

/** A Terraform expression, such as `concat(var.a, var.b)`, as a string token: written as `${…}`. */
export function expression(code: string): string {
  return Token.asString(ref(code));
}

/**
 * `text` for every string, and every key, inside plain data. References stay as they are; what is undefined in
 * an object is left out.
 *
 * @param where the words for the value as a whole; each problem starts with them and the path inside it
 * @throws InputError naming everything in it that is neither plain data nor a reference
 */
export function textIn(value: unknown, where = "value"): unknown {
  const problems: string[] = [];
  const converted = collectText(value, where, problems);
  if (problems.length > 0) throw new InputError(problems);
  return converted;
}

/** As `textIn`, for callers that have more to check: adds to `problems` instead of throwing. */
export function collectText(
  value: unknown,
  where: string,
  problems: string[],
  parents: readonly unknown[] = [],
): unknown {
  if (typeof value === "string") return text(value);
  if (value === null || typeof value === "boolean" || Number.isFinite(value) || isToken(value)) return value;
  if (parents.includes(value)) {
    problems.push(`${where}: must not contain itself`);
    return undefined;
  }
  const inside = [...parents, value];
  if (Array.isArray(value)) {
    return Array.from(value, (item, index) => collectText(item, `${where}[${index}]`, problems, inside));
  }
  if (!isPlainObject(value)) {
    problems.push(
      `${where}: must be a string, a number, true, false, null, a reference, or a list or a plain object of these (given: ${kindOf(value)})`,
    );
    return undefined;
  }
  // As a key it would set the prototype of the objects that cdktf merges it into.
  if (Object.hasOwn(value, "__proto__")) problems.push(`${where}: must not have a key "__proto__"`);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [text(key), collectText(item, `${where}.${key}`, problems, inside)]),
  );
}

/**
 * Whether a value is a reference or plain data with one in it, or text that looks like one: in places that
 * Terraform takes literally, cdktf leaves no way to write either.
 */
export function holdsToken(value: unknown): boolean {
  if (typeof value === "string") return value.search(MARKER) >= 0;
  if (Token.isUnresolved(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => holdsToken(key) || holdsToken(item));
}

function literalPart(part: string, isBeforeReference: boolean): string {
  // cdktf throws at a key that it does not know. A piece of it as an expression keeps it from looking.
  const hidden = escapeTemplates(part).replace(MARKER, (marker) =>
    isToken(marker) ? marker : marker.replace(/TfToken|e/, (piece) => `\${"${piece}"}`),
  );
  // A literal `$` directly before a reference's `${` would read as an escape.
  return isBeforeReference ? hidden.replace(/\$+$/, (dollars) => `\${"${dollars}"}`) : hidden;
}

/** Whether cdktf knows a value as a token, in any of the forms that it gives to them. */
function isToken(value: unknown): boolean {
  if (Tokenization.isResolvable(value)) return true;
  const tokens = TokenMap.instance();
  try {
    if (typeof value === "number") return tokens.lookupNumberToken(value) !== undefined;
    if (typeof value === "string") {
      const key = /\[(.+)\]/.exec(value)?.[1];
      return key === undefined ? isToken(Number(value)) : tokens.lookupToken(key) !== undefined;
    }
    if (!Token.isUnresolved(value)) return false;
    if (!Array.isArray(value)) return tokens.lookupMap(value as object) !== undefined;
    const isNumbers = typeof value[0] === "number";
    return (isNumbers ? tokens.lookupNumberList(value) : tokens.lookupList(value)) !== undefined;
  } catch {
    // That is how cdktf says that it knows no such token.
    return false;
  }
}

/** Also without a prototype, or with the prototype of another realm. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `the BigInt ${value}`;
  if (Construct.isConstruct(value)) return `the construct ${value.node.path}; pass one of its attributes`;
  if (typeof value === "object") return `an object of class ${value?.constructor?.name}`;
  return String(value);
}
