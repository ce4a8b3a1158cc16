import type { Report } from "../checks/model";
import { labelled, printable, type Screen, wrap } from "./layout";
import { type WorkloadLine, type WorkloadState, workloadsView } from "./workloads";

/** Where names begin: behind the state. */
const INDENT = 12;

const STATES = {
  broken: ["BROKEN", "red"],
  unknown: ["unknown", "yellow"],
  "holds-if": ["holds if", "yellow"],
  holds: ["holds", "green"],
  node: ["node", "dim"],
} as const satisfies Readonly<Record<WorkloadState, readonly [string, Parameters<Screen["paint"]>[0]]>>;

/**
 * The workloads as a table: workload, policies, groups, what holds. Rows that are too wide for the screen stand in lines
 * below each other.
 *
 * @param all whether those in which nothing is wrong are listed, too
 * @param hint what is said behind a number that is only counted
 */
export function workloadLines(report: Report, all: boolean, hint: () => string, screen: Screen): string[] {
  const { lines, rest, idle } = workloadsView(report, all);
  const sentences = [
    ...(rest === undefined ? [] : wrap(`${rest}${hint()}.`, 2, screen)),
    ...(idle === undefined ? [] : wrap(`${idle}.`, 2, screen)),
  ];
  if (lines.length + sentences.length === 0) return [];
  return ["", "Workloads", ...table(lines, screen), ...sentences];
}

const HEAD = ["Workload", "Policy", "Security groups", "What it needs"] as const;
const NONE = "none";
const UNKNOWN = "not known";

function table(lines: readonly WorkloadLine[], screen: Screen): string[] {
  if (lines.length === 0) return [];
  const rows = lines.map((line) => ({
    line,
    cells: [
      line.name,
      listed(line.policies),
      line.groups === undefined ? UNKNOWN : listed(line.groups),
      line.words,
    ].map(printable),
  }));
  const room = screen.width - INDENT;
  const widthsOf = (some: typeof rows) =>
    HEAD.map((head, column) => Math.max(head.length, ...some.map(({ cells }) => cells[column]?.length ?? 0)));
  const widthOf = (cells: readonly string[]) => cells.reduce((sum, cell) => sum + cell.length + 2, -2);
  // A row that is wide by itself does not push the others apart.
  const narrow = rows.filter(({ cells }) => widthOf(cells) <= room);
  const isTable = widthsOf(narrow).reduce((sum, width) => sum + width + 2, -2) <= room;
  const aligned = isTable ? narrow : [];
  const widths = widthsOf(aligned);
  const row = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    ...(aligned.length > 0 ? [screen.paint("dim", `${" ".repeat(INDENT)}${row(HEAD)}`)] : []),
    ...rows.flatMap((one) => {
      const [word, color] = STATES[one.line.state];
      const state = `  ${screen.paint(color, word.padEnd(8))}  `;
      if (aligned.includes(one)) return [`${state}${row(one.cells)}`];
      const [name = "", ...others] = one.cells;
      const [first = "", ...more] = wrap(name, INDENT, screen);
      const labels = ["policy", "groups", "needs"];
      return [
        `${state}${first.slice(INDENT)}`,
        ...more,
        ...others.flatMap((cell, index) => labelled(labels[index] ?? "", cell, INDENT + 2, 6, screen)),
      ];
    }),
  ];
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? NONE : names.join(", ");
}
