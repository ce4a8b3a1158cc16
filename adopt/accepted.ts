import { InputError } from "../io/errors";
import { nearest } from "../io/nearest";

/** What an adoption may accept, with what that means. */
const ACCEPTED = ["tags", "descriptions", "drift=live", "drift=configuration"] as const;
type Accepted = (typeof ACCEPTED)[number];

/**
 * What is accepted, of words that may hold several with commas.
 *
 * @throws InputError naming all that is not known, and sides of a drift that exclude each other
 */
export function acceptedOf(given: readonly string[]): readonly Accepted[] {
  const words = given.flatMap((one) => one.split(",")).map((word) => word.trim());
  const isKnown = (word: string): word is Accepted => ACCEPTED.some((known) => known === word);
  const wrong = words.filter((word) => !isKnown(word));
  const problems = wrong.map((word) => {
    const meant = nearest(word, ACCEPTED);
    return `--accept takes ${ACCEPTED.join(", ")} (given: ${word}${meant === undefined ? "" : `; did you mean ${meant}?`})`;
  });
  if (words.includes("drift=live") && words.includes("drift=configuration"))
    problems.push("--accept drift takes one side: live or configuration");
  if (problems.length > 0) throw new InputError(problems);
  return words.filter(isKnown);
}
