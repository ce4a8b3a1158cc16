import { describe, expect, test } from "vitest";
import { subtract } from "../../../network/intervals";
import { describePeer, type RulePeer } from "../../../network/peers";
import { describeAll, describeTraffic, type Traffic, trafficOf, trafficSet } from "../../../network/traffic";
import type { Endpoint, Flow } from "../../../verify/expect/model";
import type { Doubt, Group, SecurityGroupRule, UnknownTraffic } from "../../../verify/inventory/model";
import { type JudgeOptions, judge } from "../../../verify/judge/judge";
import type { Half, Verdict } from "../../../verify/judge/model";
import { conditionWords } from "../../../verify/report/condition-words";

/*
 * All that a verdict says: what admits each half and what of it is missing, the rules to add, what must be true, what
 * opens it. The oracle looks at the verdict itself in random worlds.
 */

// ── Traffic, rules, ends ────────────────────────────────────────────────────────────────────────────────────

const ALL: Traffic = { protocol: "all" };
const tcp = (from: number, to = from): Traffic => ({ protocol: "tcp", ports: { from, to } });
const udp = (from: number, to = from): Traffic => ({ protocol: "udp", ports: { from, to } });
const icmp = (type: number): Traffic => ({ protocol: "icmp", type, code: -1 });
const icmpv6 = (type: number): Traffic => ({ protocol: "icmpv6", type, code: -1 });
const other = (number: number): Traffic => ({ protocol: "other", number });
const esp = other(50);
/** `all traffic except TCP 80`, as flows.yaml is read. */
const ALL_BUT_TCP_80 = trafficOf(subtract(trafficSet([ALL]), trafficSet([tcp(80)])));

const group = (key: string): RulePeer => ({ kind: "group", group: key });
const cidr = (text: string): RulePeer => ({ kind: "cidr", cidr: text });

type More = Partial<Record<"unknownGroup", string>> & {
  readonly group?: undefined;
  readonly doubts?: readonly Doubt[];
  readonly unknownTraffic?: UnknownTraffic;
};

type RuleRow = readonly [
  owner: string,
  direction: "ingress" | "egress",
  traffic: Traffic | undefined,
  peer: RulePeer,
  more?: More,
];

const UNKNOWN_PORTS: UnknownTraffic = { argument: "from_port", expression: "var.ports" };

/** Rules are called by their number. */
const rulesOf = (rows: readonly RuleRow[]) =>
  rows.map(
    ([group, direction, traffic, peer, { unknownTraffic, ...more } = {}], index): SecurityGroupRule => {
      const address = `rule ${index + 1}`;
      const rule = { address, form: "classic" as const, group, direction, peer, source: { file: "main.tf" } };
      const { group: owner, ...rest } = { ...rule, ...more };
      const known = { ...rest, ...(owner !== undefined && { group: owner }) };
      return unknownTraffic ? { ...known, unknownTraffic } : { ...known, traffic: traffic ?? ALL };
    },
  );

const known = (key: string, more: Partial<Group> = {}): Group => ({
  key,
  label: key,
  knowledge: "all",
  tags: {},
  forms: new Set(),
  roles: new Set(),
  ...more,
});
/** `elsewhere` is declared by others, who call it "the team's"; `broken` and `cycle` cannot be made as they stand. */
const GROUPS = [
  known("pods"),
  known("db"),
  known("nodes"),
  known("elsewhere", { knowledge: "some", label: "the team's" }),
  known("broken", { refusedAt: [{ place: "place A" }] }),
  known("cycle", { refusedAt: [{ place: "place A" }, { place: "place B" }] }),
];

const end = (name: string, more: Partial<Endpoint> = {}): Endpoint => ({ name, groups: [name], ...more });
const at = (...cidrs: string[]): Endpoint => ({ name: "office", groups: [], cidrs });
const PODS = end("pods");
const DB = end("db");

// ── Verdicts in lines ───────────────────────────────────────────────────────────────────────────────────────

const FAMILY = { ipv4: "IPv4", ipv6: "IPv6" } as const;

/** Traffic in words, or by its number where they would be too many. */
function manyWords(traffic: readonly Traffic[]): string {
  const words = describeAll(traffic);
  return words.length > 100 ? `${traffic.length} kinds of traffic` : words;
}

function halfWords({
  direction,
  endpoint,
  admittedBy,
  missing,
  missingFamily,
  isClosed,
  closedFamily,
}: Half): string {
  return [
    `${{ egress: "out of", ingress: "into" }[direction]} ${endpoint.name}`,
    ...(admittedBy.length > 0 ? [`by ${admittedBy.join(", ")}`] : []),
    ...(missing.length > 0
      ? [`without ${manyWords(missing)}${missingFamily ? ` over ${FAMILY[missingFamily]}` : ""}`]
      : []),
    ...(isClosed ? ["closed"] : []),
    ...(closedFamily ? [`closed over ${FAMILY[closedFamily]}`] : []),
  ].join(" ");
}

