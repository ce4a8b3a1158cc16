import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import type { SecurityGroupRule } from "../../../verify/inventory/model";
import { type Arguments, inputOf, type Resources } from "../support/input";

const POD = { "aws_security_group.pods": { name: "pods" }, "aws_security_group.rds": { name: "rds" } };
const PODS = "${aws_security_group.pods.id}";
const RDS = "${aws_security_group.rds.id}";

function inventoryOf(resources: Resources) {
  return takeInventory(inputOf({ ...POD, ...resources }));
}

function rulesOf(resources: Resources): readonly SecurityGroupRule[] {
  return inventoryOf(resources).rules;
}

/** A classic rule of the pods' group with some arguments. */
function classic(values: Arguments): readonly SecurityGroupRule[] {
  return rulesOf({
    "aws_security_group_rule.x": {
      type: "egress",
      security_group_id: PODS,
      protocol: "tcp",
      from_port: 443,
      to_port: 443,
      ...values,
    },
  });
}

describe("the traffic of a rule", () => {
  const tcp = { protocol: "tcp", ports: { from: 80, to: 443 } };
  test.each([
    ["a name", { protocol: "tcp", from_port: 80, to_port: 443 }, tcp],
    ["a name in capitals", { protocol: "TCP", from_port: 80, to_port: 443 }, tcp],
    ["a number", { protocol: 6, from_port: 80, to_port: 443 }, tcp],
    ["numbers as text", { protocol: "6", from_port: "80", to_port: "443" }, tcp],
    [
      "udp by its number",
      { protocol: "17", from_port: 53, to_port: 53 },
      { protocol: "udp", ports: { from: 53, to: 53 } },
    ],
    ["-1", { protocol: "-1", from_port: 0, to_port: 0 }, { protocol: "all" }],
    [
      "-1 as a number, with ports that mean nothing",
      { protocol: -1, from_port: 22, to_port: 22 },
      { protocol: "all" },
    ],
    ["all", { protocol: "All", from_port: -1, to_port: -1 }, { protocol: "all" }],
    ["all without ports", { protocol: "-1", from_port: null, to_port: null }, { protocol: "all" }],
    [
      "all of TCP as -1",
      { protocol: "tcp", from_port: -1, to_port: -1 },
      { protocol: "tcp", ports: { from: 0, to: 65535 } },
    ],
    [
      "ICMP, type and code",
      { protocol: "icmp", from_port: 3, to_port: 4 },
      { protocol: "icmp", type: 3, code: 4 },
    ],
    [
      "ICMP by its number",
      { protocol: 1, from_port: 8, to_port: -1 },
      { protocol: "icmp", type: 8, code: -1 },
    ],
    [
      "all of ICMPv6",
      { protocol: "58", from_port: -1, to_port: -1 },
      { protocol: "icmpv6", type: -1, code: -1 },
    ],
    ["another protocol", { protocol: "50", from_port: 0, to_port: 0 }, { protocol: "other", number: 50 }],
  ])("%s", (_, values, traffic) => {
    expect(classic({ ...values, source_security_group_id: RDS })).toMatchObject([{ traffic }]);
  });

  test.each([
    ["the protocol", { protocol: "${var.protocol}" }, { argument: "protocol", expression: "var.protocol" }],
    ["a port", { from_port: "${var.port}" }, { argument: "from_port", expression: "var.port" }],
  ])("%s that is not known is said", (_, values, unknownTraffic) => {
    const [rule] = classic({ ...values, source_security_group_id: RDS });
    expect(rule?.traffic).toBeUndefined();
    expect(rule?.unknownTraffic).toStrictEqual(unknownTraffic);
  });
});

