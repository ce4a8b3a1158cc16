import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import type { SecurityGroupRule } from "../../../verify/inventory/model";
import { ruleIndex, rulesByAddress, rulesByGroup } from "../../../verify/inventory/rule-index";
import { read } from "../read/support/configuration";
import { type Arguments, type InputOptions, inputOf, type Resources } from "../support/input";

const RULE = { type: "ingress", protocol: "-1", from_port: 0, to_port: 0 };
const PODS = "${aws_security_group.pods.id}";
const GROUPS: Resources = { "aws_security_group.pods": { name: "pods", id: "sg-0a1b2c3d" } };

/** The peer of a rule that names a group in some way. */
function peerOf(source_security_group_id: unknown, more: Resources = {}, options?: InputOptions) {
  const { rules } = takeInventory(
    inputOf(
      {
        ...GROUPS,
        ...more,
        "aws_security_group_rule.r": { ...RULE, security_group_id: "sg-0d", source_security_group_id },
      },
      options,
    ),
  );
  return rules.map(({ peer }) => peer)[0];
}
const group = (key: string) => ({ kind: "group", group: key });
const unknown = (expression: string, ...candidates: string[]) => ({
  kind: "unknown",
  expression,
  candidates,
  isGroup: true,
});

describe("a group is one, however it is named", () => {
  test.each<[what: string, given: unknown, peer: object | undefined]>([
    ["its id", "sg-0a1b2c3d", group("aws_security_group.pods")],
    ["its id behind its account", "111122223333/sg-0a1b2c3d", group("aws_security_group.pods")],
    ["another id behind an account", "111122223333/sg-0b", group("sg-0b")],
    [
      "the id of a classic load balancer's group, which has no account",
      "amazon-elb/sg-843f59ed",
      group("amazon-elb/sg-843f59ed"),
    ],
    ["an id behind a name that ends like an account", "x-111122223333/sg-0b", group("x-111122223333/sg-0b")],
    [
      "an index of a group that has none",
      "${aws_security_group.pods[0].id}",
      group("aws_security_group.pods[0].id"),
    ],
    ["nothing", "", undefined],
    ["one word", "${null}", unknown("null")],
    ["an item of a list", "${var.groups[0]}", group("var.groups[0]")],
    ["a call with it alone", '${try(aws_security_group.pods.id, "")}', group("aws_security_group.pods")],
    [
      "a call with it and something else",
      "${coalesce(var.a, aws_security_group.pods.id)}",
      unknown("coalesce(var.a, aws_security_group.pods.id)"),
    ],
    [
      "a call with what the input does not declare",
      "${try(aws_security_group.x.id, null)}",
      unknown("try(aws_security_group.x.id, null)"),
    ],
  ])("%s", (_, given, peer) => {
    const found = peerOf(given);
    if (peer === undefined) expect(found).toMatchObject({ kind: "unknown" });
    else expect(found).toStrictEqual(peer);
  });

  const MORE = { "aws_security_group.web[0]": {}, "aws_security_group.web[1]": {} };
  test.each<[what: string, given: string, peer: object]>([
    [
      "all of its instances",
      "${aws_security_group.web[*].id}",
      unknown("aws_security_group.web[*].id", "aws_security_group.web[0]", "aws_security_group.web[1]"),
    ],
    ["one of its instances", "${aws_security_group.web[1].id}", group("aws_security_group.web[1]")],
  ])("%s", (_, given, peer) => {
    expect(peerOf(given, MORE)).toStrictEqual(peer);
  });
});

