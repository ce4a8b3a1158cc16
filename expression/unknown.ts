import { Unknown, type Value } from "./value";
import { failure, isFailed } from "./values";

/** What cannot be worked out. It fails in Terraform, too, where a part of it does. */
export function unknownFrom(expression: string, parts: readonly Value[]): Unknown {
  return parts.some(isFailed) ? failure(expression) : new Unknown(expression);
}
