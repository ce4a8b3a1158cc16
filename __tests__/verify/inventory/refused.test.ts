import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import type { LateInstances, Misfit } from "../../../verify/read/model";
import { read } from "../read/support/configuration";
import { type Arguments, inputOf, type Resources } from "../support/input";

const DB = "${aws_security_group.db.id}";
const API = "${aws_security_group.api.id}";
const GROUPS: Resources = {
  "aws_security_group.db": { name: "db" },
  "aws_security_group.api": { name: "api" },
};
const TCP = { protocol: "tcp", from_port: 5432, to_port: 5432 };

type Kind = "configuration" | "plan" | "state";

function refusedIn(resources: Resources, kind: Kind = "configuration") {
  const { refusals } = takeInventory(inputOf({ ...GROUPS, ...resources }, { kind }));
  return refusals.map(({ refused }) => refused);
}

/** One rule of the database's group in each form. */
const classic = (values: Arguments): Resources => ({
  "aws_security_group_rule.x": { type: "ingress", security_group_id: DB, ...TCP, ...values },
});
const perRule = (values: Arguments): Resources => ({
  "aws_vpc_security_group_ingress_rule.x": {
    ...{ security_group_id: DB, ip_protocol: "tcp", from_port: 5432, to_port: 5432 },
    ...values,
  },
});
const block = (values: Arguments): Resources => ({
  "aws_security_group.db": { name: "db", ingress: [{ ...TCP, ...values }] },
});

describe("addresses that are none", () => {
  test.each<[what: string, resources: Resources, refused: readonly object[]]>([
    ["a classic rule", classic({ cidr_blocks: ["10.0.0.0/8"] }), []],
    [
      "an address without a length",
      classic({ cidr_blocks: ["10.0.0.1"] }),
      [{ kind: "cidr", argument: "cidr_blocks", given: "10.0.0.1" }],
    ],
    ["a number", perRule({ cidr_ipv4: 10 }), [{ kind: "cidr", argument: "cidr_ipv4", given: 10 }]],
    [
      "empty text, which is said as that",
      classic({ cidr_blocks: ["10.0.0.0/8", ""] }),
      [{ kind: "empty-item", argument: "cidr_blocks" }],
    ],
    [
      "null, which is said as that",
      classic({ cidr_blocks: ["10.0.0.0/8", null] }),
      [{ kind: "empty-item", argument: "cidr_blocks" }],
    ],
    [
      "host bits, in a list with a right one",
      classic({ cidr_blocks: ["10.0.0.0/8", "10.20.30.91/29"] }),
      [{ kind: "host-bits", argument: "cidr_blocks", given: "10.20.30.91/29", network: "10.20.30.88/29" }],
    ],
    [
      "host bits of IPv6",
      perRule({ cidr_ipv6: "2001:db8::1/32" }),
      [{ kind: "host-bits", argument: "cidr_ipv6", given: "2001:db8::1/32", network: "2001:db8::/32" }],
    ],
    [
      "IPv6 among IPv4",
      block({ cidr_blocks: ["fd00::/8"] }),
      [{ kind: "family", argument: "cidr_blocks", given: "fd00::/8", other: "ipv6_cidr_blocks" }],
    ],
    [
      "IPv4 among IPv6",
      classic({ ipv6_cidr_blocks: ["10.0.0.0/8"] }),
      [{ kind: "family", argument: "ipv6_cidr_blocks", given: "10.0.0.0/8", other: "cidr_blocks" }],
    ],
    [
      "IPv6 for the one address of IPv4",
      perRule({ cidr_ipv4: "fd00::/8" }),
      [{ kind: "family", argument: "cidr_ipv4", given: "fd00::/8", other: "cidr_ipv6" }],
    ],
    [
      "IPv4 for the one address of IPv6",
      perRule({ cidr_ipv6: "10.0.0.0/8" }),
      [{ kind: "family", argument: "cidr_ipv6", given: "10.0.0.0/8", other: "cidr_ipv4" }],
    ],
    ["what is not known", classic({ cidr_blocks: ["${var.office}"] }), []],
    ["a list that is not known", classic({ cidr_blocks: "${var.offices}" }), []],
  ])("%s", (_, resources, refused) => {
    expect(refusedIn(resources)).toStrictEqual(refused);
  });

  test.each<[Kind, object[]]>([
    ["plan", []],
    ["state", []],
  ])("that AWS has corrected are not said of a %s", (kind, refused) => {
    expect(refusedIn(classic({ cidr_blocks: ["10.20.30.91/29"] }), kind)).toStrictEqual(refused);
  });
});