describe("in a plan, a group that is known after apply", () => {
  const LATE = "aws_security_group_rule.r.source_security_group_id";
  const late = (more: Resources) =>
    peerOf(`\${${LATE}}`, { "aws_security_group.new": {}, ...more }, { kind: "plan" });
  test.each<[what: string, more: Resources, candidates: string[]]>([
    ["is one of those that are created", {}, ["aws_security_group.new"]],
    ["is any where a cluster is created, too", { "aws_eks_cluster.c": {} }, []],
    ["is any where a VPC is created, too", { "aws_vpc.v": {} }, []],
    ["is any where the default VPC is taken, too", { "aws_default_vpc.v": {} }, []],
    [
      "is one of those beside a cluster that is there",
      { "aws_eks_cluster.c": { id: "shop" } },
      ["aws_security_group.new"],
    ],
    [
      "is one of those beside a cluster that is looked up",
      { "data.aws_eks_cluster.c": {} },
      ["aws_security_group.new"],
    ],
    ["is one of those beside something else", { "aws_subnet.s": {} }, ["aws_security_group.new"]],
    [
      "is one of several",
      { "aws_security_group.other": {} },
      ["aws_security_group.new", "aws_security_group.other"],
    ],
  ])("%s", (_, more, candidates) => {
    expect(late(more)).toStrictEqual(unknown(LATE, ...candidates));
  });
});

describe("what is known of a group", () => {
  const of = (resources: Resources, key: string) => takeInventory(inputOf(resources)).groups.get(key);
  test("its name, description, VPC and tags, of which its own go before the provider's", () => {
    const values = {
      name: "pods",
      description: "Pods",
      vpc_id: "${aws_vpc.main.id}",
      tags_all: { team: "a", stage: "test" },
      tags: { team: "b" },
    };
    expect(of({ "aws_security_group.x": values }, "aws_security_group.x")).toMatchObject({
      label: "aws_security_group.x",
      knowledge: "all",
      name: "pods",
      description: "Pods",
      vpc: { expression: "aws_vpc.main.id" },
      tags: { team: "b", stage: "test" },
    });
  });

  test("what it does not say is not there", () => {
    const group = of(
      { "aws_security_group.x": { name: "${var.name}", tags: "${var.tags}" } },
      "aws_security_group.x",
    );
    for (const key of ["name", "description", "vpc", "refusedAt", "isOwnOfCluster"])
      expect(group).not.toHaveProperty(key);
    expect(group?.tags).toStrictEqual({});
    expect([...(group?.roles ?? []), ...(group?.forms ?? [])]).toStrictEqual([]);
  });

  test("a group of elsewhere has no place, and may have more rules", () => {
    const { groups } = takeInventory(
      inputOf({ "aws_security_group_rule.r": { ...RULE, security_group_id: "sg-0b", self: true } }),
    );
    const foreign = groups.get("sg-0b");
    expect(foreign).toMatchObject({ key: "sg-0b", label: "sg-0b", knowledge: "some", tags: {} });
    for (const key of ["declaredAt", "isOwnOfCluster"]) expect(foreign).not.toHaveProperty(key);
    expect([...(foreign?.roles ?? [])]).toStrictEqual([]);
  });

  test.each<[ignored: unknown, knowledge: string]>([
    [["ingress"], "some"],
    [["egress"], "some"],
    ["all", "some"],
    [["tags"], "all"],
  ])("others may change its rules where Terraform ignores changes of %s", async (ignored, knowledge) => {
    const resource = { aws_security_group: { x: { lifecycle: { ignore_changes: ignored } } } };
    const { groups } = takeInventory(await read({ "main.tf.json": { resource } }));
    expect(groups.get("aws_security_group.x")?.knowledge).toBe(knowledge);
  });

  test("a data source declares none", () => {
    expect(of({ "data.aws_security_group.x": { name: "x" } }, "data.aws_security_group.x")).toBeUndefined();
  });

  test.each<[what: string, values: Arguments, expression: string, isIt: boolean]>([
    ["by a reference to its VPC", { vpc_id: "${aws_vpc.v.id}" }, "aws_vpc.v.default_security_group_id", true],
    [
      "by the output of a module",
      { vpc_id: "${module.vpc.id}" },
      "module.vpc.default_security_group_id",
      true,
    ],
    [
      "not by another attribute of it",
      { vpc_id: "${aws_vpc.v.arn}" },
      "aws_vpc.v.default_security_group_id",
      false,
    ],
    ["not by a VPC that is none", { vpc_id: "${null}" }, "aws_vpc.v.default_security_group_id", false],
  ])("the default group of a VPC, %s", (_, values, expression, isIt) => {
    const inventory = takeInventory(inputOf({ "aws_default_security_group.d": values }));
    expect(inventory.resolveGroup(expression)).toBe(isIt ? "aws_default_security_group.d" : expression);
  });

  test("a group of a VPC is not its default one", () => {
    const inventory = takeInventory(inputOf({ "aws_security_group.d": { vpc_id: "${aws_vpc.v.id}" } }));
    expect(inventory.resolveGroup("aws_vpc.v.default_security_group_id")).toBe(
      "aws_vpc.v.default_security_group_id",
    );
  });

  test("it is refused once at each place", () => {
    const rule = (peer: string): Arguments => ({
      ...RULE,
      security_group_id: PODS,
      source_security_group_id: peer,
    });
    const spec = (groupIds: unknown) => ({
      manifest: {
        apiVersion: "vpcresources.k8s.aws/v1",
        kind: "SecurityGroupPolicy",
        spec: { securityGroups: { groupIds } },
      },
    });
    const { groups } = takeInventory(
      inputOf({
        ...GROUPS,
        "aws_security_group.other": { ingress: [{ ...RULE, security_groups: ["a", "b"] }] },
        "aws_security_group_rule.r": rule("x"),
        "kubernetes_manifest.p": spec([PODS, PODS]),
        "kubernetes_manifest.q": spec([PODS]),
      }),
    );
    expect(groups.has("aws_security_group_rule.r")).toBe(false);
    expect(groups.get("aws_security_group.other")?.refusedAt).toStrictEqual([
      { place: "aws_security_group.other.ingress[0]" },
    ]);
    expect(groups.get("aws_security_group.pods")?.refusedAt).toStrictEqual([
      { place: "kubernetes_manifest.p" },
      { place: "kubernetes_manifest.q" },
    ]);
  });

  test("a policy that is refused says nothing of a group that something else carries", () => {
    const { groups } = takeInventory(
      inputOf({
        ...GROUPS,
        "aws_db_instance.d": { vpc_security_group_ids: [PODS] },
        "kubernetes_manifest.p": {
          manifest: {
            apiVersion: "vpcresources.k8s.aws/v1",
            kind: "SecurityGroupPolicy",
            spec: { securityGroups: { groupIds: [PODS] } },
          },
        },
      }),
    );
    expect(groups.get("aws_security_group.pods")).not.toHaveProperty("refusedAt");
  });
});

