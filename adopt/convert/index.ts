import { groupedBy } from "../../io/lists";
import { ownerOf } from "../left";
import type { ListedRule } from "../listings";
import type { Estate, FoundRule } from "../model";
import { singleKey, singleOf } from "../single-rules";
import type { Conversion, ConvertOptions, Outcome, RuleIds } from "./model";
import { ConvertedNames } from "./names";
import { inThisForm, unchanged } from "./outcome";
import { ofOutside, outsideIds } from "./outside";
import { toBlocks } from "./to-blocks";
import { toResources } from "./to-resources";
import { idsMissing, shown } from "./words";

/** The ids of rules as AWS lists them, by their groups. */
export function ruleIdsOf(listed: ReadonlyMap<string, readonly ListedRule[]>): RuleIds {
  const ids = new Map([...listed.values()].flat().map((rule) => [singleKey(singleOf(rule)), rule.id]));
  return (rule) => ids.get(singleKey(rule));
}

export interface Converted {
  readonly estate: Estate;
  readonly conversions: readonly Conversion[];
  /** Why nothing may be written, in sentences; empty where it may. */
  readonly rejected: readonly string[];
}

/**
 * An estate with the rules of groups in the form that is asked for. The rules in force stay the same ones: those that get another
 * form are to be imported under it, and what declares them today is to be released in the same apply, so that two forms never
 * claim a rule.
 */
export function convert(estate: Estate, options: ConvertOptions): Converted {
  const byGroup = groupedBy(estate.rules, ({ group }) => group);
  const names = new ConvertedNames(estate);
  const outcomes = estate.groups.map((group): Outcome => {
    const rules = byGroup.get(group.id) ?? [];
    const choice = options.choices.get(group.id);
    if (choice?.form === undefined) return unchanged(group, rules);
    const owner = ownerOf(group);
    if (owner !== undefined)
      return unchanged(group, rules, choice.isOwn ? [`${shown(group)} is not converted: ${owner}.`] : []);
    const foreign = rules.filter(({ form }) => form !== choice.form);
    const hasBlocks = Object.keys(group.inline).length > 0;
    if (foreign.length === 0 && (choice.form === "inline" || !hasBlocks))
      return unchanged(group, rules.map(inThisForm));
    return choice.form === "inline"
      ? toBlocks(group, rules)
      : toResources(group, rules, { ...choice, form: choice.form }, names, options);
  });
  const outside = outsideIds(estate).map((id) =>
    ofOutside(id, byGroup.get(id) ?? [], estate, options.choices.get(id), names, options),
  );
  const all = [...outcomes, ...outside];
  return {
    estate: {
      ...estate,
      groups: outcomes.map(({ group }) => group),
      rules: all.flatMap(({ rules }) => rules),
    },
    conversions: all.flatMap(({ conversion }) => conversion ?? []),
    rejected: [
      ...all.flatMap(({ rejected }) => rejected),
      ...idsMissing(
        all.flatMap(({ withoutId }) => withoutId),
        all.map(({ group }) => group),
        options.ruleIds !== undefined,
      ),
    ],
  };
}

/** What becomes of rules, without those that no call holds, which stay as they are. */
export function heldConversions(
  conversions: readonly Conversion[],
  left: ReadonlySet<string>,
  { rules }: Estate,
): Conversion[] {
  return conversions.flatMap((conversion) => {
    const isLeft = ({ group, origins = [] }: FoundRule) =>
      group === conversion.group.id && origins.some(({ address }) => left.has(address));
    const count = conversion.rules - rules.filter(isLeft).length;
    return count === 0 && conversion.rules > 0 ? [] : [{ ...conversion, rules: count }];
  });
}