describe("items of lists that must not be empty", () => {
  const empty = (argument: string) => [{ kind: "empty-item", argument }];
  test.each<[what: string, resources: Resources, refused: readonly object[]]>([
    ["text for an address", classic({ cidr_blocks: ["10.0.0.0/8", ""] }), empty("cidr_blocks")],
    ["null for an address", classic({ cidr_blocks: ["10.0.0.0/8", null] }), empty("cidr_blocks")],
    [
      "text for an address of IPv6",
      classic({ ipv6_cidr_blocks: ["fd00::/8", ""] }),
      empty("ipv6_cidr_blocks"),
    ],
    ["text for a group in a block", block({ security_groups: [API, ""] }), empty("security_groups")],
    ["text for a prefix list", classic({ prefix_list_ids: ["pl-0a", ""] }), empty("prefix_list_ids")],
    ["text for a prefix list in a block, which is left out", block({ prefix_list_ids: ["pl-0a", ""] }), []],
    [
      "null for a prefix list in a block",
      block({ prefix_list_ids: ["pl-0a", null] }),
      empty("prefix_list_ids"),
    ],
    ["text for the one address", perRule({ prefix_list_id: "pl-0a", cidr_ipv4: "" }), empty("cidr_ipv4")],
    [
      "text for the one address of IPv6",
      perRule({ prefix_list_id: "pl-0a", cidr_ipv6: "" }),
      empty("cidr_ipv6"),
    ],
    ["an empty list beside addresses", classic({ cidr_blocks: ["10.0.0.0/8"], ipv6_cidr_blocks: [] }), []],
    ["full lists", classic({ cidr_blocks: ["10.0.0.0/8"], prefix_list_ids: ["pl-0a"] }), []],
  ])("%s", (_, resources, refused) => {
    expect(refusedIn(resources).filter(({ kind }) => kind === "empty-item")).toStrictEqual(refused);
  });
});

describe("a rule without a peer", () => {
  const CLASSIC = { kind: "no-peer", form: "classic", direction: "ingress" };
  const PER_RULE = { kind: "no-peer", form: "per-rule", direction: "ingress" };
  test.each<[what: string, resources: Resources, refused: readonly object[]]>([
    ["none at all", classic({}), [CLASSIC]],
    ["an empty list", classic({ cidr_blocks: [] }), [CLASSIC]],
    [
      "a list with nothing in it",
      classic({ cidr_blocks: [null] }),
      [CLASSIC, { kind: "empty-item", argument: "cidr_blocks" }],
    ],
    ["self = false", classic({ self: false }), [CLASSIC]],
    ["nulls", classic({ source_security_group_id: null, cidr_blocks: null }), [CLASSIC]],
    ["itself", classic({ self: true }), []],
    ["itself, as text", classic({ self: "true" }), []],
    ["itself, perhaps", classic({ self: "${var.self}" }), []],
    ["addresses", classic({ cidr_blocks: ["10.0.0.0/8"] }), []],
    ["addresses of IPv6", classic({ ipv6_cidr_blocks: ["fd00::/8"] }), []],
    ["prefix lists", classic({ prefix_list_ids: ["pl-0a"] }), []],
    ["a group", classic({ source_security_group_id: API }), []],
    ["none in a rule of its own", perRule({}), [PER_RULE]],
    ["an empty text in a rule of its own", perRule({ prefix_list_id: "" }), [PER_RULE]],
    ["an address of IPv4", perRule({ cidr_ipv4: "10.0.0.0/8" }), []],
    ["an address of IPv6", perRule({ cidr_ipv6: "fd00::/8" }), []],
    ["a prefix list", perRule({ prefix_list_id: "pl-0a" }), []],
    ["a group in a rule of its own", perRule({ referenced_security_group_id: API }), []],
    ["a block, which makes no rule", block({}), []],
  ])("%s", (_, resources, refused) => {
    expect(refusedIn(resources)).toStrictEqual(refused);
  });

  test.each<[Kind, object[]]>([
    ["plan", [CLASSIC]],
    ["state", []],
  ])("in a %s", (kind, refused) => {
    expect(refusedIn(classic({}), kind)).toStrictEqual(refused);
  });
});

