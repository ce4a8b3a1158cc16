import { Unknown, type Value } from "../../expression/value";
import { familyOf } from "../../network/addresses";
import { canonicalCidr, hasHostBits } from "../../network/cidr";
import { protocolNumber, wholeNumber } from "../../network/protocols";
import type { Direction } from "../../network/rules";
import type { Input } from "../read/model";
import { meantArgument } from "../read/terraform/meant-argument";
import type { GroupRegister } from "./groups";
import { wrongId } from "./ids";
import type { Refused, RuleForm } from "./model";
import { parseTraffic } from "./traffic";
import { elements, isTrue, type ObjectValue } from "./values";

/*
 * What is refused about rules, seen with hashicorp/aws 5.100.0: `terraform validate` and `plan` refuse host bits, missing
 * and conflicting arguments, `apply` what the provider or AWS finds out. A plan has passed the former, and a state all of
 * it: there only what cannot be read at all is left.
 */

/** The arguments of a rule in one form. */
interface Arguments {
  /** The resource that declares it. */
  readonly resource: string;
  readonly form: RuleForm;
  readonly direction: Direction;
  readonly values: ObjectValue;
  /** The keys of `each.value` that it does not read. */
  readonly unread: readonly string[];
}

/** Looks for what is refused about single rules. */
export class RefusedRules {
  constructor(
    private readonly input: Pick<Input, "kind" | "hangsOnDefault">,
    private readonly register: GroupRegister,
  ) {}

  /** What is refused about a rule or a block; nothing where the input does not determine it. */
  of(rule: Arguments): Refused[] {
    const unreadable = [...unreadableTraffic(rule), ...unreadableCidrs(rule)];
    if (this.input.kind === "state") return unreadable;
    const applied = [...unreadable, ...portsOfAll(rule), ...this.withoutIds(rule)];
    if (this.input.kind === "plan") return [...applied, ...this.withoutPeer(rule)];
    const peers = [...this.withoutPeer(rule), ...this.severalPeers(rule)];
    // Asked last: it follows all references of the rule.
    const certain = peers.length > 0 && this.isComplete(rule) ? peers : [];
    return [...applied, ...certain, ...misplacedCidrs(rule), ...emptyItems(rule)];
  }

  /** Whether the peers of a rule are what they will be: a module that is read alone leaves them to those who call it. */
  private isComplete({ resource, form }: Arguments): boolean {
    if (form === "inline") return true;
    const { hangsOnDefault = () => false } = this.input;
    return !PEER_ARGUMENTS[form].some((argument) => hangsOnDefault(resource, argument));
  }

  private withoutIds({ form, values }: Arguments): Refused[] {
    return GROUP_ARGUMENTS[form].flatMap((argument) =>
      elements(values[argument]).flatMap((value) => refusedId(this.register, argument, value) ?? []),
    );
  }

  private withoutPeer({ form, direction, values, unread }: Arguments): Refused[] {
    // A block without a peer makes no rule, and nobody complains.
    if (form === "inline") return [];
    const given = PEER_ARGUMENTS[form].some((argument) => {
      const value = values[argument];
      if (argument === "self") return value instanceof Unknown || isTrue(value);
      return elements(value).some((item) => item !== null && item !== "");
    });
    if (given) return [];
    const [meant] = unread.flatMap((key): (readonly [string, string])[] => {
      const argument = meantArgument(key, PEER_ARGUMENTS[form]);
      return argument === undefined ? [] : [[key, argument]];
    });
    return [{ kind: "no-peer", form, direction, ...(meant !== undefined && { unread: meant }) }];
  }

  private severalPeers({ form, values }: Arguments): Refused[] {
    if (form === "inline") return [];
    const given = PEER_ARGUMENTS[form].filter((argument) => this.isGiven(values[argument]));
    const together = form === "per-rule" ? given : given.filter((argument) => conflicts(argument, given));
    return together.length > 1 ? [{ kind: "several-peers", arguments: together }] : [];
  }

  /** Whether an argument is certainly not null. */
  private isGiven(value: Value | undefined): boolean {
    if (value === undefined || value === null) return false;
    return !(value instanceof Unknown) || this.register.declaredBy(value) !== undefined;
  }
}

/** Why a value cannot be the id of a group, with the group that it means, where it means one. */
export function refusedId(register: GroupRegister, argument: string, value: Value): Refused | undefined {
  const wrong = wrongId(value);
  if (wrong === undefined) return undefined;
  const { kind, given } = wrong;
  if (kind === "joined-ids") return { kind, argument, given };
  const group = register.meantBy(value);
  return { kind, argument, given, ...(group !== undefined && { group }) };
}

const GROUP_ARGUMENTS: Readonly<Record<RuleForm, readonly string[]>> = {
  classic: ["security_group_id", "source_security_group_id"],
  "per-rule": ["security_group_id", "referenced_security_group_id"],
  inline: ["security_groups"],
};

