import type { Form } from "../forms";
import { isIcmp } from "../icmp";
import { ruleOwnerOf } from "../left";
import type { FoundGroup, FoundRule } from "../model";
import { asResource, type DeclaredRule, singleKey, singlesOfBlocks, singlesOfRule } from "../single-rules";
import type { ConvertOptions, Outcome } from "./model";
import type { ConvertedNames } from "./names";
import { byKey, formsOf, inThisForm, lostTags } from "./outcome";
import { defaultTagsWords, icmpWords, ruleWords, shown } from "./words";

/** Rules become resources of one form, each with one peer. */
export function toResources(
  group: FoundGroup,
  rules: readonly FoundRule[],
  { form, reason }: { readonly form: Exclude<Form, "inline">; readonly reason?: string },
  names: ConvertedNames,
  { ruleIds, acceptsTags = false }: ConvertOptions,
): Outcome {
  const kept = rules.filter((rule) => rule.form === form).map(inThisForm);
  const released = rules.filter((rule) => rule.form !== form);
  const there = new Set(kept.flatMap(singlesOfRule).map(singleKey));
  const ofBlocks = [...singlesOfBlocks(group, "ingress"), ...singlesOfBlocks(group, "egress")];
  // What a controller makes is left to it.
  const others = ofBlocks.filter(({ description }) => ruleOwnerOf(description) !== undefined);
  const declared = [...ofBlocks.filter((one) => !others.includes(one)), ...released.flatMap(singlesOfRule)];
  const wanted = [...byKey(declared)].filter(([key]) => !there.has(key)).map(([, all]) => all);
  const idOf = (all: readonly DeclaredRule[]) => all.flatMap((one) => ruleIds?.(one) ?? one.ruleId ?? [])[0];
  const made = wanted.map((all): FoundRule => {
    const first = all[0] as DeclaredRule;
    const type =
      form === "classic" ? "aws_security_group_rule" : `aws_vpc_security_group_${first.direction}_rule`;
    const ruleId = idOf(all);
    return {
      kind: "rule",
      address: names.next(type, first),
      type,
      form,
      direction: first.direction,
      id: form === "per-rule" ? (ruleId ?? "") : "",
      group: group.id,
      peers: first.peer.kind === "group" ? [first.peer.value] : [],
      values: asResource(first, form),
      ...(ruleId !== undefined && { ruleId }),
      origins: [...new Set(all.map(({ origin }) => origin))],
    };
  });
  const after = { ...group, inline: {}, releases: released };
  const isPerRule = form === "per-rule";
  const icmp = isPerRule ? wanted.flatMap(([first]) => (first && isIcmp(first.protocol) ? [first] : [])) : [];
  return {
    group: after,
    rules: [...kept, ...made],
    conversion: {
      group: after,
      from: formsOf(group, rules, form),
      to: form,
      rules: made.length,
      notes: [
        ...(reason === undefined ? [] : [`${shown(group)}: ${reason}.`]),
        ...lostTags(released),
        ...others.map(
          (rule) => `${shown(group)}: ${ruleWords(rule)} is in no call: ${ruleOwnerOf(rule.description)}.`,
        ),
      ],
    },
    rejected: [
      ...(icmp.length > 0 ? [icmpWords(group, icmp)] : []),
      ...(isPerRule && made.length > 0 && !acceptsTags ? defaultTagsWords(group) : []),
    ],
    withoutId:
      isPerRule && icmp.length === 0
        ? wanted.flatMap((all) => (idOf(all) === undefined ? all.slice(0, 1) : []))
        : [],
  };
}
