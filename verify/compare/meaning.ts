import { groupedBy } from "../../io/lists";
import type { GroupKey, RulePeer } from "../../network/peers";
import { trafficOf, trafficSet } from "../../network/traffic";
import type { Report } from "../checks/model";
import type { Group, SecurityGroupRule } from "../inventory/model";

/** What the rules of two revisions mean, in words that are equal for equal rules. */
export interface Meaning {
  /** The key in the head of a group of the base; its own where the head does not have it. */
  baseGroup(key: GroupKey): GroupKey;
  /** What the rules at an address of the base mean. */
  baseRules(address: string): readonly string[];
  headRules(address: string): readonly string[];
  /** What one rule of the head means. */
  ofHead(rule: SecurityGroupRule): string;
  /** Whether a rule of the base means this. */
  wasThere(meaning: string): boolean;
}

export function meanings(base: Report | undefined, head: Report | undefined): Meaning {
  const renamed = renamedGroups(base?.groups ?? [], head?.groups ?? []);
  const baseGroup = (key: GroupKey) => renamed.get(key) ?? key;
  const same = (key: GroupKey) => key;
  const before = byAddress(base?.rules ?? [], (rule) => meaningOf(rule, baseGroup));
  const after = byAddress(head?.rules ?? [], (rule) => meaningOf(rule, same));
  const known = new Set([...before.values()].flat());
  return {
    baseGroup,
    // An address without a rule in the report stands for itself.
    baseRules: (address) => before.get(address) ?? [address],
    headRules: (address) => after.get(address) ?? [address],
    ofHead: (rule) => meaningOf(rule, same),
    wasThere: (meaning) => known.has(meaning),
  };
}

/** Declared groups that have another key in the head and the same name, which no other group has. */
function renamedGroups(base: readonly Group[], head: readonly Group[]): Map<GroupKey, GroupKey> {
  const keys = (groups: readonly Group[]) => new Set(groups.map((group) => group.key));
  const [inBase, inHead] = [keys(base), keys(head)];
  const gone = byName(base.filter((group) => !inHead.has(group.key)));
  const come = byName(head.filter((group) => !inBase.has(group.key)));
  const result = new Map<GroupKey, GroupKey>();
  for (const [name, [group, ...others]] of gone) {
    const [successor, ...more] = come.get(name) ?? [];
    if (group && successor && others.length + more.length === 0) result.set(group.key, successor.key);
  }
  return result;
}

function byName(groups: readonly Group[]): Map<string, Group[]> {
  const named = groups.filter(({ declaredAt, name }) => declaredAt !== undefined && name !== undefined);
  return groupedBy(named, (group) => group.name as string);
}

function byAddress(
  rules: readonly SecurityGroupRule[],
  meaning: (rule: SecurityGroupRule) => string,
): Map<string, string[]> {
  const lists = [...groupedBy(rules, (rule) => rule.address)];
  return new Map(lists.map(([address, list]) => [address, list.map(meaning)]));
}

function meaningOf(rule: SecurityGroupRule, group: (key: GroupKey) => GroupKey): string {
  const { direction, traffic, unknownTraffic } = rule;
  return JSON.stringify([
    rule.group === undefined ? null : group(rule.group),
    direction,
    traffic === undefined ? { unknown: unknownTraffic } : trafficOf(trafficSet([traffic])),
    peerMeaning(rule.peer, group),
  ]);
}

function peerMeaning(peer: RulePeer, group: (key: GroupKey) => GroupKey): unknown {
  switch (peer.kind) {
    case "group":
      return ["group", group(peer.group)];
    case "cidr":
      return ["cidr", peer.cidr];
    case "prefix-list":
      return ["prefix-list", peer.id, [...(peer.entries ?? [])].sort()];
    case "unknown":
      return ["unknown", peer.expression];
  }
}