/** How many groups there are may not be known: then each reference with an index is one of them. */
describe("groups whose number is not known", () => {
  const main = (peer: string) => ({
    variable: { create: {} },
    resource: {
      aws_security_group: { a: { count: "${var.create ? 1 : 0}" } },
      aws_vpc_security_group_ingress_rule: {
        r: { security_group_id: "sg-0d", referenced_security_group_id: `\${${peer}}`, ip_protocol: "-1" },
      },
    },
  });
  test.each<[peer: string, isIt: boolean]>([
    ["aws_security_group.a[0].id", true],
    ["one(aws_security_group.a[*].id)", false],
    ["aws_security_group.a[0].arn", false],
    ["aws_security_group.b[0].id", false],
  ])("%s", async (peer, isIt) => {
    const { rules } = takeInventory(await read({ "main.tf.json": main(peer) }));
    expect(rules[0]?.peer.kind === "group" && rules[0].peer.group === "aws_security_group.a").toBe(isIt);
  });

  test.each<[output: string, name: string | undefined]>([
    ["var.create ? aws_security_group.a[0].id : null", "module.x.id"],
    ["one(aws_security_group.a[*].id)", "module.x.id"],
    ["var.create ? aws_security_group.a[0].arn : null", undefined],
    ["var.create ? aws_security_group.b[0].id : null", undefined],
    ["coalesce(one(aws_security_group.a[*].id), var.other)", "module.x.id"],
  ])("%s of a module", async (output, name) => {
    const condition = "length(aws_vpc.v.id) > 3";
    const module = {
      variable: { other: { default: null } },
      resource: {
        aws_security_group: { a: { count: `\${${condition} ? 1 : 0}` }, b: {} },
        aws_vpc: { v: {} },
      },
      output: { id: { value: `\${${output.replaceAll("var.create", condition)}}` } },
    };
    const { names, groups } = takeInventory(
      await read({ "main.tf.json": { module: { x: { source: "./x" } } }, "x/main.tf.json": module }),
    );
    expect(groups.has("module.x.aws_security_group.a")).toBe(true);
    expect(names.nameIn("", "module.x.aws_security_group.a")).toBe(name);
  });
});