function lines({ status, halves, cures, conditions, openedBy, impossible }: Verdict): string[] {
  return [
    ...(impossible ? [`${status}: ${impossible.kind}`] : [status]),
    ...halves.map(halfWords),
    ...cures.map(
      (cure) =>
        `add ${cure.direction} to ${cure.group}: ${describeTraffic(cure.traffic)}, ${describePeer(cure.peer)}`,
    ),
    ...conditions.map((condition) => `if ${conditionWords(condition)}`),
    ...openedBy.map((rule) => `opened by ${rule}`),
  ];
}

interface Row {
  readonly rules: readonly RuleRow[];
  readonly from?: Endpoint;
  readonly to?: Endpoint;
  readonly traffic: readonly Traffic[];
  readonly expect?: Flow["expect"];
  readonly required?: readonly string[];
  readonly standard?: Pick<JudgeOptions, "nodes">;
  readonly says: readonly string[];
}

function said({
  rules,
  from = PODS,
  to = DB,
  traffic,
  expect: wanted = "allow",
  required = [],
  standard,
}: Row) {
  const flow: Flow = {
    id: { module: "", name: "flow" },
    expect: wanted,
    from,
    to,
    traffic,
    required: new Set(required),
  };
  const groups = new Map(GROUPS.map((one) => [one.key, one]));
  const [verdict] = judge({ groups, rules: rulesOf(rules) }, [flow], {
    mode: standard ? "standard" : "strict",
    ...standard,
  });
  return lines(verdict as Verdict);
}

/** A rule of this direction, if the expression says so. */
const perhaps = (expression: string) => ({
  doubts: [{ kind: "direction" as const, direction: "egress" as const, expression }],
});
/** A rule that there is when an error is fixed. */
const REFUSED: Doubt = { kind: "refused", place: "place A" };
const OUT_OF_PODS: RuleRow = ["pods", "egress", ALL, group("db")];
const INTO_DB: RuleRow = ["db", "ingress", ALL, group("pods")];

