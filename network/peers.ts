import { partsOf } from "./cidr";

/**
 * The identity of a security group: the address of its resource where the input declares it, else its id, else the
 * expression that names it. Two different keys are two groups.
 */
export type GroupKey = string;

export type RulePeer =
  | { readonly kind: "group"; readonly group: GroupKey }
  /** IPv4 or IPv6, in canonical form. */
  | { readonly kind: "cidr"; readonly cidr: string }
  /** Opaque unless its entries are declared. */
  | { readonly kind: "prefix-list"; readonly id: string; readonly entries?: readonly string[] }
  /** The input does not say who it is; `candidates` are groups that it may be. */
  | {
      readonly kind: "unknown";
      readonly expression: string;
      readonly candidates: readonly GroupKey[];
      /** Whether it is a group in any case, and so never an address. */
      readonly isGroup?: boolean;
    };

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

/**
 * Whether a CIDR is the world: more than any single owner has. The largest private block of IPv4 is a /8, the
 * largest allocation of IPv6 a /16.
 */
export function isWorld(peer: RulePeer): boolean {
  if (peer.kind !== "cidr") return false;
  const { length } = partsOf(peer.cidr);
  return peer.cidr.includes(":") ? length < 16 : length < 8;
}