describe("what modules that are not read are given", () => {
  const passedTo = (...all: Arguments[]) =>
    takeInventory(
      inputOf(
        { ...GROUPS, "aws_security_group.web": {} },
        { passed: Object.fromEntries(all.map((one, index) => [`module.m${index}`, one])) },
      ),
    );
  const WEB = "${aws_security_group.web.id}";
  test("are groups to which they may add rules", () => {
    const { passedTogether, groups } = passedTo(
      { groups: { a: [PODS, PODS] }, name: "x" },
      { other: WEB },
      { none: "${var.x}" },
    );
    expect(passedTogether).toStrictEqual([["aws_security_group.pods"], ["aws_security_group.web"]]);
    expect(["pods", "web"].map((name) => groups.get(`aws_security_group.${name}`)?.knowledge)).toStrictEqual([
      "some",
      "some",
    ]);
  });
  test("are nothing else", () => {
    const { passedTogether, groups } = passedTo({ id: "sg-0a1b2c3d", vpc: "${aws_vpc.v.id}", none: null });
    expect(passedTogether).toStrictEqual([]);
    expect(groups.get("aws_security_group.pods")?.knowledge).toBe("all");
  });
});

describe("a group by what somebody writes", () => {
  const inventory = takeInventory(
    inputOf({ ...GROUPS, "aws_security_group.web[0]": {} }, { expressions: { "local.text": "pods" } }),
  );
  test.each<[expression: string, key: string]>([
    ["sg-0a1b2c3d", "aws_security_group.pods"],
    ["sg-0b", "sg-0b"],
    ["sg-webservers", "sg-webservers"],
    ["local.text", "pods"],
    ["  aws_security_group.pods  ", "aws_security_group.pods"],
    ["aws_security_group.web[0].id", "aws_security_group.web[0]"],
    ["var.a ? var.b : var.c", "var.a ? var.b : var.c"],
  ])("%s", (expression, key) => {
    expect(inventory.resolveGroup(expression)).toBe(key);
  });
});

test("an id is one in every module", () => {
  const inventory = takeInventory(inputOf({ "module.a.aws_security_group.x": {} }));
  expect(inventory.resolveGroup("sg-0123456789abcdef0", "module.a")).toBe("sg-0123456789abcdef0");
});

test("an expression that is null names no group", async () => {
  const inventory = takeInventory(await read({ "main.tf.json": { locals: { none: null } } }));
  expect(inventory.resolveGroup("local.none")).toBeNull();
  expect(inventory.groups.size).toBe(0);
});

