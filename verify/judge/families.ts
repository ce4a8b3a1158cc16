import { type Family, familyOf } from "../../network/addresses";
import { intersect, subtract, union } from "../../network/intervals";
import type { Traffic } from "../../network/traffic";
import { PROTOCOL_NUMBERS, protocolSet, type TrafficSet, trafficSet } from "../../network/traffic";
import type { Endpoint, Flow } from "../expect/model";
import type { Impossible } from "./model";

/** The packets of a flow that are of one family. */
export interface Packets {
  readonly family: Family;
  readonly traffic: TrafficSet;
  /** Whether an end whose address is not known has an address of this family in any case. */
  readonly isCertain: boolean;
}

/** The packets that a flow speaks of, or why there can be none. */
export type FlowPackets = readonly Packets[] | Impossible;

const BOTH: readonly Family[] = ["ipv4", "ipv6"];

/** ICMP exists only in IPv4 (RFC 792), ICMPv6 only in IPv6 (RFC 4443). */
const FOREIGN: Readonly<Record<Family, keyof typeof PROTOCOL_NUMBERS>> = { ipv4: "icmpv6", ipv6: "icmp" };

/**
 * The packets of a flow by their family. A packet has one family, so only families count that both ends have.
 *
 * An end that does not say its families, and the internet, which has both, take part in an `allow` with IPv4, or with
 * IPv6 where the other end has nothing else; in a `deny` with both. Traffic that is explicitly ICMPv6 needs IPv6.
 */
export function packetsOf(
  { expect, traffic }: Pick<Flow, "expect" | "traffic">,
  from: Endpoint,
  to: Endpoint,
): FlowPackets {
  const all = trafficSet(traffic);
  const [source, target] = [familiesOf(from), familiesOf(to)];
  if (expect === "deny") {
    const common = shared(
      [...source.stated, ...open(source, BOTH)],
      [...target.stated, ...open(target, BOTH)],
    );
    const isCertain = only(source) !== undefined || only(target) !== undefined;
    return common.length === 0
      ? noCommonFamily(source, target)
      : common.map((family) => ({ family, traffic: all, isCertain: isCertain || family === "ipv4" }));
  }
  const common = shared(
    [...source.stated, ...open(source, [only(target) ?? "ipv4"])],
    [...target.stated, ...open(target, [only(source) ?? "ipv4"])],
  );
  const packets = common.map((family) => ({
    family,
    traffic: subtract(all, protocolSet(FOREIGN[family])),
    isCertain: true,
  }));
  const icmpv6 = namedIcmpv6(traffic);
  if (!common.includes("ipv6") && mayBe(source, "ipv6") && mayBe(target, "ipv6")) {
    packets.push({ family: "ipv6", traffic: icmpv6, isCertain: true });
  }
  const some = packets.filter((part) => part.traffic.length > 0);
  if (some.length > 0) return some;
  return common.length === 0
    ? noCommonFamily(source, target)
    : { kind: "traffic-of-other-family", families: common };
}

/**
 * A part of the traffic of a flow as people would say it: where the protocol that the family does not know leaves only a
 * gap within it, as in `all traffic`, the gap is closed.
 */
export function withoutGap(part: TrafficSet, family: Family, stated: TrafficSet): TrafficSet {
  const gap = intersect(protocolSet(FOREIGN[family]), stated);
  if (intersect(part, gap).length > 0) return part;
  const closed = union([...part, ...gap]);
  return closed.length < part.length ? closed : part;
}

/** Families of an endpoint: those that it states, and whether it may have others. */
interface Families {
  readonly stated: readonly Family[];
  readonly isOpen: boolean;
}

function familiesOf({ cidrs, families }: Endpoint): Families {
  if (cidrs === undefined) return { stated: families ?? [], isOpen: families === undefined };
  const stated = BOTH.filter((family) => cidrs.some((cidr) => familyOf(cidr) === family));
  return { stated, isOpen: cidrs.includes("internet") };
}

/** The families that an endpoint states, by its addresses or otherwise; undefined where it leaves some open. */
export function statedFamilies(endpoint: Endpoint): readonly Family[] | undefined {
  const { stated, isOpen } = familiesOf(endpoint);
  return isOpen ? undefined : stated;
}

function open({ isOpen }: Families, families: readonly Family[]): readonly Family[] {
  return isOpen ? families : [];
}

/** The one family that an endpoint has. */
function only({ stated, isOpen }: Families): Family | undefined {
  return !isOpen && stated.length === 1 ? stated[0] : undefined;
}

function mayBe({ stated, isOpen }: Families, family: Family): boolean {
  return isOpen || stated.includes(family);
}

function shared(source: readonly Family[], target: readonly Family[]): Family[] {
  return BOTH.filter((family) => source.includes(family) && target.includes(family));
}

function noCommonFamily(from: Families, to: Families): Impossible {
  return { kind: "no-common-family", from: from.stated, to: to.stated };
}

/**
 * The traffic that a flow names as ICMPv6. `all except TCP 80` names it, too, with every other protocol by its number:
 * beside both of its neighbours it is only a part of everything.
 */
function namedIcmpv6(traffic: readonly Traffic[]): TrafficSet {
  const has = (number: number) => traffic.some((part) => part.protocol === "other" && part.number === number);
  if (has(PROTOCOL_NUMBERS.icmpv6 - 1) && has(PROTOCOL_NUMBERS.icmpv6 + 1)) return [];
  return trafficSet(traffic.filter(({ protocol }) => protocol === "icmpv6"));
}
