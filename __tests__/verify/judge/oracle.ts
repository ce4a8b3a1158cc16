/**
 * A deliberately naive second opinion on a flow in the mode `strict`: it looks at every packet of a small world, one by
 * one, and at every rule for each. It is derived from the documents that its functions cite and shares nothing with
 * the verifier but the data types.
 */

import type { Family } from "../../../network/addresses";
import type { GroupKey, RulePeer } from "../../../network/peers";
import type { Traffic } from "../../../network/traffic";
import type { Endpoint, Flow } from "../../../verify/expect/model";
import type { Doubt, Group, SecurityGroupRule } from "../../../verify/inventory/model";
import type { Impossible, Verdict } from "../../../verify/judge/model";
import { type Address, FAMILIES, familyOf, has, representatives } from "./space";

export type Direction = SecurityGroupRule["direction"];
export type Status = Verdict["status"];

export interface World {
  readonly groups: ReadonlyMap<GroupKey, Group>;
  readonly rules: readonly SecurityGroupRule[];
  readonly flow: Flow;
}

export type Answer = "no" | "maybe" | "yes";

/** As certain as the weakest of them: all must be so. */
function all(one: Answer, other: Answer): Answer {
  return one === "no" || other === "no" ? "no" : one === "maybe" || other === "maybe" ? "maybe" : "yes";
}

/** As certain as the strongest of them: one is enough. */
function any(one: Answer, other: Answer): Answer {
  return one === "yes" || other === "yes" ? "yes" : one === "maybe" || other === "maybe" ? "maybe" : "no";
}

/** What is the same for all packets of a world is looked up once. */
function once<T>(look: (world: World) => T): (world: World) => T {
  const seen = new WeakMap<World, T>();
  return (world) => {
    const found = seen.get(world) ?? look(world);
    seen.set(world, found);
    return found;
  };
}

// ── What the input leaves open ────────────────────────────────────────────────────────────────────────────

/** Where an end is in a family: an address, or nowhere, because it has none. */
export type Spot = Address | null;

/** Answers to what the input does not say. The input alone has none; a completion of the world has all. */
export interface Knowledge {
  /** Whether what is in doubt about a rule is so. */
  readonly isSo: (doubt: Doubt, rule: SecurityGroupRule) => Answer;
  /** Whether an expression names a group of the end. */
  readonly namesGroupOf: (expression: string, end: Endpoint) => Answer;
  /** Whether an expression is the end, by a group or by addresses. */
  readonly names: (expression: string, end: Endpoint) => Answer;
  /** Whether a prefix list without entries holds the addresses of the end. */
  readonly holds: (list: string, end: Endpoint) => Answer;
  /** Whether a rule without traffic covers that of the flow. */
  readonly covers: (rule: SecurityGroupRule) => Answer;
  /** Whether rules of a foreign group that are not in the input permit the flow. */
  readonly permits: (group: GroupKey, direction: Direction) => Answer;
  /** At which of these spots an end of unknown address may be. */
  readonly spots: (end: Endpoint, family: Family, possible: readonly Spot[]) => readonly Spot[];
}

const NOTHING: Knowledge = {
  isSo: () => "maybe",
  namesGroupOf: () => "maybe",
  names: () => "maybe",
  holds: () => "maybe",
  covers: () => "maybe",
  permits: () => "maybe",
  spots: (_end, _family, possible) => possible,
};

// ── Packets ───────────────────────────────────────────────────────────────────────────────────────────────

/** What a packet carries, by the numbers of https://www.iana.org/assignments/protocol-numbers. */
export interface Content {
  readonly protocol: number;
  readonly port?: number;
  readonly type?: number;
  readonly code?: number;
}

const NUMBERS = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/**
 * VPC guide, "Security group rules" (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html), on
 * the components of a rule: a protocol; for TCP and UDP a range of ports; for ICMP the type and the code. EC2 API,
 * `IpPermission`: -1 is all protocols, all types, all codes.
 */
