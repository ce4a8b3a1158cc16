import { InputError } from "../io/errors";
import { nearest } from "../io/nearest";
import type { Values } from "./options";

/** What `--accept` takes, alone or with commas between. */
const ACCEPTED = ["tags", "descriptions"];

/**
 * What an adoption may change in place.
 *
 * @throws InputError naming all that is no such thing
 */
export function acceptedOf({ accept = [] }: Values): readonly string[] {
  const given = accept.flatMap((words) => words.split(",")).map((word) => word.trim());
  const wrong = given.filter((word) => !ACCEPTED.includes(word));
  if (wrong.length === 0) return given;
  throw new InputError(
    wrong.map((word) => {
      const near = nearest(word, ACCEPTED);
      return `--accept takes ${ACCEPTED.join(" or ")}, or both with a comma between (given: ${word})${near === undefined ? "" : `: did you mean ${near}?`}`;
    }),
  );
}
