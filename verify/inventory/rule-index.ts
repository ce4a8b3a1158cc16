import { groupedBy } from "../../io/lists";
import type { GroupKey } from "../../network/peers";
import type { Direction } from "../../network/rules";
import type { Group, Inventory, SecurityGroupRule } from "./model";
import { once } from "./once";

/** What of an inventory rules are looked up in. */
export type Rules = Pick<Inventory, "groups" | "rules"> & Partial<Pick<Inventory, "implied">>;

/** Rules by the group that they belong to, their direction and their peer: a flow looks at its own alone. */
export interface RuleIndex {
  readonly groups: ReadonlyMap<GroupKey, Group>;
  /** Rules whose peer is this group. */
  byPeer(group: GroupKey, direction: Direction, peer: GroupKey): readonly SecurityGroupRule[];
  /** Rules whose peer is no known group: addresses, prefix lists, unknown ones. */
  others(group: GroupKey, direction: Direction): readonly SecurityGroupRule[];
  /** Rules of which the input does not say to which group they belong. */
  floating(direction: Direction): readonly SecurityGroupRule[];
}

/** Rules of one direction by their group, and those by their peer. */
type Lists = Map<GroupKey, Map<GroupKey, SecurityGroupRule[]>>;

const NONE: readonly SecurityGroupRule[] = [];

/**
 * The index of the rules of an inventory and of those that are implied, made once. Time: linear in its rules. Maps are inside of
 * each other, because making one key of three for each of some ten thousand questions takes longer than asking.
 */
export const ruleIndex: (of: Rules) => RuleIndex = once(({ groups, rules, implied = [] }) => {
  const lists: Record<Direction, Lists> = { ingress: new Map(), egress: new Map() };
  for (const rule of [...rules, ...implied]) {
    const { group = "", direction } = rule;
    const peer = rule.group !== undefined && rule.peer.kind === "group" ? rule.peer.group : "";
    const own = lists[direction].get(group) ?? new Map<GroupKey, SecurityGroupRule[]>();
    lists[direction].set(group, own);
    const known = own.get(peer);
    if (known) known.push(rule);
    else own.set(peer, [rule]);
  }
  const find = (group: string, direction: Direction, peer: string) =>
    lists[direction].get(group)?.get(peer) ?? NONE;
  return {
    groups,
    byPeer: find,
    others: (group, direction) => find(group, direction, ""),
    floating: (direction) => find("", direction, ""),
  };
});

/** The rules of each group, in one direction. */
export const rulesByGroup: (
  of: Rules,
) => Readonly<Record<Direction, ReadonlyMap<GroupKey, readonly SecurityGroupRule[]>>> = once(({ rules }) => {
  const of = (direction: Direction) =>
    groupedBy(
      rules.filter((rule) => rule.direction === direction),
      ({ group }) => group,
    );
  return { ingress: of("ingress"), egress: of("egress") };
});

/** Rules by the address that declares them: a rule with several peers is several. */
export const rulesByAddress: (of: Rules) => ReadonlyMap<string, readonly SecurityGroupRule[]> = once(
  ({ rules }) => groupedBy(rules, ({ address }) => address),
);
