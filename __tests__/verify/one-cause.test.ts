/** One cause is one entry: what a broken flow says, no finding says again. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flowIdText } from "../../verify/expect/flow-id";
import { verify } from "../../verify/verify";
import { temporaryFolder } from "../support/folders";
import { PROJECT } from "../support/project";
import { folderWith } from "./read/support/configuration";

/** What a report has for its reader to see to: flows that are broken, and findings that are no information. */
async function entriesOf(folder: string): Promise<string[]> {
  const { verdicts, findings } = await verify(folder);
  const broken = verdicts.filter(({ status }) => status === "broken");
  return [
    ...broken.map(({ flow }) => `broken ${flowIdText(flow.id)}`),
    ...findings
      .filter(({ severity }) => severity !== "information")
      .map(({ check, address }) => `${check} ${address}`),
  ];
}

type RuleLine = readonly [
  direction: "egress" | "ingress",
  group: string,
  peer: string,
  protocol: string,
  port: number,
];

/** Every rule that pods need of their nodes and their database. */
const RULES: Readonly<Record<string, RuleLine>> = {
  pods_data: ["egress", "pods", "database", "tcp", 5432],
  database_data: ["ingress", "database", "pods", "tcp", 5432],
  pods_dns_udp: ["egress", "pods", "nodes", "udp", 53],
  pods_dns_tcp: ["egress", "pods", "nodes", "tcp", 53],
  nodes_dns_udp: ["ingress", "nodes", "pods", "udp", 53],
  nodes_dns_tcp: ["ingress", "nodes", "pods", "tcp", 53],
  pods_probes: ["ingress", "pods", "nodes", "tcp", 8080],
  nodes_probes: ["egress", "nodes", "pods", "tcp", 8080],
};

function ruleText(name: string, [direction, group, peer, protocol, port]: RuleLine): string {
  return `resource "aws_vpc_security_group_${direction}_rule" "${name}" {
  security_group_id            = aws_security_group.${group}.id
  referenced_security_group_id = aws_security_group.${peer}.id
  ip_protocol                  = "${protocol}"
  from_port                    = ${port}
  to_port                      = ${port}
}
`;
}

/** Pods with a group of their own, by a policy, on nodes that the configuration shows. */
const ESTATE = `
resource "aws_security_group" "pods" {}
resource "aws_security_group" "database" {}
resource "aws_security_group" "nodes" {}
resource "aws_db_instance" "orders" {
  engine                 = "postgres"
  vpc_security_group_ids = [aws_security_group.database.id]
}
resource "aws_launch_template" "nodes" { vpc_security_group_ids = [aws_security_group.nodes.id] }
resource "aws_eks_node_group" "nodes" {
  instance_types = ["m5.large"]
  launch_template {
    id = aws_launch_template.nodes.id
  }
}
resource "kubernetes_manifest" "policy" {
  manifest = {
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "orders", namespace = "orders" }
    spec       = { podSelector = { matchLabels = { app = "orders" } }, securityGroups = { groupIds = [aws_security_group.pods.id] } }
  }
}
`;

const FLOWS: Readonly<Record<string, string>> = {
  data: "allow pods -> database TCP 5432",
  dns: "allow pods -> nodes TCP 53, UDP 53",
  probes: "allow nodes -> pods TCP 8080",
};

const POLICY = "kubernetes_manifest.policy";
const rule = (name: string) => `aws_vpc_security_group_${RULES[name]?.[0]}_rule.${name}`;

/** The estate without some of its rules, with some of the flows. */
function estate(without: readonly string[], flows: Readonly<Record<string, string>>): string {
  const kept = Object.entries(RULES).filter(([name]) => !without.includes(name));
  const stated = Object.entries(flows).map(([name, flow]) => `  ${name}: ${flow}`);
  return folderWith({
    "main.tf": ESTATE + kept.map(([name, line]) => ruleText(name, line)).join(""),
    ...(stated.length > 0 && {
      "flows.yaml": [
        "format: 1",
        "endpoints:",
        ...["pods", "database", "nodes"].map((name) => `  ${name}: aws_security_group.${name}`),
        "flows:",
        ...stated,
      ].join("\n"),
    }),
  });
}

const DNS = ["pods_dns_udp", "pods_dns_tcp", "nodes_dns_udp", "nodes_dns_tcp"];
const UDP_ONLY = { dns: "allow pods -> nodes UDP 53" };

