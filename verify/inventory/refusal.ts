import type { Value } from "../../expression/value";
import type { GroupKey } from "../../network/peers";
import type { Direction } from "../../network/rules";
import type { Source } from "../read/model";
import type { RuleForm } from "./model";

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
  | { readonly kind: "no-peer"; readonly form: RuleForm; readonly direction: Direction }
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
  /** No id of a prefix list. */
  | { readonly kind: "prefix-list"; readonly argument: string; readonly given: Value };

/** A place that is refused. */
export interface Refusal {
  /** Where it stands: a resource, or a block inside a group. */
  readonly address: string;
  /** The resource that cannot be made of it. */
  readonly resource: string;
  readonly refused: Refused;
  readonly source: Source;
}
