import type { RulePeer } from "../verify/model";

/** A peer in words: its group, its addresses, its prefix list, or the expression that is not known. */
export function describePeer(peer: RulePeer): string {
  switch (peer.kind) {
    case "group":
      return peer.group;
    case "cidr":
      return peer.cidr;
    case "prefix-list":
      return `prefix list ${peer.id}`;
    case "unknown":
      return peer.expression;
  }
}