/** "conflicts with" of https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group_rule. */
describe("peers that must not stand together", () => {
  const several = (...peers: string[]) => [{ kind: "several-peers", arguments: peers }];
  const GROUP = { source_security_group_id: API };
  const V4 = { cidr_blocks: ["10.0.0.0/8"] };
  const V6 = { ipv6_cidr_blocks: ["fd00::/8"] };
  test.each<[what: string, resources: Resources, refused: readonly object[]]>([
    [
      "addresses and a group",
      classic({ ...V4, ...GROUP }),
      several("cidr_blocks", "source_security_group_id"),
    ],
    [
      "addresses of IPv6 and a group",
      classic({ ...V6, ...GROUP }),
      several("ipv6_cidr_blocks", "source_security_group_id"),
    ],
    ["addresses and itself", classic({ ...V4, self: true }), several("cidr_blocks", "self")],
    ["addresses of IPv6 and itself", classic({ ...V6, self: true }), several("ipv6_cidr_blocks", "self")],
    ["a group and itself", classic({ ...GROUP, self: true }), several("self", "source_security_group_id")],
    [
      "a group and self = false",
      classic({ ...GROUP, self: false }),
      several("self", "source_security_group_id"),
    ],
    [
      "a prefix list, which conflicts with nothing, beside two that do",
      classic({ ...V4, self: true, prefix_list_ids: ["pl-0a"] }),
      several("cidr_blocks", "self"),
    ],
    ["addresses of both families", classic({ ...V4, ...V6 }), []],
    ["addresses and a prefix list", classic({ ...V4, prefix_list_ids: ["pl-0a"] }), []],
    ["a group and a null", classic({ ...GROUP, cidr_blocks: null }), []],
    [
      "addresses and a group that may be null",
      classic({ ...V4, source_security_group_id: "${var.peer}" }),
      [],
    ],
    [
      "a rule of its own for both families",
      perRule({ cidr_ipv4: "10.0.0.0/8", cidr_ipv6: "fd00::/8" }),
      several("cidr_ipv4", "cidr_ipv6"),
    ],
    [
      "a rule of its own for a list and a group",
      perRule({ prefix_list_id: "pl-0a", referenced_security_group_id: API }),
      several("prefix_list_id", "referenced_security_group_id"),
    ],
    ["a block for all of them", block({ ...V4, ...V6, self: true, security_groups: [API] }), []],
  ])("%s", (_, resources, refused) => {
    expect(refusedIn(resources)).toStrictEqual(refused);
  });

  test.each<Kind>(["plan", "state"])("are not said of a %s, which has passed that", (kind) => {
    expect(refusedIn(classic({ ...V4, ...GROUP }), kind)).toStrictEqual([]);
  });
});

describe("ports of all protocols", () => {
  const ports = (form: string, ...given: (number | string | undefined)[]) => [
    { kind: "ports-of-all", form, given },
  ];
  const SELF = { self: true };
  const A = { cidr_ipv4: "10.0.0.0/8" };
  test.each<[what: string, resources: Resources, refused: readonly object[]]>([
    ["a block with ports", block({ ...SELF, protocol: "-1" }), ports("inline", 5432, 5432)],
    ["a block from 0", block({ ...SELF, protocol: "all", from_port: 0 }), ports("inline", 0, 5432)],
    [
      "a block with -1, which is a port there",
      block({ ...SELF, protocol: "-1", from_port: -1, to_port: -1 }),
      ports("inline", -1, -1),
    ],
    ["a block with 0", block({ ...SELF, protocol: "-1", from_port: 0, to_port: 0 }), []],
    ["a rule of its own with ports", perRule({ ...A, ip_protocol: "-1" }), ports("per-rule", 5432, 5432)],
    ["a rule of its own with 0", perRule({ ...A, ip_protocol: "-1", from_port: 0, to_port: 0 }), []],
    ["a rule of its own with -1", perRule({ ...A, ip_protocol: "-1", from_port: -1, to_port: -1 }), []],
    [
      "a rule of its own without ports",
      perRule({ ...A, ip_protocol: "-1", from_port: null, to_port: null }),
      [],
    ],
    ["a rule of its own for another protocol", perRule({ ...A, ip_protocol: "udp" }), []],
    [
      "a rule of its own, a protocol that is not known",
      perRule({ ...A, ip_protocol: "${var.protocol}" }),
      [],
    ],
    ["a classic rule with ports, which opens all", classic({ ...SELF, protocol: "-1" }), []],
  ])("%s", (_, resources, refused) => {
    expect(refusedIn(resources)).toStrictEqual(refused);
  });
  test("are said of a plan, too, and not of a state", () => {
    const one = perRule({ ...A, ip_protocol: "-1" });
    expect(refusedIn(one, "plan")).toStrictEqual(ports("per-rule", 5432, 5432));
    expect(refusedIn(one, "state")).toStrictEqual([]);
  });
});

