/** The columns that text is laid out for where no terminal shows it, so that the same input gives the same bytes. */
export const DEFAULT_WIDTH = 100;

/** What text is laid out for. */
export interface Screen {
  /** Its columns. Names are never broken, because they are copied: a line with a long one is longer. */
  readonly width: number;
  readonly paint: Paint;
}

/** What a terminal would obey or hide instead of showing it: control characters and marks of writing direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text of the input on one line, without anything that a terminal would obey. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (character === "\n") return "\\n";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Lines of the input, each printable. */
export function printableLines(text: string): string[] {
  return text.trimEnd().split(/\r?\n/).map(printable);
}

/** The words of a line. What is in backticks is one word: whoever copies a command must not meet a line break in it. */
function wordsOf(line: string): string[] {
  const ticksIn = (text: string) => text.split("`").length - 1;
  const words: string[] = [];
  let ticksAfter = ticksIn(line);
  let isInside = false;
  for (const piece of line.split(" ")) {
    if (isInside) words.push(`${words.pop()} ${piece}`);
    else words.push(piece);
    ticksAfter -= ticksIn(piece);
    isInside = ticksAfter % 2 === 1;
  }
  return words;
}

/** Breaks text at spaces so that it fits beside an indentation. Lines that are indented already stay as they are. */
export function wrap(text: string, indent: number, { width }: Screen): string[] {
  const margin = " ".repeat(indent);
  return printableLines(text).flatMap((line) => {
    if (/^[ }\])]/.test(line) || line === "") return [`${margin}${line}`.trimEnd()];
    const lines: string[] = [];
    let current = "";
    for (const word of wordsOf(line)) {
      const longer = current === "" ? word : `${current} ${word}`;
      if (current !== "" && indent + longer.length > width) {
        lines.push(current);
        current = word;
      } else current = longer;
    }
    return [...lines, current].map((part) => `${margin}${part}`);
  });
}

/** A label with a text beside it; the text goes below when it does not fit, and words of the label, too. */
export function labelled(
  label: string,
  text: string,
  indent: number,
  labelWidth: number,
  screen: Screen,
): string[] {
  const first = `${" ".repeat(indent)}${label.padEnd(labelWidth)}  `;
  const beside = wrap(text, first.length, screen);
  if (beside.every((line) => line.length <= screen.width)) {
    return [first + (beside[0] ?? "").slice(first.length), ...beside.slice(1)];
  }
  return [...wrap(label.trimEnd(), indent, screen), ...wrap(text, indent + 2, screen)];
}

export type Paint = (color: "red" | "green" | "yellow" | "cyan" | "bold" | "dim", text: string) => string;

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, bold: 1, dim: 2 } as const;

/** Colours for a terminal, or none. */
export function painter(color: boolean): Paint {
  return (name, text) => (color ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text);
}