describe("rules that a state repeats in their group", () => {
  const LIVE = { protocol: "tcp", from_port: 1, to_port: 1, cidr_blocks: ["10.0.0.0/8"] };
  const addresses = (
    inline: Arguments,
    separate: Arguments,
    kind: "state" | "plan" | "configuration" = "state",
  ) =>
    takeInventory(
      inputOf(
        {
          "aws_security_group.x": { id: "sg-0a1b2c3d", ingress: [inline] },
          "aws_security_group_rule.r": { type: "ingress", security_group_id: "sg-0a1b2c3d", ...separate },
        },
        { kind },
      ),
    ).rules.map(({ address }) => address);
  const [INLINE, SEPARATE] = ["aws_security_group.x.ingress[0]", "aws_security_group_rule.r"];
  test.each<[what: string, inline: Arguments, separate: Arguments, expected: string[]]>([
    ["the same", LIVE, LIVE, [SEPARATE]],
    ["the same with another description", { ...LIVE, description: "a" }, LIVE, [SEPARATE]],
    ["another direction", LIVE, { ...LIVE, type: "egress" }, [INLINE, SEPARATE]],
    ["another protocol", { ...LIVE, protocol: "udp" }, LIVE, [INLINE, SEPARATE]],
    ["another first port", { ...LIVE, from_port: 0 }, LIVE, [INLINE, SEPARATE]],
    ["another last port", { ...LIVE, to_port: 2 }, LIVE, [INLINE, SEPARATE]],
    ["other addresses", { ...LIVE, cidr_blocks: ["11.0.0.0/8"] }, LIVE, [INLINE, SEPARATE]],
    [
      "all of it",
      { ...LIVE, protocol: "-1", from_port: 0, to_port: 0 },
      { ...LIVE, protocol: "-1", from_port: 0, to_port: 0 },
      [SEPARATE],
    ],
    [
      "ICMP",
      { ...LIVE, protocol: "icmp", from_port: 8, to_port: 0 },
      { ...LIVE, protocol: "icmp", from_port: 8, to_port: 0 },
      [SEPARATE],
    ],
    [
      "another type of ICMP",
      { ...LIVE, protocol: "icmp", from_port: 0, to_port: 0 },
      { ...LIVE, protocol: "icmp", from_port: 8, to_port: 0 },
      [INLINE, SEPARATE],
    ],
    [
      "another code of ICMP",
      { ...LIVE, protocol: "icmp", from_port: 3, to_port: 0 },
      { ...LIVE, protocol: "icmp", from_port: 3, to_port: 4 },
      [INLINE, SEPARATE],
    ],
    [
      "other ports of UDP",
      { ...LIVE, protocol: "udp", to_port: 2 },
      { ...LIVE, protocol: "udp" },
      [INLINE, SEPARATE],
    ],
    [
      "another type of ICMPv6",
      { ...LIVE, protocol: "icmpv6", from_port: 2, to_port: 0 },
      { ...LIVE, protocol: "icmpv6", to_port: 0 },
      [INLINE, SEPARATE],
    ],
    [
      "ICMP and ICMPv6",
      { ...LIVE, protocol: "icmpv6", from_port: 1, to_port: 1 },
      { ...LIVE, protocol: "icmp" },
      [INLINE, SEPARATE],
    ],
    [
      "other protocols by number",
      { ...LIVE, protocol: "50" },
      { ...LIVE, protocol: "51" },
      [INLINE, SEPARATE],
    ],
    ["a protocol by number", { ...LIVE, protocol: "50" }, { ...LIVE, protocol: "50" }, [SEPARATE]],
    [
      "a prefix list",
      { ...LIVE, cidr_blocks: [], prefix_list_ids: ["pl-0a"] },
      { ...LIVE, cidr_blocks: null, prefix_list_ids: ["pl-0a"] },
      [SEPARATE],
    ],
    [
      "another prefix list",
      { ...LIVE, cidr_blocks: [], prefix_list_ids: ["pl-0b"] },
      { ...LIVE, cidr_blocks: null, prefix_list_ids: ["pl-0a"] },
      [INLINE, SEPARATE],
    ],
    [
      "a group",
      { ...LIVE, cidr_blocks: [], security_groups: ["sg-0b"] },
      { ...LIVE, cidr_blocks: null, source_security_group_id: "sg-0b" },
      [SEPARATE],
    ],
    [
      "another group",
      { ...LIVE, cidr_blocks: [], security_groups: ["sg-0c"] },
      { ...LIVE, cidr_blocks: null, source_security_group_id: "sg-0b" },
      [INLINE, SEPARATE],
    ],
  ])("%s", (_, inline, separate, expected) => {
    expect(addresses(inline, separate)).toStrictEqual(expected);
    expect(addresses(inline, separate, "plan")).toStrictEqual(expected);
    expect(addresses(inline, separate, "configuration")).toStrictEqual([INLINE, SEPARATE]);
  });

  test("what is not known repeats nothing", () => {
    const late = { ...LIVE, cidr_blocks: ["${var.office}"] };
    expect(addresses(late, late)).toStrictEqual([INLINE, SEPARATE]);
    const port = { ...LIVE, from_port: "${var.port}" };
    expect(addresses(port, port)).toStrictEqual([INLINE, SEPARATE]);
  });
});

