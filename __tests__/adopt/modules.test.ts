import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { adoptedWith } from "./support/adopted";
import { classic, group, resource, sg, state } from "./support/state";

/*
 * Which module holds a group: by what its rules mean, whatever its name, tags and descriptions are.
 */

const [PODS, NODES, ALB, DB, CACHE] = [1, 2, 3, 4, 5].map(sg) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

type Rule = readonly [
  name: string,
  on: string,
  direction: "ingress" | "egress",
  traffic: string,
  peer: string,
  more?: Json,
];

/** A rule as `aws_vpc_security_group_*_rule`: `tcp 53`, `udp 8000-8100`, `icmp 8--1`, `all`. */
function perRule([name, on, direction, traffic, peer, more = {}]: Rule, index: number): Json {
  const [protocol = "", ports = ""] = traffic.split(" ");
  const [, from, to = from] = /^(-?\d+)(?:-(-?\d+))?$/.exec(ports) ?? [];
  const argument = peer.startsWith("sg-")
    ? "referenced_security_group_id"
    : peer.startsWith("pl-")
      ? "prefix_list_id"
      : peer.includes(":")
        ? "cidr_ipv6"
        : "cidr_ipv4";
  return resource(`aws_vpc_security_group_${direction}_rule`, name, {
    id: `sgr-${index}`,
    security_group_id: on,
    ip_protocol: protocol === "all" ? "-1" : protocol,
    ...(from !== undefined && { from_port: Number(from), to_port: Number(to) }),
    [argument]: peer,
    tags: null,
    ...more,
  });
}

const rules = (...all: Rule[]) => all.map(perRule);

/** Groups of nodes and of a load balancer, which other groups name. */
const CLUSTER = [
  resource("aws_security_group", "nodes", group(NODES, "eks-nodes")),
  resource("aws_security_group", "alb", group(ALB, "shop-alb")),
];

const DNS: Rule[] = [
  ["dns_tcp", PODS, "egress", "tcp 53", NODES],
  ["dns_udp", PODS, "egress", "udp 53", NODES],
  ["nodes_dns_tcp", NODES, "ingress", "tcp 53", PODS],
  ["nodes_dns_udp", NODES, "ingress", "udp 53", PODS],
];

async function adopted(resources: Json[], ...words: string[]) {
  const { json, calls, written, ...said } = await adoptedWith({ "state.json": state(...resources) }, [
    "state.json",
    "--into",
    "out",
    ...words,
  ]);
  const imports = json("out/adopted.tf.json")?.["import"] as Json[];
  return { ...said, calls: calls(), imports, page: written["out/adoption.md"] ?? "" };
}