describe("what is missing and the rules to add", () => {
  test.each<[string, Row]>([
    [
      "nothing, and no rule that has nothing to do with it is named",
      {
        rules: [
          OUT_OF_PODS,
          INTO_DB,
          ["pods", "egress", udp(3306), group("db")],
          ["db", "ingress", tcp(22), cidr("0.0.0.0/0")],
        ],
        traffic: [tcp(3306)],
        says: ["holds", "out of pods by rule 1", "into db by rule 2"],
      },
    ],
    [
      "one of two ports on the way in",
      {
        rules: [OUT_OF_PODS, ["db", "ingress", tcp(3306), group("pods")]],
        traffic: [tcp(3306), tcp(5432)],
        says: [
          "broken",
          "out of pods by rule 1",
          "into db by rule 2 without TCP 5432",
          "add ingress to db: TCP 5432, pods",
        ],
      },
    ],
    [
      "both halves",
      {
        rules: [["pods", "egress", tcp(22), group("db")]],
        traffic: [tcp(3306)],
        says: [
          "broken",
          "out of pods without TCP 3306 closed",
          "into db without TCP 3306 closed",
          "add egress to pods: TCP 3306, db",
          "add ingress to db: TCP 3306, pods",
        ],
      },
    ],
    [
      "everything",
      {
        rules: [],
        traffic: [ALL],
        says: [
          "broken",
          "out of pods without all traffic closed",
          "into db without all traffic closed",
          "add egress to pods: all traffic, db",
          "add ingress to db: all traffic, pods",
        ],
      },
    ],
    [
      "everything but one protocol",
      {
        rules: [OUT_OF_PODS, ["db", "ingress", tcp(0, 65535), group("pods")]],
        traffic: [ALL],
        says: [
          "broken",
          "out of pods by rule 1",
          "into db by rule 2 without all traffic except all TCP",
          "add ingress to db: all traffic, pods",
        ],
      },
    ],
    [
      "four protocols are a rule each",
      {
        rules: [INTO_DB],
        traffic: [tcp(443), udp(53), icmp(8), esp],
        says: [
          "broken",
          "out of pods without ICMP type 8, TCP 443, UDP 53 and IP protocol 50 closed",
          "into db by rule 1",
          "add egress to pods: ICMP type 8, db",
          "add egress to pods: TCP 443, db",
          "add egress to pods: UDP 53, db",
          "add egress to pods: IP protocol 50, db",
        ],
      },
    ],
    [
      "five protocols are all traffic",
      {
        rules: [INTO_DB],
        traffic: [tcp(443), udp(53), icmp(8), esp, other(47)],
        says: [
          "broken",
          "out of pods without ICMP type 8, TCP 443, UDP 53, IP protocol 47 and IP protocol 50 closed",
          "into db by rule 1",
          "add egress to pods: all traffic, db",
        ],
      },
    ],
    [
      "most types of a stated ICMP are all of it",
      {
        rules: [INTO_DB, ["pods", "egress", icmp(8), group("db")]],
        traffic: [tcp(443), icmp(-1)],
        says: [
          "broken",
          "out of pods by rule 2 without 256 kinds of traffic",
          "into db by rule 1",
          "add egress to pods: TCP 443, db",
          "add egress to pods: all ICMP, db",
        ],
      },
    ],
    [
      "most types of a stated ICMPv6 are all of it",
      {
        rules: [INTO_DB, ["pods", "egress", icmpv6(128), group("db")]],
        from: end("pods", { families: ["ipv6"] }),
        to: end("db", { families: ["ipv6"] }),
        traffic: [tcp(443), icmpv6(-1)],
        says: [
          "broken",
          "out of pods by rule 2 without 256 kinds of traffic over IPv6",
          "into db by rule 1",
          "add egress to pods: TCP 443, db",
          "add egress to pods: all ICMPv6, db",
        ],
      },
    ],
    [
      "five types of ICMP that are stated one by one stay five",
      {
        rules: [INTO_DB],
        traffic: [0, 3, 8, 11, 12].map(icmp),
        says: [
          "broken",
          "out of pods without ICMP type 0, ICMP type 3, ICMP type 8, ICMP type 11 and ICMP type 12 closed",
          "into db by rule 1",
          "add egress to pods: ICMP type 0, db",
          "add egress to pods: ICMP type 3, db",
          "add egress to pods: ICMP type 8, db",
          "add egress to pods: ICMP type 11, db",
          "add egress to pods: ICMP type 12, db",
        ],
      },
    ],
    [
      "the half of a range",
      {
        rules: [["pods", "egress", tcp(443), cidr("10.0.0.0/25")]],
        to: at("10.0.0.0/24"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods by rule 1 without TCP 443",
          "into office",
          "add egress to pods: TCP 443, 10.0.0.128/25",
        ],
      },
    ],
    [
      "the rest of a range in eight parts",
      {
        rules: [["pods", "egress", tcp(443), cidr("10.0.0.0/32")]],
        to: at("10.0.0.0/24"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods by rule 1 without TCP 443",
          "into office",
          "add egress to pods: TCP 443, 10.0.0.1/32",
          "add egress to pods: TCP 443, 10.0.0.2/31",
          "add egress to pods: TCP 443, 10.0.0.4/30",
          "add egress to pods: TCP 443, 10.0.0.8/29",
          "add egress to pods: TCP 443, 10.0.0.16/28",
          "add egress to pods: TCP 443, 10.0.0.32/27",
          "add egress to pods: TCP 443, 10.0.0.64/26",
          "add egress to pods: TCP 443, 10.0.0.128/25",
        ],
      },
    ],
    [
      "the rest of a range in nine parts is not worth it",
      {
        rules: [["pods", "egress", tcp(443), cidr("10.0.0.0/32")]],
        to: at("10.0.0.0/23"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods by rule 1 without TCP 443",
          "into office",
          "add egress to pods: TCP 443, 10.0.0.0/23",
        ],
      },
    ],
    [
      "ranges as they are written where all of them are missing",
      {
        rules: [],
        to: at("10.0.0.0/25", "10.0.0.128/25"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods without TCP 443 closed",
          "into office",
          "add egress to pods: TCP 443, 10.0.0.0/25",
          "add egress to pods: TCP 443, 10.0.0.128/25",
        ],
      },
    ],
    [
      "both families, with the range of each",
      {
        rules: [],
        from: end("pods", { families: ["ipv4", "ipv6"] }),
        to: at("10.0.0.0/8", "fd00::/8"),
        traffic: [ALL],
        says: [
          "broken",
          "out of pods without all traffic closed",
          "into office",
          "add egress to pods: all traffic, 10.0.0.0/8",
          "add egress to pods: all traffic, fd00::/8",
        ],
      },
    ],
    [
      "one of both families",
      {
        rules: [["pods", "egress", ALL, cidr("10.0.0.0/8")]],
        from: end("pods", { families: ["ipv4", "ipv6"] }),
        to: at("10.0.0.0/8", "fd00::/8"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods by rule 1 without TCP 443 over IPv6 closed over IPv6",
          "into office",
          "add egress to pods: TCP 443, fd00::/8",
        ],
      },
    ],
    [
      "the internet",
      {
        rules: [],
        to: at("internet"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods without TCP 443 closed",
          "into office",
          "add egress to pods: TCP 443, 0.0.0.0/0",
        ],
      },
    ],
    [
      "the internet of IPv6",
      {
        rules: [],
        from: end("pods", { families: ["ipv6"] }),
        to: at("internet"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods without TCP 443 over IPv6 closed",
          "into office",
          "add egress to pods: TCP 443, ::/0",
        ],
      },
    ],
    [
      "the internet, beside a range of another family",
      {
        rules: [],
        from: end("pods", { families: ["ipv6"] }),
        to: at("internet", "10.0.0.0/8"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods without TCP 443 over IPv6 closed",
          "into office",
          "add egress to pods: TCP 443, ::/0",
        ],
      },
    ],
    [
      "a part of the internet",
      {
        rules: [["pods", "egress", tcp(443), cidr("8.8.8.8/32")]],
        to: at("internet"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods by rule 1 without TCP 443",
          "into office",
          "add egress to pods: TCP 443, 0.0.0.0/0",
        ],
      },
    ],
    [
      "a rule of the group that the input shows, where the other is declared elsewhere but must have it",
      {
        rules: [],
        from: end("pods", { groups: ["elsewhere"] }),
        required: ["elsewhere"],
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods without TCP 443 closed",
          "into db without TCP 443 closed",
          "add egress to elsewhere: TCP 443, db",
          "add ingress to db: TCP 443, elsewhere",
        ],
      },
    ],
    [
      "ports side by side, as they are stated",
      {
        rules: [INTO_DB],
        traffic: [tcp(80), tcp(81)],
        says: [
          "broken",
          "out of pods without TCP 80-81 closed",
          "into db by rule 1",
          "add egress to pods: TCP 80-81, db",
        ],
      },
    ],
    [
      "a protocol that IPv4 does not know, between two that it does",
      {
        rules: [],
        to: at("10.0.0.0/8"),
        traffic: [other(57), icmpv6(-1), other(59)],
        says: [
          "broken",
          "out of pods without IP protocol 57, all ICMPv6 and IP protocol 59 closed",
          "into office",
          "add egress to pods: IP protocol 57, 10.0.0.0/8",
          "add egress to pods: IP protocol 59, 10.0.0.0/8",
        ],
      },
    ],
    [
      "a protocol that IPv6 does not know, between two that it does",
      {
        rules: [],
        from: end("pods", { families: ["ipv6"] }),
        to: at("fd00::/8"),
        traffic: [other(0), icmp(-1), other(2)],
        says: [
          "broken",
          "out of pods without IP protocol 0, all ICMP and IP protocol 2 over IPv6 closed",
          "into office",
          "add egress to pods: IP protocol 0, fd00::/8",
          "add egress to pods: IP protocol 2, fd00::/8",
        ],
      },
    ],
    [
      "nothing, where only IPv4 is meant by all that is left of everything",
      {
        rules: [["pods", "egress", ALL, cidr("0.0.0.0/0")]],
        to: at("internet"),
        traffic: ALL_BUT_TCP_80,
        says: ["holds", "out of pods by rule 1", "into office"],
      },
    ],
    [
      "IPv6, where ICMPv6 is named",
      {
        rules: [["pods", "egress", ALL, cidr("0.0.0.0/0")]],
        to: at("internet"),
        traffic: [tcp(443), icmpv6(-1)],
        says: [
          "broken",
          "out of pods by rule 1 without all ICMPv6 over IPv6 closed over IPv6",
          "into office",
          "add egress to pods: all ICMPv6, ::/0",
        ],
      },
    ],
    [
      "IPv6, where ICMPv6 is named beside one of its neighbours",
      {
        rules: [["pods", "egress", ALL, cidr("0.0.0.0/0")]],
        to: at("internet"),
        traffic: [other(57), icmpv6(128)],
        says: [
          "broken",
          "out of pods by rule 1 without ICMPv6 type 128 over IPv6 closed over IPv6",
          "into office",
          "add egress to pods: ICMPv6 type 128, ::/0",
        ],
      },
    ],
    [
      "IPv6, where ICMPv6 is named beside the other one",
      {
        rules: [["pods", "egress", ALL, cidr("0.0.0.0/0")]],
        to: at("internet"),
        traffic: [tcp(57), other(59), icmpv6(128)],
        says: [
          "broken",
          "out of pods by rule 1 without ICMPv6 type 128 over IPv6 closed over IPv6",
          "into office",
          "add egress to pods: ICMPv6 type 128, ::/0",
        ],
      },
    ],
    [
      "nothing over IPv6, where the internet is named beside a range of it",
      {
        rules: [["pods", "egress", ALL, cidr("0.0.0.0/0")]],
        to: at("internet", "2001:db8::/32"),
        traffic: [tcp(443)],
        says: ["holds", "out of pods by rule 1", "into office"],
      },
    ],
    [
      "a pod of IPv6 gets to IPv4 through its node",
      {
        rules: [],
        from: end("pods", { families: ["ipv6"], isIpv6Pod: true }),
        to: at("10.0.0.0/8"),
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods",
          "into office",
          "if the CNI sends traffic of pods through the IPv4 address of its node (the cluster's ip_family is ipv6), and the security groups of the node and of office allow TCP 443",
        ],
      },
    ],
    [
      "a pod of IPv6 may get through its node to what does not say its families",
      {
        rules: [INTO_DB],
        from: end("pods", { families: ["ipv6"], isIpv6Pod: true }),
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods without TCP 443 over IPv6 closed",
          "into db by rule 1",
          "if the CNI sends traffic of pods through the IPv4 address of its node (the cluster's ip_family is ipv6), and the security groups of the node and of db allow TCP 443",
        ],
      },
    ],
    [
      "a pod of IPv6 gets to what has both families over IPv6",
      {
        rules: [INTO_DB],
        from: end("pods", { families: ["ipv6"], isIpv6Pod: true }),
        to: end("db", { families: ["ipv4", "ipv6"] }),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods without TCP 443 over IPv6 closed",
          "into db by rule 1",
          "add egress to pods: TCP 443, db",
        ],
      },
    ],
    [
      "what no packet can do",
      {
        rules: [OUT_OF_PODS, INTO_DB],
        from: end("pods", { cidrs: ["10.0.0.0/8"] }),
        to: end("db", { cidrs: ["fd00::/8"] }),
        traffic: [tcp(443)],
        says: ["broken: no-common-family", "out of pods", "into db"],
      },
    ],
    [
      "what no packet does, which is what a deny asks for",
      {
        rules: [OUT_OF_PODS, INTO_DB],
        from: end("pods", { cidrs: ["10.0.0.0/8"] }),
        to: end("db", { cidrs: ["fd00::/8"] }),
        traffic: [tcp(443)],
        expect: "deny",
        says: ["holds: no-common-family", "out of pods", "into db"],
      },
    ],
  ])("%s", (_, row) => {
    expect(said(row)).toStrictEqual(row.says);
  });
});

