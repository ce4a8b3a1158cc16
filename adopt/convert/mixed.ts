import { groupedBy } from "../../io/lists";
import { DIRECTIONS, type Direction } from "../../network/rules";
import { FORM_WORDS, type Form } from "../forms";
import { ownerOf, ruleOwnerOf } from "../left";
import type { Estate, FoundGroup, FoundRule } from "../model";
import { singlesOfBlocks } from "../single-rules";
import type { Conversion } from "./model";
import { ruleWords } from "./words";

/** Groups whose rules of a direction are declared in more than one form, or by a controller as well, and stay so: each takes rules from the other. */
export function mixedGroups(
  { groups, rules }: Estate,
  conversions: readonly Conversion[],
): { readonly address: string; readonly words: string }[] {
  const converted = new Set(conversions.map(({ group }) => group.id));
  const byGroup = groupedBy(rules, ({ group }) => group);
  return groups.flatMap((group) => {
    const isKept = !converted.has(group.id) && ownerOf(group) === undefined;
    if (!isKept) return [];
    const rules = byGroup.get(group.id) ?? [];
    const faults = DIRECTIONS.flatMap((direction) => [
      ...mixedForms(group, rules, direction),
      ...blocksOfOthers(group, direction),
    ]);
    return faults.map((words) => ({ address: group.address, words }));
  });
}

/** Blocks are all rules of their direction, and no others: apart from them another direction is nobody's. */
function mixedForms(group: FoundGroup, rules: readonly FoundRule[], direction: Direction): string[] {
  const forms = new Set<Form>(rules.filter((rule) => rule.direction === direction).map(({ form }) => form));
  if (group.inline[direction] !== undefined) forms.add("inline");
  if (forms.size < 2) return [];
  const words = [...forms].map((form) => FORM_WORDS[form]).join(" and ");
  const harm = forms.has("inline")
    ? "every apply may remove what the others declare"
    : "the provider does not find where they conflict";
  return [
    `its ${direction} rules have ${forms.size} forms (${words}): ${harm}. --rules ${group.id}=${[...forms].at(0)} would settle it`,
  ];
}

function blocksOfOthers(group: FoundGroup, direction: Direction): string[] {
  return singlesOfBlocks(group, direction).flatMap((rule) => {
    const owner = ruleOwnerOf(rule.description);
    return owner === undefined
      ? []
      : [
          `its blocks have ${ruleWords(rule)}, but ${owner}: an apply may undo that. --rules ${group.id}=per-rule would leave it alone`,
        ];
  });
}
