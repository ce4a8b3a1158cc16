import { parseExpression } from "./parse";
import { SyntaxProblem } from "./syntax";
import { Unknown, type Value } from "./value";
import { isList } from "./values";

/** Functions that give a list or a set, whatever they are called with. */
const GIVE_LISTS = new Set([
  "compact",
  "concat",
  "distinct",
  "flatten",
  "keys",
  "range",
  "reverse",
  "setintersection",
  "setproduct",
  "setsubtract",
  "setunion",
  "slice",
  "sort",
  "split",
  "tolist",
  "toset",
  "values",
]);

/** Whether a value is a list or a set, also one that is not known: `data.aws_subnets.all[*].id`. */
export function isCertainlyList(value: Value): boolean {
  if (!(value instanceof Unknown)) return isList(value);
  try {
    const expression = parseExpression(value.expression);
    if (expression.kind === "for") return expression.key === undefined;
    if (expression.kind === "call") return GIVE_LISTS.has(expression.name);
    return expression.kind === "splat" || expression.kind === "tuple";
  } catch (error) {
    if (error instanceof SyntaxProblem) return false;
    throw error;
  }
}