describe("the peers of a rule", () => {
  test("each CIDR, prefix list and group is one, in canonical form", () => {
    const rules = classic({
      cidr_blocks: ["10.1.2.3/8", "0.0.0.0/0"],
      ipv6_cidr_blocks: ["2001:DB8:0:0::/32"],
      prefix_list_ids: ["pl-1"],
      source_security_group_id: RDS,
      self: true,
    });
    expect(rules.map(({ peer }) => peer)).toStrictEqual([
      { kind: "cidr", cidr: "10.0.0.0/8" },
      { kind: "cidr", cidr: "0.0.0.0/0" },
      { kind: "cidr", cidr: "2001:db8::/32" },
      { kind: "prefix-list", id: "pl-1" },
      { kind: "group", group: "aws_security_group.pods" },
      { kind: "group", group: "aws_security_group.rds" },
    ]);
    expect(new Set(rules.map(({ address }) => address))).toStrictEqual(
      new Set(["aws_security_group_rule.x"]),
    );
  });

  test.each([
    ["an id", "sg-0a1b", { kind: "group", group: "sg-0a1b" }],
    ["a variable", '${var.groups["k8s_worker"]}', { kind: "group", group: 'var.groups["k8s_worker"]' }],
    [
      "a data source",
      "${data.aws_security_group.db.id}",
      { kind: "group", group: "data.aws_security_group.db.id" },
    ],
    [
      "a choice between groups",
      "${(var.a ? aws_security_group.rds.id : var.b)}",
      { kind: "unknown", expression: "(var.a ? aws_security_group.rds.id : var.b)", candidates: [] },
    ],
    [
      "a group that a loop goes over",
      "${each.value in aws_security_group_rule.x}",
      { kind: "unknown", expression: "each.value in aws_security_group_rule.x", candidates: [] },
    ],
  ])("a group by %s", (_, source_security_group_id, peer) => {
    expect(classic({ source_security_group_id })).toMatchObject([{ peer }]);
  });

  test("a CIDR that is not known stays an unknown peer", () => {
    expect(classic({ cidr_blocks: ["${var.office}"] })).toMatchObject([
      { peer: { kind: "unknown", expression: "var.office", candidates: [] } },
    ]);
  });

  test.each([
    ["CIDRs", { cidr_blocks: ["10.0.0.0/8"] }, ["cidr"]],
    ["IPv6 CIDRs", { ipv6_cidr_blocks: ["2001:db8::/32"] }, ["cidr"]],
    ["the group itself", { self: true }, ["group"]],
    // These may stand beside a group, or may come to nothing.
    ["prefix lists", { prefix_list_ids: ["pl-1"] }, ["prefix-list", "unknown"]],
    ["CIDRs that are not known", { cidr_blocks: "${var.office}" }, ["unknown", "unknown"]],
    ["nothing else", { cidr_blocks: [], self: false }, ["unknown"]],
  ])("a group that a plan does not know beside %s", (_, values, kinds) => {
    const own = "aws_security_group_rule.x.source_security_group_id";
    const rules = classic({ ...values, source_security_group_id: `\${${own}}` });
    expect(rules.map(({ peer }) => peer.kind)).toStrictEqual(kinds);
  });

  test("groups of a block that a plan does not know stay, whatever stands beside them", () => {
    const place = "aws_security_group.db.ingress[0]";
    const own = `${place}.security_groups`;
    const block = { protocol: "tcp", from_port: 1, to_port: 1, cidr_blocks: ["10.0.0.0/8"], self: true };
    const peersOf = (security_groups: unknown) =>
      rulesOf({ "aws_security_group.db": { ingress: [{ ...block, security_groups }] } }).map(
        ({ peer }) => peer,
      );
    const unknown = { kind: "unknown", expression: own, candidates: [], isGroup: true };
    expect(peersOf(`\${${own}}`)).toContainEqual(unknown);
    expect(peersOf([PODS, `\${${own}}`])).toStrictEqual([
      { kind: "cidr", cidr: "10.0.0.0/8" },
      { kind: "group", group: "aws_security_group.db" },
      { kind: "group", group: "aws_security_group.pods" },
      unknown,
    ]);
  });

  test("all instances of a group are the candidates of a splat", () => {
    const rules = rulesOf({
      "aws_security_group.web[0]": {},
      "aws_security_group.web[1]": {},
      "aws_security_group_rule.x": {
        type: "ingress",
        security_group_id: PODS,
        protocol: "-1",
        source_security_group_id: "${aws_security_group.web[*].id}",
      },
    });
    expect(rules).toMatchObject([
      { peer: { kind: "unknown", candidates: ["aws_security_group.web[0]", "aws_security_group.web[1]"] } },
    ]);
  });

  test("a prefix list that is declared brings its entries", () => {
    const rules = rulesOf({
      "aws_ec2_managed_prefix_list.office": { max_entries: 5, entry: [{ cidr: "192.0.2.9/24" }] },
      "aws_ec2_managed_prefix_list_entry.more": {
        prefix_list_id: "${aws_ec2_managed_prefix_list.office.id}",
        cidr: "198.51.100.0/24",
      },
      "aws_vpc_security_group_ingress_rule.x": {
        security_group_id: PODS,
        ip_protocol: "-1",
        prefix_list_id: "${aws_ec2_managed_prefix_list.office.id}",
      },
    });
    expect(rules.map(({ peer }) => peer)).toStrictEqual([
      {
        kind: "prefix-list",
        id: "aws_ec2_managed_prefix_list.office",
        entries: ["192.0.2.0/24", "198.51.100.0/24"],
      },
    ]);
  });

  test("a prefix list with an entry that is not known stays opaque", () => {
    const rules = rulesOf({
      "aws_ec2_managed_prefix_list.office": { entry: [{ cidr: "192.0.2.0/24" }, { cidr: "${var.cidr}" }] },
      "aws_vpc_security_group_egress_rule.x": {
        security_group_id: PODS,
        ip_protocol: "-1",
        prefix_list_id: "${aws_ec2_managed_prefix_list.office.id}",
      },
    });
    expect(rules.map(({ peer }) => peer)).toStrictEqual([
      { kind: "prefix-list", id: "aws_ec2_managed_prefix_list.office" },
    ]);
  });
});

