import type { Inventory } from "../../inventory/model";
import { groupByKey, groupExpression, isAbsent, isOwnGroup, namesNothing } from "./group-expression";

/**
 * What is wrong with the meaning of words that manifests have for a group: it must name one that the input declares, or one from
 * elsewhere by an expression or an id.
 *
 * @param where what the sentence begins with
 */
export function groupWordsProblem(meaning: string, where: string, inventory: Inventory): string | undefined {
  if (isAbsent(meaning.trim(), inventory, "")) return undefined;
  const known = groupByKey(meaning, inventory, "");
  if (known !== undefined && inventory.groups.get(known)?.declaredAt !== undefined) return undefined;
  const expression = groupExpression(meaning, inventory, "");
  const missing = namesNothing(expression, inventory.input, "");
  if (missing === undefined && !isOwnGroup(expression)) return undefined;
  return `${where}: there is no ${missing ?? `resource ${meaning}`} here; name another, or the id of a group from elsewhere`;
}
