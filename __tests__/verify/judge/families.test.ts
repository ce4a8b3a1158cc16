import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flowIdText } from "../../../verify/expect/flow-id";
import { render } from "../../../verify/report";
import { conditionWords } from "../../../verify/report/condition-words";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";
import { DB, type Expected, FAMILY_CASES, flowsYaml, group, into, out, PODS, V4, V6 } from "./family-cases";

/*
 * What a flow's verdict is when its ends have IPv4, IPv6 or both. A packet has one family; a rule for an address admits
 * packets of its own family alone, a rule for a group those of both
 * (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
 */

/** The verdicts of some flows on some HCL. */
async function verdictsOf(hcl: string, flows: string, options: Parameters<typeof verify>[1] = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf"), hcl);
  writeFileSync(join(folder, "flows.yaml"), flows.startsWith("format:") ? flows : `format: 1\n${flows}`);
  return verify(folder, options);
}

function meaning(report: Awaited<ReturnType<typeof verdictsOf>>): Record<string, Expected> {
  return Object.fromEntries(
    report.verdicts.map(({ flow, status, conditions }) => [
      flowIdText(flow.id),
      status === "holds-if" ? { if: conditions.map(conditionWords) } : status,
    ]),
  );
}

describe.each(FAMILY_CASES)("$what", (one) => {
  test("has the right verdicts", async () => {
    const report = await verdictsOf(one.hcl, flowsYaml(one));
    expect(meaning(report)).toStrictEqual(
      Object.fromEntries(Object.entries(one.flows).map(([name, [, expected]]) => [name, expected])),
    );
  });
});

describe("the report says", () => {
  test("why no packet of a flow can exist", async () => {
    const report = await verdictsOf(
      PODS + DB + out("pods", "0.0.0.0/0") + into("db", "aws_security_group.pods"),
      `endpoints:
  pods: { group: aws_security_group.pods, cidrs: ["${V6}"] }
  db: { group: aws_security_group.db, cidrs: ["10.1.0.0/16"] }
  six: { group: aws_security_group.db, cidrs: ["2600:1f00:2::/64"] }
flows:
  tcp: allow pods -> db TCP 3306
  icmp: allow pods -> six ICMP 8
`,
    );
    const because = "pods has only IPv6 addresses and db only IPv4 addresses";
    for (const format of ["text", "markdown", "sarif", "json"] as const) {
      const text = render([report], format, { color: false });
      expect(text).toContain(because);
      expect(text.replace(/\s+/g, " ")).toContain(
        "ICMP exists only in IPv4, and pods and six have only IPv6 addresses in common",
      );
      expect(text).not.toContain("no rule allows");
    }
    expect(report.verdicts.flatMap(({ cures }) => cures)).toStrictEqual([]);
  });

  test("in which family something is missing or closed", async () => {
    const report = await verdictsOf(
      PODS + DB + out("pods", "10.1.0.0/16") + into("db", V6),
      `endpoints:
  pods: { group: aws_security_group.pods, cidrs: ["${V4}", "${V6}"] }
  db: { group: aws_security_group.db, cidrs: ["10.1.0.0/16", "2600:1f00:2::/64"] }
flows:
  open: allow pods -> db TCP 3306
  closed: deny pods -> db TCP 3306
`,
    );
    const text = render([report], "text", { color: false, all: true });
    expect(text).toContain("pods egress  no rule allows TCP 3306 over IPv6");
    expect(text).toContain("db ingress   no rule allows TCP 3306 over IPv4");
    expect(text).toContain("pods egress  no rule allows it over IPv6");
    expect(text).toContain("db ingress   no rule allows it over IPv4");
  });
});

// ── Families that the input shows ───────────────────────────────────────────────────────────────────────────