describe("a deny", () => {
  test.each<[string, Row]>([
    [
      "is opened by each rule of both halves that lets it through",
      {
        rules: [OUT_OF_PODS, INTO_DB, ["db", "ingress", tcp(22), group("pods")]],
        traffic: [tcp(443)],
        expect: "deny",
        says: [
          "broken",
          "out of pods by rule 1",
          "into db by rule 2",
          "opened by rule 1",
          "opened by rule 2",
        ],
      },
    ],
    [
      "is opened by the rules whose ports both halves let through",
      {
        rules: [
          ["pods", "egress", tcp(80), group("db")],
          ["pods", "egress", tcp(443), group("db")],
          ["db", "ingress", tcp(443), group("pods")],
        ],
        traffic: [tcp(80), tcp(443)],
        expect: "deny",
        says: [
          "broken",
          "out of pods by rule 1, rule 2",
          "into db by rule 3",
          "opened by rule 2",
          "opened by rule 3",
        ],
      },
    ],
    [
      "is opened over IPv6 to what has addresses of it",
      {
        rules: [["pods", "egress", ALL, cidr("::/0")], INTO_DB],
        to: end("db", { families: ["ipv4", "ipv6"] }),
        traffic: [tcp(443)],
        expect: "deny",
        says: [
          "broken",
          "out of pods by rule 1 closed over IPv4",
          "into db by rule 2",
          "opened by rule 1",
          "opened by rule 2",
        ],
      },
    ],
    [
      "is opened for a pod of IPv6 as for any other",
      {
        rules: [OUT_OF_PODS, INTO_DB],
        from: end("pods", { families: ["ipv6"], isIpv6Pod: true }),
        traffic: [tcp(443)],
        expect: "deny",
        says: [
          "broken",
          "out of pods by rule 1",
          "into db by rule 2",
          "opened by rule 1",
          "opened by rule 2",
        ],
      },
    ],
    [
      "holds where one half is closed",
      {
        rules: [OUT_OF_PODS],
        traffic: [tcp(443)],
        expect: "deny",
        says: ["holds", "out of pods by rule 1", "into db closed"],
      },
    ],
    [
      "holds where the halves let different ports through",
      {
        rules: [
          ["pods", "egress", tcp(80), group("db")],
          ["db", "ingress", tcp(443), group("pods")],
        ],
        traffic: [tcp(80), tcp(443)],
        expect: "deny",
        says: ["holds", "out of pods by rule 1", "into db by rule 2"],
      },
    ],
    [
      "is closed in one family",
      {
        rules: [["pods", "egress", ALL, cidr("10.0.0.0/8")]],
        from: end("pods", { families: ["ipv4", "ipv6"] }),
        to: end("db", { cidrs: ["10.0.0.0/8", "fd00::/8"] }),
        traffic: [tcp(443)],
        expect: "deny",
        says: ["holds", "out of pods by rule 1 closed over IPv6", "into db closed"],
      },
    ],
  ])("%s", (_, row) => {
    expect(said(row)).toStrictEqual(row.says);
  });
});