describe("what AWS would not understand", () => {
  test("is refused, all of it at once, with the address", () => {
    const take = () =>
      inventoryOf({
        "aws_security_group_rule.a": {
          type: "egress",
          protocol: "tpc",
          from_port: 1,
          to_port: 1,
          self: true,
        },
        "aws_security_group_rule.b": {
          type: "egress",
          protocol: "tcp",
          from_port: 9,
          to_port: 1,
          self: true,
        },
        "aws_security_group_rule.c": {
          type: "egress",
          protocol: "-1",
          cidr_blocks: ["10.0.0.0/33", "010.0.0.0/8", "10.0/8"],
        },
        "aws_security_group_rule.d": { type: "inbound", protocol: "-1" },
        "aws_security_group_rule.e": {
          type: "ingress",
          protocol: "icmp",
          from_port: 300,
          to_port: 0,
          self: true,
        },
      });
    const { refusals, rules } = take();
    expect(refusals.map(({ address, refused }) => [address, refused])).toStrictEqual([
      ["aws_security_group_rule.a", { kind: "protocol", argument: "protocol", given: "tpc" }],
      ["aws_security_group_rule.b", { kind: "ports", given: [9, 1] }],
      ["aws_security_group_rule.c", { kind: "cidr", argument: "cidr_blocks", given: "10.0.0.0/33" }],
      ["aws_security_group_rule.c", { kind: "cidr", argument: "cidr_blocks", given: "010.0.0.0/8" }],
      ["aws_security_group_rule.c", { kind: "cidr", argument: "cidr_blocks", given: "10.0/8" }],
      ["aws_security_group_rule.d", { kind: "type", given: "inbound" }],
      ["aws_security_group_rule.e", { kind: "icmp", given: [300, 0] }],
    ]);
    // What is left of them is in doubt.
    const places = rules.flatMap(({ doubts = [] }) => doubts.map((doubt) => "place" in doubt && doubt.place));
    expect([...new Set(places)]).toStrictEqual(
      ["a", "b", "c", "e"].map((name) => `aws_security_group_rule.${name}`),
    );
  });
});

