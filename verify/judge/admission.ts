import { INTERNET } from "../../aws/address-ranges";
import type { Family } from "../../network/addresses";
import { type AddressSet, addressSet, familyOf } from "../../network/addresses";
import { intersect, subtract, union } from "../../network/intervals";
import { partition } from "../../network/partition";
import type { GroupKey } from "../../network/peers";
import type { Direction } from "../../network/rules";
import { setOf, type TrafficSet } from "../../network/traffic";
import type { Endpoint } from "../expect/model";
import type { SecurityGroupRule } from "../inventory/model";
import type { RuleIndex } from "../inventory/rule-index";
import type { Option } from "./conditions";
import type { Packets } from "./families";
import type { Fact } from "./model";

/**
 * Addresses of the far endpoint that all rules of a half treat alike. `unknown` stands for an address of that family
 * which the input does not say; it is not certain where the endpoint may have none.
 */
export type Cell = { readonly addresses: AddressSet } | UnknownCell;

interface UnknownCell {
  readonly unknown: Family;
  readonly isCertain: boolean;
}

/** What a half admits for one cell. */
export interface Admission {
  /** Traffic that is certainly admitted. */
  readonly certain: TrafficSet;
  /** Traffic that may be admitted; what is not in it is certainly refused. */
  readonly possible: TrafficSet;
  /** The rules that certainly admit something, with what: some of them only together. */
  readonly by: readonly { readonly rules: readonly SecurityGroupRule[]; readonly traffic: TrafficSet }[];
  /** What the rest hangs on. */
  readonly options: readonly Option[];
}

