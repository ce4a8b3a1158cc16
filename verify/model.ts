/**
 * The words that the parts of the verifier share. Data alone: reading makes resources, the inventory makes groups
 * and rules of them, flows are judged on those, checks find what is wrong, reports say it.
 */
import type { Direction, PortRange } from "../network/rules";

// ── Values ────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A value that the input does not determine. Two unknowns with one expression are the same value; two with
 * different ones may or may not be.
 */
export class Unknown {
  /**
   * @param expression where it comes from, in one canonical spelling that is absolute: references to resources
   *   carry their module (`module.rds_mysql.aws_security_group.pods.id`, `var.security_groups["k8s_worker"]`,
   *   `data.aws_vpc.main.id`), indexes are written `["key"]` or `[0]`
   */
  constructor(readonly expression: string) {}
}

/** What an argument is after evaluation. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Unknown
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Where something stands in the input. */
export interface Source {
  /** The path as the user would open it: relative to the working directory, or `-` for standard input. */
  readonly file: string;
  /** The first line, from 1, where it is known. */
  readonly line?: number;
}

/** A resource or data source of the input, in one instance. */
export interface Resource {
  /** The absolute address: `module.a["b"].aws_security_group.pods[0]`. */
  readonly address: string;
  /** The path of its module: `module.a["b"]`, or "" for the root. */
  readonly module: string;
  readonly mode: "managed" | "data";
  /** Such as `aws_security_group`. */
  readonly type: string;
  readonly name: string;
  readonly values: { readonly [argument: string]: Value };
  /** Whether it exists is not known: its `count` or `for_each`, or that of its module, could not be evaluated. */
  readonly isUncertain?: boolean;
  readonly source: Source;
}

export interface ModuleInput {
  readonly address: string;
  /** The folder of a local module; absent for one that was not read. */
  readonly folder?: string;
  /** For a module that was not read: the values that it is given. It may add rules to the groups among them. */
  readonly passed?: readonly Value[];
  readonly source: Source;
}

/** What `each` means in an expression that is evaluated for the elements of a map or a set. */
export interface Each {
  readonly key: Value;
  readonly value: Value;
}

/** What a reader makes of an input. */
export interface Input {
  readonly kind: "configuration" | "plan" | "state";
  /** The path as it was given, or `-`. */
  readonly path: string;
  readonly resources: readonly Resource[];
  /** Module calls, by their absolute addresses, with the folder that each leads to where it is a local one. */
  readonly modules: readonly ModuleInput[];
  /**
   * In configuration: what is declared, absolute and without keys of instances (`var.name`, `data.aws_vpc.main`,
   * `module.a.aws_security_group.pods`), also where `count` makes none of it.
   */
  readonly declared?: ReadonlySet<string>;
  /** Values of the root's variables and locals, for endpoints that are named by an expression. */
  readonly evaluate: (expression: string, module?: string, each?: Each) => Value;
  /** What could not be read or evaluated and matters to the verdicts, one sentence each. */
  readonly notes: readonly string[];
  /** In a plan: what Terraform would do to a resource, by its address (`create`, `delete`, `update`, `no-op`). */
  readonly actions?: Readonly<Record<string, readonly string[]>>;
  /** In a plan: the values before, by the resource's address. */
  readonly before?: Readonly<Record<string, Readonly<Record<string, Value>>>>;
}

// ── Groups and rules ──────────────────────────────────────────────────────────────────────────────────────

/**
 * The identity of a security group: the address of its resource where the input declares it, else its id, else the
 * expression that names it. Two different keys are two groups.
 */
export type GroupKey = string;

export interface Group {
  readonly key: GroupKey;
  /** How reports name it: its address, id or expression. */
  readonly label: string;
  /**
   * Whether its rules are all in the input. Not so for a group that is declared elsewhere, nor for one that is given to
   * a module which was not read: their rules are a lower bound.
   */
  readonly isDeclared: boolean;
  /** The `name` argument, where it is declared and known. */
  readonly name?: string;
  readonly description?: string;
  readonly vpc?: Value;
  readonly tags: Readonly<Record<string, Value>>;
  /** In which form its rules stand, for the form of a proposed rule. */
  readonly forms: ReadonlySet<RuleForm>;
  /** Where its resource stands; absent for a group that is declared elsewhere. */
  readonly source?: Source;
  /** What it is attached to, where the input shows that. */
  readonly roles: ReadonlySet<Role>;
}

export type Role = "database" | "cache" | "pods" | "nodes" | "load-balancer" | "cluster" | "ingress";

/** `aws_security_group_rule`, `aws_vpc_security_group_{ingress,egress}_rule`, a block inside the group. */
export type RuleForm = "classic" | "per-rule" | "inline";

/** Traffic of a rule or a flow, without its peer. */
export type Traffic =
  | { readonly protocol: "all" }
  | { readonly protocol: "tcp" | "udp"; readonly ports: PortRange }
  /** ICMP and ICMPv6: type and code, -1 for any. */
  | { readonly protocol: "icmp" | "icmpv6"; readonly type: number; readonly code: number }
  /** Any other IP protocol, by its number. */
  | { readonly protocol: "other"; readonly number: number };

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

