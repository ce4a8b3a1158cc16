import { type Answers, type Question, questionName } from "../adopt";
import { InputError } from "../io/errors";
import type { Values } from "./options";

/**
 * The answers that are given: what is on the command line wins over the file.
 *
 * @throws InputError naming all that is wrong with them
 */
export async function answersOf({ answer = [], answers: file }: Values): Promise<Answers> {
  const wrong = answer.filter((words) => !/^[^=]+=./.test(words));
  if (wrong.length > 0)
    throw new InputError(wrong.map((words) => `--answer takes QUESTION=VALUE (given: ${words})`));
  const given = answer.map((words): [string, string] => {
    const [name = ""] = words.split("=", 1);
    return [name, words.slice(name.length + 1)];
  });
  if (file === undefined) return new Map(given);
  // Nothing else of adopt loads zod.
  const { answersIn } = await import("./answers-file.js");
  return new Map([...answersIn(file), ...given]);
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
