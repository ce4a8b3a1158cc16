/** What a terminal shows, as a picture for pages: one element of text for each line, so that it can be searched and read aloud. */

const COLUMN = 7.83;
const LINE = 18;
const MARGIN = 16;

/** The report's ways of painting (`painter` in `verify/report/layout.ts`), as classes. */
const CLASSES: Readonly<Record<string, string>> = {
  "1": "bold",
  "2": "dim",
  "31": "red",
  "32": "green",
  "33": "yellow",
  "36": "cyan",
};

/** GitHub's own colours, for its light and its dark pages. */
const STYLE = `
    text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; white-space: pre }
    text { fill: #1f2328 } rect { fill: #f6f8fa; stroke: #d1d9e0 }
    .bold { font-weight: bold } .dim { fill: #59636e } .red { fill: #d1242f; font-weight: bold }
    .green { fill: #1a7f37 } .yellow { fill: #9a6700 } .cyan { fill: #0550ae }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc } rect { fill: #151b23; stroke: #3d444d }
      .dim { fill: #9198a1 } .red { fill: #ff7b72 } .green { fill: #3fb950 } .yellow { fill: #d29922 } .cyan { fill: #79c0ff }
    }
  `;

/**
 * Draws what a command has printed.
 *
 * @param command what was typed
 * @param printed its output, with the colours of a terminal
 * @param title what the picture shows, for those who cannot see it
 * @returns an SVG image that needs no font and no file besides itself
 */
export function picture(command: string, printed: string, title: string): string {
  const lines = [`\u001b[1m$ ${command}\u001b[0m`, ...printed.trimEnd().split("\n")];
  const columns = Math.max(...lines.map((line) => plain(line).length));
  const width = Math.ceil(columns * COLUMN) + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  const texts = lines.flatMap((line, index) => {
    const y = MARGIN + index * LINE + 13;
    return plain(line).trim() === "" ? [] : [`  <text x="${MARGIN}" y="${y}">${painted(line)}</text>\n`];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">
  <title>${escaped(title)}</title>
  <style>${STYLE}</style>
  <rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${texts.join("")}</svg>
`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are painted with it.
const PAINT = /\u001b\[(\d+)m(.*?)\u001b\[0m/g;

const plain = (line: string) => line.replace(PAINT, "$2");

function painted(line: string): string {
  let end = 0;
  let svg = "";
  for (const match of line.matchAll(PAINT)) {
    const [all, code = "", text = ""] = match;
    svg += escaped(line.slice(end, match.index));
    svg += `<tspan class="${CLASSES[code]}">${escaped(text)}</tspan>`;
    end = match.index + all.length;
  }
  return svg + escaped(line.slice(end));
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
