import { canonicalCidr } from "../../network/cidr";
import { describePeer, type RulePeer } from "../../network/peers";
import type { Direction } from "../../network/rules";
import { describeTraffic, type Traffic } from "../../network/traffic";
import { peerKey, trafficKey } from "../../verify/inventory/meaning";
import { parseTraffic } from "../../verify/inventory/traffic";
import type { ListedRule } from "./model";

/** What a rule of a group admits, whatever lists or declares it. */
export interface RuleMeaning {
  readonly direction: Direction;
  /** Absent where it is not known. */
  readonly traffic?: Traffic | undefined;
  readonly peer: RulePeer;
}

/**
 * What a rule means on its group as a word: two rules of one group have the same word when AWS takes them for the same. A group of
 * another account is named with it or without it, because AWS gives the account only where the groups are in two VPCs.
 */
export function meaningKey({ direction, traffic, peer }: RuleMeaning): string {
  const named = peer.kind === "group" ? { ...peer, group: peer.group.replace(/^\d+\//, "") } : peer;
  return `${direction} ${traffic === undefined ? "?" : trafficKey(traffic)} ${peerKey(named)}`;
}

/** In words: `ingress TCP 443 from 10.0.0.0/16`. */
export function meaningWords({ direction, traffic, peer }: RuleMeaning): string {
  const what = traffic === undefined ? "traffic that is not known" : describeTraffic(traffic);
  return `${direction} ${what} ${direction === "ingress" ? "from" : "to"} ${describePeer(peer)}`;
}

/** What a listed rule means. */
export function meaningOf({ direction, protocol, from, to, peer }: ListedRule): RuleMeaning {
  const parsed = parseTraffic({ protocol, from, to });
  return { direction, traffic: "traffic" in parsed ? parsed.traffic : undefined, peer: rulePeer(peer) };
}

/** The word of a listed rule. */
export function ruleKey(rule: ListedRule): string {
  return meaningKey(meaningOf(rule));
}

function rulePeer({ argument, value }: ListedRule["peer"]): RulePeer {
  switch (argument) {
    case "cidr_ipv4":
    case "cidr_ipv6":
      return { kind: "cidr", cidr: canonicalCidr(value) ?? value };
    case "prefix_list_id":
      return { kind: "prefix-list", id: value };
    case "referenced_security_group_id":
      return { kind: "group", group: value };
  }
}
