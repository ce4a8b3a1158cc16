import { groupedBy } from "../../io/lists";
import type { Form } from "../forms";
import type { FoundGroup, FoundRule } from "../model";
import { type DeclaredRule, singleKey } from "../single-rules";
import type { Outcome } from "./model";

export function unchanged(
  group: FoundGroup,
  rules: readonly FoundRule[],
  rejected: readonly string[] = [],
): Outcome {
  return { group, rules, rejected, withoutId: [] };
}

/** A rule of which no other form will do. */
export function inThisForm({ other: _, ...rule }: FoundRule): FoundRule {
  return rule;
}

/** Rules that mean the same are one rule. */
export function byKey(rules: readonly DeclaredRule[]): Map<string, DeclaredRule[]> {
  return groupedBy(rules, singleKey);
}

/** The forms that the rules of a group have today and not afterwards; none where no state has them. */
export function formsOf({ inline, isListed }: FoundGroup, rules: readonly FoundRule[], to: Form): Form[] {
  if (isListed) return [];
  const forms = new Set<Form>(rules.map(({ form }) => form));
  if (Object.keys(inline).length > 0) forms.add("inline");
  return [...forms].filter((form) => form !== to);
}

/** Only rules of the per-rule form can have tags in Terraform. They stay in AWS. */
export function lostTags(released: readonly FoundRule[]): string[] {
  return released
    .filter(({ values }) => values["tags"] !== undefined)
    .map(
      ({ address }) =>
        `The tags of ${address} stay in AWS, and are no longer in the configuration: its new form has no tags.`,
    );
}