describe("traffic that means nothing", () => {
  const ICMP = { protocol: "icmp", self: true };
  test.each<[what: string, resources: Resources, refused: readonly object[]]>([
    [
      "a protocol",
      classic({ self: true, protocol: "mysql" }),
      [{ kind: "protocol", argument: "protocol", given: "mysql" }],
    ],
    [
      "a protocol in a rule of its own",
      perRule({ cidr_ipv4: "10.0.0.0/8", ip_protocol: "mysql" }),
      [{ kind: "protocol", argument: "ip_protocol", given: "mysql" }],
    ],
    [
      "no protocol",
      classic({ self: true, protocol: null }),
      [{ kind: "protocol", argument: "protocol", given: null }],
    ],
    ["the last port", classic({ self: true, to_port: 65535 }), []],
    [
      "a port behind the last one",
      classic({ self: true, to_port: 65536 }),
      [{ kind: "ports", given: [5432, 65536] }],
    ],
    ["one port", classic({ self: true, from_port: 0, to_port: 0 }), []],
    [
      "ports the wrong way round",
      classic({ self: true, from_port: 5433 }),
      [{ kind: "ports", given: [5433, 5432] }],
    ],
    ["a port below 0", classic({ self: true, from_port: -1 }), [{ kind: "ports", given: [-1, 5432] }]],
    ["ports that are not known", classic({ self: true, from_port: "${var.port}" }), []],
    [
      "all ports from a port",
      classic({ self: true, from_port: 1, to_port: -1 }),
      [{ kind: "ports", given: [1, -1] }],
    ],
    ["no first port", classic({ self: true, from_port: null }), [{ kind: "ports", given: [null, 5432] }]],
    ["no last port", classic({ self: true, to_port: null }), [{ kind: "ports", given: [5432, null] }]],
    [
      "UDP, the same",
      classic({ self: true, protocol: "udp", to_port: 1 }),
      [{ kind: "ports", given: [5432, 1] }],
    ],
    ["a type of ICMP", classic({ ...ICMP, from_port: 255, to_port: 255 }), []],
    [
      "a type behind the last one",
      classic({ ...ICMP, from_port: 256, to_port: 0 }),
      [{ kind: "icmp", given: [256, 0] }],
    ],
    [
      "a code behind the last one",
      classic({ ...ICMP, from_port: 0, to_port: 256 }),
      [{ kind: "icmp", given: [0, 256] }],
    ],
    ["any code", classic({ ...ICMP, from_port: 0, to_port: -1 }), []],
    [
      "a type below any",
      classic({ ...ICMP, from_port: -2, to_port: -1 }),
      [{ kind: "icmp", given: [-2, -1] }],
    ],
    [
      "a type that is no number",
      classic({ ...ICMP, from_port: "echo", to_port: 0 }),
      [{ kind: "icmp", given: ["echo", 0] }],
    ],
    [
      "a code that is no number",
      classic({ ...ICMP, from_port: 0, to_port: "x" }),
      [{ kind: "icmp", given: [0, "x"] }],
    ],
    [
      "ICMPv6 behind the last one",
      classic({ self: true, protocol: "icmpv6", from_port: 300, to_port: 0 }),
      [{ kind: "icmp", given: [300, 0] }],
    ],
  ])("%s", (_, resources, refused) => {
    expect(refusedIn(resources)).toStrictEqual(refused);
  });
});

