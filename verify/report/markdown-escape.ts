import { printable } from "./layout";

/**
 * Text of the input as text of GitHub's Markdown: nothing in it is markup, HTML, mathematics, a mention or a
 * reference, neither in a paragraph nor in a table.
 */
export function plain(text: string): string {
  return printable(text).replace(/[\\`*[\]<>|~$&@#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (character) =>
    // A mention or a reference to an issue is found in the text that is shown: an entity would not prevent it.
    /[@#]/.test(character) ? `${character}&#8203;` : entity(character),
  );
}

/** Text of the input in a fixed-width font, on one line, also inside a table. */
export function code(text: string): string {
  const line = printable(text);
  if (/^(?! )[^`|\\]+(?<! )$/.test(line)) return `\`${line}\``;
  return `<code>${line.replace(/[^\p{L}\p{N} .,:/()=-]/gu, entity)}</code>`;
}

/** Lines as a block in a fixed-width font, with a fence that nothing in them can close. */
export function fenced(language: string, lines: readonly string[]): string[] {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [`${fence}${language}`, ...lines, fence];
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
