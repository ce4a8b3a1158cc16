import { isSecurityGroupType } from "../../aws/security-group-types";
import { parseExpression } from "../../expression/parse";
import { referenceOf } from "../../expression/references";
import { SyntaxProblem } from "../../expression/syntax";
import { Unknown, type Value } from "../../expression/value";

/** Attributes of a group that are no id. */
export const NO_IDS: readonly string[] = ["arn", "description", "name", "name_prefix", "owner_id", "vpc_id"];

/** How an expression ends that may name one of them: most name an id, and are not looked into. */
const MAYBE_NO_ID = new RegExp(`(?:${NO_IDS.join("|")})["\\])\\s]*$`);

/** The reference to an attribute of a security group that is no id of it: the reference to the group, if it is one. */
export function groupNamedBy({ expression }: Unknown): string | undefined {
  if (!MAYBE_NO_ID.test(expression)) return undefined;
  const path = referenceOf(expression);
  if (path === undefined || !NO_IDS.includes(String(path.at(-1)))) return undefined;
  const at = path.findIndex((part) => typeof part === "string" && isSecurityGroupType(part));
  if (at === -1 || path.length < at + 3) return undefined;
  return expression.slice(0, expression.lastIndexOf("."));
}

/**
 * Why a value cannot be the id of a group: undefined where it may be one. AWS refuses it when it is applied
 * (InvalidGroupId.Malformed, or InvalidGroup.NotFound).
 */
export function wrongId(value: Value): { kind: "no-id" | "joined-ids"; given: string } | undefined {
  if (value instanceof Unknown) {
    const given = value.expression;
    if (groupNamedBy(value) !== undefined) return { kind: "no-id", given };
    return joinsSeveral(given) ? { kind: "joined-ids", given } : undefined;
  }
  if (typeof value !== "string" || value === "") return undefined;
  // The id of a group of another account stands behind the account, that of a classic load balancer behind `amazon-elb`.
  return /^(?:[\w-]+\/)?sg-/.test(value) ? undefined : { kind: "no-id", given: JSON.stringify(value) };
}

/** Whether an expression joins several values to one text: `join(",", [a.id, b.id])`. */
function joinsSeveral(expression: string): boolean {
  if (!expression.startsWith("join(")) return false;
  try {
    const parsed = parseExpression(expression);
    const list = parsed.kind === "call" && !parsed.isSpread ? parsed.args[1] : undefined;
    return list?.kind === "tuple" && list.items.length > 1;
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return false;
  }
}
