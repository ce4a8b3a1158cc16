import { isJson } from "../io/json";

/** An expression that is written as it is: `aws_security_group.pods.id`. */
export class Verbatim {
  constructor(readonly text: string) {}
}

/**
 * Text as HCL writes it in quotes, with `${` and `%{` escaped.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function quote(text: string): string {
  // HCL has no \b and \f of its own.
  const json = JSON.stringify(text).replace(/\\(.)/g, (escaped, letter: string) =>
    letter === "b" ? "\\u0008" : letter === "f" ? "\\u000c" : escaped,
  );
  return escapeTemplates(json);
}

/** The escapes of HCL templates: `$${` and `%%{`, however many `$` or `%` stand before. */
export function escapeTemplates(text: string): string {
  // A function, because `$$` in a replacement string would mean a single `$`.
  return text.replace(/[$%]\{/g, (opening) => opening.charAt(0) + opening);
}

/**
 * A plain value as HCL, laid out as `terraform fmt` would. Only for people: configuration is written as JSON.
 *
 * @param indent the number of spaces before the lines after the first
 */
export function hclValue(value: unknown, indent = 0): string {
  if (value instanceof Verbatim) return value.text;
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map((item) => hclValue(item, indent)).join(", ")}]`;
  if (!isJson(value)) return String(value);
  return hclBlock("", value, indent);
}

/** A block or an object: its header if it has one, and its arguments between braces. */
export function hclBlock(header: string, values: Readonly<Record<string, unknown>>, indent = 0): string {
  const opening = header === "" ? "{" : `${header} {`;
  return `${opening}\n${hclArguments(values, indent + 2)}\n${" ".repeat(indent)}}`;
}

/** Arguments of a block, one to a line; the equals signs of neighbouring one-line arguments are aligned. */
export function hclArguments(values: Readonly<Record<string, unknown>>, indent: number): string {
  const entries = Object.entries(values).map(([name, value]) => ({ name, text: hclValue(value, indent) }));
  const isLong = (entry: { text: string } | undefined) => entry?.text.includes("\n") ?? true;
  return entries
    .map((entry, index) => {
      let from = index;
      while (!isLong(entries[index]) && !isLong(entries[from - 1])) from -= 1;
      let to = index;
      while (!isLong(entries[index]) && !isLong(entries[to + 1])) to += 1;
      const width = Math.max(...entries.slice(from, to + 1).map(({ name }) => name.length));
      return `${" ".repeat(indent)}${entry.name.padEnd(width)} = ${entry.text}`;
    })
    .join("\n");
}