/** The arguments of which one must be given, from the provider's schema. */
const PEER_ARGUMENTS: Readonly<Record<Exclude<RuleForm, "inline">, readonly string[]>> = {
  classic: ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "self", "source_security_group_id"],
  "per-rule": ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"],
};

/** What conflicts in `aws_security_group_rule`, also where it is false, empty or an empty list: the provider's schema. */
const CONFLICTS: readonly (readonly [string, string])[] = [
  ["cidr_blocks", "self"],
  ["cidr_blocks", "source_security_group_id"],
  ["ipv6_cidr_blocks", "self"],
  ["ipv6_cidr_blocks", "source_security_group_id"],
  ["self", "source_security_group_id"],
];

function conflicts(argument: string, given: readonly string[]): boolean {
  return CONFLICTS.some((pair) => pair.includes(argument) && pair.every((one) => given.includes(one)));
}

function unreadableTraffic({ form, values }: Arguments): Refused[] {
  const argument = form === "per-rule" ? "ip_protocol" : "protocol";
  const [from, to] = [values["from_port"], values["to_port"]];
  const parsed = parseTraffic({ protocol: values[argument], from, to });
  if (!("wrong" in parsed)) return [];
  if (parsed.wrong === "protocol") return [{ kind: "protocol", argument, given: values[argument] }];
  return [{ kind: parsed.wrong, given: [from, to] }];
}

/** The arguments that hold addresses, with their family and the argument for the other one. */
const CIDR_ARGUMENTS = [
  { argument: "cidr_blocks", family: "ipv4", other: "ipv6_cidr_blocks" },
  { argument: "ipv6_cidr_blocks", family: "ipv6", other: "cidr_blocks" },
  { argument: "cidr_ipv4", family: "ipv4", other: "cidr_ipv6" },
  { argument: "cidr_ipv6", family: "ipv6", other: "cidr_ipv4" },
] as const;

function unreadableCidrs({ values }: Arguments): Refused[] {
  return CIDR_ARGUMENTS.flatMap(({ argument }) =>
    elements(values[argument]).flatMap((given): Refused[] => {
      if (given === null || given === "" || given instanceof Unknown) return [];
      const isCidr = typeof given === "string" && canonicalCidr(given) !== undefined;
      return isCidr ? [] : [{ kind: "cidr", argument, given }];
    }),
  );
}

/** In states and plans addresses are as AWS has made them; what a configuration says is refused as it is written. */
function misplacedCidrs({ values }: Arguments): Refused[] {
  return CIDR_ARGUMENTS.flatMap(({ argument, family, other }) =>
    elements(values[argument]).flatMap((given): Refused[] => {
      const network = typeof given === "string" ? canonicalCidr(given) : undefined;
      if (typeof given !== "string" || network === undefined) return [];
      if (familyOf(network) !== family) return [{ kind: "family", argument, given, other }];
      return hasHostBits(given) ? [{ kind: "host-bits", argument, given, network }] : [];
    }),
  );
}

/** Items of lists that must not be empty: addresses and ids of groups, and of prefix lists of `aws_security_group_rule`. */
function emptyItems({ form, values }: Arguments): Refused[] {
  const lists = ["cidr_blocks", "ipv6_cidr_blocks", "security_groups", "prefix_list_ids"];
  const single = ["cidr_ipv4", "cidr_ipv6"].filter((argument) => values[argument] === "");
  const inLists = lists.filter((argument) => {
    const value = values[argument];
    const mayBeEmpty = argument === "prefix_list_ids" && form === "inline";
    return Array.isArray(value) && value.some((item) => item === null || (item === "" && !mayBeEmpty));
  });
  return [...inLists, ...single].map((argument) => ({ kind: "empty-item", argument }));
}

/**
 * All protocols have no ports. A block must say 0 for both ("must both be 0 to use the 'ALL' protocol"). A rule of its own
 * is created without them, and from then on AWS refuses each update: "You may not specify all protocols and specific
 * ports", hashicorp/terraform-provider-aws#30035. `aws_security_group_rule` opens all traffic, which is no error.
 */
function portsOfAll({ form, values }: Arguments): Refused[] {
  if (form === "classic") return [];
  const protocol = values[form === "inline" ? "protocol" : "ip_protocol"];
  if (protocol instanceof Unknown || protocolNumber(protocol) !== -1) return [];
  const given = [values["from_port"], values["to_port"]];
  // In a rule of its own, 0 for both is an update for ever; that AWS refuses it is not said anywhere.
  const isRefused = given.some((value) => {
    const port = wholeNumber(value);
    return port !== undefined && port !== 0 && !(form === "per-rule" && port === -1);
  });
  return isRefused ? [{ kind: "ports-of-all", form, given }] : [];
}
