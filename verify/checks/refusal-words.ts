import { Unknown, type Value } from "../../expression/value";
import { given } from "../../io/errors";
import type { Direction } from "../../network/rules";
import type { Refused, RuleForm } from "../inventory/model";

/** What is wrong about a rule and what to do, in full sentences without the place. */
export function refusalWords(refused: Refused): string {
  switch (refused.kind) {
    case "protocol":
      return `${refused.argument} must be tcp, udp, icmp, icmpv6, all, -1 or a number up to 255 (${shown(refused.given)}). AWS does not know services by their names: name the protocol, and the ports in from_port and to_port.`;
    case "type":
      return `type must be ingress or egress (${shown(refused.given)}).`;
    case "ports":
      return `from_port and to_port must be ports from 0 to 65535, the first not above the last (${shown(refused.given)}). For every port write 0 and 65535.`;
    case "icmp":
      return `from_port and to_port must be a type and a code of ICMP, from 0 to 255, or -1 for any (${shown(refused.given)}). For all of it write -1 and -1.`;
    case "ports-of-all":
      return portsOfAll(refused.form, refused.given);
    case "cidr":
      return `${refused.argument} must hold CIDRs such as 10.0.0.0/8 or 2001:db8::/32 (${shown(refused.given)}). A single address ends with /32, of IPv6 with /128.`;
    case "host-bits":
      return `${refused.argument} must hold networks, and ${refused.given} is an address inside of ${refused.network}. Write ${refused.network}, or a single address with /${refused.given.includes(":") ? 128 : 32}.`;
    case "family":
      return `${refused.argument} must hold ${refused.given.includes(":") ? "IPv4" : "IPv6"} addresses, given ${refused.given}. Move it to ${refused.other}.`;
    case "no-peer":
      return `it has no peer: nothing says ${way(refused.direction)}. Give one of ${PEERS[refused.form]}.${unread(refused.unread)}`;
    case "several-peers":
      return `${refused.arguments.join(" and ")} must not be given together, not even as false, empty or []. Keep one of them, leave the others out, and write another rule for what they named.`;
    case "empty-item":
      return `${refused.argument} must not hold empty items. Leave them out, as compact() does.`;
    case "no-id":
      return refused.group === undefined
        ? `${refused.argument} must be the id of a security group, such as sg-0a1b2c3d (given: ${refused.given}).`
        : `${refused.argument} must be the id of a security group, and ${refused.given} is none: it means ${refused.group}. Write ${refused.group}.id.`;
    case "joined-ids":
      return `${refused.argument} must be one id of a security group, and ${refused.given} is several in one string. Write a rule for each of them.`;
    case "cycle":
      return cycle(refused.members);
    case "no-list":
      return `${refused.argument} is written as an attribute and must be a list of objects. Write it as a block, ${refused.argument} { ... }; in JSON, as a list.`;
    case "incomplete":
      return `an item of ${refused.argument} = [...] must give every attribute, and it lacks ${refused.missing.join(", ")}${insteadOf(refused.meant)}. Write it as a block, ${refused.argument} { ... }, or give them as null, in JSON too.`;
    case "strange-argument":
      return `${refused.within === undefined ? "it" : `a block of ${refused.within}`} has no argument ${refused.argument}. Write ${refused.meant}.`;
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
  return meant.map(([given, name]) => ` (${given} is none: ${name} is meant)`).join("");
}

function unread(key: readonly [string, string] | undefined): string {
  return key === undefined
    ? ""
    : ` The rule does not read ${key[0]} of each.value, which may be meant for ${key[1]}.`;
}

function portsOfAll(form: RuleForm, ports: readonly (Value | undefined)[]): string {
  const what = `it is for all protocols and gives ports (${shown(ports)})`;
  return form === "inline"
    ? `${what}: from_port and to_port must both be 0. For these ports alone, name tcp or udp as the protocol.`
    : `${what}: AWS makes a rule for all traffic of it, and then refuses every update. Leave from_port and to_port out, or, for these ports alone, name tcp or udp as ip_protocol.`;
}

function cycle(members: readonly string[]): string {
  const [first = ""] = members;
  const way =
    "Move one side out of the group, into an aws_vpc_security_group_ingress_rule or egress_rule of its own.";
  return members.length === 1
    ? `${first} refers to itself. A block means its own group by self = true.`
    : `${first} needs ${[...members.slice(1), first].join(", which needs ")}: Terraform cannot make one before the other. ${way}`;
}

function lateInstances(refused: Extract<Refused, { kind: "late-instances" }>): string {
  const { argument, expression } = refused;
  return argument === "count"
    ? `its count hangs on what is known only after apply (${expression}), and Terraform must know the number when it plans: ${whenNew(refused)}. Count what is written down, such as the items of a list or a variable, not what the resources become.`
    : `its for_each hangs on what is known only after apply (${expression}), and Terraform must know the keys when it plans: ${whenNew(refused)}. Use a map with keys of your own, such as { api = ... }, and take from its values what is known later.`;
}

/** Once they are applied, their values are known, and the same lines pass. */
function whenNew({ resources, mayBeMade }: Extract<Refused, { kind: "late-instances" }>): string {
  const are = resources.length === 1 ? "is" : "are";
  return mayBeMade
    ? `it fails while ${resources.join(", ")} ${are} new, as in every new environment; the state, which is not given, may hold what makes it pass`
    : "while the resources are new, as in every new environment, it fails";
}

function twoVpcs({ group, peer, vpcs }: Extract<Refused, { kind: "two-vpcs" }>): string {
  const [own, its] = vpcs;
  const place = (key: string, vpc: string | undefined) =>
    vpc === undefined ? `${key} has no vpc_id, so that it is in the default VPC` : `${key} is in ${vpc}`;
  const way =
    own === undefined || its === undefined
      ? "AWS does not find the group of another VPC, unless the two are peered. Put both into one VPC, or name addresses."
      : "AWS does not find the group of another VPC before the two are joined, by peering or a transit gateway, which nothing here does. Where another configuration joins them first, suppress this; else put both into one VPC, or name addresses.";
  return `${place(group, own)}, and its peer ${place(peer, its)}. ${way}`;
}

/** `from where traffic may come`, `where traffic may go`. */
function way(direction: Direction): string {
  return direction === "ingress" ? "from where it admits traffic" : "where it admits traffic to";
}

function shown(value: Value | undefined | readonly (Value | undefined)[]): string {
  return given(value instanceof Unknown ? value.expression : value);
}
