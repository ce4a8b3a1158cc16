import type { RulePeer } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import type { SecurityGroupRule } from "./model";

/** A rule's traffic as a word: two have the same word when they are the same traffic. */
export function trafficKey(traffic: Traffic): string {
  switch (traffic.protocol) {
    case "all":
      return "all";
    case "tcp":
    case "udp":
      return `${traffic.protocol} ${traffic.ports.from}-${traffic.ports.to}`;
    case "icmp":
    case "icmpv6":
      return `${traffic.protocol} ${traffic.type} ${traffic.code}`;
    case "other":
      return `protocol ${traffic.number}`;
  }
}

/** A peer as a word, in the same way. */
export function peerKey(peer: RulePeer): string {
  switch (peer.kind) {
    case "group":
      return `group ${peer.group}`;
    case "cidr":
      return `cidr ${peer.cidr}`;
    case "prefix-list":
      return `prefix list ${peer.id}`;
    case "unknown":
      return `unknown ${peer.expression}`;
  }
}

/**
 * What a rule means to AWS, which refuses a second one: its group, direction, traffic and peer, without its
 * description. Undefined when the input does not determine it.
 */
export function ruleMeaning({ group, direction, traffic, peer }: SecurityGroupRule): string | undefined {
  if (group === undefined || traffic === undefined || peer.kind === "unknown") return undefined;
  return `${group} ${direction} ${trafficKey(traffic)} ${peerKey(peer)}`;
}
