import { byText, groupedBy, sortedOnce } from "../../io/lists";
import { type AddressSet, addressSet } from "../../network/addresses";
import { intersect, subtract, union } from "../../network/intervals";
import type { GroupKey, RulePeer } from "../../network/peers";
import { describePeer } from "../../network/peers";
import type { Direction } from "../../network/rules";
import type { Traffic } from "../../network/traffic";
import { ALL_TRAFFIC, type TrafficSet, trafficOf, trafficSet } from "../../network/traffic";
import type { Report } from "../checks/model";
import type { SecurityGroupRule, UnknownTraffic } from "../inventory/model";
import type { Meaning } from "./meaning";

/** Traffic that the rules of the head admit and those of the base did not. */
export interface Reachable {
  /** The path of the head's report. */
  readonly path: string;
  /** Who sends: the label of a group, a CIDR, a prefix list or an expression. */
  readonly from: string;
  /** Who receives, likewise. */
  readonly to: string;
  readonly traffic: readonly Traffic[];
  /** Why the traffic of a rule among them is not determined; `traffic` then is all that it may be. */
  readonly unknownTraffic?: UnknownTraffic;
  /** Addresses of the rules that are new and admit it. */
  readonly rules: readonly string[];
}

/**
 * What becomes reachable. Between two groups both halves count: rules that name the other group, and on one side also
 * those for addresses, because the other group's may be among them; a group that is declared elsewhere is taken to
 * admit its half. Towards addresses it is the rule's own half.
 */
export function newlyReachable(before: Report | undefined, after: Report, meaning: Meaning): Reachable[] {
  const added = after.rules.filter((rule) => !meaning.wasThere(meaning.ofHead(rule)));
  if (added.length === 0) return [];
  const base = index(before, meaning.baseGroup);
  const head = index(after, (key) => key);
  const found = [
    ...betweenGroups(base, head, added),
    ...added.flatMap((rule) => towardsAddresses(base, rule)),
  ];
  const labels = new Map(after.groups.map((group) => [group.key, group.label]));
  const label = (key: GroupKey) => labels.get(key) ?? key;
  return [...groupedBy(found, ({ from, to }) => `${label(from)}\n${label(to)}`)]
    .sort(([a], [b]) => byText(a, b))
    .map(([, parts]) => together(after.path, parts, label));
}

interface Found {
  readonly from: string;
  readonly to: string;
  readonly traffic: TrafficSet;
  readonly rules: readonly SecurityGroupRule[];
}

function together(path: string, parts: readonly Found[], label: (key: string) => string): Reachable {
  const { from, to } = parts[0] as Found;
  const rules = parts.flatMap((part) => part.rules);
  const unknown = rules.find((rule) => rule.traffic === undefined)?.unknownTraffic;
  return {
    path,
    from: label(from),
    to: label(to),
    traffic: trafficOf(union(parts.flatMap((part) => [...part.traffic]))),
    ...(unknown !== undefined && { unknownTraffic: unknown }),
    rules: sortedOnce(rules.map((rule) => rule.address)),
  };
}

/** Rules by their group, direction and peer, in the keys of the head. */
interface Index {
  readonly declared: ReadonlySet<GroupKey>;
  /** Rules that name a peer group, or with `undefined` those for anything else. */
  rules(group: GroupKey, direction: Direction, peer: GroupKey | undefined): readonly SecurityGroupRule[];
  /** Groups that have a rule of this direction which names the peer. */
  naming(peer: GroupKey, direction: Direction): readonly GroupKey[];
}

function index(report: Report | undefined, key: (group: GroupKey) => GroupKey): Index {
  const peer = (rule: SecurityGroupRule) => (rule.peer.kind === "group" ? key(rule.peer.group) : "");
  const owned = (report?.rules ?? []).filter((rule) => rule.group !== undefined);
  const own = (rule: SecurityGroupRule) => key(rule.group as GroupKey);
  const lists = groupedBy(owned, (rule) => `${own(rule)}\n${rule.direction}\n${peer(rule)}`);
  const naming = groupedBy(owned, (rule) => `${peer(rule)}\n${rule.direction}`);
  const declared = (report?.groups ?? [])
    .filter(({ knowledge }) => knowledge === "all")
    .map((group) => key(group.key));
  return {
    declared: new Set(declared),
    rules: (group, direction, other) => lists.get(`${group}\n${direction}\n${other ?? ""}`) ?? [],
    naming: (other, direction) => sortedOnce((naming.get(`${other}\n${direction}`) ?? []).map(own)),
  };
}

