import { describe, expect, test } from "vitest";
import { adopt, article, moduleInRoot, NOTHING, RunningRoot, takeOver } from "./support/adopt";
import { rulesInForce } from "./support/rules-in-force";
import { awsStage } from "./support/stage";

/*
 * Groups with names, tags and descriptions of their own, taken over by the modules that are made for them.
 */

const { reason } = awsStage();

const rule = (
  name: string,
  direction: "ingress" | "egress",
  on: string,
  protocol: string,
  port: number,
  peer: string,
  more = "",
) => `resource "aws_vpc_security_group_${direction}_rule" "${name}" {
  security_group_id = aws_security_group.${on}.id
  ip_protocol       = "${protocol}"
  from_port         = ${port}
  to_port           = ${port}
  ${peer.includes("/") ? `cidr_ipv4 = "${peer}"` : `referenced_security_group_id = aws_security_group.${peer}.id`}
  ${more}
}
`;

/** A workload with a database and a cache, as a team may have written it. */
const WORKLOAD = `resource "aws_security_group" "app" {
  name        = "shop pods"
  description = "The shop & its pods"
  vpc_id      = aws_vpc.cluster.id
  tags        = { Name = "shop", Team = "$\${x}" }
}

resource "aws_security_group" "db" {
  name   = "shop-database"
  vpc_id = aws_vpc.cluster.id
  tags   = { Name = "db" }
}

resource "aws_security_group" "cache" {
  name   = "shop-cache"
  vpc_id = aws_vpc.cluster.id
}
${[
  rule("dns_tcp", "egress", "app", "tcp", 53, "worker"),
  rule("dns_udp", "egress", "app", "udp", 53, "worker", 'description = "Names"'),
  rule("nodes_dns_tcp", "ingress", "worker", "tcp", 53, "app"),
  rule("nodes_dns_udp", "ingress", "worker", "udp", 53, "app"),
  rule(
    "probes",
    "ingress",
    "app",
    "tcp",
    8080,
    "worker",
    'description = "Probes"\n  tags = { Name = "probes" }',
  ),
  rule("web", "ingress", "app", "tcp", 8080, "ingress"),
  rule("metrics", "ingress", "app", "tcp", 9090, "10.0.0.0/16"),
  rule("https", "egress", "app", "tcp", 443, "0.0.0.0/0"),
  rule("gossip_in", "ingress", "app", "tcp", 7946, "app"),
  rule("gossip_out", "egress", "app", "tcp", 7946, "app"),
  rule("ping", "ingress", "app", "icmp", 8, "10.0.0.0/16").replace(
    "to_port           = 8",
    "to_port           = -1",
  ),
  rule("to_db", "egress", "app", "tcp", 3306, "db"),
  rule("db_from_app", "ingress", "db", "tcp", 3306, "app", 'description = "MySQL & more"'),
  rule("db_from_office", "ingress", "db", "tcp", 3306, "198.51.100.0/24"),
  rule("to_cache", "egress", "app", "tcp", 6379, "cache", 'tags = { Name = "to cache" }'),
  rule("cache_from_app", "ingress", "cache", "tcp", 6379, "app"),
].join("\n")}`;

/** The article's, with other tags, descriptions and another name of the pods' group. */
const ARTICLE = moduleInRoot
  .replaceAll("var.vpc_id", "aws_vpc.cluster.id")
  .replaceAll("var.platform", '"shop"')
  .replaceAll(/\$\{var\.name\}-for-pods/g, "orders-client")
  .replaceAll("${var.name}", "orders")
  .replaceAll("var.name", '"orders"')
  .replace('"Egress: HTTPS"', '"To the internet"')
  .replaceAll(/CreatedBy\s*= "Terraform"/g, 'CreatedBy = "us"');

describe.skipIf(reason)("groups with names, tags and descriptions of their own", () => {
  test.each([
    [
      "a workload with a database and a cache",
      WORKLOAD,
      ["pod-group: 1 group, 11 rules", "mysql: 1 group, 3 rules", "elasticache-redis: 1 group, 2 rules"],
    ],
    ["the article's", ARTICLE, ["rds-mysql: 2 groups, 11 rules"]],
  ])("%s: the modules that are made for them hold them without a change, and back", async (_, hcl, held) => {
    const root = new RunningRoot(
      { "place.tf": article.place },
      {
        "cluster.tf": article.cluster,
        "workload.tf": `${hcl}\n${hcl.includes("data.aws_region") ? 'data "aws_region" "current" {}' : ""}`,
      },
    );
    const { folder, terraform } = root;
    const rules = await rulesInForce();
    const before = terraform.state();

    const said = adopt(folder, ".", "--into", ".");
    for (const words of held) expect(said).toContain(words);
    root.deleteAdopted();
    expect(takeOver(terraform)).toContain(`Plan: ${NOTHING}`);
    expect(await rulesInForce()).toStrictEqual(rules);

    expect(root.takeBack()).toContain(`Plan: ${NOTHING}`);
    expect(terraform.state()).toStrictEqual(before);
    terraform.destroy();
  });
});