/** One rule with one peer: a rule with several CIDRs is several of these, with one address. */
export interface SecurityGroupRule {
  /** The resource that declares it; for an inline block, the group's address and the block: `….ingress[0]`. */
  readonly address: string;
  readonly form: RuleForm;
  /** The group that it belongs to; absent when the input does not determine it. */
  readonly group?: GroupKey;
  /** Where `group` is absent: the expression that names it. */
  readonly unknownGroup?: string;
  readonly direction: Direction;
  /** Absent when protocol or ports are not determined: `unknownTraffic` then says why. */
  readonly traffic?: Traffic;
  readonly unknownTraffic?: string;
  readonly peer: RulePeer;
  /** What is not known of the rule itself, as a statement: `exists (…)`, `is an ingress rule (…)`. */
  readonly doubt?: string;
  readonly description?: string;
  readonly source: Source;
}

/** Groups that are together on one kind of interface, as the input shows: their rules add up. */
export interface Attachment {
  /** The resource that attaches them. */
  readonly address: string;
  readonly role: Role;
  readonly groups: readonly GroupKey[];
  /** The families of the interface's addresses, where the input shows them. */
  readonly families?: readonly Family[];
  readonly source: Source;
}

export interface Inventory {
  readonly input: Input;
  readonly groups: ReadonlyMap<GroupKey, Group>;
  readonly rules: readonly SecurityGroupRule[];
  readonly attachments: readonly Attachment[];
  /**
   * The families of the interfaces that carry some groups together; undefined where the input shows no such interface, or
   * not of all of them.
   */
  readonly familiesOn: (groups: readonly GroupKey[]) => readonly Family[] | undefined;
  /** Whether the pods of the input's clusters have IPv6 addresses: `ip_family = "ipv6"`. */
  readonly hasIpv6Pods: boolean;
  /**
   * Finds the group that an expression, an address or an id names, or makes a foreign one. Null for an expression
   * that is null.
   */
  readonly resolveGroup: (expression: string, module?: string, each?: Each) => GroupKey | null;
}

// ── Flows and verdicts ────────────────────────────────────────────────────────────────────────────────────

/** An IP version. A packet has one, and only a rule of the same one can allow it by an address. */
export type Family = "ipv4" | "ipv6";

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
}

export interface Flow {
  /** Unique in the input; carries the address of the module call: `module.rds_mysql/RQ3`. */
  readonly id: string;
  readonly description?: string;
  readonly expect: "allow" | "deny";
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly traffic: readonly Traffic[];
  /** Keys of foreign groups whose half of the flow this input must bring along. */
  readonly required: ReadonlySet<GroupKey>;
}

export type EnforcingMode = "strict" | "standard";

/** Who runs the cluster's CNI: itself, patched by `kubernetes_env`; the managed add-on; somebody else. */
export type CniManagement = "kubernetes_env" | "addon" | "external";

/** A half of a flow: what leaves the first endpoint, or what enters the second. */
export interface Half {
  readonly direction: Direction;
  readonly endpoint: Endpoint;
  /** Addresses of the rules that admit it, or a part of it. */
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
  /** What `SecurityGroupRule.doubt` says of a rule. */
  | { readonly kind: "rule"; readonly rule: string; readonly statement: string }
  /** The rule, whose group is not determined, belongs to the near endpoint of the half. */
  | { readonly kind: "owner"; readonly rule: string }
  /** The rule, whose protocol or ports are not determined, covers the traffic. */
  | {
      readonly kind: "ports";
      readonly rule: string;
      readonly why: string;
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
  /** The rule as Terraform, in the form that the group already uses. */
  readonly terraform: string;
}

// ── Findings ──────────────────────────────────────────────────────────────────────────────────────────────

export type Severity = "error" | "warning" | "information";

export interface Finding {
  /** The id of the check. */
  readonly check: string;
  readonly severity: Severity;
  /** The resource or group that it is about; suppressions name it. */
  readonly address: string;
  /** What is wrong and what to do, in full sentences. */
  readonly message: string;
  readonly source?: Source;
  /** Of a policy: the groups that it gives. Suppressions for those of them that say so count, too. */
  readonly groups?: readonly GroupKey[];
}

export interface SuppressedFinding extends Finding {
  readonly reason: string;
}

/** What was found in one input. */
export interface Report {
  readonly path: string;
  readonly kind: Input["kind"];
  readonly mode: EnforcingMode;
  /** As `flows.yaml` says; absent where it does not. */
  readonly cni?: CniManagement;
  readonly groups: readonly Group[];
  /** What else it holds that checks know, such as the CNI, in words. */
  readonly lookedAt?: readonly string[];
  readonly rules: readonly SecurityGroupRule[];
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly notes: readonly string[];
  /** Folders of the local modules that the input calls. */
  readonly calls: readonly string[];
}