describe("three spellings, one meaning", () => {
  const port = fc.integer({ min: 0, max: 65535 });
  const traffic = fc.oneof(
    fc.record({ protocol: fc.constantFrom("tcp", "UDP", "6", "17"), from: port, size: fc.nat(1000) }),
    fc.record({ protocol: fc.constantFrom("-1", "all"), from: fc.constant(0), size: fc.constant(0) }),
    fc.record({ protocol: fc.constantFrom("icmp", "icmpv6"), from: fc.nat(255), size: fc.constant(0) }),
  );
  const octet = fc.nat(255);
  const peer = fc.oneof(
    fc.record({ kind: fc.constant("group" as const), value: fc.constantFrom(RDS, "sg-1", "${var.worker}") }),
    fc.record({ kind: fc.constant("self" as const), value: fc.constant(PODS) }),
    fc.record({
      kind: fc.constant("ipv4" as const),
      value: fc
        .tuple(octet, octet, octet, octet, fc.nat(32))
        .map(([a, b, c, d, e]) => `${a}.${b}.${c}.${d}/${e}`),
    }),
    fc.record({
      kind: fc.constant("ipv6" as const),
      value: fc.tuple(fc.nat(65535), fc.nat(128)).map(([a, e]) => `2001:DB8:${a.toString(16)}::/${e}`),
    }),
    fc.record({ kind: fc.constant("list" as const), value: fc.constantFrom("pl-1", "${var.list}") }),
  );
  const rule = fc.record({
    direction: fc.constantFrom("ingress" as const, "egress" as const),
    traffic,
    peer,
  });
  type Rule = typeof rule extends fc.Arbitrary<infer T> ? T : never;

  const ports = ({ from, size }: Rule["traffic"]) => ({
    from_port: from,
    to_port: Math.min(from + size, 65535),
  });

  function classicForm({ direction, traffic: what, peer: { kind, value } }: Rule): Resources {
    const peers = {
      group: { source_security_group_id: value },
      self: { self: true },
      ipv4: { cidr_blocks: [value] },
      ipv6: { ipv6_cidr_blocks: [value] },
      list: { prefix_list_ids: [value] },
    }[kind];
    const own = { type: direction, security_group_id: PODS, protocol: what.protocol, ...ports(what) };
    return { "aws_security_group_rule.x": { ...own, ...peers } };
  }

  function perRuleForm({ direction, traffic: what, peer: { kind, value } }: Rule): Resources {
    const peers = {
      group: { referenced_security_group_id: value },
      self: { referenced_security_group_id: value },
      ipv4: { cidr_ipv4: value },
      ipv6: { cidr_ipv6: value },
      list: { prefix_list_id: value },
    }[kind];
    const own = { security_group_id: PODS, ip_protocol: what.protocol, ...ports(what) };
    return { [`aws_vpc_security_group_${direction}_rule.x`]: { ...own, ...peers } };
  }

  function inlineForm({ direction, traffic: what, peer: { kind, value } }: Rule): Resources {
    const peers = {
      group: { security_groups: [value] },
      self: { self: true },
      ipv4: { cidr_blocks: [value] },
      ipv6: { ipv6_cidr_blocks: [value] },
      list: { prefix_list_ids: [value] },
    }[kind];
    const block = { protocol: what.protocol, ...ports(what), ...peers };
    return { "aws_security_group.pods": { name: "pods", [direction]: [block] } };
  }

  const meaning = ({ group, direction, traffic: what, peer: who }: SecurityGroupRule) => ({
    group,
    direction,
    what,
    who,
  });

  test("classic, per-rule and inline", () => {
    fc.assert(
      fc.property(rule, (one) => {
        const [classicRules, perRule, inline] = [classicForm(one), perRuleForm(one), inlineForm(one)].map(
          (form) => rulesOf(form).map(meaning),
        );
        expect(classicRules).toHaveLength(1);
        expect(perRule).toStrictEqual(classicRules);
        expect(inline).toStrictEqual(classicRules);
      }),
    );
  });

  test("a state that repeats the rule in its group has it once", () => {
    fc.assert(
      fc.property(rule, fc.boolean(), (one, isClassic) => {
        const separate = isClassic ? classicForm(one) : perRuleForm(one);
        const resources = { ...POD, ...inlineForm(one), ...separate };
        const { rules } = takeInventory(inputOf(resources, { kind: "state" }));
        expect(rules.map(({ address }) => address)).toStrictEqual(Object.keys(separate));
      }),
    );
  });
});

