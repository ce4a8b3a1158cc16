import { variablesOf } from "../../expression/variables";
import type { TagsInput } from "../shared/tags";

/** What rules of all forms may have. */
interface RuleInput {
  /** The group that the rule is on. Default: the module's own. */
  readonly security_group_id?: string | null;
  readonly description?: string | null;
}

/** A rule with the arguments of `aws_vpc_security_group_ingress_rule`. */
export interface SecurityGroupRuleInput extends RuleInput {
  readonly ip_protocol: string;
  /** Of ICMP the type; absent with all protocols. */
  readonly from_port?: number | null;
  /** Of ICMP the code. */
  readonly to_port?: number | null;
  readonly cidr_ipv4?: string | null;
  readonly cidr_ipv6?: string | null;
  readonly prefix_list_id?: string | null;
  readonly referenced_security_group_id?: string | null;
  readonly tags?: TagsInput | null;
}

/** A rule with the arguments of `aws_security_group_rule`. */
export interface ClassicRuleInput extends RuleInput {
  readonly type: "ingress" | "egress";
  readonly protocol: string;
  readonly from_port: number;
  readonly to_port: number;
  readonly cidr_blocks?: readonly string[] | null;
  readonly ipv6_cidr_blocks?: readonly string[] | null;
  readonly prefix_list_ids?: readonly string[] | null;
  readonly source_security_group_id?: string | null;
  readonly self?: boolean | null;
}

/** A rule with the arguments of a block `ingress` or `egress` inside `aws_security_group`. */
export interface InlineRuleInput {
  readonly protocol: string;
  readonly from_port: number;
  readonly to_port: number;
  readonly cidr_blocks?: readonly string[];
  readonly ipv6_cidr_blocks?: readonly string[];
  readonly prefix_list_ids?: readonly string[];
  readonly security_groups?: readonly string[];
  readonly self?: boolean;
  readonly description?: string;
}

/** The inputs of module `security-group`. */
export interface SecurityGroupVariables {
  name: string;
  description: string;
  vpc_id: string;
  tags?: TagsInput;
  revoke_rules_on_delete?: boolean;
  ingress?: Readonly<Record<string, SecurityGroupRuleInput>>;
  egress?: Readonly<Record<string, SecurityGroupRuleInput>>;
  classic_rules?: Readonly<Record<string, ClassicRuleInput>>;
  inline_ingress?: readonly InlineRuleInput[] | null;
  inline_egress?: readonly InlineRuleInput[] | null;
}

export const variable = variablesOf<SecurityGroupVariables>();

/** The peers of a rule of its own resource: exactly one. */
export const PEERS = [
  "cidr_ipv4",
  "cidr_ipv6",
  "prefix_list_id",
  "referenced_security_group_id",
] as const satisfies readonly (keyof SecurityGroupRuleInput)[];

/** The lists of peers of a classic rule and of a block. */
export const PEER_LISTS = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"] as const satisfies readonly (
  | keyof ClassicRuleInput
  | keyof InlineRuleInput
)[];
