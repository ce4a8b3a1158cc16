import { FORM_WORDS, type FormChoice } from "../forms";
import { ownerOf } from "../left";
import type { Estate, FoundGroup, FoundRule } from "../model";
import { singleKey, singlesOfRule } from "../single-rules";
import type { ConvertOptions, Outcome } from "./model";
import type { ConvertedNames } from "./names";
import { unchanged } from "./outcome";
import { toResources } from "./to-resources";

/** The groups that an estate does not have, and rules on them it has: another state has the group, or none. */
export function outsideIds({ groups, rules }: Estate): string[] {
  const known = new Set(groups.map(({ id }) => id));
  return [...new Set(rules.map(({ group }) => group))].filter((id) => !known.has(id)).sort();
}

/**
 * The rules on a group that the estate does not have: those with one peer, which is a group of the estate, follow what is asked, so
 * that whatever holds their peer can hold them. All else on it is not taken over, and stays.
 */
export function ofOutside(
  id: string,
  rules: readonly FoundRule[],
  { groups }: Estate,
  choice: FormChoice | undefined,
  names: ConvertedNames,
  options: ConvertOptions,
): Outcome {
  const own = new Map(groups.map((group) => [group.id, group]));
  const peerOf = ({ peers }: FoundRule) => own.get(peers[0] ?? "");
  const near = rules.flatMap((rule) => peerOf(rule) ?? [])[0];
  // Only its region and the tags of its provider are asked for: those of the group beside it.
  const group = { ...(near as FoundGroup), address: id, id, name: id, inline: {}, undeclared: [] };
  if (choice?.form === undefined || near === undefined || id === "") return unchanged(group, rules);
  const { form } = choice;
  if (form === "inline")
    return unchanged(
      group,
      rules,
      choice.isOwn ? [`${id} is in no state that is given: its rules cannot become blocks of it.`] : [],
    );
  const there = new Set(
    rules
      .filter((rule) => rule.form === form)
      .flatMap(singlesOfRule)
      .map(singleKey),
  );
  const isConverted = (rule: FoundRule) => {
    const [single, ...more] = singlesOfRule(rule);
    const peer = peerOf(rule);
    return (
      rule.form !== form &&
      single !== undefined &&
      more.length === 0 &&
      !there.has(singleKey(single)) &&
      peer !== undefined &&
      ownerOf(peer) === undefined
    );
  };
  const converted = rules.filter(isConverted);
  if (converted.length === 0) return unchanged(group, rules);
  const outcome = toResources(group, converted, { ...choice, form }, names, options);
  return {
    ...outcome,
    rules: [...rules.filter((rule) => !converted.includes(rule)), ...outcome.rules],
    ...(outcome.conversion !== undefined && {
      conversion: {
        ...outcome.conversion,
        notes: [
          `${id} is in no state that is given, and two forms on one group conflict: if its other rules are ${FORM_WORDS[form === "classic" ? "per-rule" : "classic"]} or blocks, keep these with --rules ${id}=keep.`,
          ...outcome.conversion.notes,
        ],
      },
    }),
  };
}