describe("what cannot be the id of a group", () => {
  const none = (argument: string, given: string, group?: string) => [
    { kind: "no-id", argument, given, ...(group !== undefined && { group }) },
  ];
  const source = (source_security_group_id: unknown) => classic({ source_security_group_id });
  const PEER = "source_security_group_id";
  const JOINED = 'join(",", [aws_security_group.api.id, aws_security_group.db.id])';
  test.each<[what: string, resources: Resources, refused: readonly object[]]>([
    ["the name of a group of the input", source("api"), none(PEER, '"api"', "aws_security_group.api")],
    ["a name of none", source("web"), none(PEER, '"web"')],
    [
      "an attribute",
      source("${aws_security_group.api.name}"),
      none(PEER, "aws_security_group.api.name", "aws_security_group.api"),
    ],
    [
      "an ARN",
      source("${aws_security_group.api.arn}"),
      none(PEER, "aws_security_group.api.arn", "aws_security_group.api"),
    ],
    [
      "its owner",
      source("${aws_security_group.api.owner_id}"),
      none(PEER, "aws_security_group.api.owner_id", "aws_security_group.api"),
    ],
    [
      "its VPC",
      source("${aws_security_group.api.vpc_id}"),
      none(PEER, "aws_security_group.api.vpc_id", "aws_security_group.api"),
    ],
    [
      "its description",
      source("${aws_security_group.api.description}"),
      none(PEER, "aws_security_group.api.description", "aws_security_group.api"),
    ],
    [
      "how its name begins",
      source("${aws_security_group.api.name_prefix}"),
      none(PEER, "aws_security_group.api.name_prefix", "aws_security_group.api"),
    ],
    [
      "an attribute of a group of a module",
      source("${module.x.aws_security_group.y.name}"),
      none(PEER, "module.x.aws_security_group.y.name"),
    ],
    ["what is called name, of a group", source("${aws_security_group.name}"), []],
    [
      "the name of a group that is looked up",
      source("${data.aws_security_group.d.name}"),
      none(PEER, "data.aws_security_group.d.name"),
    ],
    ["a comparison of a text with ids", source('${join(",", [var.a, var.b]) == ""}'), []],
    ["the name of something else", source("${aws_instance.api.name}"), []],
    ["an output that is called name", source("${module.x.name}"), []],
    ["ids in one text", source(`\${${JOINED}}`), [{ kind: "joined-ids", argument: PEER, given: JOINED }]],
    ["one id in a text", source('${join("", [aws_security_group.api.id])}'), []],
    ["a list that is not known, in a text", source('${join(",", var.ids)}'), []],
    ["lists that are spread, in a text", source('${join(",", [var.a, var.b]...)}'), []],
    ["what begins like join", source('${join_all(",", [var.a, var.b])}'), []],
    ["a text that is no expression", source("${join(}"), []],
    ["an id", source("sg-0a1b2c3d"), []],
    ["an id with an account", source("111122223333/sg-0a1b2c3d"), []],
    ["the id of a classic load balancer's group", source("amazon-elb/sg-843f59ed"), []],
    ["an id behind something else", source("x:sg-0a1b2c3d"), none(PEER, '"x:sg-0a1b2c3d"')],
    [
      "no id",
      perRule({ cidr_ipv4: "10.0.0.0/8", security_group_id: "db" }),
      none("security_group_id", '"db"', "aws_security_group.db"),
    ],
    [
      "a name in a rule of its own",
      perRule({ referenced_security_group_id: "api" }),
      none("referenced_security_group_id", '"api"', "aws_security_group.api"),
    ],
    [
      "a name in a block",
      block({ security_groups: ["sg-0a1b2c3d", "api"] }),
      none("security_groups", '"api"', "aws_security_group.api"),
    ],
    ["an empty text for the group of a rule", classic({ self: true, security_group_id: "" }), []],
  ])("%s", (_, resources, refused) => {
    expect(refusedIn(resources)).toStrictEqual(refused);
  });

  test("a name that two groups have means neither", () => {
    const two = { "aws_security_group.also": { name: "api" }, ...source("api") };
    expect(refusedIn(two)).toStrictEqual(none(PEER, '"api"'));
  });

  test("is said of a plan, and not of a state", () => {
    expect(refusedIn(source("api"), "plan")).toStrictEqual(none(PEER, '"api"', "aws_security_group.api"));
    expect(refusedIn(source("api"), "state")).toStrictEqual([]);
  });

  test.each<[what: string, resources: Resources, refused: readonly object[]]>([
    [
      "a database by a name",
      { "aws_db_instance.x": { vpc_security_group_ids: ["sg-0a1b2c3d", "db"] } },
      none("vpc_security_group_ids", '"db"', "aws_security_group.db"),
    ],
    [
      "a function, in its block",
      { "aws_lambda_function.x": { vpc_config: [{ security_group_ids: ["db"] }] } },
      none("vpc_config.security_group_ids", '"db"', "aws_security_group.db"),
    ],
    [
      "what takes ARNs",
      { "aws_datasync_agent.x": { security_group_arns: ["${aws_security_group.db.arn}"] } },
      [],
    ],
    [
      "an instance in a default VPC, which takes names",
      { "aws_instance.x": { security_groups: ["db"] } },
      [],
    ],
    [
      "a request for one on the spot market, too",
      { "aws_spot_instance_request.x": { security_groups: ["db"] } },
      [],
    ],
    [
      "an instance by ids that are none",
      { "aws_instance.x": { vpc_security_group_ids: ["db"] } },
      none("vpc_security_group_ids", '"db"', "aws_security_group.db"),
    ],
    [
      "a load balancer, which takes no names",
      { "aws_lb.x": { security_groups: ["db"] } },
      none("security_groups", '"db"', "aws_security_group.db"),
    ],
    ["a data source", { "data.aws_db_instance.x": { vpc_security_group_ids: ["db"] } }, []],
    ["what has no interfaces", { "aws_vpc.x": { security_groups: ["db"] } }, []],
  ])("on interfaces: %s", (_, resources, refused) => {
    const { refusals } = takeInventory(inputOf({ ...GROUPS, ...resources }));
    expect(refusals.map((one) => one.refused)).toStrictEqual(refused);
    const [address] = Object.keys(resources);
    for (const one of refusals) expect(one).toMatchObject({ address, resource: address });
    expect(refusedIn(resources, "state")).toStrictEqual([]);
  });
});

