import { InputError } from "../../../io/errors";
import type { Json } from "../../../io/json";
import { parseInThread } from "./hcl-parser";

/**
 * Parses HCL.
 *
 * @throws InputError with the lines of the mistakes
 */
export async function parseHcl(file: string, text: string): Promise<Json> {
  const parsed = await parseInThread(text, (error) => mistakesIn(error).length > 0);
  if ("content" in parsed) return parsed.content as Json;
  const mistakes = mistakesIn(parsed.error);
  throw new InputError(
    mistakes.length > 0
      ? mistakes.map(({ line, what }) => `${file}:${line}: ${what}.`)
      : [`${file}: the HCL parser cannot read it; it may be nested too deeply.`],
  );
}

/** The mistakes that the parser names, with their lines. */
function mistakesIn(error: string): { line: string; what: string }[] {
  const all = error.matchAll(/input\.tf:(\d+),\d+-[\d,]+: (.*?)(?=\.? input\.tf:\d+,\d+-|\.?\]$)/gs);
  return [...all].map(([, line = "", what = ""]) => ({ line, what: what.replaceAll("; ", ": ") }));
}

/** What begins a block of a file, up to its brace. */
export const HEADER =
  /^[ \t]*(?:(resource|data)[ \t]+"?([\w-]+)"?[ \t]+"?([\w-]+)"?|(module|variable|output)[ \t]+"?([\w-]+)"?|(locals))[ \t]*(?=\{)/gm;

/** The lines on which blocks begin, by their keys (`resource.TYPE.NAME`, `module.NAME`, `locals`), in order. */
export function hclLines(text: string): Map<string, number[]> {
  const lines = new Map<string, number[]>();
  let line = 1;
  let last = 0;
  for (const match of text.matchAll(HEADER)) {
    for (let at = text.indexOf("\n", last); at !== -1 && at < match.index; at = text.indexOf("\n", at + 1))
      line += 1;
    last = match.index;
    const [, mode, type, name, kind, label, locals] = match;
    const key = mode ? `${mode}.${type}.${name}` : kind ? `${kind}.${label}` : (locals as string);
    const known = lines.get(key);
    if (known) known.push(line);
    else lines.set(key, [line]);
  }
  return lines;
}
