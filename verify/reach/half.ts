import type { Direction } from "../../network/rules";
import type { Endpoint, Group, GroupKey, Inventory, SecurityGroupRule } from "../model";
import { type AddressSet, addressSet, INTERNET_IPV4, INTERNET_IPV6 } from "./addresses";
import { intersect, subtract, union } from "./intervals";
import { ALL_TRAFFIC, type TrafficSet, trafficSet } from "./traffic";

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

export function indexRules({ groups, rules }: Pick<Inventory, "groups" | "rules">): RuleIndex {
  const lists = new Map<string, SecurityGroupRule[]>();
  for (const rule of rules) {
    const peer = rule.peer.kind === "group" ? rule.peer.group : "";
    const key = `${rule.group ?? ""}\n${rule.direction}\n${rule.group === undefined ? "" : peer}`;
    const list = lists.get(key);
    if (list) list.push(rule);
    else lists.set(key, [rule]);
  }
  const find = (group: string, direction: Direction, peer: string) =>
    lists.get(`${group}\n${direction}\n${peer}`) ?? [];
  return {
    groups,
    byPeer: find,
    others: (group, direction) => find(group, direction, ""),
    floating: (direction) => find("", direction, ""),
  };
}

/**
 * Addresses of the far endpoint that all rules of a half treat alike. `unknown` stands for an address that the
 * input does not say, of one family.
 */
export type Cell = { readonly addresses: AddressSet } | { readonly unknown: "ipv4" | "ipv6" };

/** What a half admits for one cell. */
export interface Admission {
  /** Traffic that is certainly admitted. */
  readonly certain: TrafficSet;
  /** Traffic that may be admitted; what is not in it is certainly refused. */
  readonly possible: TrafficSet;
  /** The rules that certainly admit something, with what. */
  readonly by: readonly { readonly rule: SecurityGroupRule; readonly traffic: TrafficSet }[];
  /** What decides on the rest, with the traffic that hangs on it. */
  readonly conditions: readonly (Doubt & { readonly traffic: TrafficSet })[];
}

/** Something that the input does not say, as it must be for traffic to be admitted, and to be refused. */
export interface Doubt {
  /** `%TRAFFIC%` stands for the traffic in question. */
  readonly admitted: string;
  readonly refused: string;
}

/** The cells of the far endpoint of a half. IPv6 counts for `deny` alone, unless addresses are given. */
export function cellsOf(
  far: Endpoint,
  rules: readonly SecurityGroupRule[],
  expect: "allow" | "deny",
): Cell[] {
  if (far.cidrs === undefined) {
    return expect === "allow" ? [{ unknown: "ipv4" }] : [{ unknown: "ipv4" }, { unknown: "ipv6" }];
  }
  const internet = expect === "allow" ? INTERNET_IPV4 : union([...INTERNET_IPV4, ...INTERNET_IPV6]);
  const all = union(far.cidrs.flatMap((cidr) => (cidr === "internet" ? internet : addressSet([cidr]))));
  // Split at the borders of the rules: inside a cell each of them admits all addresses or none.
  const distinct = new Set(rules.flatMap(({ peer }) => peerCidrs(peer) ?? []));
  let cells: AddressSet[] = [all];
  for (const cidr of [...distinct].sort()) {
    const addresses = addressSet([cidr]);
    cells = cells
      .flatMap((cell) => [intersect(cell, addresses), subtract(cell, addresses)])
      .filter((cell) => cell.length > 0);
  }
  return cells.map((addresses) => ({ addresses }));
}

/**
 * The rules of the near endpoint that may speak of the far one.
 *
 * @param near the endpoint whose groups filter; without groups nothing filters here
 */
export function rulesFor(
  index: RuleIndex,
  near: Endpoint,
  direction: Direction,
  far: Endpoint,
): SecurityGroupRule[] {
  return [
    ...near.groups.flatMap((group) => [
      ...far.groups.flatMap((peer) => index.byPeer(group, direction, peer)),
      ...index.others(group, direction),
    ]),
    ...(near.groups.length > 0 ? index.floating(direction) : []),
  ];
}

