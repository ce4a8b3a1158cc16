import { Unknown, type Value } from "./value";
import { failure, isFailed } from "./values";

/**
 * What cannot be worked out. It fails in Terraform, too, where a part of it does.
 *
 * @param text of text that is known in part: its parts
 */
export function unknownFrom(
  expression: string,
  parts: readonly Value[],
  text?: readonly (string | Unknown)[],
): Unknown {
  return parts.some(isFailed) ? failure(expression) : new Unknown(expression, text);
}