describe("what must be true", () => {
  test.each<[string, Row]>([
    [
      "an option that asks for more than another one is not named",
      {
        rules: [
          INTO_DB,
          ["pods", "egress", ALL, group("db"), { doubts: [REFUSED, ...perhaps("var.a").doubts] }],
          ["pods", "egress", ALL, group("db"), { doubts: [REFUSED] }],
        ],
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods without TCP 443",
          "into db by rule 1",
          "if the error at place A is fixed",
        ],
      },
    ],
    [
      "options that ask for the same are one",
      {
        rules: [
          INTO_DB,
          ["pods", "egress", ALL, group("db"), { doubts: [REFUSED] }],
          ["pods", "egress", tcp(443), group("db"), { doubts: [REFUSED] }],
        ],
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods without TCP 443",
          "into db by rule 1",
          "if the error at place A is fixed",
        ],
      },
    ],
    [
      "options that do not imply each other are both named",
      {
        rules: [
          INTO_DB,
          ["pods", "egress", ALL, group("db"), perhaps("var.a")],
          ["pods", "egress", ALL, group("db"), perhaps("var.b")],
        ],
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods without TCP 443",
          "into db by rule 1",
          "if rule 2 is an egress rule (its type is var.a), or rule 3 is an egress rule (its type is var.b)",
        ],
      },
    ],
    [
      "what two parts of a range hang on is said once",
      {
        rules: [
          ["pods", "egress", ALL, cidr("10.0.0.0/8"), perhaps("var.a")],
          ["pods", "egress", udp(53), cidr("10.0.0.0/25")],
        ],
        to: at("10.0.0.0/24"),
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods without TCP 443",
          "into office",
          "if rule 1 is an egress rule (its type is var.a)",
        ],
      },
    ],
    [
      "the rules of a group that is declared elsewhere, by its name there",
      {
        rules: [OUT_OF_PODS, ["pods", "egress", ALL, group("elsewhere")]],
        to: end("db", { groups: ["elsewhere"] }),
        traffic: [tcp(443), udp(53)],
        says: [
          "holds-if",
          "out of pods by rule 2",
          "into db without TCP 443 and UDP 53",
          "if the team's allows ingress TCP 443 and UDP 53 from pods",
        ],
      },
    ],
    [
      "the rules of a group that nothing else names",
      {
        rules: [["pods", "egress", ALL, group("sg-0a1b2c3d")]],
        to: end("db", { groups: ["sg-0a1b2c3d"] }),
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods by rule 1",
          "into db without TCP 443",
          "if sg-0a1b2c3d allows ingress TCP 443 from pods",
        ],
      },
    ],
    [
      "the entries of a prefix list",
      {
        rules: [INTO_DB, ["pods", "egress", ALL, { kind: "prefix-list", id: "pl-0a1b2c3d" }]],
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods without TCP 443",
          "into db by rule 1",
          "if prefix list pl-0a1b2c3d holds the addresses of db (rule 2)",
        ],
      },
    ],
    [
      "an expression that may be one group or another, which is not in the flow",
      {
        rules: [
          INTO_DB,
          ["pods", "egress", ALL, { kind: "unknown", expression: "local.peer", candidates: ["nodes"] }],
        ],
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods without TCP 443 closed",
          "into db by rule 1",
          "add egress to pods: TCP 443, db",
        ],
      },
    ],
    [
      "an expression that may be one group or another, one of which is in the flow",
      {
        rules: [
          INTO_DB,
          ["pods", "egress", ALL, { kind: "unknown", expression: "local.peer", candidates: ["nodes", "db"] }],
        ],
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods without TCP 443",
          "into db by rule 1",
          "if rule 2 has db as its peer (local.peer)",
        ],
      },
    ],
    [
      "nothing filters what has no group",
      {
        rules: [
          INTO_DB,
          ["pods", "egress", ALL, cidr("0.0.0.0/0"), { group: undefined, unknownGroup: "local.group" }],
        ],
        traffic: [tcp(443)],
        from: { name: "office", groups: [], cidrs: ["10.0.0.0/8"] },
        says: [
          "broken",
          "out of office",
          "into db without TCP 443 closed",
          "add ingress to db: TCP 443, 10.0.0.0/8",
        ],
      },
    ],
  ])("%s", (_, row) => {
    expect(said(row)).toStrictEqual(row.says);
  });
});

