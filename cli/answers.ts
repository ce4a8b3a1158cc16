import * as z from "zod";
import { type Answers, type Question, questionName } from "../adopt";
import { InputError, parseInput } from "../io/errors";
import { shownPath } from "../io/files";
import { readTextFile } from "../io/text";
import { parseYaml } from "../io/yaml";
import type { Values } from "./options";

const LIMIT = 1024 * 1024;

/** A file of answers: `QUESTION: VALUE`, each on its line. */
const fileSchema = z.record(z.string(), z.string({ error: "must be a string" }), {
  error: "must be a map of questions to answers, such as `drift: live`",
});

/**
 * The answers that are given: what is on the command line wins over the file.
 *
 * @throws InputError naming all that is wrong with them
 */
export function answersOf({ answer = [], answers: file }: Values): Answers {
  const wrong = answer.filter((words) => !/^[^=]+=./.test(words));
  if (wrong.length > 0)
    throw new InputError(wrong.map((words) => `--answer takes QUESTION=VALUE (given: ${words})`));
  const given = answer.map((words): [string, string] => {
    const [name = ""] = words.split("=", 1);
    return [name, words.slice(name.length + 1)];
  });
  return new Map([...(file === undefined ? [] : answersIn(file)), ...given]);
}

function answersIn(path: string): [string, string][] {
  const shown = shownPath(path);
  return Object.entries(parseInput(shown, fileSchema, parseYaml(readTextFile(path, LIMIT), shown) ?? {}));
}

/** A question with its choices as it is asked, and as it is said where nobody answers. */
export function questionLines(question: Question): string[] {
  return [
    `${questionName(question)}: ${question.words}`,
    ...question.choices.map(
      ({ value, words, reason }, index) =>
        `  ${index + 1}. ${words}${words.includes(value) ? "" : ` (${value})`}: ${reason}`,
    ),
  ];
}

/**
 * Asks questions one after the other: the number of a choice or its value answers, an empty line leaves it open.
 *
 * @param ask prints a text and gives the line that is typed; undefined where there is none any more
 */
export async function askedFor(
  questions: readonly Question[],
  ask: (text: string) => Promise<string | undefined>,
): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const question of questions) {
    const { choices, otherwise } = question;
    const text = `${questionLines(question).join("\n")}\n  Enter alone: ${otherwise}\n> `;
    for (let isOpen = true; isOpen; ) {
      const typed = await ask(text);
      if (typed === undefined) return answers;
      const line = typed.trim();
      const chosen = choices.find(({ value }, index) => line === value || line === String(index + 1));
      if (chosen !== undefined) answers.set(questionName(question), chosen.value);
      isOpen = line !== "" && chosen === undefined;
    }
  }
  return answers;
}