const VPC = 'resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }\n';
const subnet = (name: string, more: string) => `resource "aws_subnet" "${name}" {
  vpc_id = aws_vpc.main.id
  ${more}
}
`;
const SUBNETS =
  VPC +
  subnet("four", 'cidr_block = "10.0.0.0/24"') +
  subnet("both", 'cidr_block = "10.0.1.0/24"\n  ipv6_cidr_block = "2600:1f00:1::/64"') +
  subnet(
    "assigns",
    'cidr_block = "10.0.2.0/24"\n  ipv6_cidr_block = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 2)\n  assign_ipv6_address_on_creation = true',
  ) +
  subnet(
    "six",
    'ipv6_native = true\n  ipv6_cidr_block = "2600:1f00:3::/64"\n  assign_ipv6_address_on_creation = true',
  ) +
  subnet("perhaps", 'cidr_block = "10.0.4.0/24"\n  ipv6_cidr_block = var.block');
const carrier = (type: string, more: string) =>
  `variable "block" { type = string }\n${SUBNETS}
resource "${type}" "x" {
  ${more}
}
resource "aws_db_subnet_group" "four" {
  name       = "four"
  subnet_ids = [aws_subnet.four.id]
}
resource "aws_db_subnet_group" "both" {
  subnet_ids = aws_subnet.both[*].id
}
resource "aws_elasticache_subnet_group" "both" {
  name       = "caches"
  subnet_ids = [aws_subnet.both.id]
}
`;
const GROUPS = "vpc_security_group_ids = [aws_security_group.db.id]";
const LB = "security_groups = [aws_security_group.db.id]";
const CACHE_GROUPS = "security_group_ids = [aws_security_group.db.id]";

describe("the subnets of what carries a group say its families", () => {
  const four = { from4: "holds", from6: "broken", both: "holds" } as const;
  const six = { from4: "broken", from6: "holds", both: "broken" } as const;
  // A client of both families has to get through in both, and the rule below is of IPv4 alone for one.
  const both = { from4: "holds", from6: "holds", both: "broken" } as const;
  const unknown = { from4: "holds", from6: "holds", both: "holds" } as const;

  test.each<[string, string, string, Readonly<Record<string, Expected>>]>([
    [
      "an instance in a subnet without IPv6",
      "aws_instance",
      `subnet_id = aws_subnet.four.id\n${GROUPS}`,
      four,
    ],
    [
      "an instance that gets no IPv6 address",
      "aws_instance",
      `subnet_id = aws_subnet.both.id\n${GROUPS}`,
      four,
    ],
    [
      "an instance that asks for an IPv6 address",
      "aws_instance",
      `subnet_id = aws_subnet.both.id\nipv6_address_count = 1\n${GROUPS}`,
      both,
    ],
    [
      "an instance in a subnet that assigns IPv6 addresses",
      "aws_instance",
      `subnet_id = aws_subnet.assigns.id\n${GROUPS}`,
      both,
    ],
    ["an instance in an IPv6-only subnet", "aws_instance", `subnet_id = aws_subnet.six.id\n${GROUPS}`, six],
    ["a network interface", "aws_network_interface", `subnet_id = aws_subnet.six.id\n${LB}`, six],
    [
      "a subnet whose IPv6 block may be null",
      "aws_instance",
      `subnet_id = aws_subnet.perhaps.id\n${GROUPS}`,
      unknown,
    ],
    ["a subnet from elsewhere", "aws_instance", `subnet_id = "subnet-0a1b2c3d"\n${GROUPS}`, unknown],
    [
      "a database by the name of its subnets",
      "aws_db_instance",
      `db_subnet_group_name = "four"\n${GROUPS}`,
      four,
    ],
    [
      "a database whose subnets would do for both",
      "aws_db_instance",
      `db_subnet_group_name = aws_db_subnet_group.both.name\n${GROUPS}`,
      unknown,
    ],
    ["a database of IPv4", "aws_db_instance", `network_type = "IPV4"\n${GROUPS}`, four],
    ["a database of both", "aws_rds_cluster", `network_type = "DUAL"\n${GROUPS}`, both],
    ["a cache of IPv6", "aws_elasticache_cluster", `network_type = "ipv6"\n${CACHE_GROUPS}`, six],
    [
      "a cache that does not say",
      "aws_elasticache_replication_group",
      `subnet_group_name = "caches"\n${CACHE_GROUPS}`,
      unknown,
    ],
    ["a load balancer, whose default is IPv4", "aws_lb", `subnets = [aws_subnet.both.id]\n${LB}`, four],
    [
      "a load balancer of both",
      "aws_lb",
      `subnets = [aws_subnet.both.id]\nip_address_type = "dualstack"\n${LB}`,
      both,
    ],
    ["a type that is not known", "aws_lb", `ip_address_type = var.block\n${LB}`, unknown],
  ])("%s", async (_, type, body, expected) => {
    const report = await verdictsOf(
      DB + into("db", "10.9.0.0/16") + into("db", "2600:1f00:8::/64", "db_in6") + carrier(type, body),
      `endpoints:
  db: aws_security_group.db
  four: 10.9.0.0/16
  six: 2600:1f00:8::/64
  both: { cidrs: [10.9.0.0/16, "2600:1f00:9::/64"] }
flows:
  from4: allow four -> db TCP 3306
  from6: allow six -> db TCP 3306
  both: allow both -> db TCP 3306
`,
    );
    expect(meaning(report)).toStrictEqual(expected);
  });
});