describe("a group of pods with a database and a cache, all with names, tags and descriptions of their own", () => {
  const ESTATE = [
    ...CLUSTER,
    resource("aws_security_group", "pods", group(PODS, "shop-pods", { tags: { Name: "shop", Team: "a" } })),
    resource("aws_security_group", "db", group(DB, "shop-db", { tags: { Name: "db" } })),
    resource("aws_security_group", "cache", group(CACHE, "shop-cache")),
    ...rules(
      ...DNS,
      ["probes", PODS, "ingress", "tcp 8080", NODES, { description: "Probes" }],
      ["web", PODS, "ingress", "tcp 8080", ALB, { tags: { Name: "web" } }],
      ["out", PODS, "egress", "tcp 443", "0.0.0.0/0"],
      ["to_db", PODS, "egress", "tcp 3306", DB],
      ["from_pods", DB, "ingress", "tcp 3306", PODS, { description: "MySQL & more" }],
      ["office", DB, "ingress", "tcp 3306", "198.51.100.0/24"],
      ["to_cache", PODS, "egress", "tcp 6379", CACHE],
      ["cache_from_pods", CACHE, "ingress", "tcp 6379", PODS],
    ),
  ];

  test("each is held by the module that is made for it, with all that is its own", async () => {
    const { status, stderr, stdout, calls } = await adopted(ESTATE);
    expect([status, stderr]).toStrictEqual([0, ""]);
    expect(stdout).toContain("pod-group: 1 group, 7 rules");
    expect(calls).toMatchObject({
      shop_db: {
        source: "./modules/mysql",
        name: "shop-pods",
        group_name: "shop-db",
        pods_security_group_id: "${module.shop_pods.pods_security_group_id}",
        ingress_sources: { office: { cidr_ipv4: "198.51.100.0/24", ports: "3306" } },
        own_tags: { Name: "db" },
        rule_tags: {},
        descriptions: {
          mysql: "Group shop-db.",
          "mysql_ingress_from_pods-mysql": "MySQL & more",
          "pods_egress_to_mysql-mysql": "",
          "mysql_ingress_from_sources-office": "",
        },
      },
      shop_cache: { source: "./modules/elasticache-redis", own_tags: {}, rule_tags: {} },
      shop_pods: {
        source: "./modules/pod-group",
        group_name: "shop-pods",
        security_groups: {
          k8s_worker: "${module.eks_nodes.security_group_id}",
          k8s_ingress: "${module.shop_alb.security_group_id}",
        },
        probe_ports: { probes: "8080" },
        ingress_ports: { web: "8080" },
        internet_protocols: ["https"],
        own_tags: { Name: "shop", Team: "a" },
        rule_tags: { "pods_ingress_from_ingress_security_group-web": { Name: "web" } },
      },
    });
    expect(calls["shop_pods"]).not.toHaveProperty("egress_targets");
  });

  test("--accept has the module's own tags and descriptions instead, and lists each change in place", async () => {
    const { status, stdout, page, calls } = await adopted(ESTATE, "--accept", "tags,descriptions");
    expect(status).toBe(0);
    // That of a group stays: another one would replace it.
    expect(calls["shop_db"]).toMatchObject({ descriptions: { mysql: "Group shop-db." } });
    for (const name of ["own_tags", "rule_tags"]) expect(calls["shop_db"]).not.toHaveProperty(name);
    expect(stdout).toContain(
      "change in place: module.shop_db.aws_security_group.mysql tags: Name = db -> CreatedBy = Terraform, Name = shop-db, Region = eu-west-1\n",
    );
    expect(stdout).toContain(
      'change in place: module.shop_db.aws_vpc_security_group_ingress_rule.mysql_ingress_from_pods["mysql"] description: MySQL & more -> Ingress: Allow mysql from the pods of shop-pods.\n',
    );
    expect(page).toContain("## Changes in place");
    expect(page).not.toContain("0 to add, 0 to change, 0 to destroy");

    const tagsAlone = await adopted(ESTATE, "--accept", "tags");
    expect(tagsAlone.stdout).not.toContain(" description: ");
    expect(tagsAlone.calls["shop_db"]).toMatchObject({
      descriptions: { "mysql_ingress_from_pods-mysql": "MySQL & more" },
    });
  });

  test("--accept takes what there is", async () => {
    const { status, stderr } = await adopted(ESTATE, "--accept", "tags,description");
    expect(status).toBe(2);
    expect(stderr).toContain(
      "--accept takes tags, descriptions, drift=live, drift=configuration (given: description",
    );
  });
});

/** Beside the cluster's groups, what the table says; what is written of the group of pods. */
const PODS_GROUP = resource("aws_security_group", "pods", group(PODS, "shop-for-pods"));

