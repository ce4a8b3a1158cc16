import { InputError } from "../io/errors";
import { readStandardInput } from "../io/files";
import { decoded } from "../io/text";
import { explain, parseQuestion } from "../verify/explain";
import { isAsAsked, renderAnswer } from "../verify/report";
import { inputsAt } from "./inputs";
import { manifestOptions, readsStandardInput } from "./manifests";
import type { Values } from "./options";
import { terminalOf } from "./terminal";

/** Exit code 0 where the answer is what was asked for, else 1. */
export async function answered(question: string, path: string, values: Values): Promise<number> {
  parseQuestion(question);
  const problems: string[] = [];
  const found = await inputsAt([path], values, problems);
  const roots = found.flatMap(({ inputs }) => inputs);
  const beside = manifestOptions(values, [path], problems);
  if (problems.length === 0 && roots.length > 1) {
    problems.push(
      `a question goes with one root, and there are ${roots.length}: ${roots.join(", ")}. Name one`,
    );
  }
  if (problems.length > 0) throw new InputError(problems);
  const isPiped = path === "-" || readsStandardInput(values);
  const { mode, tofu, "var-file": varFiles = [] } = values;
  const { answer, report } = await explain(question, roots[0] ?? path, {
    varFiles,
    tofu: tofu === true,
    ...beside,
    ...(mode !== undefined && { mode }),
    ...(isPiped && { stdin: decoded(readStandardInput(), "-") }),
  });
  const isRight = isAsAsked(answer, values["no-assumptions"] === true);
  if (!values.quiet || !isRight) {
    process.stdout.write(renderAnswer(answer, report, terminalOf(process.stdout, process.env)));
  }
  return isRight ? 0 : 1;
}
