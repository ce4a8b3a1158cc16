/** The width that text is laid out for. Names are never broken, so that a line with a long one is longer. */
export const WIDTH = 100;

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

/** Breaks text at spaces so that it fits beside an indentation. Lines that are indented already stay as they are. */
export function wrap(text: string, indent: number): string[] {
  const margin = " ".repeat(indent);
  return printableLines(text).flatMap((line) => {
    if (/^[ }\])]/.test(line) || line === "") return [`${margin}${line}`.trimEnd()];
    const lines: string[] = [];
    let current = "";
    for (const word of line.split(" ")) {
      const longer = current === "" ? word : `${current} ${word}`;
      if (current !== "" && indent + longer.length > WIDTH) {
        lines.push(current);
        current = word;
      } else current = longer;
    }
    return [...lines, current].map((part) => `${margin}${part}`);
  });
}

/** A label with a text beside it; the text goes below when it does not fit. */
export function labelled(label: string, text: string, indent: number, labelWidth: number): string[] {
  const first = `${" ".repeat(indent)}${label.padEnd(labelWidth)}  `;
  const beside = wrap(text, first.length);
  if (beside.every((line) => line.length <= WIDTH)) {
    return [first + (beside[0] ?? "").slice(first.length), ...beside.slice(1)];
  }
  return [first.trimEnd(), ...wrap(text, indent + 2)];
}

export type Paint = (color: "red" | "green" | "yellow" | "cyan" | "bold" | "dim", text: string) => string;

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, bold: 1, dim: 2 } as const;

/** Colours for a terminal, or none. */
export function painter(color: boolean): Paint {
  return (name, text) => (color ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text);
}
