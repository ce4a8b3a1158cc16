import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { type Arguments, inputOf, type Resources } from "../support/input";

const X = "${aws_security_group.x.id}";
const Y = "${aws_security_group.y.id}";
const V6 = { ipv6_cidr_block: "2001:db8::/64" };
const ESTATE: Resources = {
  "aws_security_group.x": {},
  "aws_security_group.y": {},
  "aws_vpc.main": {},
  "aws_subnet.v4": { id: "subnet-4" },
  "aws_subnet.empty": { ipv6_cidr_block: "" },
  "aws_subnet.dual": V6,
  "aws_subnet.assigning": { ...V6, assign_ipv6_address_on_creation: true },
  "aws_subnet.native": { ipv6_native: true },
  "aws_subnet.native_text": { ipv6_native: "true" },
  "aws_subnet.late": { ipv6_cidr_block: "${cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 1)}" },
  "aws_subnet.late_assigning": {
    ipv6_cidr_block: "${cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 1)}",
    assign_ipv6_address_on_creation: true,
  },
  "aws_subnet.perhaps_native": { ipv6_native: "${var.native}" },
  "aws_subnet.perhaps_assigning": { ...V6, assign_ipv6_address_on_creation: "${var.assign}" },
  "data.aws_subnet.looked_up": { id: "subnet-data" },
  "data.aws_subnet.looked_for": { tags: { Name: "a" } },
  "aws_db_subnet_group.v4": { name: "four", subnet_ids: ["${aws_subnet.v4.id}"] },
  "aws_db_subnet_group.dual": { subnet_ids: ["${aws_subnet.dual.id}"] },
  "aws_db_subnet_group.mixed": { subnet_ids: ["${aws_subnet.v4.id}", "${aws_subnet.native.id}"] },
  "aws_db_subnet_group.native": { subnet_ids: ["${aws_subnet.native.id}"] },
  "aws_db_subnet_group.unknown": { subnet_ids: ["${aws_subnet.v4.id}", "${var.subnet}"] },
  "aws_elasticache_subnet_group.v4": { subnet_ids: ["${aws_subnet.v4.id}"] },
};

function familiesOf(address: string, values: Arguments): readonly string[] | undefined {
  const { attachments } = takeInventory(inputOf({ ...ESTATE, [address]: values }));
  expect(attachments).toHaveLength(1);
  expect(Object.keys(attachments[0] ?? {}).includes("families")).toBe(attachments[0]?.families !== undefined);
  return attachments[0]?.families;
}

const IPV4 = ["ipv4"];
const IPV6 = ["ipv6"];
const BOTH = ["ipv4", "ipv6"];
const subnet = (name: string) => `\${aws_subnet.${name}.id}`;