describe("rules are looked up", () => {
  const inventory = takeInventory(
    inputOf({
      ...GROUPS,
      "aws_security_group_rule.group": {
        ...RULE,
        security_group_id: PODS,
        source_security_group_id: "sg-0b",
      },
      "aws_security_group_rule.self": { ...RULE, security_group_id: PODS, self: true },
      "aws_security_group_rule.cidr": {
        ...RULE,
        security_group_id: PODS,
        cidr_blocks: ["10.0.0.0/8", "11.0.0.0/8"],
      },
      "aws_security_group_rule.out": {
        ...RULE,
        type: "egress",
        security_group_id: PODS,
        source_security_group_id: "sg-0b",
      },
      "aws_security_group_rule.any": {
        ...RULE,
        security_group_id: "${[var.a][0]}",
        source_security_group_id: "sg-0b",
      },
    }),
  );
  const names = (rules: readonly SecurityGroupRule[] | undefined) =>
    (rules ?? []).map(({ address }) => address.replace("aws_security_group_rule.", ""));
  const KEY = "aws_security_group.pods";
  test("by their group, direction and peer", () => {
    const index = ruleIndex(inventory);
    expect(names(index.byPeer(KEY, "ingress", "sg-0b"))).toStrictEqual(["group"]);
    expect(names(index.byPeer(KEY, "ingress", KEY))).toStrictEqual(["self"]);
    expect(names(index.byPeer(KEY, "egress", "sg-0b"))).toStrictEqual(["out"]);
    expect(names(index.byPeer(KEY, "egress", KEY))).toStrictEqual([]);
    expect(names(index.others(KEY, "ingress"))).toStrictEqual(["cidr", "cidr"]);
    expect(names(index.others(KEY, "egress"))).toStrictEqual([]);
    expect(names(index.floating("ingress"))).toStrictEqual(["any"]);
    expect(names(index.floating("egress"))).toStrictEqual([]);
    expect(index.groups.has(KEY)).toBe(true);
  });
  test("by their group", () => {
    const { ingress, egress } = rulesByGroup(inventory);
    expect(names(ingress.get(KEY))).toStrictEqual(["group", "self", "cidr", "cidr"]);
    expect(names(egress.get(KEY))).toStrictEqual(["out"]);
  });
  test("by what declares them", () => {
    expect(names(rulesByAddress(inventory).get("aws_security_group_rule.cidr"))).toStrictEqual([
      "cidr",
      "cidr",
    ]);
  });
  test("with those that nobody writes", () => {
    const own = takeInventory(inputOf({ "aws_eks_cluster.c": { name: "c" } }));
    const key = "aws_eks_cluster.c.vpc_config[0].cluster_security_group_id";
    expect(ruleIndex(own).byPeer(key, "egress", key)).toHaveLength(1);
  });
});