describe("what a group of pods becomes", () => {
  test.each<[what: string, rules: Rule[], values: Json]>([
    [
      "DNS by addresses, and targets of the internet of which one is over HTTPS alone",
      [
        ["dns_tcp", PODS, "egress", "tcp 53", "10.0.0.2/32"],
        ["dns_udp", PODS, "egress", "udp 53", "10.0.0.2/32"],
        ["http", PODS, "egress", "tcp 80", "203.0.113.0/24"],
        ["https", PODS, "egress", "tcp 443", "203.0.113.0/24"],
        ["s3", PODS, "egress", "tcp 443", "pl-0a1b2c3d"],
        ["six", PODS, "ingress", "tcp 8443", "2001:db8::/32"],
      ],
      {
        security_groups: {},
        probe_ports: {},
        ingress_ports: {},
        dns_cidrs: { dns_udp: { cidr_ipv4: "10.0.0.2/32" } },
        internet_targets: { https: { cidr_ipv4: "203.0.113.0/24" } },
        egress_targets: { s3: { prefix_list_id: "pl-0a1b2c3d", ports: "443" } },
        ingress_sources: { six: { cidr_ipv6: "2001:db8::/32", ports: "8443" } },
      },
    ],
    [
      "rules among pods: both halves are ports of their own, one is a source",
      [
        ...DNS,
        ["in", PODS, "ingress", "tcp 7946", PODS],
        ["out", PODS, "egress", "tcp 7946", PODS],
        ["half", PODS, "ingress", "udp 7946", PODS],
        ["all", PODS, "ingress", "tcp 0-65535", NODES],
      ],
      {
        self_ports: { in: "7946" },
        ingress_sources: { half: { security_group_id: PODS, protocol: "udp", ports: "7946" } },
        internet_protocols: [],
        ingress_ports: {},
      },
    ],
    [
      "ICMP, and a resolver whose rules somebody else has",
      [DNS[0] as Rule, DNS[1] as Rule, ["ping", PODS, "ingress", "icmp 8-0", "10.0.0.0/8"]],
      {
        manage_dns_ingress: false,
        ingress_sources: { ping: { cidr_ipv4: "10.0.0.0/8", protocol: "icmp", icmp_type: 8, icmp_code: 0 } },
      },
    ],
    [
      "the internet over HTTP and HTTPS, and all TCP from the load balancer",
      [
        ...DNS,
        ["http", PODS, "egress", "tcp 80", "0.0.0.0/0"],
        ["https", PODS, "egress", "tcp 443", "0.0.0.0/0"],
        ["web", PODS, "ingress", "tcp 0-65535", ALB],
      ],
      { security_groups: { k8s_ingress: "${module.shop_alb.security_group_id}" }, probe_ports: {} },
    ],
  ])("%s", async (_, some, values) => {
    const { status, calls } = await adopted([...CLUSTER, PODS_GROUP, ...rules(...some)]);
    expect(status).toBe(0);
    expect(calls["shop_for_pods"]).toMatchObject({ source: "./modules/pod-group", name: "shop", ...values });
    expect(calls["shop_for_pods"]).not.toHaveProperty("group_name");
  });

  test.each<[what: string, resources: Json[], reason: string]>([
    [
      "DNS over UDP alone",
      rules(["dns", PODS, "egress", "udp 53", NODES]),
      "pod-group: aws_security_group.pods has no egress rule for DNS (TCP and UDP 53)",
    ],
    [
      "all traffic",
      rules(...DNS, ["everything", PODS, "egress", "all", "0.0.0.0/0"]),
      "pod-group: it has no rule like aws_vpc_security_group_egress_rule.everything",
    ],
    [
      "classic rules",
      [
        resource(
          "aws_security_group_rule",
          "dns",
          classic(PODS, { type: "egress", cidr_blocks: ["10.0.0.2/32"] }),
        ),
      ],
      "pod-group: aws_security_group_rule.dns is aws_security_group_rule, and the module's rules are aws_vpc_security_group_*_rule: --rules per-rule gives them that form",
    ],
    [
      "one half of a rule twice",
      rules(...DNS, ["again", PODS, "egress", "udp 53", NODES]),
      "pod-group: it has no rule like aws_vpc_security_group_egress_rule.",
    ],
  ])("%s: why it stays in security-group", async (_, resources, reason) => {
    const { calls, page } = await adopted([...CLUSTER, PODS_GROUP, ...resources]);
    expect(calls["shop_for_pods"]?.["source"]).toBe("./modules/security-group");
    expect(page).toContain(reason);
  });

  test("a prefix list of the same state is named by its id, not by its resource", async () => {
    const { calls } = await adopted([
      ...CLUSTER,
      resource("aws_security_group", "pods", group(PODS, "orders-pods")),
      resource("aws_ec2_managed_prefix_list", "office", {
        id: "pl-0a1b2c3d4e5f60001",
        address_family: "IPv4",
        entry: [{ cidr: "192.0.2.0/24", description: "" }],
      }),
      ...rules(
        ...DNS,
        ["probes", PODS, "ingress", "tcp 8080", NODES],
        ["office", PODS, "egress", "tcp 8443", "pl-0a1b2c3d4e5f60001"],
      ),
    ]);
    expect(calls["orders_pods"]).toMatchObject({
      source: "./modules/pod-group",
      egress_targets: { office: { prefix_list_id: "pl-0a1b2c3d4e5f60001", ports: "8443" } },
    });
  });

  test("which group is the nodes' is asked where neither name nor DNS says it", async () => {
    const estate = [
      PODS_GROUP,
      resource("aws_security_group", "one", group(NODES, "one")),
      resource("aws_security_group", "two", group(ALB, "two")),
      ...rules(
        ["dns_tcp", PODS, "egress", "tcp 53", "10.0.0.2/32"],
        ["dns_udp", PODS, "egress", "udp 53", "10.0.0.2/32"],
        ["from_one", PODS, "ingress", "tcp 8080", NODES],
        ["from_two", PODS, "ingress", "tcp 8080", ALB],
      ),
    ];
    const unasked = await adopted(estate);
    expect(unasked.stdout).toContain(`nodes.${PODS}: Which group is the nodes'`);
    expect(Object.keys(unasked.calls["shop_for_pods"]?.["ingress_sources"] as Json)).toHaveLength(2);
    const { calls } = await adopted(estate, "--answer", `nodes=${NODES}`);
    expect(calls["shop_for_pods"]).toMatchObject({
      security_groups: { k8s_worker: "${module.one.security_group_id}" },
      probe_ports: { from_one: "8080" },
      ingress_sources: { from_two: { ports: "8080" } },
    });
  });

  test("classic rules that become per-rule become rules of the module", async () => {
    const rule = (name: string, more: Json) =>
      resource(
        "aws_security_group_rule",
        name,
        classic(PODS, { ...more, security_group_rule_id: `sgr-${name}` }),
      );
    const dns = (protocol: string) =>
      rule(protocol, { type: "egress", protocol, from_port: 53, to_port: 53, cidr_blocks: ["10.0.0.2/32"] });
    const { status, calls } = await adopted([PODS_GROUP, dns("tcp"), dns("udp")], "--rules", "per-rule");
    expect(status).toBe(0);
    expect(calls["shop_for_pods"]).toMatchObject({
      source: "./modules/pod-group",
      dns_cidrs: { udp: { cidr_ipv4: "10.0.0.2/32" } },
    });
  });
});

