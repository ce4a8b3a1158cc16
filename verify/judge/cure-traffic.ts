import { subtract } from "../../network/intervals";
import type { RulePeer } from "../../network/peers";
import { type Traffic, trafficSet } from "../../network/traffic";

/** As many protocols as are worth a rule each. */
const MOST_PROTOCOLS = 4;

/** As many types of ICMP, likewise. */
const MOST_TYPES = 4;

/**
 * What the rules to add for one peer admit: one part each, or all traffic where more protocols are missing than
 * anybody would write rules for, and all of ICMP where that is stated and more of its types are missing. ICMP is of IPv4
 * alone, ICMPv6 of IPv6.
 *
 * @param stated the traffic of the flow
 */
export function partsToAdd(
  missing: readonly Traffic[],
  peer: RulePeer,
  stated: readonly Traffic[],
): readonly Traffic[] {
  const protocols = new Set(missing.map((part) => (part.protocol === "other" ? part.number : part.protocol)));
  if (protocols.size > MOST_PROTOCOLS) return [{ protocol: "all" }];
  const parts = wholeIcmp(wholeIcmp(missing, "icmp", stated), "icmpv6", stated);
  if (peer.kind !== "cidr") return parts;
  const impossible = peer.cidr.includes(":") ? "icmp" : "icmpv6";
  return parts.filter(({ protocol }) => protocol !== impossible);
}

function wholeIcmp(
  missing: readonly Traffic[],
  protocol: "icmp" | "icmpv6",
  stated: readonly Traffic[],
): readonly Traffic[] {
  const all: Traffic = { protocol, type: -1, code: -1 };
  const others = missing.filter((part) => part.protocol !== protocol);
  const isTooMany = missing.length - others.length > MOST_TYPES;
  return isTooMany && subtract(trafficSet([all]), trafficSet(stated)).length === 0
    ? [...others, all]
    : missing;
}