describe("groups that cannot be made as they stand", () => {
  const into = (key: string): RuleRow => [key, "ingress", ALL, group("pods")];
  test.each<[string, Row]>([
    [
      "what holds, holds if that is put right",
      {
        rules: [["pods", "egress", ALL, group("broken")], into("broken")],
        to: end("broken"),
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods by rule 1",
          "into broken by rule 2",
          "if the error at place A is fixed",
        ],
      },
    ],
    [
      "what is broken stays so",
      {
        rules: [into("broken")],
        to: end("broken"),
        traffic: [tcp(443)],
        says: [
          "broken",
          "out of pods without TCP 443 closed",
          "into broken by rule 1",
          "add egress to pods: TCP 443, broken",
        ],
      },
    ],
    [
      "each place is said once, before all else",
      {
        rules: [
          ["broken", "egress", ALL, group("cycle")],
          ["cycle", "ingress", ALL, group("broken")],
        ],
        from: end("broken", { groups: ["broken", "elsewhere"] }),
        to: end("cycle"),
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of broken by rule 1",
          "into cycle by rule 2",
          "if the error at place A is fixed",
          "if the error at place B is fixed",
        ],
      },
    ],
    [
      "a place that a rule hangs on is not said twice",
      {
        rules: [
          ["pods", "egress", ALL, group("broken")],
          ["broken", "ingress", ALL, group("pods"), { doubts: [REFUSED] }],
        ],
        to: end("broken"),
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods by rule 1",
          "into broken without TCP 443",
          "if the error at place A is fixed",
        ],
      },
    ],
    [
      "nor one that a rule hangs on besides something else",
      {
        rules: [
          ["pods", "egress", ALL, group("broken")],
          [
            "broken",
            "ingress",
            undefined,
            group("pods"),
            { unknownTraffic: UNKNOWN_PORTS, doubts: [REFUSED] },
          ],
        ],
        to: end("broken"),
        traffic: [tcp(443)],
        says: [
          "holds-if",
          "out of pods by rule 1",
          "into broken without TCP 443",
          "if the error at place A is fixed, and rule 2 covers TCP 443 (its from_port is var.ports)",
        ],
      },
    ],
    [
      "a deny that holds, holds if it is put right, too",
      {
        rules: [into("broken")],
        to: end("broken"),
        traffic: [tcp(443)],
        expect: "deny",
        says: ["holds-if", "out of pods closed", "into broken by rule 1", "if the error at place A is fixed"],
      },
    ],
  ])("%s", (_, row) => {
    expect(said(row)).toStrictEqual(row.says);
  });
});

