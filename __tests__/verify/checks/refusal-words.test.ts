import { expect, test } from "vitest";
import { refusalWords } from "../../../verify/checks/refusal-words";
import type { Refused } from "../../../verify/inventory/model";

/* Each sentence about what Terraform, its provider or AWS refuses, in full: what is wrong, what was given, what to do. */
test.each<[string, Refused, string]>([
  [
    "a service's name as the protocol",
    { kind: "protocol", argument: "ip_protocol", given: "https" },
    'ip_protocol must be tcp, udp, icmp, icmpv6, all, -1 or a number up to 255 (given: "https"). AWS does not know services by their names: name the protocol, and the ports in from_port and to_port.',
  ],
  [
    "a direction that there is not",
    { kind: "type", given: "inbound" },
    'type must be ingress or egress (given: "inbound").',
  ],
  [
    "ports the wrong way round",
    { kind: "ports", given: [443, 80] },
    "from_port and to_port must be ports from 0 to 65535, the first not above the last (given: [443,80]). For every port write 0 and 65535.",
  ],
  [
    "a type of ICMP that there is not",
    { kind: "icmp", given: [256, 0] },
    "from_port and to_port must be a type and a code of ICMP, from 0 to 255, or -1 for any (given: [256,0]). For all of it write -1 and -1.",
  ],
  [
    "ports of all protocols, in a rule",
    { kind: "ports-of-all", form: "per-rule", given: [443, 443] },
    "it is for all protocols and gives ports (given: [443,443]): AWS makes a rule for all traffic of it, and then refuses every update. Leave from_port and to_port out, or, for these ports alone, name tcp or udp as ip_protocol.",
  ],
  [
    "ports of all protocols, in a block",
    { kind: "ports-of-all", form: "inline", given: [443, 443] },
    "it is for all protocols and gives ports (given: [443,443]): from_port and to_port must both be 0. For these ports alone, name tcp or udp as the protocol.",
  ],
  [
    "text that is no CIDR",
    { kind: "cidr", argument: "cidr_blocks", given: "10.0.0.0" },
    'cidr_blocks must hold CIDRs such as 10.0.0.0/8 or 2001:db8::/32 (given: "10.0.0.0"). A single address ends with /32, of IPv6 with /128.',
  ],
  [
    "host bits",
    { kind: "host-bits", argument: "cidr_ipv4", given: "10.0.0.1/8", network: "10.0.0.0/8" },
    "cidr_ipv4 must hold networks, and 10.0.0.1/8 is an address inside of 10.0.0.0/8. Write 10.0.0.0/8, or a single address with /32.",
  ],
  [
    "host bits of IPv6",
    { kind: "host-bits", argument: "cidr_ipv6", given: "fd00::1/8", network: "fd00::/8" },
    "cidr_ipv6 must hold networks, and fd00::1/8 is an address inside of fd00::/8. Write fd00::/8, or a single address with /128.",
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
    "it has no peer: nothing says from where it admits traffic. Give one of cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, self and source_security_group_id.",
  ],
  [
    "no target, in a block",
    { kind: "no-peer", form: "inline", direction: "egress" },
    "it has no peer: nothing says where it admits traffic to. Give one of cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, security_groups and self.",
  ],
  [
    "no peer, but a key that the rule does not read",
    { kind: "no-peer", form: "per-rule", direction: "ingress", unread: ["cidr", "cidr_ipv4"] },
    "it has no peer: nothing says from where it admits traffic. Give one of cidr_ipv4, cidr_ipv6, prefix_list_id and referenced_security_group_id. The rule does not read cidr of each.value, which may be meant for cidr_ipv4.",
  ],
  [
    "several peers",
    { kind: "several-peers", arguments: ["self", "cidr_blocks"] },
    "self and cidr_blocks must not be given together, not even as false, empty or []. Keep one of them, leave the others out, and write another rule for what they named.",
  ],
  [
    "an empty item",
    { kind: "empty-item", argument: "security_groups" },
    "security_groups must not hold empty items. Leave them out, as compact() does.",
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
    "source_security_group_id must be the id of a security group, and aws_security_group.db.name is none: it means aws_security_group.db. Write aws_security_group.db.id.",
  ],
  [
    "several ids in one string",
    { kind: "joined-ids", argument: "source_security_group_id", given: "sg-1,sg-2" },
    "source_security_group_id must be one id of a security group, and sg-1,sg-2 is several in one string. Write a rule for each of them.",
  ],
  [
    "a group that needs itself",
    { kind: "cycle", members: ["aws_security_group.a"] },
    "aws_security_group.a refers to itself. A block means its own group by self = true.",
  ],
  [
    "groups that need each other",
    { kind: "cycle", members: ["aws_security_group.a", "aws_security_group.b", "aws_security_group.c"] },
    "aws_security_group.a needs aws_security_group.b, which needs aws_security_group.c, which needs aws_security_group.a: Terraform cannot make one before the other. Move one side out of the group, into an aws_vpc_security_group_ingress_rule or egress_rule of its own.",
  ],
  [
    "blocks as one object",
    { kind: "no-list", argument: "ingress" },
    "ingress is written as an attribute and must be a list of objects. Write it as a block, ingress { ... }; in JSON, as a list.",
  ],
  [
    "an item that lacks attributes",
    { kind: "incomplete", argument: "ingress", missing: ["description", "self"] },
    "an item of ingress = [...] must give every attribute, and it lacks description, self. Write it as a block, ingress { ... }, or give them as null, in JSON too.",
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
    "an item of egress = [...] must give every attribute, and it lacks cidr_blocks (cidr_block is none: cidr_blocks is meant) (proto is none: protocol is meant). Write it as a block, egress { ... }, or give them as null, in JSON too.",
  ],
  [
    "an argument that there is not",
    { kind: "strange-argument", argument: "source_sg", meant: "source_security_group_id" },
    "it has no argument source_sg. Write source_security_group_id.",
  ],
  [
    "one that there is not in a block",
    { kind: "strange-argument", argument: "sg", meant: "security_groups", within: "ingress" },
    "a block of ingress has no argument sg. Write security_groups.",
  ],
  [
    "a count that is known too late",
    {
      kind: "late-instances",
      argument: "count",
      expression: "length(aws_subnet.a[*].id)",
      resources: ["aws_subnet.a"],
    },
    "its count hangs on what is known only after apply (length(aws_subnet.a[*].id)), and Terraform must know the number when it plans: while the resources are new, as in every new environment, it fails. Count what is written down, such as the items of a list or a variable, not what the resources become.",
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
    "its count hangs on what is known only after apply (((aws_lb.a.id == aws_lb.b.id) ? 1 : 0)), and Terraform must know the number when it plans: it fails while aws_lb.a, aws_lb.b are new, as in every new environment; the state, which is not given, may hold what makes it pass. Count what is written down, such as the items of a list or a variable, not what the resources become.",
  ],
  [
    "keys that are known too late",
    {
      kind: "late-instances",
      argument: "for_each",
      expression: "toset([aws_security_group.a.id])",
      resources: ["aws_security_group.a"],
    },
    "its for_each hangs on what is known only after apply (toset([aws_security_group.a.id])), and Terraform must know the keys when it plans: while the resources are new, as in every new environment, it fails. Use a map with keys of your own, such as { api = ... }, and take from its values what is known later.",
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
    "aws_security_group.a is in aws_vpc.one, and its peer aws_security_group.b is in aws_vpc.two. AWS does not find the group of another VPC before the two are joined, by peering or a transit gateway, which nothing here does. Where another configuration joins them first, suppress this; else put both into one VPC, or name addresses.",
  ],
  [
    "a peer in the default VPC",
    {
      kind: "two-vpcs",
      group: "aws_security_group.a",
      peer: "aws_security_group.b",
      vpcs: ["aws_vpc.one", undefined],
    },
    "aws_security_group.a is in aws_vpc.one, and its peer aws_security_group.b has no vpc_id, so that it is in the default VPC. AWS does not find the group of another VPC, unless the two are peered. Put both into one VPC, or name addresses.",
  ],
  [
    "a group in the default VPC",
    {
      kind: "two-vpcs",
      group: "aws_security_group.a",
      peer: "aws_security_group.b",
      vpcs: [undefined, "aws_vpc.two"],
    },
    "aws_security_group.a has no vpc_id, so that it is in the default VPC, and its peer aws_security_group.b is in aws_vpc.two. AWS does not find the group of another VPC, unless the two are peered. Put both into one VPC, or name addresses.",
  ],
])("%s", (_, refused, words) => {
  expect(refusalWords(refused)).toBe(words);
});
