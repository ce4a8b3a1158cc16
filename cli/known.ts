import { InputError } from "../io/errors";
import { kindOf, shownPath } from "../io/files";
import { groupedBy } from "../io/lists";
import type { Report } from "../verify/checks/model";
import {
  inputName,
  type Known,
  type KnownInput,
  type Ratcheted,
  ratchet,
  readKnown,
  writeKnown,
} from "../verify/compare";
import type { Values } from "./options";

/** What `--known` and `--update-known` ask for. */
export interface Ratchet {
  /**
   * Parts what is known of each report from what is new, which alone counts. With `--update-known` it is written first, so
   * that all of it is known.
   *
   * @throws InputError where it cannot be written
   */
  readonly apply: (reports: readonly Report[]) => readonly Report[];
}

/**
 * Reads what is known.
 *
 * @returns undefined where nobody asks for it
 * @throws InputError where it cannot be read, or `--update-known` does not say where to write
 */
export function ratchetOf(values: Values): Ratchet | undefined {
  const { known: file, "update-known": isUpdate } = values;
  if (file === undefined) {
    if (!isUpdate) return undefined;
    throw new InputError(["--update-known goes with --known FILE, which it writes"]);
  }
  const known = isUpdate && kindOf(file) === undefined ? new Map<string, KnownInput>() : readKnown(file);
  return {
    apply: (reports) => {
      const options = { noAssumptions: values["no-assumptions"] === true };
      // What a plan is called changes from run to run; the folder that it was made from does not.
      const named = reports.map((report) => ({
        name: inputName(values.config ?? report.path, file),
        report,
      }));
      refuseNamesakes(named, file);
      const beside = (entries: Known) =>
        named.map(({ name, report }) => ({
          name,
          ...ratchet(report, entries.get(name), shownPath(file), options),
        }));
      const found = beside(known);
      if (!isUpdate) return found.map(({ report }) => report);
      const updated = new Map([...known, ...found.map(({ name, all }) => [name, all] as const)]);
      writeKnown(file, updated);
      if (!values.quiet) console.error(updateLines(found, shownPath(file)).join("\n"));
      return beside(updated).map(({ report }) => report);
    },
  };
}

/** What was written, and what is no longer in it. */
function updateLines(found: readonly Ratcheted[], file: string): string[] {
  const entries = found.reduce((sum, { all }) => sum + all.findings.length + all.flows.length, 0);
  const gone = found.flatMap(({ report }) => report.known?.gone ?? []);
  return [
    `wrote ${file}: ${entries} known, ${gone.length} taken out`,
    ...gone.map((words) => `no longer found: ${words}`),
  ];
}

/** @throws InputError where the file would take two inputs for one */
function refuseNamesakes(
  named: readonly { readonly name: string; readonly report: Report }[],
  file: string,
): void {
  const problems = [...groupedBy(named, ({ name }) => name)]
    .filter(([, same]) => same.length > 1)
    .map(([name, same]) => {
      const paths = same.map(({ report }) => report.path).join(", ");
      return `${shownPath(file)} would call ${paths} all ${name}: give each its own file, or put them into the repository`;
    });
  if (problems.length > 0) throw new InputError(problems);
}
