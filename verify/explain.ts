import { InputError } from "../io/errors";
import type { Answer } from "./ask/model";
import { answer, parseQuestion } from "./ask/question";
import type { Report } from "./checks/model";
import { type InputOptions, understand } from "./understand";

export { parseQuestion } from "./ask/question";

/** An answer, and the report of the input that it is about, without findings. */
export interface Explained {
  readonly answer: Answer;
  readonly report: Report;
}

/**
 * Answers one question about an input, such as `orders -> database TCP 3306`.
 *
 * @param path as for `verify`
 * @throws InputError where the question or the input cannot be understood
 */
export async function explain(words: string, path: string, options: InputOptions = {}): Promise<Explained> {
  const question = parseQuestion(words);
  const { input, inventory, settings, flows, derived } = await understood(path, options, question.problems);
  const { mode, nodes } = settings;
  const found = answer({ inventory, flows, mode: mode.mode }, question, nodes);
  return {
    answer: found,
    report: {
      path,
      kind: input.kind,
      mode: mode.mode,
      ...(settings.isOfCni && { modeFrom: mode.from }),
      groups: [...inventory.groups.values()],
      names: inventory.names,
      modules: input.modules,
      rules: inventory.rules,
      ...(derived.table.rows.length > 0 && { workloads: derived.table }),
      verdicts: found.verdicts.map(({ verdict }) => verdict),
      findings: [],
      suppressed: [],
      notes: input.notes,
      calls: [],
    },
  };
}

/** What is wrong with the input and with the question is said at once. */
async function understood(path: string, options: InputOptions, problems: readonly string[]) {
  try {
    return await understand(path, options);
  } catch (error) {
    throw error instanceof InputError ? new InputError([...problems, ...error.problems]) : error;
  }
}
