import type { Family } from "../../network/addresses";
import type { GroupKey, RulePeer } from "../../network/peers";
import type { Direction } from "../../network/rules";
import type { Traffic } from "../../network/traffic";
import type { Endpoint, Flow } from "../expect/model";
import type { Doubt, RefusedPlace, UnknownTraffic } from "../inventory/model";

/** A half of a flow: what leaves the first endpoint, or what enters the second. */
export interface Half {
  readonly direction: Direction;
  readonly endpoint: Endpoint;
  /** Addresses of the rules that allow it, or part of it. */
  readonly admittedBy: readonly string[];
  /** What is not admitted by a rule of the input; empty when all of it is. */
  readonly missing: readonly Traffic[];
  /** The one family in which that is missing: IPv6, or IPv4 where the flow was judged in both. */
  readonly missingFamily?: Family;
  /** Whether certainly nothing of it is admitted, whatever the input does not say. */
  readonly isClosed: boolean;
  /** Where it is not closed as a whole: the one family in which it is. */
  readonly closedFamily?: Family;
}

/** Something that the input does not say and that decides on a verdict. */
export type Fact =
  /** What is in doubt about the rule is so. */
  | { readonly kind: "rule"; readonly rule: string; readonly doubt: Exclude<Doubt, { kind: "refused" }> }
  /** What is refused at a place is put right, and what is made of it then admits the traffic. */
  | ({ readonly kind: "refused" } & RefusedPlace)
  /** The policy selects the pods of the workload, which may be in another namespace. */
  | { readonly kind: "selected"; readonly policy: string; readonly workload: string }
  /** The rule, whose group is not determined, belongs to the near endpoint of the half. */
  | { readonly kind: "owner"; readonly rule: string }
  /** The rule, whose protocol or ports are not determined, covers the traffic. */
  | {
      readonly kind: "ports";
      readonly rule: string;
      readonly why: UnknownTraffic;
      readonly traffic: readonly Traffic[];
    }
  /** The rule's peer, which is not determined, is the endpoint. */
  | { readonly kind: "peer"; readonly rule: string; readonly endpoint: string; readonly expression: string }
  /** The prefix list, which is not declared, holds the addresses of the endpoint. */
  | { readonly kind: "prefix-list"; readonly list: string; readonly endpoint: string; readonly rule: string }
  /** The address of the endpoint, which is not known, lies in one of these CIDRs, which are those of the rules. */
  | {
      readonly kind: "address";
      readonly endpoint: string;
      readonly cidrs: readonly string[];
      readonly rules: readonly string[];
    }
  /** The endpoint has an IPv6 address at all, all of which the rules cover together. */
  | { readonly kind: "ipv6"; readonly endpoint: string; readonly rules: readonly string[] }
  /** A group whose rules are not all in the input permits the traffic; `endpoint` is the far one. */
  | {
      readonly kind: "group";
      readonly group: GroupKey;
      readonly label: string;
      readonly direction: Direction;
      readonly traffic: readonly Traffic[];
      readonly endpoint: string;
    }
  /** In the mode `standard`: an endpoint lies inside or outside of the VPC, which says whose groups decide. */
  | {
      readonly kind: "place";
      readonly endpoint: string;
      readonly isInside: boolean;
      readonly decide: string;
      readonly others: string;
    }
  /** In the mode `standard`: the groups of worker nodes that nobody named permit the flow. */
  | { readonly kind: "nodes" }
  /** In the mode `standard`: two endpoints are at some time on one node, where nothing is filtered. */
  | { readonly kind: "same-node"; readonly from: string; readonly to: string }
  /** In an IPv6 cluster: traffic of a pod gets through to IPv4 by the address and the groups of its node. */
  | {
      readonly kind: "node-ipv4";
      readonly from: string;
      readonly to: string;
      readonly traffic: readonly Traffic[];
    };

/** What must be true for a flow to hold: a fact, or its opposite, or several of them. */
export type Condition =
  | { readonly kind: "is"; readonly fact: Fact }
  | { readonly kind: "not"; readonly fact: Fact }
  | { readonly kind: "all"; readonly of: readonly Condition[] }
  | { readonly kind: "any"; readonly of: readonly Condition[] }
  /** In the mode `standard`: what must be true if the endpoint lies inside or outside of the VPC. */
  | {
      readonly kind: "should";
      readonly endpoint: string;
      readonly isInside: boolean;
      readonly condition: Condition;
    };

/** Why no packet of a flow can exist. */
export type Impossible =
  /** The two ends have no family of addresses in common. */
  | { readonly kind: "no-common-family"; readonly from: readonly Family[]; readonly to: readonly Family[] }
  /** The families that both ends have do not know the traffic: ICMPv6 in IPv4, ICMP in IPv6. */
  | { readonly kind: "traffic-of-other-family"; readonly families: readonly Family[] };

export interface Verdict {
  readonly flow: Flow;
  /** An impossible `allow` is broken, an impossible `deny` holds. */
  readonly status: "holds" | "broken" | "holds-if";
  readonly halves: readonly Half[];
  /**
   * What must be true, each of them: for `holds-if`, the flow holds when all of them are true and is broken when one is
   * not. For a broken `allow`, what remains when its cures are there.
   */
  readonly conditions: readonly Condition[];
  /** Set where no packet of the flow can exist. */
  readonly impossible?: Impossible;
  /** For a broken `allow`: the rules to add. */
  readonly cures: readonly Cure[];
  /** For a broken `deny`: addresses of the rules that open it. */
  readonly openedBy: readonly string[];
}

/** A rule that is missing. */
export interface Cure {
  readonly group: GroupKey;
  readonly direction: Direction;
  readonly traffic: Traffic;
  readonly peer: RulePeer;
  /** The names of the endpoints: that of the group, and the other one. */
  readonly near: string;
  readonly far: string;
}
