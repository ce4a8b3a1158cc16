import { isJson } from "../io/json";
import { escapeTemplates } from "./text";

/**
 * A plain value as HCL, laid out as `terraform fmt` would. Only for documents: configuration is written as JSON.
 *
 * @param indent the number of spaces before the lines after the first
 */
export function hclValue(value: unknown, indent = 0): string {
  if (typeof value === "string") return escapeTemplates(JSON.stringify(value));
  if (Array.isArray(value)) return `[${value.map((item) => hclValue(item, indent)).join(", ")}]`;
  if (!isJson(value)) return String(value);
  return `{\n${hclArguments(value, indent + 2)}\n${" ".repeat(indent)}}`;
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
