import { expect, test } from "vitest";
import { refusalWords } from "../../../verify/checks/refusal-words";
import type { Refused } from "../../../verify/inventory/model";

/* Each sentence about what Terraform, its provider or AWS refuses, in full: what is wrong, what was given, what to do. */
test.each<[string, Refused, string]>([
  [
    "a service's name as the protocol",
    { kind: "protocol", argument: "ip_protocol", given: "https" },
    'ip_protocol must be tcp, udp, icmp, icmpv6, all, -1 or a number up to 255 (given: "https"). AWS does not know services by name: set the protocol, and the ports in from_port and to_port.',
  ],
  [
    "a direction that there is not",
    { kind: "type", given: "inbound" },
    'type must be ingress or egress (given: "inbound").',
  ],
  [
    "ports the wrong way round",
    { kind: "ports", given: [443, 80] },
    "from_port and to_port must be ports from 0 to 65535, the first not above the last (given: [443,80]). For all ports, set 0 and 65535.",
  ],
  [
    "a type of ICMP that there is not",
    { kind: "icmp", given: [256, 0] },
    "from_port and to_port must be an ICMP type and code, from 0 to 255, or -1 for any (given: [256,0]). For all ICMP, set -1 and -1.",
  ],
  [
    "ports of all protocols, in a rule",
    { kind: "ports-of-all", form: "per-rule", given: [443, 443] },
    "it is for all protocols and sets ports (given: [443,443]): AWS creates a rule for all traffic from it, and then rejects every update. Remove from_port and to_port, or, for only these ports, set ip_protocol to tcp or udp.",
  ],
  [
    "ports of all protocols, in a block",
    { kind: "ports-of-all", form: "inline", given: [443, 443] },
    "it is for all protocols and sets ports (given: [443,443]): from_port and to_port must both be 0. For only these ports, set the protocol to tcp or udp.",
  ],
  [
    "text that is no CIDR",
    { kind: "cidr", argument: "cidr_blocks", given: "10.0.0.0" },
    'cidr_blocks must hold CIDRs such as 10.0.0.0/8 or 2001:db8::/32 (given: "10.0.0.0"). A single address ends with /32, or /128 for IPv6.',
  ],
  [
    "host bits",
    { kind: "host-bits", argument: "cidr_ipv4", given: "10.0.0.1/8", network: "10.0.0.0/8" },
    "cidr_ipv4 must hold networks, but 10.0.0.1/8 is an address inside 10.0.0.0/8. Write 10.0.0.0/8, or a single address with /32.",
  ],
  [
    "host bits of IPv6",
    { kind: "host-bits", argument: "cidr_ipv6", given: "fd00::1/8", network: "fd00::/8" },
    "cidr_ipv6 must hold networks, but fd00::1/8 is an address inside fd00::/8. Write fd00::/8, or a single address with /128.",
  ],
  [
    "IPv6 where IPv4 belongs",
    { kind: "family", argument: "cidr_blocks", given: "::/0", other: "ipv6_cidr_blocks" },
    "cidr_blocks must hold IPv4 addresses, given ::/0. Move it to ipv6_cidr_blocks.",
  ],
  [
    "IPv4 where IPv6 belongs",
    { kind: "family", argument: "cidr_ipv6", given: "0.0.0.0/0", other: "cidr_ipv4" },
    "cidr_ipv6 must hold IPv6 addresses, given 0.0.0.0/0. Move it to cidr_ipv4.",
  ],
  [
    "no source",
    { kind: "no-peer", form: "classic", direction: "ingress" },
    "it has no peer, so it does not say where traffic may come from. Set one of cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, self and source_security_group_id.",
  ],
  [
    "no target, in a block",
    { kind: "no-peer", form: "inline", direction: "egress" },
    "it has no peer, so it does not say where traffic may go. Set one of cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, security_groups and self.",
  ],
  [
    "no peer, but a key that the rule does not read",
    { kind: "no-peer", form: "per-rule", direction: "ingress", unread: ["cidr", "cidr_ipv4"] },
    "it has no peer, so it does not say where traffic may come from. Set one of cidr_ipv4, cidr_ipv6, prefix_list_id and referenced_security_group_id. The rule does not read cidr of each.value, which may be meant for cidr_ipv4.",
  ],
  [
    "several peers",
    { kind: "several-peers", arguments: ["self", "cidr_blocks"] },
    "self and cidr_blocks must not be set together, not even to false, an empty string or []. Keep one of them, remove the others, and write another rule for what they named.",
  ],
  [
    "an empty item",
    { kind: "empty-item", argument: "security_groups" },
    "security_groups must not hold empty items. Remove them, for example with compact().",
  ],
  [
    "a name for an id",
    { kind: "no-id", argument: "source_security_group_id", given: "db" },
    "source_security_group_id must be the id of a security group, such as sg-0a1b2c3d (given: db).",
  ],
  [
    "the name of a group that is known",
    {
      kind: "no-id",
      argument: "source_security_group_id",
      given: "aws_security_group.db.name",
      group: "aws_security_group.db",
    },
    "source_security_group_id must be the id of a security group, but aws_security_group.db.name is not one: it refers to aws_security_group.db. Write aws_security_group.db.id.",
  ],
  [
    "several ids in one string",
    { kind: "joined-ids", argument: "source_security_group_id", given: "sg-1,sg-2" },
    "source_security_group_id must be the id of one security group, but sg-1,sg-2 is several in one string. Write one rule for each.",
  ],
  [
    "a group that needs itself",
    { kind: "cycle", members: ["aws_security_group.a"] },
    "aws_security_group.a refers to itself. In a block, self = true means its own group.",
  ],
  [
    "groups that need each other",
    { kind: "cycle", members: ["aws_security_group.a", "aws_security_group.b", "aws_security_group.c"] },
    "aws_security_group.a needs aws_security_group.b, which needs aws_security_group.c, which needs aws_security_group.a: Terraform cannot create one before the other. Move one side out of the group, into its own aws_vpc_security_group_ingress_rule or egress_rule.",
  ],
  [
    "blocks as one object",
    { kind: "no-list", argument: "ingress" },
    "ingress is written as an attribute and must be a list of objects. Write it as a block, ingress { ... }; in JSON, as a list.",
  ],
  [
    "an item that lacks attributes",
    { kind: "incomplete", argument: "ingress", missing: ["description", "self"] },
    "an item of ingress = [...] must set every attribute, but lacks description, self. Write it as a block, ingress { ... }, or set them to null, in JSON too.",
  ],
  [
    "an item with an argument of another name",
    {
      kind: "incomplete",
      argument: "egress",
      missing: ["cidr_blocks"],
      meant: [
        ["cidr_block", "cidr_blocks"],
        ["proto", "protocol"],
      ],
    },
    "an item of egress = [...] must set every attribute, but lacks cidr_blocks (cidr_block is not one: use cidr_blocks) (proto is not one: use protocol). Write it as a block, egress { ... }, or set them to null, in JSON too.",
  ],
  [
    "an argument that there is not",
    { kind: "strange-argument", argument: "source_sg", meant: "source_security_group_id" },
    "it has no argument source_sg. Use source_security_group_id.",
  ],
  [
    "one that there is not in a block",
    { kind: "strange-argument", argument: "sg", meant: "security_groups", within: "ingress" },
    "a block of ingress has no argument sg. Use security_groups.",
  ],
  [
    "a count that is known too late",
    {
      kind: "late-instances",
      argument: "count",
      expression: "length(aws_subnet.a[*].id)",
      resources: ["aws_subnet.a"],
    },
    "its count depends on a value known only after apply (length(aws_subnet.a[*].id)), but Terraform must know the number during plan: while the resources are new, as in every new environment, it fails. Count what is written in the configuration, such as the items of a list or a variable, not attributes of resources.",
  ],
  [
    "a count that is known too late, unless the state elsewhere holds what it hangs on",
    {
      kind: "late-instances",
      argument: "count",
      expression: "((aws_lb.a.id == aws_lb.b.id) ? 1 : 0)",
      resources: ["aws_lb.a", "aws_lb.b"],
      mayBeMade: true,
    },
    "its count depends on a value known only after apply (((aws_lb.a.id == aws_lb.b.id) ? 1 : 0)), but Terraform must know the number during plan: it fails while aws_lb.a, aws_lb.b are new, as in every new environment; the state, which is not part of the input, may hold the values that make it pass. Count what is written in the configuration, such as the items of a list or a variable, not attributes of resources.",
  ],
  [
    "keys that are known too late",
    {
      kind: "late-instances",
      argument: "for_each",
      expression: "toset([aws_security_group.a.id])",
      resources: ["aws_security_group.a"],
    },
    "its for_each depends on a value known only after apply (toset([aws_security_group.a.id])), but Terraform must know the keys during plan: while the resources are new, as in every new environment, it fails. Use a map with your own keys, such as { api = ... }, and take values that are known later from its values.",
  ],
  [
    "an argument that fails",
    { kind: "failed-argument", argument: "count", expression: 'tonumber("x")', why: '"x" is no number' },
    'its count cannot be evaluated: "x" is no number (tonumber("x")).',
  ],
  [
    "one that fails without a reason, and is long",
    { kind: "failed-argument", argument: "for_each", expression: "x".repeat(300) },
    `its for_each cannot be evaluated (${"x".repeat(200)}).`,
  ],
  [
    "a peer in another VPC",
    {
      kind: "two-vpcs",
      group: "aws_security_group.a",
      peer: "aws_security_group.b",
      vpcs: ["aws_vpc.one", "aws_vpc.two"],
    },
    "aws_security_group.a is in aws_vpc.one, and its peer aws_security_group.b is in aws_vpc.two. AWS does not find a group of another VPC before the two VPCs are connected, by peering or a transit gateway, which nothing here does. If another configuration connects them first, suppress this finding; else put both groups into one VPC, or use addresses.",
  ],
  [
    "a peer in the default VPC",
    {
      kind: "two-vpcs",
      group: "aws_security_group.a",
      peer: "aws_security_group.b",
      vpcs: ["aws_vpc.one", undefined],
    },
    "aws_security_group.a is in aws_vpc.one, and its peer aws_security_group.b has no vpc_id, so it is in the default VPC. AWS does not find a group of another VPC unless the two VPCs are peered. Put both groups into one VPC, or use addresses.",
  ],
  [
    "a group in the default VPC",
    {
      kind: "two-vpcs",
      group: "aws_security_group.a",
      peer: "aws_security_group.b",
      vpcs: [undefined, "aws_vpc.two"],
    },
    "aws_security_group.a has no vpc_id, so it is in the default VPC, and its peer aws_security_group.b is in aws_vpc.two. AWS does not find a group of another VPC unless the two VPCs are peered. Put both groups into one VPC, or use addresses.",
  ],
])("%s", (_, refused, words) => {
  expect(refusalWords(refused)).toBe(words);
});
