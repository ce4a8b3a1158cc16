import { InputError } from "../../../io/errors";
import type { Json } from "../../../io/json";

let stopped = false;

/**
 * Parses HCL. The parser is loaded when it is needed first: it takes as long as all the rest.
 *
 * @throws InputError with the lines of the mistakes
 */
export async function parseHcl(file: string, text: string): Promise<Json> {
  if (stopped) throw new InputError([`${file}: it was not read, because another file broke the parser.`]);
  const { parse } = await import("@cdktf/hcl2json");
  try {
    return (await parse("input.tf", text)) as Json;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const problems = [
      ...message.matchAll(/input\.tf:(\d+),\d+-[\d,]+: (.*?)(?=\.? input\.tf:\d+,\d+-|\.?\]$)/gs),
    ];
    if (problems.length > 0) {
      throw new InputError(
        problems.map(([, line, what]) => `${file}:${line}: ${what?.replaceAll("; ", ": ")}.`),
      );
    }
    // A text that is nested too deeply leaves the parser in a state in which the next call would end the process.
    stopped = true;
    throw new InputError([`${file}: the HCL parser cannot read it; it may be nested too deeply.`]);
  }
}

const HEADER =
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