export function carries(traffic: Traffic, content: Content): boolean {
  if (traffic.protocol === "all") return true;
  if (traffic.protocol === "other") return traffic.number === content.protocol;
  if (NUMBERS[traffic.protocol] !== content.protocol) return false;
  if ("ports" in traffic) {
    return traffic.ports.from <= Number(content.port) && Number(content.port) <= traffic.ports.to;
  }
  return [-1, content.type].includes(traffic.type) && [-1, content.code].includes(traffic.code);
}

/**
 * RFC 4443, 1: ICMPv6 is "an integral part of IPv6", whose next header is 58; ICMP is that of IPv4 (RFC 792). Nobody
 * needs one inside the other, but who wants to get through can craft it: a `deny` counts it.
 */
function existsIn(family: Family, { protocol }: Content, expect: Flow["expect"]): boolean {
  if (expect === "deny") return true;
  return (
    !(protocol === NUMBERS.icmp && family === "ipv6") && !(protocol === NUMBERS.icmpv6 && family === "ipv4")
  );
}

/** A type, a code, a protocol that no rule and no flow of a world names. */
const OTHER = 253;

/** One content for each kind that some rule or the flow tells from the others; what is true of these is true of all. */
function contentsOf({ rules, flow }: World): readonly Content[] {
  const traffics = [...flow.traffic, ...rules.flatMap(({ traffic }) => (traffic ? [traffic] : []))];
  const ports = traffics.flatMap((traffic) =>
    "ports" in traffic ? [traffic.ports.from, traffic.ports.to + 1] : [],
  );
  const messages = traffics.flatMap((traffic) => ("type" in traffic ? [traffic] : []));
  const numbers = traffics.flatMap((traffic) => ("number" in traffic ? [traffic.number] : []));
  // Beside what is written somewhere: something that is not.
  const types = new Set([...messages.map(({ type }) => type).filter((type) => type !== -1), OTHER]);
  const codesOf = (type: number) => {
    const codes = messages.filter((message) => [-1, type].includes(message.type)).map(({ code }) => code);
    return new Set([...codes.filter((code) => code !== -1), OTHER]);
  };
  return [
    ...[NUMBERS.tcp, NUMBERS.udp].flatMap((protocol) =>
      [...new Set([0, ...ports])].filter((port) => port <= 65535).map((port) => ({ protocol, port })),
    ),
    ...[NUMBERS.icmp, NUMBERS.icmpv6].flatMap((protocol) =>
      [...types].flatMap((type) => [...codesOf(type)].map((code) => ({ protocol, type, code }))),
    ),
    ...[...new Set([...numbers, OTHER])].map((protocol) => ({ protocol })),
  ];
}

// ── Families ──────────────────────────────────────────────────────────────────────────────────────────────

/** The families of an end's addresses, or undefined where they are not known. The internet has both, as it likes. */
export function statedFamilies({ cidrs, families }: Endpoint): readonly Family[] | undefined {
  if (cidrs?.includes("internet")) return undefined;
  return cidrs ? FAMILIES.filter((family) => cidrs.some((cidr) => familyOf(cidr) === family)) : families;
}

function isOnlyIpv6(end: Endpoint): boolean {
  const stated = statedFamilies(end);
  return stated?.length === 1 && stated[0] === "ipv6";
}

/**
 * In which families a part of the flow is judged. "IPv6 on AWS", "Amazon VPC design"
 * (https://docs.aws.amazon.com/whitepapers/latest/ipv6-on-aws/amazon-vpc-design.html): resources communicate over IPv4,
 * IPv6 or both, and "IPv4 and IPv6 communication are independent of each other". A packet has one family, so both ends
 * must have it. Where the families of an end are unknown, this is the convention of the verifier: a `deny` counts both,
 * an `allow` IPv4 — but IPv6 where the other end has nothing else, and also for ICMPv6, which is IPv6 alone.
 */
export function familiesFor({ from, to, expect }: Flow, part: Traffic): readonly Family[] {
  const [one, other] = [statedFamilies(from), statedFamilies(to)];
  if (one && other) return one.filter((family) => other.includes(family));
  const stated = one ?? other ?? FAMILIES;
  if (expect === "deny" || stated.length === 1 || part.protocol === "icmpv6") return stated;
  return ["ipv4"];
}

