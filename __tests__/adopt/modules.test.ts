import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Json } from "../../io/json";
import { filesIn, temporaryFolder } from "../support/folders";
import { commandHere } from "../support/here";
import { group, resource, sg, state } from "./support/state";

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
  const folder = temporaryFolder();
  writeFileSync(join(folder, "state.json"), state(...resources));
  const said = await commandHere(["adopt", "state.json", "--into", "out", ...words], folder);
  const written = filesIn(folder);
  const json = JSON.parse(written["out/adopted.tf.json"] ?? "{}") as {
    module: Record<string, Json>;
    import: Json[];
  };
  return { ...said, calls: json.module, imports: json.import, page: written["out/adoption.md"] ?? "" };
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
      "--accept takes tags or descriptions, or both with a comma between (given: description)",
    );
  });
});
