import { Lazy, ref, Token } from "cdktf";

/** A string token of cdktf, as it stands inside a string before it is resolved. */
const TOKEN = /(\$\{TfToken\[[a-zA-Z0-9:._-]+\]\})/;

/**
 * Makes text reach Terraform as text: `${` and `%{` stay what they are instead of starting an expression.
 * Tokens inside it (a variable's value, a resource's attribute) still resolve.
 *
 * For places where Terraform evaluates templates: arguments of resources, data sources, providers and
 * module calls, locals, output values. Not for variable defaults, descriptions, module sources and
 * backends, which Terraform's JSON syntax takes literally: an escape would stay in them.
 * The constructs of this folder apply it to what they are given; call it for text that goes into a
 * resource of your own.
 *
 * The escapes are those of HCL templates: `$${` and `%%{`, however many `$` or `%` stand before.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function text(value: string): string {
  if (!holdsToken(value)) return escapeTemplates(value);
  // The tokens are at the odd places: split() keeps what the group captured.
  const parts = value.split(TOKEN);
  const literal = (part: string, isLast: boolean) => {
    const escaped = escapeTemplates(part);
    // A literal `$` directly before a reference's `${` would read as an escape.
    return isLast ? escaped : escaped.replace(/\$+$/, (dollars) => `\${"${dollars}"}`);
  };
  // One token for the whole: cdktf takes a `${` beside a token in one string for the start of an
  // expression and writes the token without its braces.
  return Lazy.stringValue({
    produce: (context) =>
      parts
        .map((part, index) =>
          index % 2 === 1 ? context.resolve(part) : literal(part, index === parts.length - 1),
        )
        .join(""),
  });
}

/** A Terraform expression, such as `concat(var.a, var.b)`, as a string token: written as `${…}`. */
export function expression(code: string): string {
  return Token.asString(ref(code));
}

/** `text` for every string, and every key, inside a plain value. Tokens and other objects stay as they are. */
export function textIn(value: unknown): unknown {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map(textIn);
  if (isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), textIn(item)]));
  }
  return value;
}

/** Whether a string holds a token, which has no value outside of an expression. */
export function holdsToken(value: string): boolean {
  return TOKEN.test(value);
}

function escapeTemplates(value: string): string {
  // A function, because `$$` in a replacement string would mean a single `$`.
  return value.replace(/[$%]\{/g, (opening) => opening.charAt(0) + opening);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
