import type { Cases } from "../support/case";
import { A, B, GROUPS, PRIVATE, rule } from "../support/rules";

const RULE = "aws_security_group_rule.x";
const PER_RULE = "aws_vpc_security_group_ingress_rule.x";
const GROUP = "aws_security_group.c";

const one = (values: object) => ({ ...GROUPS, [RULE]: { ...rule("ingress", A, PRIVATE), ...values } });
const perRule = (values: object) => ({
  ...GROUPS,
  [PER_RULE]: { security_group_id: A, ip_protocol: "tcp", from_port: 443, to_port: 443, ...values },
});
const block = (values: object) => ({
  ...GROUPS,
  [GROUP]: { ingress: [{ protocol: "tcp", from_port: 443, to_port: 443, ...PRIVATE, ...values }] },
});
const NONE = { cidr_blocks: null };

const found = [[RULE, "error"]] as const;
const foundPerRule = [[PER_RULE, "error"]] as const;
const foundBlock = [[`${GROUP}.ingress[0]`, "error"]] as const;

export const cases: Cases = [
  {
    what: "a service for a protocol",
    resources: one({ protocol: "mysql" }),
    found,
    says: 'aws_security_group_rule.x cannot be applied: protocol must be tcp, udp, icmp, icmpv6, all, -1 or a number up to 255 (given: "mysql"). AWS does not know services by name: set the protocol, and the ports in from_port and to_port.',
  },
  {
    what: "a service for a protocol, in a block",
    resources: block({ protocol: "https" }),
    found: foundBlock,
  },
  { what: "another type", resources: one({ type: "inbound" }), found },
  { what: "ports that are none", resources: one({ to_port: 65536 }), found },
  { what: "types of ICMP that are none", resources: one({ protocol: "icmp", to_port: 65535 }), found },
  {
    what: "what cannot be read, in a state",
    resources: one({ protocol: "mysql" }),
    kind: "state",
    found,
  },
  {
    what: "host bits",
    resources: one({ cidr_blocks: ["10.20.30.91/29"] }),
    found,
    says: "aws_security_group_rule.x cannot be applied: cidr_blocks must hold networks, but 10.20.30.91/29 is an address inside 10.20.30.88/29. Write 10.20.30.88/29, or a single address with /32.",
  },
  {
    what: "host bits in IPv6",
    resources: perRule({ cidr_ipv6: "2001:db8::1/32" }),
    found: foundPerRule,
  },
  { what: "host bits in a block", resources: block({ cidr_blocks: ["10.0.0.1/8"] }), found: foundBlock },
  { what: "a CIDR of the other family", resources: one({ cidr_blocks: ["::/0"] }), found },
  { what: "an address without a length", resources: block({ cidr_blocks: ["10.0.0.1"] }), found: foundBlock },
  { what: "an empty address", resources: one({ cidr_blocks: ["10.0.0.0/8", ""] }), found },
  { what: "no peer", resources: one(NONE), found },
  { what: "no peer but self = false", resources: one({ ...NONE, self: false }), found },
  { what: "an empty list of peers", resources: one({ cidr_blocks: [] }), kind: "plan", found },
  { what: "no peer in a rule of its own", resources: perRule({}), found: foundPerRule },
  {
    what: "two peers",
    resources: perRule({ cidr_ipv4: "10.0.0.0/8", referenced_security_group_id: B }),
    found: foundPerRule,
  },
  { what: "addresses and a group", resources: one({ source_security_group_id: B }), found },
  { what: "addresses and self = false", resources: one({ self: false }), found },
  {
    what: "all protocols with ports",
    resources: perRule({ ip_protocol: "-1", cidr_ipv4: "10.0.0.0/8" }),
    found: foundPerRule,
  },
  { what: "all protocols with ports, in a block", resources: block({ protocol: "all" }), found: foundBlock },
  {
    what: "all protocols with -1 for ports, in a block",
    resources: block({ protocol: "-1", from_port: -1, to_port: -1 }),
    found: foundBlock,
  },
  {
    what: "the name of a group for its id",
    resources: one({ ...NONE, source_security_group_id: "shop-nodes" }),
    found,
  },
  {
    what: "the attribute name of a group for its id",
    resources: perRule({ referenced_security_group_id: "${aws_security_group.b.name}" }),
    found: foundPerRule,
  },
  {
    what: "the attribute arn of a group of another module, for the rule's own group",
    resources: perRule({
      security_group_id: "${module.net.aws_security_group.b[0].arn}",
      cidr_ipv4: "10.0.0.0/8",
    }),
    found: foundPerRule,
  },
  {
    what: "ids that are joined",
    resources: one({
      ...NONE,
      source_security_group_id: '${join(",", [aws_security_group.a.id, aws_security_group.b.id])}',
    }),
    found,
  },
  {
    what: "several at once, said in one finding",
    resources: block({ protocol: "ssh", cidr_blocks: ["10.0.0.1/8", "10.0.0"] }),
    found: foundBlock,
  },
  { what: "networks in any spelling", resources: one({ ...NONE, ipv6_cidr_blocks: ["2001:DB8:0::/32"] }) },
  { what: "addresses and self = null", resources: one({ self: null }) },
  { what: "addresses and a prefix list", resources: one({ prefix_list_ids: ["pl-1"] }) },
  {
    what: "addresses and a group that may be null",
    resources: one({ source_security_group_id: "${var.x}" }),
  },
  { what: "a peer that may be null", resources: one({ cidr_blocks: "${var.x}" }) },
  {
    what: "two peers that may be null",
    resources: perRule({ cidr_ipv4: "${var.x}", cidr_ipv6: "${var.y}" }),
  },
  { what: "several peers in a block", resources: block({ self: true, security_groups: [A] }) },
  { what: "a block for all traffic", resources: block({ protocol: "-1", from_port: 0, to_port: 0 }) },
  {
    what: "all protocols with the ports of AWS's answers",
    resources: perRule({ ip_protocol: "-1", from_port: -1, to_port: -1, cidr_ipv4: "10.0.0.0/8" }),
  },
  { what: "all protocols and ports of a classic rule, which are opened", resources: one({ protocol: "-1" }) },
  { what: "what Terraform has accepted", resources: one({ self: false }), kind: "plan" },
  { what: "what AWS says", resources: perRule({ ip_protocol: "-1" }), kind: "state" },
  {
    what: "the id of a group of another account",
    resources: perRule({ referenced_security_group_id: "123456789012/sg-0a1b" }),
  },
  {
    what: "one of two ids",
    resources: perRule({ referenced_security_group_id: "${coalesce(var.id, aws_security_group.b.id)}" }),
  },
  {
    what: "ids that may be one",
    resources: perRule({ referenced_security_group_id: '${join("", aws_security_group.b[*].id)}' }),
  },
];
