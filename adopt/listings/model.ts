import type { Direction } from "../../network/rules";

/** The argument of `aws_vpc_security_group_ingress_rule` that names such a source or destination. */
export type PeerArgument = "cidr_ipv4" | "cidr_ipv6" | "prefix_list_id" | "referenced_security_group_id";

/** A rule as AWS has it: with one source or destination. */
export interface ListedRule {
  /** `sgr-…`; absent where describe-security-groups alone lists it, which knows no ids of rules. */
  readonly id?: string;
  /** The id of the group that it is on. */
  readonly group: string;
  readonly direction: Direction;
  /** As AWS writes it: `tcp`, `icmpv6`, `-1`, or a number. */
  readonly protocol: string;
  /** Of ICMP type and code; absent where the protocol has neither. */
  readonly from?: number;
  readonly to?: number;
  readonly peer: { readonly argument: PeerArgument; readonly value: string };
  /** `""` for none. */
  readonly description: string;
  /** What describe-security-groups says of it, where that is given as well. */
  readonly otherDescription?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A group as describe-security-groups lists it. */
export interface ListedGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  /** The account that it is in. */
  readonly owner: string;
  /** Of its ARN; `""` where the list has none. */
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** An interface as describe-network-interfaces lists it: of it what says who carries which groups. */
export interface ListedInterface {
  readonly id: string;
  /** `interface`, `branch`, `lambda`, … */
  readonly type: string;
  readonly description: string;
  /** Who made it: an account, or the name of a service. */
  readonly requester: string;
  /** The instance that it is attached to, or `""`. */
  readonly instance: string;
  /** The account or the service that has what it is attached to, or `""`. */
  readonly instanceOwner: string;
  readonly tagKeys: readonly string[];
  readonly groups: readonly string[];
}

/** What `aws ec2 describe-…` printed, of all files together; each part absent where no file has it. */
export interface Listings {
  readonly groups?: ReadonlyMap<string, ListedGroup>;
  /** The rules of the groups that are listed by either command, by their groups. */
  readonly rules?: ReadonlyMap<string, readonly ListedRule[]>;
  readonly interfaces?: readonly ListedInterface[];
}