function betweenGroups(base: Index, head: Index, added: readonly SecurityGroupRule[]): Found[] {
  const isAdded = new Set(added);
  const pairs = new Map<string, readonly [GroupKey, GroupKey]>();
  for (const { group, direction, peer } of added) {
    if (group === undefined) continue;
    const back = direction === "egress" ? "ingress" : "egress";
    // A rule for addresses may complete what a group on the other side admits by name.
    const others = peer.kind === "group" ? [peer.group] : head.naming(group, back);
    for (const other of others) {
      const pair = direction === "egress" ? ([group, other] as const) : ([other, group] as const);
      pairs.set(pair.join("\n"), pair);
    }
  }
  return [...pairs.values()].flatMap(([from, to]) => {
    const traffic = subtract(admitted(head, from, to), admitted(base, from, to));
    const rules = [
      ...[...head.rules(from, "egress", to), ...head.rules(from, "egress", undefined)],
      ...[...head.rules(to, "ingress", from), ...head.rules(to, "ingress", undefined)],
    ].filter((rule) => isAdded.has(rule) && intersect(possible([rule]), traffic).length > 0);
    return traffic.length === 0 ? [] : [{ from, to, traffic, rules }];
  });
}

/** What both halves between two groups may admit, one of them at least by name. */
function admitted(rules: Index, from: GroupKey, to: GroupKey): TrafficSet {
  const byName = [rules.rules(from, "egress", to), rules.rules(to, "ingress", from)].map(possible);
  const [out = [], into = []] = byName;
  const outToAddresses = rules.declared.has(from)
    ? possible(rules.rules(from, "egress", undefined))
    : ALL_TRAFFIC;
  const intoFromAddresses = rules.declared.has(to)
    ? possible(rules.rules(to, "ingress", undefined))
    : ALL_TRAFFIC;
  return union([
    ...intersect(out, union([...into, ...intoFromAddresses])),
    ...intersect(into, union([...out, ...outToAddresses])),
  ]);
}

/** What rules admit at most: all traffic where theirs is not determined. */
function possible(rules: readonly SecurityGroupRule[]): TrafficSet {
  return union(rules.flatMap(({ traffic }) => [...(traffic ? trafficSet([traffic]) : ALL_TRAFFIC)]));
}

/** What a rule for addresses admits beyond the rules for addresses that its group had. */
function towardsAddresses(base: Index, rule: SecurityGroupRule): Found[] {
  if (rule.peer.kind === "group" && rule.group !== undefined) return [];
  const group = rule.group ?? "a group that is not determined";
  const peer = describePeer(rule.peer);
  const had = rule.group === undefined ? [] : base.rules(rule.group, rule.direction, undefined);
  const traffic = beyond(rule, had);
  if (traffic.length === 0) return [];
  const [from, to] = rule.direction === "egress" ? [group, peer] : [peer, group];
  return [{ from, to, traffic, rules: [rule] }];
}

function beyond(rule: SecurityGroupRule, had: readonly SecurityGroupRule[]): TrafficSet {
  const all = possible([rule]);
  const addresses = addressesOf(rule.peer);
  if (addresses === undefined) {
    return subtract(
      all,
      possible(had.filter((other) => describePeer(other.peer) === describePeer(rule.peer))),
    );
  }
  let rest: { readonly addresses: AddressSet; readonly traffic: TrafficSet }[] = [
    { addresses, traffic: all },
  ];
  for (const other of had) {
    const taken = addressesOf(other.peer);
    if (taken === undefined || other.traffic === undefined) continue;
    const covered = possible([other]);
    rest = rest
      .flatMap((part) => [
        { addresses: subtract(part.addresses, taken), traffic: part.traffic },
        { addresses: intersect(part.addresses, taken), traffic: subtract(part.traffic, covered) },
      ])
      .filter((part) => part.addresses.length > 0 && part.traffic.length > 0);
  }
  return union(rest.flatMap((part) => [...part.traffic]));
}

function addressesOf(peer: RulePeer): AddressSet | undefined {
  if (peer.kind === "cidr") return addressSet([peer.cidr]);
  return peer.kind === "prefix-list" && peer.entries ? addressSet(peer.entries) : undefined;
}
