import { DIRECTIONS } from "../../network/rules";
import type { FoundGroup, FoundRule } from "../model";
import { asBlocks, singleKey, singlesOfBlocks, singlesOfRule } from "../single-rules";
import type { Outcome } from "./model";
import { byKey, formsOf, lostTags } from "./outcome";
import { shown } from "./words";

/** Rules with resources become blocks of their group, in each direction in which it has rules. */
export function toBlocks(group: FoundGroup, rules: readonly FoundRule[]): Outcome {
  const singles = rules.flatMap(singlesOfRule);
  const inline = { ...group.inline };
  for (const direction of DIRECTIONS) {
    const own = singles.filter((single) => single.direction === direction);
    const blocks = group.inline[direction] ?? [];
    const there = new Set(singlesOfBlocks(group, direction).map(singleKey));
    const more = [...byKey(own)].flatMap(([key, [first]]) => (there.has(key) || !first ? [] : [first]));
    if (own.length > 0) inline[direction] = [...blocks, ...asBlocks(more)];
  }
  // Blocks are all that a group has in a direction: Terraform would remove the rules of others.
  const revoked = group.undeclared.filter(({ direction }) => inline[direction] !== undefined);
  const after = { ...group, inline, releases: rules };
  return {
    group: after,
    rules: [],
    conversion: {
      group: after,
      from: formsOf(group, rules, "inline"),
      to: "inline",
      rules: byKey(singles).size,
      notes: lostTags(rules),
    },
    rejected: revoked.map(({ words, owner }) =>
      owner === undefined
        ? `${shown(group)} cannot have blocks: its rule ${words} is in no resource, and blocks would remove it. Declare it first, or remove it.`
        : `${shown(group)} cannot have blocks, because they would remove its rule ${words}: ${owner}.`,
    ),
    withoutId: [],
  };
}