/** What is judged: contents in a family. */
export interface Cell {
  readonly family: Family;
  readonly content: Content;
}

export const cellsOf = once((world): readonly Cell[] => {
  const { flow } = world;
  const isPartOf = (content: Content, family: Family) =>
    existsIn(family, content, flow.expect) &&
    flow.traffic.some((part) => carries(part, content) && familiesFor(flow, part).includes(family));
  return contentsOf(world).flatMap((content) =>
    FAMILIES.filter((family) => isPartOf(content, family)).map((family) => ({ family, content })),
  );
});

/** Why no packet of the flow exists, if none does. */
export function impossibilityOf(world: World): Impossible | undefined {
  if (cellsOf(world).length > 0) return undefined;
  const { flow } = world;
  const [from, to] = [statedFamilies(flow.from), statedFamilies(flow.to)];
  const families = FAMILIES.filter((family) =>
    flow.traffic.some((part) => familiesFor(flow, part).includes(family)),
  );
  if (from && to && families.length === 0) return { kind: "no-common-family", from, to };
  return { kind: "traffic-of-other-family", families };
}

/** Whether an end may be without an address in the family: see `addressesOf`. */
export function mayBeAbsent(flow: Flow, end: Endpoint, family: Family): boolean {
  const other = end === flow.from ? flow.to : flow.from;
  return family === "ipv6" && flow.expect === "deny" && !statedFamilies(end) && !isOnlyIpv6(other);
}

/**
 * The addresses of an end in a family. Each element is a packet's, and lists the spots where that may be: one for each
 * known address; all of the family's space for an unknown one, which is anywhere. "Amazon VPC design": there may be
 * IPv4-only, dual-stack and IPv6-only subnets in one VPC. So in a `deny`, where IPv6 is judged in case that the end has
 * it, it may also be nowhere.
 */
function addressesOf(
  world: World,
  end: Endpoint,
  family: Family,
  known: Knowledge,
): readonly (readonly Spot[])[] {
  const spots = spotsOf(world)(end, family);
  return end.cidrs ? spots.map((spot) => [spot]) : [known.spots(end, family, spots)];
}

const spotsOf = once(({ flow, rules }) => {
  const spaces = new Map<Family, readonly Address[]>();
  const spaceOf = (family: Family) => {
    const space = spaces.get(family) ?? representatives(family, rules, [flow.from, flow.to]);
    spaces.set(family, space);
    return space;
  };
  const known = new Map<string, readonly Spot[]>();
  const look = (end: Endpoint, family: Family): readonly Spot[] => {
    const space = spaceOf(family);
    if (end.cidrs) return space.filter((address) => end.cidrs?.some((cidr) => has(cidr, address)));
    return mayBeAbsent(flow, end, family) ? [...space, null] : space;
  };
  return (end: Endpoint, family: Family): readonly Spot[] => {
    const key = `${end === flow.from ? "from" : "to"} ${family}`;
    const spots = known.get(key) ?? look(end, family);
    known.set(key, spots);
    return spots;
  };
});

// ── Rules ─────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * "Security group rules", on the source or destination of a rule: an IPv4 or IPv6 address or CIDR, a prefix list, or a
 * security group. On referencing groups: such a rule is about the resources that are associated with the group, whatever
 * their addresses. On prefix lists ("Consolidate and manage network CIDR blocks with managed prefix lists",
 * https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html): a set of CIDR blocks.
 */
function matches(peer: RulePeer, far: Endpoint, spot: Spot, known: Knowledge): Answer {
  switch (peer.kind) {
    case "group":
      return far.groups.includes(peer.group) ? "yes" : "no";
    case "cidr":
      return spot && has(peer.cidr, spot) ? "yes" : "no";
    case "prefix-list":
      if (!peer.entries) return known.holds(peer.id, far);
      return spot && peer.entries.some((cidr) => has(cidr, spot)) ? "yes" : "no";
    case "unknown": {
      // One expression is one group.
      if (far.groups.includes(peer.expression)) return "yes";
      // A group is no address.
      if (peer.isGroup && far.groups.length === 0) return "no";
      const isCandidate =
        peer.candidates.length === 0 || peer.candidates.some((group) => far.groups.includes(group));
      return isCandidate ? known.names(peer.expression, far) : "no";
    }
  }
}