describe("rules of which something is not known", () => {
  const TCP = { protocol: "tcp", from_port: 443, to_port: 443 };
  test("a classic rule of a direction that is not known is one of each, in doubt", () => {
    expect(classic({ type: "${var.type}", self: true })).toMatchObject(
      ["ingress", "egress"].map((direction) => ({
        direction,
        doubts: [{ kind: "direction", direction, expression: "var.type" }],
      })),
    );
  });

  test("a direction that is not known is refused once with the rest", () => {
    const { refusals } = inventoryOf({
      "aws_security_group_rule.x": {
        type: "${var.type}",
        security_group_id: PODS,
        ...TCP,
        protocol: "mysql",
        self: true,
      },
    });
    expect(refusals.map(({ address, resource, refused }) => [address, resource, refused.kind])).toStrictEqual(
      [["aws_security_group_rule.x", "aws_security_group_rule.x", "protocol"]],
    );
  });

  test.each<[what: string, block: unknown, rules: object[]]>([
    [
      "a block",
      "${var.rule}",
      [
        {
          unknownTraffic: { argument: "block", expression: "var.rule" },
          peer: { kind: "unknown", expression: "var.rule", candidates: [] },
        },
      ],
    ],
    ["all blocks, which a plan looks up", "${aws_security_group.db.ingress}", []],
    ["a number, which is no block", 1, []],
    [
      "a block that may not be there",
      { ...TCP, self: true, dynamic: true },
      [{ doubts: [{ kind: "existence" }] }],
    ],
    [
      "a block that is there",
      { ...TCP, self: true, dynamic: false },
      [{ peer: { kind: "group", group: "aws_security_group.db" } }],
    ],
  ])("%s", (_, block, expected) => {
    const rules = rulesOf({ "aws_security_group.db": { ingress: [block] } });
    expect(rules).toMatchObject(expected);
    expect(rules).toHaveLength(expected.length);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        form: "inline",
        group: "aws_security_group.db",
        direction: "ingress",
        address: "aws_security_group.db.ingress[0]",
      });
    }
    if (typeof block === "object" && !(block as Arguments)["dynamic"])
      expect(rules[0]).not.toHaveProperty("doubts");
  });

  test("blocks have places of their own, and directions", () => {
    const blocks = [
      { ...TCP, self: true },
      { ...TCP, cidr_blocks: ["10.0.0.0/8"] },
    ];
    const rules = rulesOf({ "aws_security_group.db": { ingress: blocks, egress: blocks } });
    expect(rules.map(({ address, direction }) => `${address} ${direction}`)).toStrictEqual([
      "aws_security_group.db.ingress[0] ingress",
      "aws_security_group.db.ingress[1] ingress",
      "aws_security_group.db.egress[0] egress",
      "aws_security_group.db.egress[1] egress",
    ]);
  });

  test("a resource that may not exist has rules in doubt", () => {
    const input = inputOf({
      ...POD,
      "aws_security_group_rule.x": { type: "egress", security_group_id: PODS, ...TCP, self: true },
    });
    const resources = input.resources.map((one) => ({
      ...one,
      isUncertain: one.type === "aws_security_group_rule",
    }));
    expect(takeInventory({ ...input, resources }).rules).toMatchObject([{ doubts: [{ kind: "existence" }] }]);
    expect(takeInventory(input).rules[0]).not.toHaveProperty("doubts");
  });

  test("a dynamic block of a group that may not exist has one doubt", () => {
    const input = inputOf({ "aws_security_group.db": { ingress: [{ ...TCP, self: true, dynamic: true }] } });
    const resources = input.resources.map((one) => ({ ...one, isUncertain: true }));
    expect(takeInventory({ ...input, resources }).rules).toMatchObject([{ doubts: [{ kind: "existence" }] }]);
    expect(takeInventory({ ...input, resources }).rules[0]?.doubts).toHaveLength(1);
  });

  test.each<[what: string, values: Arguments, peers: object[]]>([
    [
      "itself, perhaps",
      { self: "${var.self}" },
      [{ kind: "unknown", expression: "var.self", candidates: ["aws_security_group.pods"] }],
    ],
    [
      "itself, perhaps, of a group that is not known",
      { self: "${var.self}", security_group_id: "${[var.a][0]}" },
      [{ kind: "unknown", expression: "var.self", candidates: [] }],
    ],
    [
      "itself, of a group that is not known",
      { self: true, security_group_id: "${[var.a][0]}" },
      [{ kind: "unknown", expression: "self", candidates: [] }],
    ],
    ["itself, as text", { self: "true" }, [{ kind: "group", group: "aws_security_group.pods" }]],
    [
      "a group by its name, which is refused, but meant",
      { source_security_group_id: "rds" },
      [{ kind: "group", group: "aws_security_group.rds" }],
    ],
    [
      "a name that no group has",
      { source_security_group_id: "web" },
      [{ kind: "unknown", expression: '"web"', candidates: [], isGroup: true }],
    ],
    [
      "what is no address",
      { cidr_blocks: ["10.0.0.0"] },
      [{ kind: "unknown", expression: '"10.0.0.0"', candidates: [] }],
    ],
    [
      "a number for an address",
      { cidr_blocks: [10] },
      [{ kind: "unknown", expression: "10", candidates: [] }],
    ],
    [
      "empty text and null for addresses, beside one",
      { cidr_blocks: ["", null, "10.0.0.0/8"] },
      [{ kind: "cidr", cidr: "10.0.0.0/8" }],
    ],
    [
      "empty text and null for prefix lists",
      { prefix_list_ids: ["", null, "pl-0a"] },
      [{ kind: "prefix-list", id: "pl-0a" }],
    ],
    [
      "a prefix list that is not known",
      { prefix_list_ids: ["${var.list}"] },
      [{ kind: "prefix-list", id: "var.list" }],
    ],
    ["a number for a prefix list", { prefix_list_ids: [1] }, [{ kind: "prefix-list", id: "1" }]],
    ["no peer, which is refused", {}, [{ kind: "unknown", expression: "no peer is given", candidates: [] }]],
  ])("%s", (_, values, peers) => {
    expect(classic(values).map(({ peer }) => peer)).toStrictEqual(peers);
  });

  test.each<[what: string, values: Arguments, expected: object]>([
    [
      "of a group by its name, which is refused, but meant",
      { security_group_id: "rds" },
      { group: "aws_security_group.rds" },
    ],
    [
      "of a group by another attribute",
      { security_group_id: "${aws_security_group.rds.arn}" },
      { group: "aws_security_group.rds" },
    ],
    ["of a group that is not known", { security_group_id: "${[var.a][0]}" }, { unknownGroup: "[var.a][0]" }],
    ["of a group that a variable names", { security_group_id: "${var.a}" }, { group: "var.a" }],
    ["of no group", { security_group_id: null }, {}],
    [
      "with a description",
      { security_group_id: PODS, description: "DNS" },
      { group: "aws_security_group.pods", description: "DNS" },
    ],
  ])("a rule %s", (_, values, expected) => {
    const [rule] = classic({ self: true, ...values });
    const { group, unknownGroup, description } = rule ?? {};
    const found = { group, unknownGroup, description };
    expect(
      Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)),
    ).toStrictEqual(expected);
  });

  test("groups of a block that are a list which is not known are any", () => {
    const rules = rulesOf({
      "aws_security_group.db": { ingress: [{ ...TCP, self: true, security_groups: "${var.groups}" }] },
    });
    expect(rules.map(({ peer }) => peer)).toStrictEqual([
      { kind: "group", group: "aws_security_group.db" },
      { kind: "unknown", expression: "var.groups", candidates: [], isGroup: true },
    ]);
  });

  test("a rule that is refused says so of each of its peers", () => {
    const rules = classic({ cidr_blocks: ["10.20.30.91/29", "11.0.0.0/8"] });
    const doubts = [{ kind: "refused", place: "aws_security_group_rule.x" }];
    expect(rules).toMatchObject([{ doubts }, { doubts }]);
  });

  test("a circle puts the rules that are part of it in doubt, and refuses its groups", () => {
    const input = inputOf({
      "aws_security_group.a": { egress: [{ ...TCP, security_groups: ["${aws_security_group.b.id}"] }] },
      "aws_security_group.b": {},
      'aws_security_group_rule.x["k"]': {
        type: "ingress",
        security_group_id: "${aws_security_group.b.id}",
        ...TCP,
        source_security_group_id: "${aws_security_group.a.id}",
      },
      "aws_security_group.c[0]": {},
      "aws_instance.i": {},
    });
    const members = ["aws_security_group.a", "aws_security_group_rule.x", "aws_instance.i"];
    const { refusals, rules, groups } = takeInventory({
      ...input,
      cycles: [members, ["aws_instance.i"], ["aws_security_group.c"]],
    });
    expect(refusals.map(({ address, resource, refused }) => [address, resource, refused])).toStrictEqual([
      ["aws_security_group.a", "aws_security_group.a", { kind: "cycle", members }],
      ["aws_security_group.a", 'aws_security_group_rule.x["k"]', { kind: "cycle", members }],
      [
        "aws_security_group.c",
        "aws_security_group.c[0]",
        { kind: "cycle", members: ["aws_security_group.c"] },
      ],
    ]);
    expect(groups.get("aws_security_group.a")?.refusedAt).toStrictEqual([{ place: "aws_security_group.a" }]);
    expect(groups.get("aws_security_group.b")).not.toHaveProperty("refusedAt");
    expect(rules.map(({ address, doubts }) => [address, doubts])).toStrictEqual([
      ["aws_security_group.a.egress[0]", undefined],
      ['aws_security_group_rule.x["k"]', [{ kind: "refused", place: "aws_security_group.a" }]],
    ]);
  });

  test("ICMP of any type has any code", () => {
    expect(classic({ protocol: "icmp", from_port: -1, to_port: 4, self: true })).toMatchObject([
      { traffic: { protocol: "icmp", type: -1, code: -1 } },
    ]);
    expect(classic({ protocol: "icmp", from_port: null, to_port: null, self: true })).toMatchObject([
      { traffic: { protocol: "icmp", type: -1, code: -1 } },
    ]);
  });

  test.each<[what: string, values: Arguments, traffic: object]>([
    ["no protocol", { protocol: "mysql" }, { argument: "protocol", expression: '"mysql"' }],
    ["no range of ports", { from_port: 9, to_port: 1 }, { argument: "from_port", expression: "9" }],
    [
      "no type of ICMP",
      { protocol: "icmp", from_port: 300, to_port: 0 },
      { argument: "from_port", expression: "300" },
    ],
  ])("what is %s may be put right to anything", (_, values, unknownTraffic) => {
    const [rule] = classic({ ...values, self: true });
    expect(rule?.unknownTraffic).toStrictEqual(unknownTraffic);
    expect(rule).not.toHaveProperty("traffic");
  });

  test("a block without a peer makes no rule", () => {
    expect(rulesOf({ "aws_security_group.db": { ingress: [{ ...TCP }] } })).toStrictEqual([]);
  });

  test("a group of one's own rule that a plan does not know is one of those that it creates", () => {
    const own = "aws_vpc_security_group_egress_rule.x.referenced_security_group_id";
    const { rules } = inventoryOf({
      "aws_vpc_security_group_egress_rule.x": {
        security_group_id: PODS,
        ip_protocol: "-1",
        referenced_security_group_id: `\${${own}}`,
      },
    });
    expect(rules).toMatchObject([
      {
        peer: {
          kind: "unknown",
          expression: own,
          candidates: ["aws_security_group.pods", "aws_security_group.rds"],
        },
      },
    ]);
    expect(rules[0]).not.toHaveProperty("description");
  });

  test("a rule that is looked up is none", () => {
    expect(rulesOf({ "data.aws_vpc_security_group_ingress_rule.x": { ip_protocol: "-1" } })).toStrictEqual(
      [],
    );
  });

  test("a type of ICMP without a code has any", () => {
    expect(classic({ protocol: "icmp", from_port: 8, to_port: null, self: true })).toMatchObject([
      { traffic: { protocol: "icmp", type: 8, code: -1 } },
    ]);
  });

  test("the last port that is not known is said", () => {
    expect(classic({ to_port: "${var.port}", self: true })).toMatchObject([
      { unknownTraffic: { argument: "to_port", expression: "var.port" } },
    ]);
  });
});