describe("in the mode standard", () => {
  const nodes = end("nodes");
  const pods = end("pods", { isOnNodes: true });
  const far = at("10.0.0.0/16");
  const lets = (key: string, more: More = {}): RuleRow => [key, "egress", ALL, cidr("0.0.0.0/0"), more];
  test.each<[string, Row]>([
    [
      "a deny hangs on nodes that nobody named",
      {
        rules: [],
        from: pods,
        to: at("8.8.8.0/24"),
        traffic: [tcp(443)],
        expect: "deny",
        standard: {},
        says: [
          "holds-if",
          "out of pods closed",
          "into office",
          "if the node security groups do not allow it: in standard mode, they apply to traffic that leaves the VPC, and flows.yaml names no nodes",
        ],
      },
    ],
    [
      "an allow, likewise",
      {
        rules: [lets("pods")],
        from: pods,
        to: at("8.8.8.0/24"),
        traffic: [tcp(443)],
        standard: {},
        says: [
          "holds-if",
          "out of pods by rule 1",
          "into office",
          "if the node security groups allow it: in standard mode, they apply to traffic that leaves the VPC, and flows.yaml names no nodes",
        ],
      },
    ],
    [
      "an allow to what may lie outside",
      {
        rules: [lets("pods")],
        from: pods,
        to: far,
        traffic: [tcp(443)],
        standard: {},
        says: [
          "holds-if",
          "out of pods by rule 1",
          "into office",
          "if the node security groups allow it: in standard mode, they apply to traffic that leaves the VPC, and flows.yaml names no nodes, should office lie outside the VPC",
        ],
      },
    ],
    [
      "what decides where is said for each place",
      {
        rules: [lets("pods", perhaps("var.a")), lets("nodes", perhaps("var.b"))],
        from: pods,
        to: far,
        traffic: [tcp(443)],
        standard: { nodes },
        says: [
          "holds-if",
          "out of pods without TCP 443",
          "into office",
          "if rule 1 is an egress rule (its type is var.a), should office lie inside the VPC",
          "if rule 2 is an egress rule (its type is var.b), should office lie outside the VPC",
        ],
      },
    ],
    [
      "what both hang on is said without a place",
      {
        rules: [],
        from: end("pods", { groups: ["elsewhere"], isOnNodes: true }),
        to: far,
        traffic: [tcp(443)],
        standard: { nodes: end("nodes", { groups: ["elsewhere"] }) },
        says: [
          "holds-if",
          "out of pods without TCP 443",
          "into office",
          "if the team's allows egress TCP 443 to office",
        ],
      },
    ],
    [
      "what neither lets out is broken by the pods' groups",
      {
        rules: [],
        from: pods,
        to: far,
        traffic: [tcp(443)],
        standard: { nodes },
        says: [
          "broken",
          "out of pods without TCP 443 closed",
          "into office",
          "add egress to pods: TCP 443, 10.0.0.0/16",
        ],
      },
    ],
    [
      "what only the nodes let out shows their halves",
      {
        rules: [lets("nodes")],
        from: pods,
        to: far,
        traffic: [tcp(443)],
        standard: { nodes },
        says: [
          "holds-if",
          "out of nodes by rule 1",
          "into office",
          "if office is outside the VPC, where the groups of nodes decide, not inside, where those of pods do",
        ],
      },
    ],
    [
      "what only the pods let out shows theirs",
      {
        rules: [lets("pods")],
        from: pods,
        to: far,
        traffic: [tcp(443)],
        standard: { nodes },
        says: [
          "holds-if",
          "out of pods by rule 1",
          "into office",
          "if office is inside the VPC, where the groups of pods decide, not outside, where those of nodes do",
        ],
      },
    ],
    [
      "what pods may not send inside hangs on nodes that nobody named",
      {
        rules: [],
        from: pods,
        to: far,
        traffic: [tcp(443)],
        standard: {},
        says: [
          "holds-if",
          "out of pods without TCP 443 closed",
          "into office",
          "if office is outside the VPC, where the groups of the worker nodes decide, not inside, where those of pods do",
          "if the node security groups allow it: in standard mode, they apply to traffic that leaves the VPC, and flows.yaml names no nodes",
        ],
      },
    ],
    [
      "a packet of either family goes through the node",
      {
        rules: [lets("nodes")],
        from: end("pods", { isOnNodes: true, families: ["ipv4", "ipv6"] }),
        to: at("8.8.8.0/24", "2001:db8::/32"),
        traffic: [tcp(443)],
        standard: { nodes },
        says: [
          "broken",
          "out of nodes by rule 1 without TCP 443 over IPv6 closed over IPv6",
          "into office",
          "add egress to nodes: TCP 443, 2001:db8::/32",
        ],
      },
    ],
    [
      "what is no pod sends by its own groups",
      {
        rules: [lets("db")],
        from: DB,
        to: far,
        traffic: [tcp(443)],
        standard: { nodes },
        says: ["holds", "out of db by rule 1", "into office"],
      },
    ],
    [
      "what has a group lies inside, whatever its addresses",
      {
        rules: [lets("pods"), ["db", "ingress", ALL, group("pods")]],
        from: pods,
        to: end("db", { cidrs: ["8.8.8.0/24"] }),
        traffic: [tcp(443)],
        standard: { nodes },
        says: ["holds", "out of pods by rule 1", "into db by rule 2"],
      },
    ],
    [
      "IPv6 is not translated",
      {
        rules: [["pods", "egress", ALL, cidr("::/0")]],
        from: pods,
        to: at("2001:db8::/32"),
        traffic: [tcp(443)],
        standard: { nodes },
        says: ["holds", "out of pods by rule 1", "into office"],
      },
    ],
    [
      "a packet keeps its family on the way through the node",
      {
        rules: [lets("nodes")],
        from: end("pods", { isOnNodes: true, families: ["ipv4"] }),
        to: at("8.8.8.0/24", "2001:db8::/32"),
        traffic: [tcp(443)],
        standard: { nodes },
        says: ["holds", "out of nodes by rule 1", "into office"],
      },
    ],
    [
      "nodes whose families are stated keep them",
      {
        rules: [lets("nodes")],
        from: end("pods", { isOnNodes: true, families: ["ipv4", "ipv6"] }),
        to: at("8.8.8.0/24", "2001:db8::/32"),
        traffic: [tcp(443)],
        standard: { nodes: end("nodes", { families: ["ipv4"] }) },
        says: ["holds", "out of nodes by rule 1", "into office"],
      },
    ],
    [
      "an allow inside a node is as good as anywhere",
      {
        rules: [OUT_OF_PODS, INTO_DB],
        from: pods,
        to: end("db", { isOnNodes: true }),
        traffic: [tcp(443)],
        standard: { nodes },
        says: ["holds", "out of pods by rule 1", "into db by rule 2"],
      },
    ],
    [
      "a deny inside a node holds only apart",
      {
        rules: [],
        from: pods,
        to: end("db", { isOnNodes: true }),
        traffic: [tcp(443)],
        expect: "deny",
        standard: { nodes },
        says: [
          "holds-if",
          "out of pods closed",
          "into db closed",
          "if pods and db are never on one node: in standard mode, traffic inside a node is not filtered",
        ],
      },
    ],
    [
      "a deny inside a node that is open is broken",
      {
        rules: [OUT_OF_PODS, INTO_DB],
        from: pods,
        to: end("db", { isOnNodes: true }),
        traffic: [tcp(443)],
        expect: "deny",
        standard: { nodes },
        says: [
          "broken",
          "out of pods by rule 1",
          "into db by rule 2",
          "opened by rule 1",
          "opened by rule 2",
        ],
      },
    ],
    [
      "a deny that no packet can break, holds",
      {
        rules: [],
        from: end("pods", { isOnNodes: true, families: ["ipv4"] }),
        to: end("db", { isOnNodes: true, families: ["ipv6"] }),
        traffic: [tcp(443)],
        expect: "deny",
        standard: { nodes },
        says: ["holds: no-common-family", "out of pods", "into db"],
      },
    ],
    [
      "a deny to what carries the nodes' group, without nodes that are named",
      {
        rules: [],
        from: pods,
        to: end("nodes"),
        traffic: [tcp(443)],
        expect: "deny",
        standard: {},
        says: ["holds", "out of pods closed", "into nodes closed"],
      },
    ],
  ])("%s", (_, row) => {
    expect(said(row)).toStrictEqual(row.says);
  });
});