const CASES: [
  what: string,
  without: readonly string[],
  flows: Readonly<Record<string, string>>,
  entries: string[],
][] = [
  ["nothing is missing", [], FLOWS, []],
  ["nothing is missing, and no flow is stated", [], {}, []],
  ["DNS over TCP, out of the pods", ["pods_dns_tcp"], FLOWS, ["broken dns"]],
  ["DNS over UDP, out of the pods", ["pods_dns_udp"], FLOWS, ["broken dns"]],
  ["DNS over TCP, into the nodes", ["nodes_dns_tcp"], FLOWS, ["broken dns"]],
  ["DNS over UDP, into the nodes", ["nodes_dns_udp"], FLOWS, ["broken dns"]],
  ["DNS out of the pods", ["pods_dns_udp", "pods_dns_tcp"], FLOWS, ["broken dns"]],
  ["all of DNS", DNS, FLOWS, ["broken dns"]],
  ["the probes' ingress", ["pods_probes"], FLOWS, ["broken probes"]],
  ["the probes' egress", ["nodes_probes"], FLOWS, ["broken probes"]],
  ["the database's ingress", ["database_data"], FLOWS, ["broken data"]],
  ["the pods' egress to the database", ["pods_data"], FLOWS, ["broken data"]],
  ["both halves of the data", ["pods_data", "database_data"], FLOWS, ["broken data"]],
  ["two causes", ["pods_probes", "pods_dns_tcp"], FLOWS, ["broken dns", "broken probes"]],
  [
    "what no flow is about is found beside what one is",
    ["pods_probes", "database_data"],
    { data: FLOWS["data"] as string },
    ["broken data", `no-probe-path ${POLICY}`, `dead-rule ${rule("nodes_probes")}`],
  ],
  [
    "DNS over TCP, where a flow is about UDP alone and holds",
    ["pods_dns_tcp", "nodes_dns_tcp"],
    UDP_ONLY,
    [`dns-half-open ${rule("pods_dns_udp")}`],
  ],
  [
    "UDP out of the pods and TCP into the nodes, where a flow is about UDP alone",
    ["pods_dns_udp", "nodes_dns_tcp"],
    UDP_ONLY,
    ["broken dns", `dns-half-open ${rule("pods_dns_tcp")}`],
  ],
  [
    "all of DNS, where no flow is about it",
    DNS,
    { data: FLOWS["data"] as string },
    [`no-dns-path ${POLICY}`],
  ],
];

describe("a missing rule of an estate is one entry", () => {
  test.each(CASES)("%s", async (_, without, flows, entries) => {
    expect((await entriesOf(estate(without, flows))).sort()).toStrictEqual([...entries].sort());
  });
});

const STACKS = join(PROJECT, "cdktf.out/stacks");

/** Each rule of the modules that bring flows along. */
const RULES_OF_MODULES = readdirSync(STACKS).flatMap(
  (name): [module: string, type: string, rule: string][] => {
    const tests = join(STACKS, name, "tests/plan.tftest.json");
    if (!existsSync(tests) || !existsSync(join(STACKS, name, "flows.yaml"))) return [];
    const { resource } = configurationOf(name);
    return Object.keys(resource)
      .filter((type) => /_rule$/.test(type))
      .flatMap((type) =>
        Object.keys(resource[type] ?? {}).map((rule): [string, string, string] => [name, type, rule]),
      );
  },
);

function configurationOf(name: string): { resource: Record<string, Record<string, unknown>> } {
  return JSON.parse(readFileSync(join(STACKS, name, "cdk.tf.json"), "utf8"));
}

describe("a rule that is taken out of a module is one broken flow at most, and nothing besides", () => {
  test.each(RULES_OF_MODULES)("%s without %s.%s", async (name, type, rule) => {
    const folder = temporaryFolder();
    cpSync(join(STACKS, name), folder, { recursive: true });
    const configuration = configurationOf(name);
    delete configuration.resource[type]?.[rule];
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(configuration));
    const { variables } = JSON.parse(readFileSync(join(STACKS, name, "tests/plan.tftest.json"), "utf8"));
    writeFileSync(join(folder, "terraform.tfvars.json"), JSON.stringify(variables));
    const entries = await entriesOf(folder);
    expect(entries.filter((entry) => !entry.startsWith("broken "))).toStrictEqual([]);
    expect(entries.length).toBeLessThanOrEqual(1);
    // The article's module needs each of its rules, but for the one that its flows.yaml speaks of.
    if (name === "rds-mysql") expect(entries).toHaveLength(rule === "rds_ingress_to_self" ? 0 : 1);
  });
});