/** InvalidGroup.NotFound: groups of one VPC do not know those of another, unless the VPCs are joined. */
describe("a rule between the groups of two VPCs", () => {
  const A = { "aws_vpc.a": {}, "aws_vpc.b": {} };
  const vpcs = (api: unknown, db: unknown): Resources => ({
    "aws_security_group.api": { vpc_id: api },
    "aws_security_group.db": { vpc_id: db },
  });
  const RULE = classic({ source_security_group_id: API });
  const two = (group: string | undefined, peer: string | undefined) => [
    { kind: "two-vpcs", group: "aws_security_group.db", peer: "aws_security_group.api", vpcs: [group, peer] },
  ];
  test.each<[what: string, resources: Resources, refused: readonly object[]]>([
    [
      "that the input makes",
      { ...A, ...vpcs("${aws_vpc.a.id}", "${aws_vpc.b.id}"), ...RULE },
      two("aws_vpc.b", "aws_vpc.a"),
    ],
    [
      "of which one is the default one",
      { ...A, ...vpcs(null, "${aws_vpc.b.id}"), ...RULE },
      two("aws_vpc.b", undefined),
    ],
    ["that are one", { ...A, ...vpcs("${aws_vpc.a.id}", "${aws_vpc.a.id}"), ...RULE }, []],
    ["that are the default one", { ...A, ...vpcs(null, null), ...RULE }, []],
    ["of which one is a variable", { ...A, ...vpcs("${var.vpc}", "${aws_vpc.b.id}"), ...RULE }, []],
    ["of which one is an id", { ...A, ...vpcs("vpc-0a", "${aws_vpc.b.id}"), ...RULE }, []],
    [
      "of which one is looked up",
      { "data.aws_vpc.a": {}, "aws_vpc.b": {}, ...vpcs("${data.aws_vpc.a.id}", "${aws_vpc.b.id}"), ...RULE },
      [],
    ],
    [
      "that are joined by peering",
      { ...A, "aws_vpc_peering_connection.p": {}, ...vpcs("${aws_vpc.a.id}", "${aws_vpc.b.id}"), ...RULE },
      [],
    ],
    [
      "that are joined by a network of Cloud WAN",
      {
        ...A,
        "aws_networkmanager_core_network.n": {},
        ...vpcs("${aws_vpc.a.id}", "${aws_vpc.b.id}"),
        ...RULE,
      },
      [],
    ],
    [
      "of which a group is known in both",
      {
        ...A,
        "aws_vpc_security_group_vpc_association.a": {},
        ...vpcs("${aws_vpc.a.id}", "${aws_vpc.b.id}"),
        ...RULE,
      },
      [],
    ],
    [
      "that are joined by a transit gateway",
      { ...A, "aws_ec2_transit_gateway.t": {}, ...vpcs("${aws_vpc.a.id}", "${aws_vpc.b.id}"), ...RULE },
      [],
    ],
    ["of which the own one is a variable", { ...A, ...vpcs("${aws_vpc.a.id}", "${var.vpc}"), ...RULE }, []],
    [
      "of which one is the default one by its resource",
      { ...A, "aws_default_vpc.d": {}, ...vpcs("${aws_default_vpc.d.id}", "${aws_vpc.b.id}"), ...RULE },
      [],
    ],
    [
      "for a group that the input does not declare",
      {
        ...A,
        ...vpcs("${aws_vpc.a.id}", "${aws_vpc.b.id}"),
        ...classic({ source_security_group_id: "sg-0a1b2c3d" }),
      },
      [],
    ],
    [
      "for addresses",
      { ...A, ...vpcs("${aws_vpc.a.id}", "${aws_vpc.b.id}"), ...classic({ cidr_blocks: ["10.0.0.0/8"] }) },
      [],
    ],
  ])("%s", (_, resources, refused) => {
    expect(refusedIn(resources)).toStrictEqual(refused);
  });

  const ALL = { ...A, ...vpcs("${aws_vpc.a.id}", "${aws_vpc.b.id}"), ...RULE };
  test("is said at the rule, or for a block at its group", () => {
    const at = (resources: Resources) =>
      takeInventory(inputOf(resources)).refusals.map(({ address, resource }) => [address, resource]);
    expect(at(ALL)).toStrictEqual([["aws_security_group_rule.x", "aws_security_group_rule.x"]]);
    const inline = {
      ...ALL,
      "aws_security_group.db": { vpc_id: "${aws_vpc.b.id}", ingress: [{ ...TCP, security_groups: [API] }] },
    };
    const { "aws_security_group_rule.x": _, ...blocks } = inline as Record<string, Arguments>;
    expect(at(blocks)).toStrictEqual([["aws_security_group.db.ingress[0]", "aws_security_group.db"]]);
  });

  const doubtsIn = (resources: Resources, late?: LateInstances) => {
    const input = inputOf({ ...GROUPS, ...resources });
    const all = input.resources.map((one) =>
      late && one.type === "aws_security_group_rule" ? { ...one, misfits: [late] } : one,
    );
    return takeInventory({ ...input, resources: all }).rules.flatMap(({ doubts = [] }) => doubts);
  };
  const LATE: LateInstances = {
    kind: "late-instances",
    argument: "count",
    expression: "aws_vpc.a.id",
    resources: ["aws_vpc.a"],
  };
  const AT = { kind: "refused", place: "aws_security_group_rule.x" };
  test.each<[what: string, resources: Resources, late: LateInstances | undefined, doubts: object[]]>([
    ["where another configuration may join them", ALL, undefined, [{ ...AT, mayBeRight: true }]],
    [
      "not where one of them is the default VPC",
      { ...ALL, ...vpcs(null, "${aws_vpc.b.id}") },
      undefined,
      [AT],
    ],
    [
      "not where something else is wrong with the rule",
      {
        ...ALL,
        ...classic({
          source_security_group_id: API,
          security_group_id: "${aws_security_group.db.id}",
          self: true,
        }),
      },
      undefined,
      [AT, AT],
    ],
    ["not of instances that are known too late", classic({ self: true }), LATE, [AT]],
    [
      "of instances of what may be there already",
      classic({ self: true }),
      { ...LATE, mayBeMade: true },
      [{ ...AT, mayBeRight: true }],
    ],
  ])("may be right as it stands %s", (_, resources, late, doubts) => {
    expect(doubtsIn(resources, late)).toStrictEqual(doubts);
  });

  test.each<Kind>(["plan", "state"])("is not said of a %s", (kind) => {
    expect(refusedIn(ALL, kind)).toStrictEqual([]);
  });

  test("is not said where a module that is not read may join them", () => {
    const passed = { "module.peering": { a: "${aws_vpc.a.id}" } };
    expect(takeInventory(inputOf({ ...GROUPS, ...ALL }, { passed })).refusals).toStrictEqual([]);
  });

  test("is not said where whoever calls the module chooses one of them", async () => {
    const main = (vpc_id: string | null) => ({
      variable: { vpc_id: { default: null } },
      resource: {
        aws_vpc: { b: {} },
        aws_security_group: { api: { vpc_id }, db: { vpc_id: "${aws_vpc.b.id}" } },
        aws_vpc_security_group_ingress_rule: {
          r: { security_group_id: DB, referenced_security_group_id: API, ip_protocol: "-1" },
        },
      },
    });
    const kinds = async (vpc: string | null) =>
      takeInventory(await read({ "main.tf.json": main(vpc) })).refusals.map(({ refused }) => refused.kind);
    expect(await kinds(null)).toStrictEqual(["two-vpcs"]);
    expect(await kinds("${var.vpc_id}")).toStrictEqual([]);
    const calling = { ...main(null), module: { m: { source: "./m" } } };
    const { refusals } = takeInventory(await read({ "main.tf.json": calling, "m/main.tf.json": {} }));
    expect(refusals.map(({ refused }) => refused.kind)).toStrictEqual(["two-vpcs"]);
  });

  test("may be right in a block, unless something else is wrong with it", () => {
    const refusedAt = (...security_groups: string[]) => {
      const { "aws_security_group_rule.x": _, ...others } = ALL as Record<string, Arguments>;
      const db = { vpc_id: "${aws_vpc.b.id}", ingress: [{ ...TCP, security_groups }] };
      const { groups } = takeInventory(inputOf({ ...GROUPS, ...others, "aws_security_group.db": db }));
      return groups.get("aws_security_group.db")?.refusedAt;
    };
    const place = "aws_security_group.db.ingress[0]";
    expect(refusedAt(API)).toStrictEqual([{ place, mayBeRight: true }]);
    expect(refusedAt(API, "web")).toStrictEqual([{ place }]);
  });
});

