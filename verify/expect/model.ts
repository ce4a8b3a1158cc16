import type { Family } from "../../network/addresses";
import type { GroupKey } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import type { Source } from "../read/model";

/** One side of a flow: the groups on an interface and its addresses. */
export interface Endpoint {
  readonly name: string;
  /** Their rules are a union. */
  readonly groups: readonly GroupKey[];
  /** CIDRs in which its addresses lie, or `internet` for public space; absent when they are not known. */
  readonly cidrs?: readonly string[];
  /**
   * Without `cidrs`: the families of its addresses, where the input shows them, such as by the subnets of what carries
   * its groups. Absent when they are not known.
   */
  readonly families?: readonly Family[];
  /** A pod of a cluster with `ip_family = "ipv6"`: what it sends to IPv4 leaves through the address of its node. */
  readonly isIpv6Pod?: boolean;
  /** Whether it runs on the worker nodes, as pods do: in the mode `standard` that matters. */
  readonly isOnNodes?: boolean;
  /** The workload whose pods it is, by its address, where the input shows it. */
  readonly workload?: string;
}

/** What a flow is called; unique in an input. */
export interface FlowId {
  /** The address of the module call that states it, "" for the root. */
  readonly module: string;
  /** Its name in `flows.yaml`. */
  readonly name: string;
  /** Of a flow with `for_each`: the key of the element. */
  readonly key?: string;
}

/** What a flow is derived from. */
export interface Origin {
  /** The kind of need, as ids name it, such as `readiness`. */
  readonly need: string;
  /** Such as `Deployment shop/orders, readinessProbe of app`. */
  readonly words: string;
  /** The object, until the line of what it says is found. */
  readonly source: Source;
  /** Finds that line: for few of them, as it takes a second parse. */
  readonly lineOf?: () => number | undefined;
}

/** What a flow of pods hangs on: whether a policy selects them is not known. */
export interface Hanging {
  /** The address of the policy. */
  readonly policy: string;
  /** What its pods are called. */
  readonly workload: string;
  readonly end: "from" | "to";
  /** The groups that the pods certainly have without it; none where they then have those of their node. */
  readonly otherwise: readonly GroupKey[];
}

export interface Flow {
  readonly id: FlowId;
  /** Of a flow that nobody states: what needs it, each of them. */
  readonly origins?: readonly Origin[];
  readonly description?: string;
  readonly expect: "allow" | "deny";
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly traffic: readonly Traffic[];
  /** Absent where nothing of that is in doubt: its end has the groups of the policy, too. */
  readonly hangsOn?: Hanging;
  /** Keys of foreign groups whose half of the flow this input must bring along. */
  readonly required: ReadonlySet<GroupKey>;
}

/** A finding that is meant as it is, as a `flows.yaml` says. */
export interface Suppression {
  readonly check: string;
  readonly address: string;
  readonly reason: string;
  /** Whether it also holds at the policies that give the group at its address. */
  readonly withPolicies?: boolean;
  /** Whether it is one of a module's, which has it for whoever calls it. */
  readonly isOfModule?: boolean;
}
