import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { initialise } from "../../../verify/initialise";
import { verify } from "../../../verify/verify";
import { folderWith } from "../read/support/configuration";
import {
  classic,
  DNS,
  database,
  deployment,
  dns,
  group,
  NODES,
  PROBES,
  policy,
  rule,
  SOUND,
} from "./support/estates";

/** What --init writes for an estate, and what the next run says of that. */
async function begun(terraform: string, options: Parameters<typeof initialise>[1] = {}) {
  const folder = folderWith({ "main.tf": terraform });
  const { text, missing: counted } = await initialise(folder, options);
  writeFileSync(join(folder, "flows.yaml"), text);
  const judged = await verify(folder);
  // What workloads need is derived of the next run as well: here is asked what the file says.
  const report = { ...judged, verdicts: judged.verdicts.filter(({ flow }) => flow.origins === undefined) };
  const missing = [...text.matchAll(/^ {2}(\S+): "?(allow .*?)"? # MISSING: (.+)$/gm)];
  const broken = report.verdicts.filter(({ status }) => status === "broken");
  expect(broken.map(({ flow }) => flow.id.name).sort(), "broken is what is marked").toStrictEqual(
    missing.map(([, name]) => name).sort(),
  );
  expect(report.verdicts, "all flows are read").toHaveLength(
    [...text.matchAll(/^ {2}\S+: "?allow /gm)].length,
  );
  expect(counted).toBe(missing.length);
  return { text, report, missing: missing.map(([, , flow]) => flow) };
}

type Estate = readonly [what: string, terraform: string, missing: readonly string[]];

describe("DNS", () => {
  const pods = `${NODES}${group("orders")}${policy("orders", ["orders"])}${PROBES}`;
  const udp = ["egress orders nodes udp 53", "ingress nodes orders udp 53"];
  test.each<Estate>([
    ["over both protocols", SOUND, []],
    ["over UDP only", pods + udp.map(rule).join(""), ["allow orders -> nodes TCP 53"]],
    ["over UDP only, by classic rules", pods + udp.map(classic).join(""), ["allow orders -> nodes TCP 53"]],
    [
      "over UDP only, by blocks in the groups",
      `${pods.replace(
        'resource "aws_security_group" "orders" { name = "orders" }',
        `resource "aws_security_group" "orders" {
          egress {
            protocol        = "udp"
            from_port       = 53
            to_port         = 53
            security_groups = [aws_security_group.nodes.id]
          }
        }`,
      )}${rule("ingress nodes orders udp 53")}`,
      ["allow orders -> nodes TCP 53"],
    ],
    [
      "over UDP only, to nodes that are declared elsewhere",
      `variable "node_group_id" {}
      ${group("orders")}${policy("orders", ["orders"])}
      ${rule("ingress orders var.node_group_id tcp 8080")}
      ${rule("egress orders var.node_group_id udp 53")}${rule("ingress var.node_group_id orders udp 53")}`,
      ["allow orders -> node_group_id TCP 53"],
    ],
    [
      "over UDP only, of a group that nothing is seen to carry, to the nodes",
      `variable "node_group_id" {}
      ${group("api")}${rule("egress api var.node_group_id udp 53")}`,
      ["allow api -> node_group_id TCP 53"],
    ],
    [
      "over UDP only, of a group that nothing is seen to carry, to addresses",
      `${group("api")}${rule("egress api 10.0.0.2/32 udp 53")}`,
      [],
    ],
    [
      "over UDP only, of an instance",
      `${NODES}${group("bastion")}
      resource "aws_instance" "bastion" { vpc_security_group_ids = [aws_security_group.bastion.id] }
      ${rule("egress bastion nodes udp 53")}${rule("ingress nodes bastion udp 53")}`,
      [],
    ],
    [
      "over UDP only, to the addresses of the VPC",
      `${pods}${rule("egress orders 10.0.0.0/16 udp 53")}`,
      ["allow orders -> net-10-0-0-0-16 TCP 53"],
    ],
    [
      "into the nodes over UDP only",
      `${pods}${DNS.slice(0, 3).map(rule).join("")}`,
      ["allow orders -> nodes TCP 53"],
    ],
    [
      "out of the pods only, which send everything everywhere",
      `${pods}${rule("egress orders 0.0.0.0/0 -1")}`,
      ["allow orders -> nodes TCP 53, UDP 53"],
    ],
    ["not at all", pods, ["allow orders -> nodes TCP 53, UDP 53"]],
    [
      "not at all, to nodes that are declared elsewhere and called so",
      `variable "node_group_id" {}
      ${group("orders")}${policy("orders", ["orders"])}${rule("ingress orders var.node_group_id tcp 8080")}`,
      ["allow orders -> node_group_id TCP 53, UDP 53"],
    ],
    [
      "by another group of the policy",
      `${NODES}${group("orders", "base")}${policy("orders", ["orders", "base"])}${PROBES}${DNS.map((line) => rule(line.replace("orders", "base"))).join("")}`,
      [],
    ],
    [
      "over UDP only by another group of the policy",
      `${NODES}${group("orders", "base")}${policy("orders", ["orders", "base"])}${PROBES}
      ${rule("egress base nodes udp 53")}${rule("ingress nodes base udp 53")}`,
      ["allow orders-pods -> nodes TCP 53"],
    ],
    [
      "by the group of another policy for the same pods",
      `${NODES}${group("orders", "base")}${policy("orders", ["orders"])}${policy("all", ["base"], "{}")}
      ${DNS.map((line) => rule(line.replace("orders", "base"))).join("")}${rule("ingress base nodes tcp 1 65535")}`,
      [],
    ],
    [
      "of pods that ask the VPC's resolver",
      `${pods}${deployment("").replace("spec     = {", 'spec     = { dnsPolicy = "Default",')}`,
      [],
    ],
    [
      "to a group that may be the nodes",
      `${pods}variable "dns_group_id" {}\n${rule("egress orders var.dns_group_id udp 1 65535")}${rule("egress orders var.dns_group_id tcp 1 65535")}`,
      [],
    ],
    [
      "to nodes of two kinds, of which one answers",
      `${pods}${group("large")}
      resource "aws_launch_template" "large" { vpc_security_group_ids = [aws_security_group.large.id] }
      ${rule("egress orders 0.0.0.0/0 -1")}${rule("ingress large orders udp 53")}${rule("ingress large orders tcp 53")}`,
      [],
    ],
    [
      "to nodes that a module makes which was not read, beside a template of which nobody knows what for",
      `${pods}${rule("egress orders 0.0.0.0/0 -1")}
      module "eks" { source = "terraform-aws-modules/eks/aws" }`,
      [],
    ],
    [
      "to nodes that Karpenter makes",
      `${pods}${rule("egress orders 0.0.0.0/0 -1")}
      resource "helm_release" "karpenter" { chart = "karpenter" }`,
      [],
    ],
    [
      "not at all, to nodes of a module that was not read, by the group that it gives out",
      `${group("orders")}${policy("orders", ["orders"])}
      module "eks" { source = "terraform-aws-modules/eks/aws" }
      ${rule("ingress orders module.eks.node_security_group_id tcp 8080")}`,
      ["allow orders -> node_security_group_id TCP 53, UDP 53"],
    ],
    [
      "of pods whose group is declared elsewhere",
      `${NODES}variable "pods" {}\n${policy("orders", ["var.pods"])}`,
      [],
    ],
    [
      "by rules whose group is not known",
      `${pods}variable "any" { type = list(string) }
      ${rule('egress element(concat(var.any,["x"]),0) nodes tcp 53')}${rule("egress orders nodes udp 53")}${DNS.slice(2).map(rule).join("")}`,
      [],
    ],
  ])("%s", async (_, terraform, expected) => {
    expect((await begun(terraform)).missing).toStrictEqual(expected);
  });
});

describe("data services", () => {
  const nodes = (name: string, port = 5432) => rule(`ingress ${name} nodes tcp ${port}`);
  const ALL = rule("egress orders 0.0.0.0/0 -1");
  const BILLING = `${group("billing")}${policy("billing", ["billing"])}${ALL.replaceAll("orders", "billing").replace(/"r\d+"/, '"billing"')}
    ${DNS.map((line) => rule(line.replace("orders", "billing"))).join("")}${rule("ingress billing nodes tcp 8080")}`;
  test.each<Estate>([
    [
      "that admits the nodes only",
      `${SOUND}${ALL}${database("db")}${nodes("db")}`,
      ["allow orders -> db TCP 5432"],
    ],
    [
      "that admits the nodes only, of pods without an egress rule for it",
      `${SOUND}${database("db")}${nodes("db")}`,
      [],
    ],
    [
      "on a port of its own",
      `${SOUND}${ALL}${database("db", "port = 6000")}${nodes("db", 6000)}`,
      ["allow orders -> db TCP 6000"],
    ],
    ["that admits the pods", `${SOUND}${ALL}${database("db")}${rule("ingress db orders tcp 5432")}`, []],
    [
      "of two, which admit the nodes only: which one the pods use is not known",
      `${SOUND}${ALL}${database("db")}${nodes("db")}${database("other")}${nodes("other")}`,
      [],
    ],
    [
      "of two, which admit the nodes only, that an egress rule names",
      `${SOUND}${database("db")}${nodes("db")}${database("other")}${nodes("other")}${rule("egress orders other tcp 5432")}`,
      ["allow orders -> other TCP 5432"],
    ],
    [
      "that admits the nodes only, beside one that admits the pods",
      `${SOUND}${ALL}${database("db")}${nodes("db")}${database("other")}${rule("ingress other orders tcp 5432")}`,
      [],
    ],
    [
      "that admits the nodes only, of two kinds of pods of which either may use it",
      `${SOUND}${ALL}${BILLING}${database("db")}${nodes("db")}`,
      [],
    ],
    [
      "that admits the nodes only, of two kinds of pods of which one names it",
      `${SOUND}${rule("egress orders db tcp 5432")}${BILLING}${database("db")}${nodes("db")}`,
      ["allow orders -> db TCP 5432"],
    ],
    [
      "that admits nobody, though an egress rule names it",
      `${SOUND}${rule("egress orders db tcp 5432")}${database("db")}`,
      ["allow orders -> db TCP 5432"],
    ],
    [
      "that admits addresses of the VPC",
      `${SOUND}${ALL}${database("db")}${nodes("db")}${rule("ingress db 10.0.0.0/16 tcp 5432")}`,
      [],
    ],
    [
      "whose port is not known, by the rule for the nodes",
      `${SOUND}${ALL}${group("search")}
      resource "aws_opensearch_domain" "search" {
        vpc_options { security_group_ids = [aws_security_group.search.id] }
      }
      ${nodes("search", 443)}`,
      ["allow orders -> search TCP 443"],
    ],
    [
      "that the nodes mount",
      `${SOUND}${ALL}${group("files")}
      resource "aws_efs_mount_target" "files" { security_groups = [aws_security_group.files.id] }
      ${nodes("files", 2049)}`,
      [],
    ],
    [
      "of two with one group, once",
      `${SOUND}${ALL}${database("db")}${nodes("db")}
      resource "aws_db_instance" "replica" {
        engine = "postgres"
        vpc_security_group_ids = [aws_security_group.db.id]
      }`,
      ["allow orders -> db TCP 5432"],
    ],
    ["without policies", `${NODES}${database("db")}${nodes("db")}`, []],
  ])("%s", async (_, terraform, expected) => {
    expect((await begun(terraform)).missing).toStrictEqual(expected);
  });

  test("of which it is not known who uses them are named in comments, and remain an error", async () => {
    const { text, report } = await begun(`${SOUND}${ALL}${BILLING}${database("db")}${nodes("db")}`);
    expect(text).toContain(
      "# aws_db_instance.db allows none of the pods with their own security groups, and it is not known which of them use it. Add for those that do:\n#   allow billing -> db TCP 5432\n#   allow orders -> db TCP 5432\n",
    );
    expect(report.findings).toContainEqual(
      expect.objectContaining({ check: "data-service-closed-to-pods", severity: "error" }),
    );
  });

  test("open to the nodes beside the pods that use them are not written as meant", async () => {
    const { text, report } = await begun(
      `${SOUND}${database("db")}${rule("egress orders db tcp 5432")}${rule("ingress db orders tcp 5432")}${nodes("db")}`,
    );
    expect(text).toContain("#   nodes-to-db: allow nodes -> db TCP 5432\n");
    expect(text).toContain("\n  orders-to-db: allow orders -> db TCP 5432\n");
    expect(report.findings).toContainEqual(
      expect.objectContaining({ check: "database-open-to-nodes", severity: "warning" }),
    );
  });
});

describe("probes", () => {
  const pods = `${NODES}${group("orders")}${policy("orders", ["orders"])}${dns()}`;
  const http = ', readinessProbe = { httpGet = { path = "/", port = "http" } }';
  const STANDARD = `resource "aws_eks_addon" "cni" {
    cluster_name         = "shop"
    addon_name           = "vpc-cni"
    configuration_values = jsonencode({ env = { POD_SECURITY_GROUP_ENFORCING_MODE = "standard" } })
  }`;
  test.each<Estate>([
    ["of pods that nothing lets the nodes reach", pods, ["allow nodes -> orders all TCP"]],
    ["over UDP only", `${pods}${rule("ingress orders nodes udp 8080")}`, ["allow nodes -> orders all TCP"]],
    ["to a port that is known", pods + deployment(http), ["allow nodes -> orders TCP 8080"]],
    [
      "by a command in the pod",
      `${pods}${deployment(', livenessProbe = { exec = { command = ["true"] } }')}`,
      [],
    ],
    ["from addresses that may be the nodes'", `${pods}${rule("ingress orders 10.0.0.0/16 tcp 8080")}`, []],
    ["in the mode standard", pods + STANDARD, []],
    [
      "in the mode standard, which is given to a module that was not read",
      `${pods}module "eks" {
        source         = "terraform-aws-modules/eks/aws"
        cluster_addons = {
          coredns = {}
          vpc-cni = {
            configuration_values = jsonencode({ env = { POD_SECURITY_GROUP_ENFORCING_MODE = "standard" } })
          }
        }
      }`,
      [],
    ],
    [
      "to nodes that the input does not show",
      `${group("orders", "ingress")}${policy("orders", ["orders"])}
      resource "aws_lb" "web" { security_groups = [aws_security_group.ingress.id] }
      ${rule("egress orders 10.0.0.0/16 udp 53")}${rule("egress orders 10.0.0.0/16 tcp 53")}${rule("ingress orders ingress tcp 8080")}`,
      [],
    ],
    [
      "by the other group of the policy",
      `${NODES}${group("orders", "base")}${policy("orders", ["orders", "base"])}${dns()}${rule("ingress base nodes tcp 8080")}`,
      [],
    ],
    [
      "to none of the two groups of the policy, which are written as one end",
      `${NODES}${group("orders", "base")}${policy("orders", ["orders", "base"])}${dns()}`,
      ["allow nodes -> orders-pods all TCP"],
    ],
  ])("%s", async (_, terraform, expected) => {
    expect((await begun(terraform)).missing).toStrictEqual(expected);
  });

  test("are not needed in the mode that the user names, and the file states it", async () => {
    const { text, report, missing } = await begun(pods, { mode: "standard" });
    expect(missing).toStrictEqual([]);
    expect(text).toContain("\nmode: standard\n");
    expect(report.mode).toBe("standard");
  });
});

test("what the flows of a called module state is theirs to say", async () => {
  const folder = folderWith({
    "main.tf": `${NODES}${group("orders")}${policy("orders", ["orders"])}${PROBES}
      module "dns" {
        source = "./dns"
        pods   = aws_security_group.orders.id
        nodes  = aws_security_group.nodes.id
      }`,
    "dns/main.tf": 'variable "pods" {}\nvariable "nodes" {}\n',
    "dns/flows.yaml":
      "format: 1\nendpoints: { pods: var.pods, nodes: var.nodes }\nflows: { dns: allow pods -> nodes UDP 53 }\n",
  });
  const { text } = await initialise(folder, {});
  expect(text).toContain("allow orders -> nodes TCP 53 # MISSING: ");
  expect(text).not.toContain("UDP 53");
});

test("a gap has a name that no other flow has", async () => {
  const { text } = await begun(
    `${SOUND}${database("db", "port = 6000")}${rule("ingress db orders tcp 5432")}${rule("egress orders db tcp 5432 6000")}`,
  );
  expect(text).toContain("\n  orders-to-db: allow orders -> db TCP 5432\n");
  expect(text).toContain("\n  orders-to-db-2: allow orders -> db TCP 6000 # MISSING: ");
});
