import { Unknown, type Value } from "./value";
import { failedIn, failure, lateFrom } from "./values";

/**
 * What cannot be worked out. It fails in Terraform, too, where a part of it does, and is known after apply where that is all
 * that it lacks.
 *
 * @param text of text that is known in part: its parts
 * @param causes the parts for which it is not known, if not all of them
 */
export function unknownFrom(
  expression: string,
  parts: readonly Value[],
  text?: readonly (string | Unknown)[],
  causes = parts,
): Unknown {
  const failed = failedIn(parts);
  if (failed) return failure(expression, failed.why);
  return lateFrom(expression, causes) ?? new Unknown(expression, text);
}
