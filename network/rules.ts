/**
 * The vocabulary of security group rules. Pure data: nothing here knows how a rule is written or read.
 */

export const DIRECTIONS = ["ingress", "egress"] as const;

export type Direction = (typeof DIRECTIONS)[number];

/** The protocols whose rules have ports, by the names that AWS and Terraform use. */
export type Protocol = "tcp" | "udp";

/** Ports from the first to the last, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Who is at the other end of a rule: a group, by its key in the module; the group itself; IPv4 addresses; or what a
 * Terraform expression gives: an object with one of `cidr_ipv4`, `cidr_ipv6`, `prefix_list_id`, `security_group_id`.
 */
export type Peer<Group extends string> =
  | { readonly group: Group }
  | { readonly self: true }
  | { readonly cidr: string }
  | { readonly expression: string };

/** What a rule admits; a part that its module's caller decides is a Terraform expression. */
export interface Traffic {
  readonly protocol: Protocol | { readonly expression: string };
  /** Ports, for ICMP the type and the code; the expressions are of numbers. */
  readonly ports: PortRange | { readonly from: string; readonly to: string };
}

/** A rule of a security group: half of a flow. Return traffic needs none, security groups are stateful. */
export interface Rule<Group extends string> extends Traffic {
  /** The group that the rule belongs to. */
  readonly group: Group;
  readonly direction: Direction;
  readonly peer: Peer<Group>;
  readonly description: string;
  /** A Terraform expression of a map: one rule for each element, which the rule's expressions know as `each`. */
  readonly forEach?: string;
  /** The key of the requirement that the rule serves, if it serves one. */
  readonly requirement?: string;
}

/** Rules by the names of their resources, which are the same in either form. */
export type Rules<Group extends string> = Readonly<Record<string, Rule<Group>>>;

export const ALL_PORTS: PortRange = { from: 0, to: 65535 };

/** The whole of IPv4. */
export const ANYWHERE: Peer<never> = { cidr: "0.0.0.0/0" };

/** A single port. */
export function port(number: number): PortRange {
  return { from: number, to: number };
}

/** The ends of a range that an expression gives as text: `8080` or `8000-8100`. */
export function portsIn(expression: string): { from: string; to: string } {
  return { from: `split("-", ${expression})[0]`, to: `reverse(split("-", ${expression}))[0]` };
}