/** What the rules of the near endpoint admit for one cell of the far one. */
export function admit(
  index: RuleIndex,
  near: Endpoint,
  direction: Direction,
  far: Endpoint,
  cell: Cell,
  rules: readonly SecurityGroupRule[],
  required: ReadonlySet<GroupKey>,
): Admission {
  // No group, no filter: the endpoint is outside of what security groups decide.
  if (near.groups.length === 0)
    return { certain: ALL_TRAFFIC, possible: ALL_TRAFFIC, by: [], conditions: [] };
  const by: { rule: SecurityGroupRule; traffic: TrafficSet }[] = [];
  const conditions: (Doubt & { traffic: TrafficSet })[] = [];
  for (const rule of rules) {
    const doubts = doubtsOf(rule, near, far, cell);
    if (doubts === undefined) continue;
    const traffic = rule.traffic ? trafficSet([rule.traffic]) : ALL_TRAFFIC;
    if (doubts.length === 0) by.push({ rule, traffic });
    else conditions.push({ ...both(doubts), traffic });
  }
  for (const key of near.groups) {
    const group = index.groups.get(key);
    if (group?.isDeclared || required.has(key)) continue;
    const label = group?.label ?? key;
    const what = `${direction} %TRAFFIC% ${direction === "ingress" ? "from" : "to"} ${far.name}`;
    conditions.push({
      admitted: `${label} permits ${what}`,
      refused: `${label} does not permit ${what}`,
      traffic: ALL_TRAFFIC,
    });
  }
  const certain = union(by.flatMap(({ traffic }) => traffic));
  const possible = union([...certain, ...conditions.flatMap(({ traffic }) => traffic)]);
  return { certain, possible, by, conditions };
}

/**
 * What is not known about whether a rule admits a cell: nothing (it does), some doubts, or undefined when it
 * certainly does not.
 */
function doubtsOf(rule: SecurityGroupRule, near: Endpoint, far: Endpoint, cell: Cell): Doubt[] | undefined {
  const { address, group, unknownGroup = "", peer, traffic, unknownTraffic } = rule;
  const doubts: Doubt[] = rule.doubt === undefined ? [] : [doubt(address, rule.doubt)];
  // One expression is one group, whichever that is.
  if (group === undefined && !near.groups.includes(unknownGroup)) {
    doubts.push(doubt(address, "belongs to this group, which the input does not say"));
  }
  if (traffic === undefined) {
    doubts.push(doubt(address, `covers %TRAFFIC% (${unknownTraffic ?? "its ports are not known"})`));
  }
  switch (peer.kind) {
    case "group":
      return far.groups.includes(peer.group) ? doubts : undefined;
    case "unknown": {
      const { candidates, expression, isGroup } = peer;
      if (far.groups.includes(expression)) return doubts;
      if (isGroup && far.groups.length === 0) return undefined;
      const mayBe = candidates.length === 0 || candidates.some((key) => far.groups.includes(key));
      return mayBe ? [...doubts, doubt(address, `has ${far.name} as its peer (${expression})`)] : undefined;
    }
    case "prefix-list":
      if (peer.entries === undefined) {
        return [
          ...doubts,
          doubt(`prefix list ${peer.id}`, `holds the addresses of ${far.name} (${address})`),
        ];
      }
      return addressDoubts(peer.entries, far, cell, doubts, address);
    case "cidr":
      return addressDoubts([peer.cidr], far, cell, doubts, address);
  }
}

function addressDoubts(
  cidrs: readonly string[],
  far: Endpoint,
  cell: Cell,
  doubts: Doubt[],
  rule: string,
): Doubt[] | undefined {
  if ("addresses" in cell) {
    // Cells are split at the borders of the rules: one is either inside or outside.
    return intersect(cell.addresses, addressSet(cidrs)).length > 0 ? doubts : undefined;
  }
  const ofFamily = cidrs.filter((cidr) => cidr.includes(":") === (cell.unknown === "ipv6"));
  if (ofFamily.length === 0) return undefined;
  if (ofFamily.some((cidr) => cidr.endsWith("/0"))) {
    return cell.unknown === "ipv4" ? doubts : [...doubts, doubt(far.name, `has an IPv6 address (${rule})`)];
  }
  return [...doubts, doubt(far.name, `has its address within ${ofFamily.join(" or ")} (${rule})`)];
}

/** A rule admits when all that is in doubt is so, and refuses when any of it is not. */
function both(doubts: readonly Doubt[]): Doubt {
  return {
    admitted: doubts.map(({ admitted }) => admitted).join(", and "),
    refused: doubts.map(({ refused }) => refused).join(", or "),
  };
}

const NEGATED: Readonly<Record<string, string>> = {
  belongs: "does not belong",
  covers: "does not cover",
  has: "does not have",
  exists: "does not exist",
  holds: "does not hold",
  is: "is not",
};

/** A doubt about one statement, whose first word is one of the verbs above. */
function doubt(subject: string, statement: string): Doubt {
  const [verb = "", ...rest] = statement.split(" ");
  return {
    admitted: `${subject} ${statement}`,
    refused: `${subject} ${NEGATED[verb]} ${rest.join(" ")}`,
  };
}

function peerCidrs(peer: SecurityGroupRule["peer"]): readonly string[] | undefined {
  if (peer.kind === "cidr") return [peer.cidr];
  return peer.kind === "prefix-list" ? peer.entries : undefined;
}