function belongs(rule: SecurityGroupRule, near: Endpoint, known: Knowledge): Answer {
  const owner = rule.group ?? rule.unknownGroup ?? "";
  if (near.groups.includes(owner)) return "yes";
  return rule.group === undefined ? known.namesGroupOf(owner, near) : "no";
}

/** The ends as a half sees them: an egress rule looks at the target from the source, an ingress rule the other way. */
export function endsOf({ from, to }: Flow, direction: Direction): { near: Endpoint; far: Endpoint } {
  return direction === "egress" ? { near: from, far: to } : { near: to, far: from };
}

/** Whether rules of the group may exist that are not in the input. */
export function isForeign({ groups, flow }: World, group: GroupKey): boolean {
  return groups.get(group)?.knowledge !== "all" && !flow.required.has(group);
}

/**
 * "Security group rules", on the characteristics of rules: "You can specify allow rules, but not deny rules"; the rules
 * of several groups on a resource are aggregated to one set; without a rule no traffic is allowed. Without a group,
 * nothing filters.
 */
function admits(world: World, direction: Direction, spot: Spot, content: Content, known: Knowledge): Answer {
  const { near, far } = endsOf(world.flow, direction);
  if (near.groups.length === 0) return "yes";
  let answer: Answer = "no";
  for (const group of near.groups) {
    if (isForeign(world, group)) answer = any(answer, known.permits(group, direction));
  }
  for (const rule of world.rules) {
    if (answer === "yes") break;
    if (rule.direction !== direction || (rule.traffic && !carries(rule.traffic, content))) continue;
    let applies = belongs(rule, near, known);
    if (applies !== "no") applies = all(applies, matches(rule.peer, far, spot, known));
    if (applies !== "no" && !rule.traffic) applies = all(applies, known.covers(rule));
    for (const doubt of rule.doubts ?? [])
      if (applies !== "no") applies = all(applies, known.isSo(doubt, rule));
    answer = any(answer, applies);
  }
  return answer;
}

/** Certain of a packet is what is true wherever its end may be: rules may cover the space together. */
function admitsAnywhere(
  world: World,
  direction: Direction,
  spots: readonly Spot[],
  content: Content,
  known: Knowledge,
) {
  const answers = new Set(spots.map((spot) => admits(world, direction, spot, content, known)));
  return answers.size === 1 ? ([...answers][0] as Answer) : "maybe";
}

/** What each half says of each packet of a cell: egress by target, ingress by source, whatever the other end is. */
export function halvesOf(world: World, { family, content }: Cell, known: Knowledge = NOTHING) {
  const half = (direction: Direction) =>
    addressesOf(world, endsOf(world.flow, direction).far, family, known).map((spots) =>
      admitsAnywhere(world, direction, spots, content, known),
    );
  return { egress: half("egress"), ingress: half("ingress") };
}

/**
 * VPC guide, "Control traffic to your AWS resources using security groups"
 * (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html): a group controls what reaches and what
 * leaves its resources, and groups are stateful: responses need no rule. So what matters of a flow are its
 * packets from the source to the target, each of which both halves must admit.
 */
export function statusOf(world: World, known: Knowledge = NOTHING, cells = cellsOf(world)): Status {
  const { expect } = world.flow;
  if (cells.length === 0) return expect === "allow" ? "broken" : "holds";
  let isCertain = true;
  for (const cell of cells) {
    const { egress, ingress } = halvesOf(world, cell, known);
    for (const out of egress) {
      for (const into of ingress) {
        const passes = all(out, into);
        if (passes === (expect === "allow" ? "no" : "yes")) return "broken";
        if (passes === "maybe") isCertain = false;
      }
    }
  }
  return isCertain ? "holds" : "holds-if";
}
