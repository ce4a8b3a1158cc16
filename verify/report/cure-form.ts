import { withoutKeys } from "../../expression/address";
import type { GroupKey } from "../../network/peers";
import type { Report } from "../checks/model";
import type { RuleForm } from "../inventory/model";
import type { Cure } from "../judge/model";

/** In which form a missing rule is written, and what must be done before. */
export interface ChosenForm {
  readonly form: RuleForm;
  readonly first?: string;
}

/**
 * Chooses the form of the missing rules of a report: the one that the group uses already. Blocks of two groups cannot name
 * each other, because Terraform needs either group before the other: the rule that would close such a circle becomes a
 * resource of its own. All rules of the report are looked at in their order, so that they can be added together.
 */
export function formChooser({ groups, rules, verdicts }: Report): (cure: Cure) => ChosenForm {
  const forms = new Map(groups.map((group) => [group.key, group.forms]));
  const owned = new Set<string>();
  /** By its resource, the groups that the blocks of a group name. */
  const named = new Map<string, Set<string>>();
  const name = (group: GroupKey, peer: GroupKey) => {
    const from = withoutKeys(group);
    named.set(from, (named.get(from) ?? new Set()).add(withoutKeys(peer)));
  };
  for (const { form, group, direction, peer } of rules) {
    if (form !== "inline" || group === undefined) continue;
    owned.add(`${direction} ${group}`);
    if (peer.kind === "group") name(group, peer.group);
  }

  const choose = ({ group, direction, peer }: Cure): ChosenForm => {
    const isOwned = owned.has(`${direction} ${group}`);
    const used = (["classic", "per-rule", "inline"] as const).find((form) => forms.get(group)?.has(form));
    const form = isOwned ? "inline" : (used ?? "per-rule");
    if (form !== "inline" || peer.kind !== "group" || peer.group === group) return { form };
    if (!reaches(named, withoutKeys(peer.group), withoutKeys(group))) {
      name(group, peer.group);
      return { form };
    }
    return {
      form: "per-rule",
      ...(isOwned && {
        first: `first write the ${direction} blocks of ${group} as resources: blocks of two groups cannot refer to each other`,
      }),
    };
  };
  const chosen = new Map<Cure, ChosenForm>();
  for (const cure of verdicts.flatMap(({ cures }) => cures)) chosen.set(cure, choose(cure));
  return (cure) => chosen.get(cure) ?? choose(cure);
}

/** Whether one resource is the other, or names it over any number of groups. */
function reaches(named: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const one of seen) for (const next of named.get(one) ?? []) seen.add(next);
  return seen.has(to);
}
