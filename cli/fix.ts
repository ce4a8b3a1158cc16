import { basename, dirname, join } from "node:path";
import { InputError } from "../io/errors";
import { kindOf, realPath, shownPath } from "../io/files";
import { plural } from "../io/plural";
import type { Report } from "../verify/checks/model";
import { isReadAsNew } from "../verify/read";
import { fixOf } from "../verify/report";
import type { FoundInputs } from "./inputs";
import { writeOutputs } from "./outputs";

const ENDING = /\.(?:tf|tofu)$/;

/**
 * The file that `--fix` names: a new one in the folder that is judged, where alone its rules would count.
 *
 * @param given its path, or its name in that folder
 * @param isOpenTofu whether the folder is read as OpenTofu does in any case
 * @returns its absolute path
 * @throws InputError naming all that is wrong with it
 */
export function fixFile(given: string, found: readonly FoundInputs[], isOpenTofu: boolean): string {
  const inputs = found.flatMap((one) => one.inputs);
  const [folder] = inputs;
  if (folder === undefined || inputs.length > 1 || folder === "-" || kindOf(folder) !== "folder") {
    throw new InputError(["--fix goes with one folder of Terraform configuration as PATH"]);
  }
  const file = basename(given) === given ? join(folder, given) : given;
  const problems = [
    ...(!ENDING.test(given)
      ? [`--fix must name a file that ends in .tf (given: ${given})`]
      : isReadAsNew(basename(file), folder, isOpenTofu)
        ? []
        : [
            `--fix must name a file whose rules count, such as missing.tf: neither a hidden one, nor an override file, nor one of another language (given: ${given})`,
          ]),
    ...(kindOf(file) === undefined ? [] : [`${shownPath(file)} already exists; --fix does not overwrite it`]),
    ...(kindOf(dirname(file)) === "folder" && realPath(dirname(file)) === realPath(folder)
      ? []
      : [
          `${given}: --fix writes into ${shownPath(folder)}, where its rules count: pass only the name of the file`,
        ]),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return join(realPath(folder), basename(file));
}

/**
 * Writes the rules that broken flows lack into a new file, where there are any.
 *
 * @param isQuiet says only what is left to do
 * @returns what was written, and what was not and why
 * @throws InputError where it cannot be written
 */
export function writeFix(file: string, report: Report, isQuiet: boolean): string[] {
  const { text, rules, flows, left } = fixOf(report);
  const shown = shownPath(file);
  const warnings = text === undefined ? [] : writeOutputs(new Map([[file, text]]));
  const why =
    left.length === 0
      ? "no flow is broken"
      : "none of the broken flows lacks rules that can be in their own file";
  const done =
    text === undefined
      ? `${shown} is not written: ${why}`
      : `wrote ${shown}: ${plural(rules, "rule")} for ${plural(flows.length, "flow")}; verify again to see that they hold`;
  const todo = left.map((one) => `${one.flow} is not fixed by it: ${one.why}`);
  return [...(isQuiet ? [] : [done]), ...todo, ...warnings];
}