describe('in a cluster with ip_family = "ipv6"', () => {
  const cluster = (family: string) => `resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config { subnet_ids = [] }
  kubernetes_network_config { ip_family = ${JSON.stringify(family)} }
}
`;
  const RULES =
    PODS +
    DB +
    group("nodes") +
    out("pods", "::/0") +
    out("nodes", "0.0.0.0/0") +
    into("db", "aws_security_group.pods") +
    into("pods", "aws_security_group.nodes");
  const FLOWS = `nodes: nodes
endpoints:
  pods: { group: aws_security_group.pods, on_nodes: true }
  nodes: { group: aws_security_group.nodes, on_nodes: true }
  db: aws_security_group.db
  db4: { group: aws_security_group.db, cidrs: [10.1.0.0/16] }
flows:
  internet: allow pods -> internet TCP 443
  api: allow nodes -> internet TCP 443
  db: allow pods -> db TCP 3306
  db4: allow pods -> db4 TCP 3306
  closed: deny pods -> db4 TCP 22
`;
  const node = (words: string) =>
    `the CNI sends traffic of pods through the IPv4 address of its node (the cluster's ip_family is ipv6), and the security groups of the node ${words}`;

  test("pods have IPv6, and reach IPv4 through their node; the nodes have both", async () => {
    expect(meaning(await verdictsOf(cluster("ipv6") + RULES, FLOWS))).toStrictEqual({
      internet: "holds",
      api: "holds",
      db: "holds",
      db4: { if: [node("and of db4 allow TCP 3306")] },
      closed: { if: [node("or of db4 do not allow TCP 22")] },
    });
  });

  test("a rule of IPv4 does not open the internet, and a database that may have IPv4 is not broken", async () => {
    const report = await verdictsOf(cluster("ipv6") + RULES.replace("::/0", "0.0.0.0/0"), FLOWS);
    expect(meaning(report)).toMatchObject({
      internet: "broken",
      db: { if: [node("and of db allow TCP 3306")] },
    });
  });

  test("with IPv4 nothing of that is so", async () => {
    expect(meaning(await verdictsOf(cluster("ipv4") + RULES, FLOWS))).toMatchObject({
      internet: "broken",
      db4: "broken",
      closed: "holds",
    });
  });

  test("in the mode standard, IPv6 is not translated: the pods' own groups decide", async () => {
    const flows = `${FLOWS.replace("endpoints:", "endpoints:\n  dns: 8.8.8.8/32")}  public: allow pods -> dns UDP 53\n`;
    const report = await verdictsOf(cluster("ipv6") + RULES, flows, { mode: "standard" });
    expect(meaning(report)).toMatchObject({
      internet: "holds",
      db4: { if: [node("and of db4 allow TCP 3306")] },
      closed: { if: [node("or of db4 do not allow TCP 22")] },
      public: { if: [node("and of dns allow UDP 53")] },
    });
  });
});
