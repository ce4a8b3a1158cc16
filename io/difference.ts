/**
 * What must change in a text to become another, line by line: `-` what goes, `+` what comes, with two lines around each
 * place. Time: the product of the lines that differ.
 *
 * @param longest so many lines at most, with the number of those that are left out
 */
export function difference(from: string, to: string, longest: number): string {
  const lines = changes(from.split("\n"), to.split("\n"));
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - 2), index + 3).some(({ mark }) => mark !== " ");
  const shown = lines.flatMap(({ mark, line }, index) => {
    if (isNear(index)) return [`${mark} ${line}`];
    return index > 0 && isNear(index - 1) ? ["  …"] : [];
  });
  if (shown.at(-1) === "  …") shown.pop();
  const rest = shown.length - longest;
  return (rest > 0 ? [...shown.slice(0, longest), `  … and ${rest} more lines`] : shown).join("\n");
}

interface Line {
  readonly mark: " " | "-" | "+";
  readonly line: string;
}

/** More lines than these on both sides are compared as one block: nobody reads them. */
const MOST = 4000;

function changes(from: readonly string[], to: readonly string[]): Line[] {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end))
    end += 1;
  const same = (lines: readonly string[]): Line[] => lines.map((line) => ({ mark: " ", line }));
  return [
    ...same(from.slice(0, start)),
    ...middle(from.slice(start, from.length - end), to.slice(start, to.length - end)),
    ...same(from.slice(from.length - end)),
  ];
}

/** By the longest common subsequence. */
function middle(from: readonly string[], to: readonly string[]): Line[] {
  if (from.length > MOST || to.length > MOST) {
    return [
      ...from.map((line): Line => ({ mark: "-", line })),
      ...to.map((line): Line => ({ mark: "+", line })),
    ];
  }
  const width = to.length + 1;
  const common = new Uint16Array((from.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] as number;
  for (let row = from.length - 1; row >= 0; row -= 1) {
    for (let column = to.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        from[row] === to[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: Line[] = [];
  let [row, column] = [0, 0];
  while (row < from.length || column < to.length) {
    if (row < from.length && column < to.length && from[row] === to[column]) {
      lines.push({ mark: " ", line: from[row] as string });
      row += 1;
      column += 1;
    } else if (row < from.length && (column === to.length || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ mark: "-", line: from[row] as string });
      row += 1;
    } else {
      lines.push({ mark: "+", line: to[column] as string });
      column += 1;
    }
  }
  return lines;
}
