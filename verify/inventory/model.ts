import type { Each, Value } from "../../expression/value";
import type { Family } from "../../network/addresses";
import type { GroupKey, RulePeer } from "../../network/peers";
import type { Direction } from "../../network/rules";
import type { Traffic } from "../../network/traffic";
import type { HelmRelease, Input, KubernetesObject, Source } from "../read/model";
import type { Matched, Requirement } from "./kubernetes/selectors";
import type { PrefixList } from "./prefix-lists";

export interface Group {
  readonly key: GroupKey;
  /** How reports name it: its address, id or expression. */
  readonly label: string;
  /**
   * Whether the input shows all of its rules. Only some of a group that is declared elsewhere, or that is given to a module
   * which was not read: then what is seen is a lower bound.
   */
  readonly knowledge: "all" | "some";
  /** The `name` argument, where it is declared and known. */
  readonly name?: string;
  readonly description?: string;
  readonly vpc?: Value;
  readonly tags: Readonly<Record<string, Value>>;
  /** In which form its rules stand, for the form of a proposed rule. */
  readonly forms: ReadonlySet<RuleForm>;
  /** Where its resource stands; absent for a group that is declared elsewhere. */
  readonly declaredAt?: Source;
  /** What it is attached to, where the input shows that. */
  readonly roles: ReadonlySet<Role>;
  /** Whether it is the group that EKS itself makes for a cluster. */
  readonly isOwnOfCluster?: true;
}

/**
 * What groups are on. `cluster` is the group that EKS makes, `control-plane` what a cluster is given besides;
 * `instance` is EC2 of which nothing says that it is a node, `compute` whatever else runs code outside of the cluster.
 */
export const ROLES = [
  "cache",
  "cluster",
  "compute",
  "control-plane",
  "data-service",
  "database",
  "endpoint",
  "ingress",
  "instance",
  "load-balancer",
  "nodes",
  "pods",
] as const;
export type Role = (typeof ROLES)[number];

/** The roles of what keeps or carries data for others. */
export const DATA_ROLES: readonly Role[] = ["cache", "data-service", "database"];

/** `aws_security_group_rule`, `aws_vpc_security_group_{ingress,egress}_rule`, a block inside the group. */
export type RuleForm = "classic" | "per-rule" | "inline";

/** Something of a rule that the input does not determine: where it is not so, the rule admits nothing. */
export type Doubt =
  /** There is such a rule: its `count`, `for_each` or dynamic block could not be evaluated. */
  | { readonly kind: "existence" }
  /** It is a rule of this direction: its `type` is what the expression says. */
  | { readonly kind: "direction"; readonly direction: Direction; readonly expression: string };

/** Why the traffic of a rule is not determined: this argument of it, or its whole block, is what the expression says. */
export interface UnknownTraffic {
  readonly argument: "protocol" | "from_port" | "to_port" | "block";
  readonly expression: string;
}

/** One rule with one peer: a rule with several CIDRs is several of these, with one address. */
export type SecurityGroupRule = RuleWithoutTraffic &
  (
    | { readonly traffic: Traffic; readonly unknownTraffic?: undefined }
    /** Its protocol or its ports are not determined. */
    | { readonly traffic?: undefined; readonly unknownTraffic: UnknownTraffic }
  );

interface RuleWithoutTraffic {
  /** The resource that declares it; for an inline block, the group's address and the block: `….ingress[0]`. */
  readonly address: string;
  readonly form: RuleForm;
  /** The group that it belongs to; absent when the input does not determine it. */
  readonly group?: GroupKey;
  /** Where `group` is absent: the expression that names it. */
  readonly unknownGroup?: string;
  readonly direction: Direction;
  readonly peer: RulePeer;
  /** What must be true for it to admit anything, each of them; absent when nothing of it is in doubt. */
  readonly doubts?: readonly Doubt[];
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

/** A label selector of a policy. */
export type Selector =
  /** It is not there: it says nothing. */
  | { readonly state: "absent" }
  /** The input does not determine it. */
  | { readonly state: "unknown" }
  | { readonly state: "given"; readonly requirements: readonly Requirement[] };

/** A SecurityGroupPolicy of the input. */
export interface Policy {
  readonly address: string;
  readonly source: Source;
  /** Whether it exists is not known. */
  readonly isUncertain: boolean;
  /** Why Kubernetes refuses it, or drops what matters of it, in words: then it gives no groups. */
  readonly problems: readonly string[];
  readonly name: Value;
  /** Of one that names none: `default`, as for kubectl. */
  readonly namespace: Value;
  readonly podSelector: Selector;
  readonly serviceAccountSelector: Selector;
  /** As they are written; undefined where the input does not determine the list. */
  readonly groupIds: readonly Value[] | undefined;
  /** The groups that these are, each once. */
  readonly groups: readonly GroupKey[];
  /** What it matches; undefined where the input does not determine it, or it has no selector. */
  readonly matched: Matched | undefined;
}

export interface Inventory {
  readonly input: Input;
  readonly groups: ReadonlyMap<GroupKey, Group>;
  readonly rules: readonly SecurityGroupRule[];
  /** Rules that no resource declares and that are certainly there: those of the groups that EKS makes. */
  readonly implied: readonly SecurityGroupRule[];
  readonly attachments: readonly Attachment[];
  /** The SecurityGroupPolicies, with those that may not exist. */
  readonly policies: readonly Policy[];
  /** All objects of Kubernetes that the input applies, with those that may not exist. */
  readonly objects: readonly KubernetesObject[];
  /** The charts that it installs. */
  readonly releases: readonly HelmRelease[];
  /** The prefix lists that the input declares, by all that names them. */
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
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
