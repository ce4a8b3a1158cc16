/**
 * The vocabulary of security group rules. Pure data: nothing here knows how a rule is written or read.
 */

export type Direction = "ingress" | "egress";

/** The protocols whose rules have ports, by the names that AWS and Terraform use. */
export type Protocol = "tcp" | "udp";

/** Ports from the first to the last, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Who is at the other end of a rule: a group, by its key in the module; the group itself; or IPv4 addresses.
 */
export type Peer<Group extends string> =
  | { readonly group: Group }
  | { readonly self: true }
  | { readonly cidrs: readonly string[] };

/** A rule of a security group: half of a flow. Return traffic needs none, security groups are stateful. */
export interface Rule<Group extends string> {
  /** The group that the rule belongs to. */
  readonly group: Group;
  readonly direction: Direction;
  readonly peer: Peer<Group>;
  readonly protocol: Protocol;
  readonly ports: PortRange;
  readonly description: string;
  /** The key of the requirement that the rule serves, if it serves one. */
  readonly requirement?: string;
}

export const ALL_PORTS: PortRange = { from: 0, to: 65535 };

/** The whole of IPv4. */
export const ANYWHERE: Peer<never> = { cidrs: ["0.0.0.0/0"] };

/** A single port. */
export function port(number: number): PortRange {
  return { from: number, to: number };
}