describe("what Terraform refuses of how a resource is written is said", () => {
  const rule = 'aws_security_group_rule.r["a"]';
  const misfit = (address: string, one: Misfit, values: Arguments = {}) => {
    const input = inputOf({ ...GROUPS, [address]: values });
    const resources = input.resources.map((resource) =>
      resource.address === address ? { ...resource, misfits: [one] } : resource,
    );
    const { refusals, groups } = takeInventory({ ...input, resources });
    expect([...groups.keys()].filter((key) => key.startsWith("aws_security_group_rule"))).toStrictEqual([]);
    return refusals
      .filter(({ refused }) => refused.kind === one.kind)
      .map(({ address: place, resource, refused }) => [place, resource, refused]);
  };
  const NO_LIST: Misfit = { kind: "no-list", argument: "ingress" };
  const STRANGE: Misfit = { kind: "strange-argument", argument: "cidr_block", meant: "cidr_blocks" };
  const LATE: LateInstances = {
    kind: "late-instances",
    argument: "for_each",
    expression: "aws_vpc.v.id",
    resources: ["aws_vpc.v"],
  };
  const FAILED: Misfit = { kind: "failed-argument", argument: "name", expression: "local.no.name" };
  const DB = "aws_security_group.db";
  test.each<[what: string, address: string, one: Misfit, expected: unknown[]]>([
    ["blocks that are no list", DB, NO_LIST, [[DB, DB, NO_LIST]]],
    ["an argument of another name", rule, STRANGE, [[rule, rule, STRANGE]]],
    [
      "an item that lacks something, at the item",
      DB,
      { kind: "incomplete", argument: "ingress", index: 2, missing: ["self"] },
      [[`${DB}.ingress[2]`, DB, { kind: "incomplete", argument: "ingress", missing: ["self"] }]],
    ],
    [
      "instances that are known too late, for all of them",
      rule,
      LATE,
      [["aws_security_group_rule.r", rule, LATE]],
    ],
    [
      "instances of a module, at its call",
      rule,
      { ...LATE, module: "module.x" },
      [["module.x", rule, { ...LATE, module: "module.x" }]],
    ],
    [
      "an expression that fails, for all instances",
      rule,
      FAILED,
      [["aws_security_group_rule.r", rule, FAILED]],
    ],
    [
      "of what carries groups",
      "aws_db_instance.d",
      STRANGE,
      [["aws_db_instance.d", "aws_db_instance.d", STRANGE]],
    ],
    [
      "of a manifest, which may be a policy",
      "kubernetes_manifest.p",
      FAILED,
      [["kubernetes_manifest.p", "kubernetes_manifest.p", FAILED]],
    ],
    [
      "of a manifest of kubectl",
      "kubectl_manifest.p",
      FAILED,
      [["kubectl_manifest.p", "kubectl_manifest.p", FAILED]],
    ],
    ["not of a manifest of another kind", "my_kubernetes_manifest.p", FAILED, []],
    ["not of manifests of another kind", "kubectl_manifests.p", FAILED, []],
    ["not of what has no groups", "aws_vpc.v", FAILED, []],
    ["not of a data source", "data.aws_db_instance.d", FAILED, []],
  ])("%s", (_, address, one, expected) => {
    expect(misfit(address, one)).toStrictEqual(expected);
  });
});

