import { InputError } from "../io/errors";
import { readStandardInput } from "../io/files";
import { decoded } from "../io/text";
import { explain, parseQuestion } from "../verify/explain";
import { type Format, isAsAsked, renderAnswer, renderAnswerJson } from "../verify/report";
import { inputsAt, readingOf } from "./inputs";
import { manifestOptions, readsStandardInput } from "./manifests";
import type { Values } from "./options";
import { withSettings } from "./settings";
import { terminalOf } from "./terminal";

/** Formats of an answer. */
const FORMATS: readonly (Format | undefined)[] = ["text", "json", undefined];

/**
 * Exit code 0 where the answer is what was asked for, else 1.
 *
 * @param path where to look for it. Default: as the configuration file says, else the working directory
 */
export async function answered(question: string, path: string | undefined, given: Values): Promise<number> {
  parseQuestion(question);
  const { operands, values } = withSettings({ operands: path === undefined ? [] : [path], values: given });
  const paths = operands.length === 0 ? ["."] : operands;
  const problems: string[] = [];
  // What the file says of it is about reports.
  const { format } = given;
  if (!FORMATS.includes(format)) {
    problems.push(`--format of a question must be text or json (given: ${format})`);
  }
  const found = await inputsAt(paths, values, problems);
  const roots = found.flatMap(({ inputs }) => inputs);
  const beside = manifestOptions(inputOptions(values), paths, problems);
  if (problems.length === 0 && roots.length > 1) {
    problems.push(
      `a question goes with one root, and there are ${roots.length}: ${roots.join(", ")}. Name one`,
    );
  }
  if (problems.length > 0) throw new InputError(problems);
  const [root = "."] = roots;
  const isPiped = root === "-" || readsStandardInput(values);
  const { answer, report } = await explain(question, root, {
    ...readingOf(values),
    ...beside,
    ...(isPiped && { stdin: decoded(readStandardInput(), "-") }),
  });
  const isRight = isAsAsked(answer, values["no-assumptions"] === true);
  if (!values.quiet || !isRight) {
    process.stdout.write(
      format === "json"
        ? renderAnswerJson(answer, report, isRight)
        : renderAnswer(answer, report, terminalOf(process.stdout, process.env)),
    );
  }
  return isRight ? 0 : 1;
}

/** What of the options is about the input: the configuration file may say what reports are compared with. */
function inputOptions({ manifests, render, group }: Values): Values {
  return {
    ...(manifests && { manifests }),
    ...(render && { render }),
    ...(group && { group }),
  };
}