/** Rules for the other family can be left out for an interface that certainly has addresses of one alone. */
describe("the families of the addresses of an interface", () => {
  const instance = (subnet_id: unknown, more: Arguments = {}): Arguments => ({
    vpc_security_group_ids: [X],
    subnet_id,
    ...more,
  });
  test.each<[what: string, values: Arguments, families: readonly string[] | undefined]>([
    ["in a subnet of IPv4", instance(subnet("v4")), IPV4],
    ["in a subnet by its id", instance("subnet-4"), IPV4],
    ["in a subnet with an empty block of IPv6", instance(subnet("empty")), IPV4],
    ["in a subnet with both, which assigns none", instance(subnet("dual")), IPV4],
    ["in a subnet with both, which assigns them", instance(subnet("assigning")), BOTH],
    ["in a subnet of IPv6 alone", instance(subnet("native")), IPV6],
    ["in a subnet of IPv6 alone, as text", instance(subnet("native_text")), IPV6],
    ["in a subnet whose block may be null", instance(subnet("late")), undefined],
    [
      "in a subnet whose block is not known, but which assigns addresses",
      instance(subnet("late_assigning")),
      BOTH,
    ],
    ["in a subnet that may be of IPv6 alone", instance(subnet("perhaps_native")), undefined],
    ["in a subnet that may assign addresses", instance(subnet("perhaps_assigning")), undefined],
    ["in a subnet that was looked up", instance("${data.aws_subnet.looked_up.id}"), IPV4],
    [
      "in a subnet that is looked up when it is applied",
      instance("${data.aws_subnet.looked_for.id}"),
      undefined,
    ],
    ["in a subnet that is not known", instance("${var.subnet}"), undefined],
    ["in a subnet from elsewhere", instance("subnet-5"), undefined],
    ["without a subnet", instance(null), undefined],
    ["asking for an address of IPv6", instance(subnet("dual"), { ipv6_address_count: 1 }), BOTH],
    [
      "asking for one that is written out",
      instance(subnet("dual"), { ipv6_addresses: ["2001:db8::5"] }),
      BOTH,
    ],
    ["asking for one in an order", instance(subnet("dual"), { ipv6_address_list: ["2001:db8::5"] }), BOTH],
    ["asking for a prefix", instance(subnet("dual"), { ipv6_prefixes: ["2001:db8::/80"] }), BOTH],
    ["asking for a number of prefixes", instance(subnet("dual"), { ipv6_prefix_count: 1 }), BOTH],
    [
      "asking for none",
      instance(subnet("dual"), { ipv6_address_count: 0, ipv6_addresses: [], ipv6_prefixes: null }),
      IPV4,
    ],
    [
      "asking for a number that is not known",
      instance(subnet("dual"), { ipv6_address_count: "${var.n}" }),
      undefined,
    ],
    [
      "asking for a number that is not known, and for prefixes",
      instance(subnet("dual"), { ipv6_address_count: "${var.n}", ipv6_prefix_count: 1 }),
      undefined,
    ],
    ["in what is no subnet", instance("${aws_vpc.main.id}"), undefined],
    ["asking for one in a subnet of IPv6 alone", instance(subnet("native"), { ipv6_address_count: 1 }), IPV6],
    [
      "asking for one in a subnet that is not known, which may be of IPv6 alone",
      instance("${var.subnet}", { ipv6_address_count: 1 }),
      undefined,
    ],
    ["asking for one without a subnet", instance(null, { ipv6_address_count: 1 }), BOTH],
  ])("%s", (_, values, families) => {
    expect(familiesOf("aws_instance.it", values)).toStrictEqual(families);
  });

  test("in a subnet that may not exist, they are not known", () => {
    const input = inputOf({ ...ESTATE, "aws_instance.it": instance(subnet("v4")) });
    const resources = input.resources.map((one) =>
      one.address === "aws_subnet.v4" ? { ...one, isUncertain: true } : one,
    );
    const { attachments } = takeInventory({ ...input, resources });
    expect(attachments).toMatchObject([{ address: "aws_instance.it" }]);
    expect(attachments[0]?.families).toBeUndefined();
  });
});

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-ip-address-type.html */
describe("the families of a load balancer", () => {
  const balancer = (type: unknown, ...subnets: string[]): Arguments => ({
    security_groups: [X],
    ip_address_type: type,
    subnets: subnets.map(subnet),
  });
  test.each<[what: string, values: Arguments, families: readonly string[] | undefined]>([
    ["IPv4 by default, though its subnets have both", balancer(null, "dual"), IPV4],
    ["IPv4 where nothing is given", balancer("", "dual"), IPV4],
    ["IPv4", balancer("ipv4", "dual"), IPV4],
    ["both", balancer("dualstack", "dual"), BOTH],
    ["both, without public addresses of IPv4", balancer("dualstack-without-public-ipv4", "dual"), BOTH],
    [
      "both, in subnets that are not known",
      { security_groups: [X], ip_address_type: "dualstack", subnets: "${var.subnets}" },
      BOTH,
    ],
    ["not known", balancer("${var.type}", "dual"), undefined],
    ["of no type that AWS has", balancer("ipv5", "dual"), undefined],
    ["IPv6 in subnets that have nothing else", balancer(null, "native", "native_text"), IPV6],
    ["IPv4 in subnets of which one has something else", balancer(null, "native", "dual"), IPV4],
    ["by mappings", { security_groups: [X], subnet_mapping: [{ subnet_id: subnet("native") }] }, IPV6],
  ])("%s", (_, values, families) => {
    expect(familiesOf("aws_lb.it", values)).toStrictEqual(families);
    expect(familiesOf("aws_alb.it", values)).toStrictEqual(families);
  });
});

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, NetworkType. */
describe("the families of a data service", () => {
  const database = (group: unknown, type?: unknown): Arguments => ({
    vpc_security_group_ids: [X],
    db_subnet_group_name: group,
    ...(type !== undefined && { network_type: type }),
  });
  const named = (name: string) => `\${aws_db_subnet_group.${name}.name}`;
  test.each<[what: string, values: Arguments, families: readonly string[] | undefined]>([
    ["by its type", database(named("dual"), "DUAL"), BOTH],
    ["by its type of IPv4", database(named("dual"), "IPV4"), IPV4],
    ["by its subnets", database(named("v4")), IPV4],
    ["by its subnets, by the id of their group", database("${aws_db_subnet_group.v4.id}"), IPV4],
    ["by its subnets, by the name of their group", database("four"), IPV4],
    ["by its subnets of IPv6 alone", database(named("native")), IPV6],
    ["by subnets of two kinds", database(named("mixed")), BOTH],
    ["not known where its subnets have both and no type is given", database(named("dual")), undefined],
    ["not known where one of its subnets is not", database(named("unknown")), undefined],
    ["not known where its group is not", database("${var.group}"), undefined],
    ["not known where its type is not", database(named("v4"), "${var.type}"), undefined],
    ["not known without subnets", database(null), undefined],
  ])("%s", (_, values, families) => {
    expect(familiesOf("aws_db_instance.it", values)).toStrictEqual(families);
    expect(familiesOf("aws_rds_cluster.it", values)).toStrictEqual(families);
  });

  test.each<[what: string, address: string, values: Arguments, families: readonly string[] | undefined]>([
    ["a cache by its type", "aws_elasticache_replication_group.it", { network_type: "dual_stack" }, BOTH],
    ["a cache of IPv6", "aws_elasticache_cluster.it", { network_type: "ipv6" }, IPV6],
    [
      "a cache by its subnets",
      "aws_elasticache_cluster.it",
      { subnet_group_name: "${aws_elasticache_subnet_group.v4.name}" },
      IPV4,
    ],
    [
      "a cache of a group that is not known",
      "aws_elasticache_replication_group.it",
      { subnet_group_name: "cache" },
      undefined,
    ],
    ["a cache without servers", "aws_elasticache_serverless_cache.it", { subnet_ids: [subnet("v4")] }, IPV4],
    [
      "a kind of which nothing is known",
      "aws_efs_mount_target.it",
      { security_groups: [X], subnet_id: subnet("v4") },
      undefined,
    ],
  ])("%s", (_, address, values, families) => {
    expect(familiesOf(address, { security_group_ids: [X], ...values })).toStrictEqual(families);
  });

  test("the interfaces of a cluster's control plane are in its subnets", () => {
    const vpc_config = [{ security_group_ids: [X], subnet_ids: [subnet("v4")] }];
    expect(familiesOf("aws_eks_cluster.it", { vpc_config })).toStrictEqual(IPV4);
  });
});

