import type { Each, Value } from "../../expression/value";
import type { Family } from "../../network/addresses";
import type { GroupKey, RulePeer } from "../../network/peers";
import type { Direction } from "../../network/rules";
import type { Traffic } from "../../network/traffic";
import type {
  FailedArgument,
  HelmRelease,
  IncompleteItem,
  Input,
  KubernetesObject,
  LateInstances,
  NoList,
  Source,
  StrangeArgument,
} from "../read/model";
import type { NodeClass, NodeClassGroups, NodePool } from "./cluster/karpenter";
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
  /** The places that are refused, if any, of its resource or of the policy that gives it: as it stands, it is on nothing. */
  readonly refusedAt?: readonly RefusedPlace[];
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
  | { readonly kind: "direction"; readonly direction: Direction; readonly expression: string }
  /** What is refused at this place is put right: until then there is no such rule. */
  | ({ readonly kind: "refused" } & RefusedPlace);

/** The address of what is refused. */
export interface RefusedPlace {
  readonly place: string;
  /** Whether what the input does not show may make it right as it stands: a warning, and no error. */
  readonly mayBeRight?: true;
}

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

/** What Terraform, its provider or AWS refuses about a resource: it cannot be planned or applied as it stands. */
export type Refused =
  /** Neither the name nor the number of a protocol. */
  | {
      readonly kind: "protocol";
      readonly argument: "protocol" | "ip_protocol";
      readonly given: Value | undefined;
    }
  /** Not `ingress` or `egress`. */
  | { readonly kind: "type"; readonly given: Value | undefined }
  /** No range of ports; of ICMP no type and code. */
  | { readonly kind: "ports" | "icmp"; readonly given: readonly (Value | undefined)[] }
  /** All protocols together with ports. */
  | { readonly kind: "ports-of-all"; readonly form: RuleForm; readonly given: readonly (Value | undefined)[] }
  /** Text that is no CIDR. */
  | { readonly kind: "cidr"; readonly argument: string; readonly given: Value }
  /** An address with host bits, and the network that it is in. */
  | {
      readonly kind: "host-bits";
      readonly argument: string;
      readonly given: string;
      readonly network: string;
    }
  /** IPv6 where IPv4 belongs, or the reverse: the argument for it. */
  | { readonly kind: "family"; readonly argument: string; readonly given: string; readonly other: string }
  /** Nothing says from where or to where. */
  | {
      readonly kind: "no-peer";
      readonly form: RuleForm;
      readonly direction: Direction;
      /** A key of `each.value` that the rule does not read, with the argument that is meant. */
      readonly unread?: readonly [key: string, meant: string];
    }
  /** Arguments of which only one may be given. */
  | { readonly kind: "several-peers"; readonly arguments: readonly string[] }
  /** A list of peers with an item that is null or empty. */
  | { readonly kind: "empty-item"; readonly argument: string }
  /** No id of a group: its name, or another attribute of it; `group` is the one that is meant. */
  | {
      readonly kind: "no-id";
      readonly argument: string;
      readonly given: string;
      readonly group?: GroupKey;
    }
  /** Several ids of groups in one text. */
  | { readonly kind: "joined-ids"; readonly argument: string; readonly given: string }
  /** Resources that need each other in a circle, by their addresses without keys; one alone needs itself. */
  | { readonly kind: "cycle"; readonly members: readonly string[] }
  | NoList
  | IncompleteItem
  | StrangeArgument
  | LateInstances
  | FailedArgument
  /** The group and its peer are in two VPCs; the default VPC of the region is undefined. */
  | {
      readonly kind: "two-vpcs";
      readonly group: GroupKey;
      readonly peer: GroupKey;
      readonly vpcs: readonly [group: string | undefined, peer: string | undefined];
    };

/** A place that is refused. */
export interface Refusal {
  /** Where it stands: a resource, or a block inside a group. */
  readonly address: string;
  /** The resource that cannot be made of it. */
  readonly resource: string;
  readonly refused: Refused;
  readonly source: Source;
}

/** Groups that are together on one kind of interface, as the input shows: their rules add up. */
export interface Attachment {
  /** The resource that attaches them. */
  readonly address: string;
  readonly role: Role;
  readonly groups: readonly GroupKey[];
  /** Of nodes: whether these are interfaces for pods alone, as custom networking makes them. What the node itself sends has others. */
  readonly isForPods?: true;
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
  | {
      readonly state: "given";
      readonly requirements: readonly Requirement[];
      /** The keys of labels with no value, which Kubernetes drops. */
      readonly dropped: readonly string[];
    };

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
  /** The groups that it gives, each once. */
  readonly groups: readonly GroupKey[];
  /** Of one that is refused: the groups that it would give. */
  readonly meantGroups: readonly GroupKey[];
  /** What it matches; undefined where the input does not determine it, or it has no selector. */
  readonly matched: Matched | undefined;
}

/** How the groups of an input are named by who writes into the files of its modules. */
export interface GroupNames {
  /**
   * The expression, in HCL, by which the files of a module name the id of a group: `aws_security_group.pods.id`,
   * `module.web["a"].group_id`, `var.group_id`, `"sg-0a1b2c3d"`. Undefined where nothing there has it.
   */
  readonly nameIn: (module: string, group: GroupKey) => string | undefined;
  /** How the files of its caller name a module: `module.web["a"]`. */
  readonly callOf: (module: string) => string;
  /** Whether the files of a module know an expression, such as `module.web.group_id` or `var.group_id`. */
  readonly isTaken: (module: string, expression: string) => boolean;
  /** Whether a declared group may be there any number of times, or not at all. */
  readonly mayBeAbsent: (group: GroupKey) => boolean;
}

export interface Inventory {
  readonly input: Input;
  readonly groups: ReadonlyMap<GroupKey, Group>;
  readonly rules: readonly SecurityGroupRule[];
  /** What Terraform, its provider or AWS refuses, in the order of the resources. */
  readonly refusals: readonly Refusal[];
  /** Rules that no resource declares and that are certainly there: those of the groups that EKS makes. */
  readonly implied: readonly SecurityGroupRule[];
  readonly attachments: readonly Attachment[];
  /** Of each module that was not read the declared groups that it is given: it may attach them together. */
  readonly passedTogether: readonly (readonly GroupKey[])[];
  /** The SecurityGroupPolicies, with those that may not exist. */
  readonly policies: readonly Policy[];
  /** All objects of Kubernetes that the input applies, with those that may not exist. */
  readonly objects: readonly KubernetesObject[];
  /** The classes of nodes that Karpenter and Auto Mode make, with the groups that they find. */
  readonly nodeClasses: readonly (NodeClass & { readonly found: NodeClassGroups })[];
  /** The pools of such nodes. */
  readonly nodePools: readonly NodePool[];
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
  /** How groups are named in the files of modules. */
  readonly names: GroupNames;
  /**
   * Finds the group that an expression, an address or an id names, or makes a foreign one. Null for an expression
   * that is null.
   */
  readonly resolveGroup: (expression: string, module?: string, each?: Each) => GroupKey | null;
}
