/*
 * Small configurations with flows whose verdicts hang on the families of addresses, each with the right value. A packet has
 * one family; a rule for an address admits packets of its own family alone, a rule for a group those of both
 * (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
 */

export const V4 = "10.0.0.0/16";
export const V6 = "2600:1f00:1::/64";

/** A verdict: what holds only if something is true, with what the report says of it. */
export type Expected = "holds" | "broken" | { readonly if: readonly string[] };

export const group = (name: string) => `resource "aws_security_group" "${name}" { name = "${name}" }\n`;

/** A rule in the recommended form, for all traffic unless its protocol is given. */
export function rule(
  name: string,
  owner: string,
  direction: "ingress" | "egress",
  peer: string,
  traffic = "",
) {
  const isGroup = peer.startsWith("aws_");
  const argument = isGroup ? "referenced_security_group_id" : peer.includes(":") ? "cidr_ipv6" : "cidr_ipv4";
  return `resource "aws_vpc_security_group_${direction}_rule" "${name}" {
  security_group_id = aws_security_group.${owner}.id
  ${argument} = ${isGroup ? `${peer}.id` : JSON.stringify(peer)}
  ${traffic || 'ip_protocol = "-1"'}
}
`;
}

export const out = (owner: string, peer: string, name = `${owner}_out`) => rule(name, owner, "egress", peer);
export const into = (owner: string, peer: string, name = `${owner}_in`) => rule(name, owner, "ingress", peer);
const ping = (protocol: "icmp" | "icmpv6", type: number) =>
  `ip_protocol = "${protocol}"\n  from_port = ${type}\n  to_port = -1`;

export const PODS = group("pods");
export const DB = group("db");

export interface FamilyCase {
  readonly what: string;
  readonly hcl: string;
  readonly endpoints: string;
  readonly flows: Readonly<Record<string, readonly [flow: string, expected: Expected]>>;
}

export const FAMILY_CASES: readonly FamilyCase[] = [
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
            "sg-0a1b2c3d4e5f60001 allows egress TCP 8080 to pods",
            "lb has its address within 10.0.0.0/16 or 172.16.0.0/16 (aws_security_group_rule.private)",
          ],
        },
      ],
      two: [
        "allow two -> pods TCP 8080",
        {
          if: [
            "sg-0a1b2c3d4e5f60001 allows egress TCP 8080 to pods, or sg-0a1b2c3d4e5f60002 allows egress TCP 8080 to pods",
          ],
        },
      ],
      closed: [
        "deny lb -> pods",
        {
          if: [
            "sg-0a1b2c3d4e5f60001 does not allow egress TCP 8080 to pods, or lb does not have its address within 10.0.0.0/16 or 172.16.0.0/16 (aws_security_group_rule.private)",
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

/** The `flows.yaml` of a case. */
export function flowsYaml({ endpoints, flows }: FamilyCase): string {
  const lines = Object.entries(flows).map(([name, [flow]]) => `  ${name}: ${flow}`);
  return `format: 1\nendpoints:\n  ${endpoints}\nflows:\n${lines.join("\n")}\n`;
}
