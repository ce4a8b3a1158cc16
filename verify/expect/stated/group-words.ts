import { InputError } from "../../../io/errors";
import type { Inventory } from "../../inventory/model";
import { groupByKey, groupExpression, isAbsent, isOwnGroup, namesNothing } from "./group-expression";

/**
 * What is wrong with the meaning of words that manifests have for a group: it must name one that the input declares, or one from
 * elsewhere by an expression or an id.
 *
 * @param where what the sentence begins with
 */
function groupWordsProblem(meaning: string, where: string, inventory: Inventory): string | undefined {
  if (isAbsent(meaning.trim(), inventory, "")) return undefined;
  const known = groupByKey(meaning, inventory, "");
  if (known !== undefined && inventory.groups.get(known)?.declaredAt !== undefined) return undefined;
  const expression = groupExpression(meaning, inventory, "");
  const missing = namesNothing(expression, inventory.input, "");
  if (missing === undefined && !isOwnGroup(expression)) return undefined;
  return `${where}: there is no ${missing ?? `resource ${meaning}`} here; name another, or the id of a group from elsewhere`;
}

/**
 * Refuses meanings of words that name no group.
 *
 * @param options what options say, which is stronger than the file
 * @param file the path of the `flows.yaml` that says the others
 * @throws InputError naming each word of a manifest that is said to mean a group which is not there
 */
export function refuseWrongWords(
  inventory: Inventory,
  options: ReadonlyMap<string, string> | undefined,
  file: string | undefined,
): void {
  const problems = [...(inventory.input.groupWords ?? [])].flatMap(([name, meaning]) => {
    const where = options?.has(name) ? `--group ${name}` : `${file}: groups.${name}`;
    return groupWordsProblem(meaning, where, inventory) ?? [];
  });
  if (problems.length > 0) throw new InputError(problems);
}