describe("the families on all that carries some groups together", () => {
  const instance = (name: string, ...groups: string[]): Arguments => ({
    subnet_id: subnet(name),
    vpc_security_group_ids: groups,
  });
  test.each<[what: string, resources: Resources, groups: string[], families: readonly string[] | undefined]>([
    ["one interface", { "aws_instance.a": instance("v4", X) }, ["x"], IPV4],
    [
      "two of different families",
      { "aws_instance.a": instance("v4", X), "aws_instance.b": instance("native", X) },
      ["x"],
      BOTH,
    ],
    [
      "two of which one is not known",
      { "aws_instance.a": instance("v4", X), "aws_instance.b": instance("late", X) },
      ["x"],
      undefined,
    ],
    [
      "only those with both groups",
      { "aws_instance.a": instance("v4", X, Y), "aws_instance.b": instance("native", X) },
      ["x", "y"],
      IPV4,
    ],
    [
      "only those with both groups, whichever is named first",
      { "aws_instance.a": instance("v4", X, Y), "aws_instance.b": instance("native", X) },
      ["y", "x"],
      IPV4,
    ],
    [
      "none with both groups",
      { "aws_instance.a": instance("v4", X), "aws_instance.b": instance("v4", Y) },
      ["x", "y"],
      undefined,
    ],
    ["a group on nothing", { "aws_instance.a": instance("v4", X) }, ["y"], undefined],
    ["no group", { "aws_instance.a": instance("v4", X) }, [], undefined],
  ])("%s", (_, resources, groups, families) => {
    const { familiesOn } = takeInventory(inputOf({ ...ESTATE, ...resources }));
    expect(familiesOn(groups.map((name) => `aws_security_group.${name}`))).toStrictEqual(families);
  });
});

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-ipv6.html: the family is chosen when a cluster is made. */
test.each<[what: string, resources: Resources, isIpv6: boolean]>([
  [
    "a cluster of IPv6",
    { "aws_eks_cluster.a": { kubernetes_network_config: [{ ip_family: "ipv6" }] } },
    true,
  ],
  [
    "a cluster of IPv4",
    { "aws_eks_cluster.a": { kubernetes_network_config: [{ ip_family: "ipv4" }] } },
    false,
  ],
  ["a cluster that does not say", { "aws_eks_cluster.a": {} }, false],
  [
    "two clusters of which one does not say",
    { "aws_eks_cluster.a": { kubernetes_network_config: [{ ip_family: "ipv6" }] }, "aws_eks_cluster.b": {} },
    false,
  ],
  [
    "a cluster that is looked up",
    { "data.aws_eks_cluster.a": { kubernetes_network_config: [{ ip_family: "ipv6" }] } },
    false,
  ],
  [
    "something else with such a setting",
    { "aws_vpc.a": { kubernetes_network_config: [{ ip_family: "ipv6" }] } },
    false,
  ],
  [
    "a cluster of IPv6 beside something else",
    { "aws_vpc.a": {}, "aws_eks_cluster.a": { kubernetes_network_config: [{ ip_family: "ipv6" }] } },
    true,
  ],
  ["no cluster", {}, false],
])("pods have IPv6 addresses: %s", (_, resources, isIpv6) => {
  expect(takeInventory(inputOf(resources)).hasIpv6Pods).toBe(isIpv6);
});
