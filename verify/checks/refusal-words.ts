import { Unknown, type Value } from "../../expression/value";
import { given } from "../../io/errors";
import type { Direction } from "../../network/rules";
import type { Refused, RuleForm } from "../inventory/model";

/** What is wrong about a rule and what to do, in full sentences without the place. */
export function refusalWords(refused: Refused): string {
  switch (refused.kind) {
    case "protocol":
      return `${refused.argument} must be tcp, udp, icmp, icmpv6, all, -1 or a number up to 255 (${shown(refused.given)}). AWS does not know services by name: set the protocol, and the ports in from_port and to_port.`;
    case "type":
      return `type must be ingress or egress (${shown(refused.given)}).`;
    case "ports":
      return `from_port and to_port must be ports from 0 to 65535, the first not above the last (${shown(refused.given)}). For all ports, set 0 and 65535.`;
    case "icmp":
      return `from_port and to_port must be an ICMP type and code, from 0 to 255, or -1 for any (${shown(refused.given)}). For all ICMP, set -1 and -1.`;
    case "ports-of-all":
      return portsOfAll(refused.form, refused.given);
    case "cidr":
      return `${refused.argument} must hold CIDRs such as 10.0.0.0/8 or 2001:db8::/32 (${shown(refused.given)}). A single address ends with /32, or /128 for IPv6.`;
    case "host-bits":
      return `${refused.argument} must hold networks, but ${refused.given} is an address inside ${refused.network}. Write ${refused.network}, or a single address with /${refused.given.includes(":") ? 128 : 32}.`;
    case "family":
      return `${refused.argument} must hold ${refused.given.includes(":") ? "IPv4" : "IPv6"} addresses, given ${refused.given}. Move it to ${refused.other}.`;
    case "no-peer":
      return `it has no peer, so it does not say ${way(refused.direction)}. Set one of ${PEERS[refused.form]}.${unread(refused.unread)}`;
    case "several-peers":
      return `${refused.arguments.join(" and ")} must not be set together, not even to false, an empty string or []. Keep one of them, remove the others, and write another rule for what they named.`;
    case "empty-item":
      return `${refused.argument} must not hold empty items. Remove them, for example with compact().`;
    case "no-id":
      return refused.group === undefined
        ? `${refused.argument} must be the id of a security group, such as sg-0a1b2c3d (given: ${refused.given}).`
        : `${refused.argument} must be the id of a security group, but ${refused.given} is not one: it refers to ${refused.group}. Write ${refused.group}.id.`;
    case "joined-ids":
      return `${refused.argument} must be the id of one security group, but ${refused.given} is several in one string. Write one rule for each.`;
    case "cycle":
      return cycle(refused.members);
    case "no-list":
      return `${refused.argument} is written as an attribute and must be a list of objects. Write it as a block, ${refused.argument} { ... }; in JSON, as a list.`;
    case "incomplete":
      return `an item of ${refused.argument} = [...] must set every attribute, but lacks ${refused.missing.join(", ")}${insteadOf(refused.meant)}. Write it as a block, ${refused.argument} { ... }, or set them to null, in JSON too.`;
    case "strange-argument":
      return `${refused.within === undefined ? "it" : `a block of ${refused.within}`} has no argument ${refused.argument}. Use ${refused.meant}.`;
    case "late-instances":
      return lateInstances(refused);
    case "failed-argument":
      return `its ${refused.argument} cannot be evaluated${refused.why === undefined ? "" : `: ${refused.why}`} (${refused.expression.slice(0, 200)}).`;
    case "two-vpcs":
      return twoVpcs(refused);
  }
}

const PEERS: Readonly<Record<RuleForm, string>> = {
  classic: "cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, self and source_security_group_id",
  "per-rule": "cidr_ipv4, cidr_ipv6, prefix_list_id and referenced_security_group_id",
  inline: "cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, security_groups and self",
};

/** What an item gives in place of what it lacks. */
function insteadOf(meant: readonly (readonly [string, string])[] = []): string {
  return meant.map(([given, name]) => ` (${given} is not one: use ${name})`).join("");
}

function unread(key: readonly [string, string] | undefined): string {
  return key === undefined
    ? ""
    : ` The rule does not read ${key[0]} of each.value, which may be meant for ${key[1]}.`;
}

function portsOfAll(form: RuleForm, ports: readonly (Value | undefined)[]): string {
  const what = `it is for all protocols and sets ports (${shown(ports)})`;
  return form === "inline"
    ? `${what}: from_port and to_port must both be 0. For only these ports, set the protocol to tcp or udp.`
    : `${what}: AWS creates a rule for all traffic from it, and then rejects every update. Remove from_port and to_port, or, for only these ports, set ip_protocol to tcp or udp.`;
}

function cycle(members: readonly string[]): string {
  const [first = ""] = members;
  const way =
    "Move one side out of the group, into its own aws_vpc_security_group_ingress_rule or egress_rule.";
  return members.length === 1
    ? `${first} refers to itself. In a block, self = true means its own group.`
    : `${first} needs ${[...members.slice(1), first].join(", which needs ")}: Terraform cannot create one before the other. ${way}`;
}

function lateInstances(refused: Extract<Refused, { kind: "late-instances" }>): string {
  const { argument, expression } = refused;
  return argument === "count"
    ? `its count depends on a value known only after apply (${expression}), but Terraform must know the number during plan: ${whenNew(refused)}. Count what is written in the configuration, such as the items of a list or a variable, not attributes of resources.`
    : `its for_each depends on a value known only after apply (${expression}), but Terraform must know the keys during plan: ${whenNew(refused)}. Use a map with your own keys, such as { api = ... }, and take values that are known later from its values.`;
}

/** Once they are applied, their values are known, and the same lines pass. */
function whenNew({ resources, mayBeMade }: Extract<Refused, { kind: "late-instances" }>): string {
  const are = resources.length === 1 ? "is" : "are";
  return mayBeMade
    ? `it fails while ${resources.join(", ")} ${are} new, as in every new environment; the state, which is not part of the input, may hold the values that make it pass`
    : "while the resources are new, as in every new environment, it fails";
}

function twoVpcs({ group, peer, vpcs }: Extract<Refused, { kind: "two-vpcs" }>): string {
  const [own, its] = vpcs;
  const place = (key: string, vpc: string | undefined) =>
    vpc === undefined ? `${key} has no vpc_id, so it is in the default VPC` : `${key} is in ${vpc}`;
  const way =
    own === undefined || its === undefined
      ? "AWS does not find a group of another VPC unless the two VPCs are peered. Put both groups into one VPC, or use addresses."
      : "AWS does not find a group of another VPC before the two VPCs are connected, by peering or a transit gateway, which nothing here does. If another configuration connects them first, suppress this finding; else put both groups into one VPC, or use addresses.";
  return `${place(group, own)}, and its peer ${place(peer, its)}. ${way}`;
}

/** `where traffic may come from`, `where traffic may go`. */
function way(direction: Direction): string {
  return direction === "ingress" ? "where traffic may come from" : "where traffic may go";
}

function shown(value: Value | undefined | readonly (Value | undefined)[]): string {
  return given(value instanceof Unknown ? value.expression : value);
}