/** https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html has the weights. */
describe("prefix lists", () => {
  const list = (resources: Resources, name: string) => inventoryOf(resources).prefixLists.get(name);
  const [OFFICE, ID] = ["aws_ec2_managed_prefix_list.office", "aws_ec2_managed_prefix_list.office.id"];
  test.each<[what: string, resources: Resources, name: string, expected: object | undefined]>([
    [
      "with all that is said",
      { [OFFICE]: { max_entries: 5, address_family: "IPv4", entry: [{ cidr: "10.0.0.0/8" }] } },
      ID,
      { id: OFFICE, maxEntries: 5, family: "IPv4", entries: ["10.0.0.0/8"] },
    ],
    [
      "of IPv6",
      { [OFFICE]: { address_family: "IPv6", entry: [] } },
      ID,
      { id: OFFICE, family: "IPv6", entries: [] },
    ],
    [
      "of a family that is not known",
      { [OFFICE]: { address_family: "${var.f}", max_entries: "${var.n}" } },
      ID,
      { id: OFFICE, entries: [] },
    ],
    [
      "by its id",
      { [OFFICE]: { id: "pl-0a", entry: [{ cidr: "10.0.0.0/8" }] } },
      "pl-0a",
      { id: OFFICE, entries: ["10.0.0.0/8"] },
    ],
    [
      "with entries in order, each once",
      { [OFFICE]: { entry: [{ cidr: "11.0.0.0/8" }, { cidr: "10.0.0.1/8" }, { cidr: "10.0.0.0/8" }] } },
      ID,
      { id: OFFICE, entries: ["10.0.0.0/8", "11.0.0.0/8"] },
    ],
    ["with blocks that are not known", { [OFFICE]: { entry: "${var.entries}" } }, ID, { id: OFFICE }],
    [
      "with entries by its id",
      {
        [OFFICE]: { id: "pl-0a" },
        "aws_ec2_managed_prefix_list_entry.a": { prefix_list_id: "pl-0a", cidr: "10.0.0.0/8" },
        "aws_ec2_managed_prefix_list_entry.b": { prefix_list_id: `\${${ID}}`, cidr: "11.0.0.0/8" },
        "aws_ec2_managed_prefix_list_entry.c": { prefix_list_id: "pl-0b", cidr: "12.0.0.0/8" },
        "aws_ec2_managed_prefix_list_entry.d": { prefix_list_id: "pl-0a", cidr: "13.0.0.0/8" },
        "aws_ec2_managed_prefix_list_entry.e": { cidr: "14.0.0.0/8" },
      },
      ID,
      { id: OFFICE, entries: ["10.0.0.0/8", "11.0.0.0/8", "13.0.0.0/8"] },
    ],
    [
      "with an entry that is not known",
      { [OFFICE]: {}, "aws_ec2_managed_prefix_list_entry.a": { prefix_list_id: `\${${ID}}` } },
      ID,
      { id: OFFICE },
    ],
    [
      "that are looked up",
      { "data.aws_ec2_managed_prefix_list.it": { name: "office" } },
      "data.aws_ec2_managed_prefix_list.it.id",
      { id: "data.aws_ec2_managed_prefix_list.it" },
    ],
    [
      "that were looked up",
      { "data.aws_ec2_managed_prefix_list.it": { entries: [{ cidr: "10.0.0.0/8" }] } },
      "data.aws_ec2_managed_prefix_list.it.id",
      { id: "data.aws_ec2_managed_prefix_list.it", entries: ["10.0.0.0/8"] },
    ],
    [
      "of AWS, by the name",
      { "data.aws_ec2_managed_prefix_list.it": { name: "com.amazonaws.global.cloudfront.origin-facing" } },
      "data.aws_ec2_managed_prefix_list.it.id",
      { id: "data.aws_ec2_managed_prefix_list.it", maxEntries: 55, family: "IPv4" },
    ],
    [
      "of AWS, by a filter",
      {
        "data.aws_prefix_list.it": {
          filter: [
            { name: "owner", values: ["AWS"] },
            { name: "prefix-list-name", values: ["com.amazonaws.eu-west-1.s3"] },
          ],
        },
      },
      "data.aws_prefix_list.it.id",
      { id: "data.aws_prefix_list.it", maxEntries: 1 },
    ],
    [
      "of AWS, in a region that is not known",
      { "data.aws_prefix_list.it": { name: '${"com.amazonaws.${data.aws_region.r.name}.s3"}' } },
      "data.aws_prefix_list.it.id",
      { id: "data.aws_prefix_list.it", maxEntries: 1 },
    ],
    [
      "of AWS, by another name",
      { "data.aws_prefix_list.it": { filter: [{ name: "owner", values: ["com.amazonaws.eu-west-1.s3"] }] } },
      "data.aws_prefix_list.it.id",
      { id: "data.aws_prefix_list.it" },
    ],
    ["that nobody can declare", { "aws_prefix_list.it": { name: "x" } }, "aws_prefix_list.it.id", undefined],
    ["of something else", { "aws_vpc.v": { entry: [] } }, "aws_vpc.v.id", undefined],
    [
      "of one's own that is called as one of AWS",
      { [OFFICE]: { name: "com.amazonaws.eu-west-1.s3", max_entries: 7, entry: [] } },
      ID,
      { id: OFFICE, maxEntries: 7, entries: [] },
    ],
  ])("%s", (_, resources, name, expected) => {
    expect(list(resources, name)).toStrictEqual(expected);
  });
});