/** The cells of the far endpoint of a half, for packets of one family. */
export function cellsOf(
  far: Endpoint,
  rules: readonly SecurityGroupRule[],
  { family, isCertain }: Pick<Packets, "family" | "isCertain">,
): Cell[] {
  if (far.cidrs === undefined) {
    return [{ unknown: family, isCertain: isCertain || far.families !== undefined }];
  }
  const all = union(
    far.cidrs
      .filter((cidr) => (familyOf(cidr) ?? family) === family)
      .flatMap((cidr) => (cidr === "internet" ? INTERNET[family] : addressSet([cidr]))),
  );
  // Split at the borders of the rules: inside a cell each of them admits all addresses or none.
  const distinct = new Set(rules.flatMap(({ peer }) => peerCidrs(peer) ?? []));
  let cells: AddressSet[] = [all];
  for (const cidr of [...distinct].sort()) {
    if (familyOf(cidr) !== family) continue;
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

/**
 * What the rules of the near endpoint admit for one cell of the far one.
 *
 * @param traffic what is asked for: rules for anything else are not looked at
 */
export function admit(
  index: RuleIndex,
  near: Endpoint,
  direction: Direction,
  far: Endpoint,
  cell: Cell,
  rules: readonly SecurityGroupRule[],
  required: ReadonlySet<GroupKey>,
  traffic: TrafficSet,
): Admission {
  // No group, no filter: the endpoint is outside of what security groups decide.
  if (near.groups.length === 0) return { certain: traffic, possible: traffic, by: [], options: [] };
  const by: { rules: readonly SecurityGroupRule[]; traffic: TrafficSet }[] = [];
  const options: Option[] = [];
  const byAddress: { value: AddressRule; traffic: TrafficSet }[] = [];
  for (const rule of rules) {
    const covered = rule.traffic ? intersect(setOf(rule.traffic), traffic) : traffic;
    if (covered.length === 0) continue;
    const match = matchOf(rule, near, far, cell);
    if (match === undefined) continue;
    const { facts, cidrs } = match;
    if (cidrs !== undefined) byAddress.push({ value: { rule, facts, cidrs }, traffic: covered });
    else if (facts.length === 0) by.push({ rules: [rule], traffic: covered });
    else options.push({ facts, traffic: covered });
  }
  if ("unknown" in cell) {
    const decided = byUnknownAddress(byAddress, far, cell, traffic);
    by.push(...decided.by);
    options.push(...decided.options);
  }
  for (const key of near.groups) {
    const group = index.groups.get(key);
    if (group?.knowledge === "all" || required.has(key)) continue;
    const label = group?.label ?? key;
    const fact = { kind: "group" as const, group: key, label, direction, traffic: [], endpoint: far.name };
    options.push({ facts: [fact], traffic });
  }
  const certain = union(by.flatMap((entry) => [...entry.traffic]));
  const possible = union([...certain, ...options.flatMap((option) => [...option.traffic])]);
  return { certain, possible, by, options };
}

/** How a rule may match a cell: it does if all facts are true and, where CIDRs are named, the address is in one. */
interface Match {
  readonly facts: readonly Fact[];
  readonly cidrs?: readonly string[];
}

/** How a rule matches a cell; undefined when it certainly does not. */
function matchOf(rule: SecurityGroupRule, near: Endpoint, far: Endpoint, cell: Cell): Match | undefined {
  const { address, group, unknownGroup = "", peer, unknownTraffic, doubts = [] } = rule;
  const facts = doubts.map(
    (doubt): Fact => (doubt.kind === "refused" ? doubt : { kind: "rule", rule: address, doubt }),
  );
  // One expression is one group, whichever that is.
  if (group === undefined && !near.groups.includes(unknownGroup)) {
    facts.push({ kind: "owner", rule: address });
  }
  if (unknownTraffic !== undefined) {
    facts.push({ kind: "ports", rule: address, why: unknownTraffic, traffic: [] });
  }
  switch (peer.kind) {
    case "group":
      return far.groups.includes(peer.group) ? { facts } : undefined;
    case "unknown": {
      const { candidates, expression, isGroup } = peer;
      if (far.groups.includes(expression)) return { facts };
      if (isGroup && far.groups.length === 0) return undefined;
      const mayBe = candidates.length === 0 || candidates.some((key) => far.groups.includes(key));
      const fact: Fact = { kind: "peer", rule: address, endpoint: far.name, expression };
      return mayBe ? { facts: [...facts, fact] } : undefined;
    }
    case "prefix-list": {
      if (peer.entries !== undefined) return addressMatch(peer.entries, cell, facts);
      const fact: Fact = { kind: "prefix-list", list: peer.id, endpoint: far.name, rule: address };
      return { facts: [...facts, fact] };
    }
    case "cidr":
      return addressMatch([peer.cidr], cell, facts);
  }
}

function addressMatch(cidrs: readonly string[], cell: Cell, facts: readonly Fact[]): Match | undefined {
  if ("addresses" in cell) {
    // Cells are split at the borders of the rules: one is either inside or outside.
    return intersect(cell.addresses, addressSet(cidrs)).length > 0 ? { facts } : undefined;
  }
  const ofFamily = cidrs.filter((cidr) => familyOf(cidr) === cell.unknown);
  return ofFamily.length === 0 ? undefined : { facts, cidrs: ofFamily };
}

/** A rule that admits an address which is not known, if it lies in one of its CIDRs and the facts are true. */
interface AddressRule {
  readonly rule: SecurityGroupRule;
  readonly facts: readonly Fact[];
  readonly cidrs: readonly string[];
}

/**
 * What rules for addresses admit for one that is not known. Those that need nothing else count together: two of them
 * may cover all addresses that there are.
 */
function byUnknownAddress(
  entries: readonly { readonly value: AddressRule; readonly traffic: TrafficSet }[],
  far: Endpoint,
  cell: UnknownCell,
  traffic: TrafficSet,
): Pick<Admission, "by" | "options"> {
  const by: Admission["by"][number][] = [];
  const options: Option[] = [];
  const isPlain = ({ value }: (typeof entries)[number]) => value.facts.length === 0;
  for (const piece of partition(entries.filter(isPlain), traffic)) {
    const rules = covering(piece.values, cell.unknown);
    const [fact] = addressFacts(rules ?? piece.values, far, cell);
    if (fact === undefined) by.push({ rules: (rules ?? []).map(({ rule }) => rule), traffic: piece.traffic });
    else options.push({ facts: [fact], traffic: piece.traffic });
  }
  for (const { value, traffic: covered } of entries.filter((entry) => !isPlain(entry))) {
    options.push({ facts: [...value.facts, ...addressFacts([value], far, cell)], traffic: covered });
  }
  return { by, options };
}

/** The facts on which it hangs that an address which is not known lies within rules: none where they cover all. */
function addressFacts(rules: readonly AddressRule[], far: Endpoint, cell: UnknownCell): Fact[] {
  const named = { endpoint: far.name, rules: unique(rules.map(({ rule }) => rule.address)) };
  if (covering(rules, cell.unknown) === undefined) {
    return [{ kind: "address", cidrs: unique(rules.flatMap(({ cidrs }) => cidrs)), ...named }];
  }
  return cell.isCertain ? [] : [{ kind: "ipv6", ...named }];
}

/** Every address of a family. */
const ALL_ADDRESSES: Readonly<Record<Family, AddressSet>> = {
  ipv4: addressSet(["0.0.0.0/0"]),
  ipv6: addressSet(["::/0"]),
};

/** The first of the rules that together cover all addresses of a family; undefined where all of them do not. */
function covering(rules: readonly AddressRule[], family: Family): AddressRule[] | undefined {
  const whole = rules.find(({ cidrs }) => cidrs.some((cidr) => cidr.endsWith("/0")));
  if (whole) return [whole];
  if (rules.reduce((sum, { cidrs }) => sum + cidrs.length, 0) < 2) return undefined;
  const taken: AddressRule[] = [];
  let rest = ALL_ADDRESSES[family];
  for (const rule of rules) {
    const addresses = addressSet(rule.cidrs);
    if (intersect(rest, addresses).length === 0) continue;
    taken.push(rule);
    rest = subtract(rest, addresses);
    if (rest.length === 0) return taken;
  }
  return undefined;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function peerCidrs(peer: SecurityGroupRule["peer"]): readonly string[] | undefined {
  if (peer.kind === "cidr") return [peer.cidr];
  return peer.kind === "prefix-list" ? peer.entries : undefined;
}
