import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flowIdText } from "../../../verify/expect/flow-id";
import { render } from "../../../verify/report";
import { conditionWords } from "../../../verify/report/condition-words";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";

/*
 * What a flow's verdict is when its ends have IPv4, IPv6 or both. A packet has one family; a rule for an address admits
 * packets of its own family alone, a rule for a group those of both
 * (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
 */

const V4 = "10.0.0.0/16";
const V6 = "2600:1f00:1::/64";

type Expected = "holds" | "broken" | { readonly if: readonly string[] };

/** The verdicts of some flows on some HCL. */
async function verdictsOf(hcl: string, flows: string, options: Parameters<typeof verify>[1] = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf"), hcl);
  writeFileSync(join(folder, "flows.yaml"), `format: 1\n${flows}`);
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

const group = (name: string) => `resource "aws_security_group" "${name}" { name = "${name}" }\n`;

/** A rule in the recommended form, for all traffic unless its protocol is given. */
function rule(name: string, owner: string, direction: "ingress" | "egress", peer: string, traffic = "") {
  const isGroup = peer.startsWith("aws_");
  const argument = isGroup ? "referenced_security_group_id" : peer.includes(":") ? "cidr_ipv6" : "cidr_ipv4";
  return `resource "aws_vpc_security_group_${direction}_rule" "${name}" {
  security_group_id = aws_security_group.${owner}.id
  ${argument} = ${isGroup ? `${peer}.id` : JSON.stringify(peer)}
  ${traffic || 'ip_protocol = "-1"'}
}
`;
}

const out = (owner: string, peer: string, name = `${owner}_out`) => rule(name, owner, "egress", peer);
const into = (owner: string, peer: string, name = `${owner}_in`) => rule(name, owner, "ingress", peer);
const ping = (protocol: "icmp" | "icmpv6", type: number) =>
  `ip_protocol = "${protocol}"\n  from_port = ${type}\n  to_port = -1`;

const PODS = group("pods");
const DB = group("db");

interface Case {
  readonly what: string;
  readonly hcl: string;
  readonly endpoints: string;
  readonly flows: Readonly<Record<string, readonly [flow: string, expected: Expected]>>;
}

const CASES: readonly Case[] = [
  {
    what: "a pod that has only IPv6 reaches the internet by ::/0, not by 0.0.0.0/0",
    hcl: PODS + group("jobs") + out("pods", "0.0.0.0/0") + out("jobs", "::/0"),
    endpoints: `pods: { group: aws_security_group.pods, cidrs: ["${V6}"] }
  jobs: { group: aws_security_group.jobs, cidrs: ["${V6}"] }`,
    flows: {
      refused: ["allow pods -> internet TCP 443", "broken"],
      works: ["allow jobs -> internet TCP 443", "holds"],
      closed: ["deny pods -> internet TCP 443", "holds"],
      open: ["deny jobs -> internet TCP 443", "broken"],
    },
  },
  {
    what: "a deny is not opened by one half in IPv4 and the other in IPv6",
    hcl: PODS + group("app") + DB + out("pods", "::/0") + out("app", "10.1.0.0/16") + into("db", V6),
    endpoints: `pods: { group: aws_security_group.pods, cidrs: ["${V4}"] }
  app: { group: aws_security_group.app, cidrs: ["${V4}", "${V6}"] }
  db: { group: aws_security_group.db, cidrs: ["10.1.0.0/16", "2600:1f00:2::/64"] }`,
    flows: {
      internet: ["deny pods -> internet", "holds"],
      database: ["deny app -> db", "holds"],
    },
  },
  {
    what: "what reaches an unknown address from IPv6 alone is IPv6, and nothing reaches IPv4",
    hcl: PODS + DB + out("pods", "0.0.0.0/0") + into("db", "aws_security_group.pods"),
    endpoints: `pods: { group: aws_security_group.pods, cidrs: ["${V6}"] }
  db: aws_security_group.db
  db4: { group: aws_security_group.db, cidrs: ["10.1.0.0/16"] }`,
    flows: {
      unknown: ["allow pods -> db TCP 3306", "broken"],
      impossible: ["allow pods -> db4 TCP 3306", "broken"],
      closed: ["deny pods -> db TCP 3306", "holds"],
      apart: ["deny pods -> db4 TCP 3306", "holds"],
    },
  },
  {
    what: "a network of both families needs IPv4 alone where the other side has nothing else",
    hcl: DB + into("db", "10.9.0.0/16"),
    endpoints: `office: { cidrs: ["10.9.0.0/16", "2600:1f00:9::/56"] }
  db: { group: aws_security_group.db, cidrs: ["10.1.0.0/16"] }
  both: { group: aws_security_group.db, cidrs: ["10.1.0.0/16", "2600:1f00:2::/64"] }`,
    flows: {
      office: ["allow office -> db TCP 3306", "holds"],
      both: ["allow office -> both TCP 3306", "broken"],
    },
  },
  {
    what: "ICMP is of IPv4, ICMPv6 of IPv6",
    hcl:
      DB +
      rule("ping", "db", "ingress", "10.9.0.0/16", ping("icmp", 8)) +
      rule("ping6", "db", "ingress", "2600:1f00:9::/56", ping("icmpv6", 128)),
    endpoints: `office: { cidrs: ["10.9.0.0/16", "2600:1f00:9::/56"] }
  office4: 10.9.0.0/16
  db: { group: aws_security_group.db, cidrs: ["10.1.0.0/16", "2600:1f00:1::/64"] }
  unknown: aws_security_group.db`,
    flows: {
      both: ["allow office -> db ICMP 8, ICMPv6 128", "holds"],
      four: ["allow office4 -> db ICMP 8", "holds"],
      none: ["allow office4 -> db ICMPv6 128", "broken"],
      only: ["allow office -> unknown ICMPv6 128", "holds"],
      more: ["allow office -> unknown ICMPv6", "broken"],
      all: ["allow office -> db ICMP, ICMPv6", "broken"],
    },
  },
  {
    what: "one of several CIDRs will do, and one of several groups",
    hcl: `${PODS}
resource "aws_security_group_rule" "private" {
  type              = "ingress"
  security_group_id = aws_security_group.pods.id
  protocol          = "tcp"
  from_port         = 8080
  to_port           = 8080
  cidr_blocks       = ["10.0.0.0/16", "172.16.0.0/16"]
}
`,
    endpoints: `lb: sg-0a1b2c3d4e5f60001
  two: { groups: [sg-0a1b2c3d4e5f60001, sg-0a1b2c3d4e5f60002], cidrs: [10.0.0.1] }
  pods: aws_security_group.pods`,
    flows: {
      lb: [
        "allow lb -> pods TCP 8080",
        {
          if: [
            "sg-0a1b2c3d4e5f60001 permits egress TCP 8080 to pods",
            "lb has its address within 10.0.0.0/16 or 172.16.0.0/16 (aws_security_group_rule.private)",
          ],
        },
      ],
      two: [
        "allow two -> pods TCP 8080",
        {
          if: [
            "sg-0a1b2c3d4e5f60001 permits egress TCP 8080 to pods, or sg-0a1b2c3d4e5f60002 permits egress TCP 8080 to pods",
          ],
        },
      ],
      closed: [
        "deny lb -> pods",
        {
          if: [
            "sg-0a1b2c3d4e5f60001 does not permit egress TCP 8080 to pods, or lb does not have its address within 10.0.0.0/16 or 172.16.0.0/16 (aws_security_group_rule.private)",
          ],
        },
      ],
    },
  },
  {
    what: "two halves of IPv4 are all of it, in one rule, in two, and in a prefix list",
    hcl: `${PODS}${DB}${group("one")}${group("listed")}${group("half")}
${out("pods", "0.0.0.0/1", "low")}${out("pods", "128.0.0.0/1", "high")}
${into("db", "aws_security_group.pods")}${into("db", "aws_security_group.one", "from_one")}
${into("db", "aws_security_group.listed", "from_listed")}${into("db", "aws_security_group.half", "from_half")}
resource "aws_security_group_rule" "both" {
  type              = "egress"
  security_group_id = aws_security_group.one.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/1", "128.0.0.0/1"]
}
resource "aws_ec2_managed_prefix_list" "all" {
  name           = "all"
  address_family = "IPv4"
  max_entries    = 2
  entry { cidr = "0.0.0.0/1" }
  entry { cidr = "128.0.0.0/1" }
}
resource "aws_vpc_security_group_egress_rule" "listed" {
  security_group_id = aws_security_group.listed.id
  prefix_list_id    = aws_ec2_managed_prefix_list.all.id
  ip_protocol       = "-1"
}
${out("half", "0.0.0.0/1")}`,
    endpoints: `pods: aws_security_group.pods
  one: aws_security_group.one
  listed: aws_security_group.listed
  half: aws_security_group.half
  db: aws_security_group.db`,
    flows: {
      open: ["allow pods -> db TCP 3306", "holds"],
      closed: ["deny pods -> db TCP 22", "broken"],
      one: ["allow one -> db TCP 3306", "holds"],
      listed: ["allow listed -> db TCP 3306", "holds"],
      "listed-closed": ["deny listed -> db TCP 22", "broken"],
      half: [
        "allow half -> db TCP 3306",
        {
          if: ["db has its address within 0.0.0.0/1 (aws_vpc_security_group_egress_rule.half_out)"],
        },
      ],
    },
  },
  {
    what: "an unknown address may have no IPv6, which only a deny has to mind",
    hcl: PODS + DB + out("pods", "::/0") + into("db", "aws_security_group.pods"),
    endpoints: "pods: aws_security_group.pods\n  db: aws_security_group.db",
    flows: {
      allow: ["allow pods -> db TCP 3306", "broken"],
      deny: [
        "deny pods -> db TCP 3306",
        { if: ["db does not have an IPv6 address (aws_vpc_security_group_egress_rule.pods_out)"] },
      ],
    },
  },
];

describe.each(CASES)("$what", ({ hcl, endpoints, flows }) => {
  test("has the right verdicts", async () => {
    const words = Object.entries(flows).map(([name, [flow]]) => `  ${name}: ${flow}`);
    const report = await verdictsOf(hcl, `endpoints:\n  ${endpoints}\nflows:\n${words.join("\n")}\n`);
    expect(meaning(report)).toStrictEqual(
      Object.fromEntries(Object.entries(flows).map(([name, [, expected]]) => [name, expected])),
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
      expect(text).not.toContain("no rule admits");
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
    const text = render([report], "text", { color: false });
    expect(text).toContain("out of pods  no rule admits TCP 3306 over IPv6");
    expect(text).toContain("into db      no rule admits TCP 3306 over IPv4");
    expect(text).toContain("out of pods  no rule admits it over IPv6");
    expect(text).toContain("into db      no rule admits it over IPv4");
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
    `the CNI lets pods out through the IPv4 address of its node (the cluster's ip_family is ipv6), and the security groups of the node ${words}`;

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