/** A module that is read alone leaves to those who call it what a variable has a default for. */
describe("a peer that hangs on the default of a variable", () => {
  const main = (type: string, rule: Arguments) => ({
    variable: { cidrs: { default: [] }, cidr: { default: null }, other: { default: null } },
    resource: {
      aws_security_group: { db: {} },
      [type]: { r: { security_group_id: DB, ...rule } },
    },
  });
  const classic = (more: Arguments) =>
    main("aws_security_group_rule", { type: "ingress", protocol: "-1", from_port: 0, to_port: 0, ...more });
  const perRule = (more: Arguments) =>
    main("aws_vpc_security_group_egress_rule", { ip_protocol: "-1", ...more });
  test.each<[what: string, main: object, kinds: string[]]>([
    ["may be given in its place", classic({ cidr_blocks: "${var.cidrs}" }), []],
    ["may be given in its place to a rule of its own", perRule({ cidr_ipv4: "${var.cidr}" }), []],
    ["is none where the list is written", classic({ cidr_blocks: [] }), ["no-peer"]],
    ["is none where nothing hangs on it", perRule({}), ["no-peer"]],
    ["is none where something else hangs on it", perRule({ description: "${var.other}" }), ["no-peer"]],
  ])("%s", async (_, text, kinds) => {
    const { refusals } = takeInventory(await read({ "main.tf.json": text }));
    expect(refusals.map(({ refused }) => refused.kind)).toStrictEqual(kinds);
  });

  const each = (key: string, argument: string) => ({
    locals: { rules: { a: { [key]: "10.0.0.0/8" } } },
    ...perRule({
      for_each: "${local.rules}",
      cidr_ipv4: `\${lookup(each.value, "${argument}", null)}`,
    }),
  });
  test.each<[what: string, main: object, refused: object[]]>([
    [
      "of an element is named where it is called otherwise",
      each("cidr_blocks", "cidr_ipv4"),
      [{ kind: "no-peer", form: "per-rule", direction: "egress", unread: ["cidr_blocks", "cidr_ipv4"] }],
    ],
    [
      "of an element is not named where it is called quite otherwise",
      each("owner", "cidr_ipv4"),
      [{ kind: "no-peer", form: "per-rule", direction: "egress" }],
    ],
    ["of an element is there", each("cidr", "cidr"), []],
  ])("%s", async (_, text, refused) => {
    const { refusals } = takeInventory(await read({ "main.tf.json": text }));
    expect(refusals.map((one) => one.refused)).toStrictEqual(refused);
  });
});