describe("what a group of a data service becomes", () => {
  const db = (name: string) => resource("aws_security_group", "db", group(DB, name));

  test.each<[what: string, name: string, port: number, values: Json]>([
    ["its port says which", "shop-mysql", 3306, { source: "./modules/mysql", name: "shop" }],
    [
      "a port that is nobody's",
      "shop-search",
      9200,
      { source: "./modules/tcp-service", service_name: "search" },
    ],
    [
      "a name that is not the workload's",
      "old",
      5432,
      { source: "./modules/rds-postgres", group_name: "old" },
    ],
  ])("%s", async (_, name, port, values) => {
    const { calls } = await adopted([
      PODS_GROUP,
      db(name),
      ...rules(
        ["out", PODS, "egress", `tcp ${port}`, DB],
        ["in", DB, "ingress", `tcp ${port}`, PODS],
        ["peers_in", DB, "ingress", "tcp 7000", DB],
        ["peers_out", DB, "egress", "tcp 7000", DB],
      ),
    ]);
    expect(calls[name.replace("-", "_")]).toMatchObject({ ...values, member_ports: { peers_in: "7000" } });
  });

  test.each<[what: string, resources: Json[], reason: string]>([
    [
      "without the pods' egress rule",
      rules(["in", DB, "ingress", "tcp 3306", PODS]),
      "mysql: aws_security_group.pods has no egress rule to aws_security_group.db like",
    ],
    [
      "open to all traffic",
      rules(
        ["in", DB, "ingress", "tcp 3306", PODS],
        ["out", PODS, "egress", "tcp 3306", DB],
        ["all", DB, "egress", "all", "0.0.0.0/0"],
      ),
      "mysql: it has no rule like aws_vpc_security_group_egress_rule.all",
    ],
    [
      "that no pods reach",
      rules(["in", DB, "ingress", "tcp 3306", "10.0.0.0/8"]),
      "no group of pods reaches",
    ],
  ])("%s: why it stays in security-group", async (_, resources, reason) => {
    const { calls, page } = await adopted([PODS_GROUP, db("shop-db"), ...resources]);
    expect(calls["shop_db"]?.["source"]).toBe("./modules/security-group");
    expect(page).toContain(reason);
  });
});
