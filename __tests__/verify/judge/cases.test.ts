import { describe, expect, test } from "vitest";
import type { Traffic } from "../../../network/traffic";
import type { Endpoint, Flow } from "../../../verify/expect/model";
import { takeInventory } from "../../../verify/inventory";
import { judge } from "../../../verify/judge/judge";
import { conditionWords } from "../../../verify/report/condition-words";
import { inputOf, type Resources } from "../support/input";

const TCP_443: Traffic = { protocol: "tcp", ports: { from: 443, to: 443 } };

const egress = (group: string, cidr = "0.0.0.0/0") => ({
  type: "egress",
  security_group_id: `\${aws_security_group.${group}.id}`,
  protocol: "tcp",
  from_port: 443,
  to_port: 443,
  cidr_blocks: [cidr],
});

/** The verdict on one flow in the mode standard; `open` are the groups that let TCP 443 out. */
function verdictOf(
  open: readonly (string | [group: string, cidr: string])[],
  { from, to, expect: wanted = "allow", traffic = [TCP_443] }: Partial<Flow>,
  nodes: Endpoint | null = NODES,
) {
  const resources: Resources = {
    "aws_security_group.pods": { name: "pods" },
    "aws_security_group.nodes": { name: "nodes" },
    "aws_security_group.web": { name: "web" },
    ...Object.fromEntries(
      open.map((rule) => {
        const [group, cidr] = typeof rule === "string" ? [rule] : rule;
        return [`aws_security_group_rule.${group}`, egress(group, cidr)];
      }),
    ),
  };
  const flow: Flow = {
    id: { module: "", name: "flow" },
    expect: wanted,
    from: from ?? PODS,
    to: to as Endpoint,
    traffic,
    required: new Set(),
  };
  const [verdict] = judge(takeInventory(inputOf(resources)), [flow], {
    mode: "standard",
    ...(nodes && { nodes }),
  });
  return verdict && { ...verdict, conditions: verdict.conditions.map(conditionWords) };
}

const PODS: Endpoint = { name: "pods", groups: ["aws_security_group.pods"], isOnNodes: true };
const NODES: Endpoint = { name: "nodes", groups: ["aws_security_group.nodes"] };
const at = (...cidrs: string[]): Endpoint => ({ name: "far", groups: [], cidrs });

const INSIDE = "far is inside the VPC, where the groups of pods decide, not outside, where those of nodes do";
const OUTSIDE =
  "far is outside the VPC, where the groups of nodes decide, not inside, where those of pods do";

describe("in the mode standard, what pods send", () => {
  test.each<[string, string[], string[], string, string[]]>([
    ["to the internet is the nodes' affair", ["internet"], ["nodes"], "holds", []],
    ["to the internet is not the pods' affair", ["internet"], ["pods"], "broken", []],
    ["to public addresses is the nodes' affair", ["8.8.8.0/24"], ["pods"], "broken", []],
    ["to private ones holds if both let it out", ["10.0.0.0/16"], ["pods", "nodes"], "holds", []],
    ["to private ones is broken if neither does", ["10.0.0.0/16"], [], "broken", []],
    ["to private ones with the pods' leave alone", ["10.0.0.0/16"], ["pods"], "holds-if", [INSIDE]],
    ["to private ones with the nodes' leave alone", ["172.20.1.0/24"], ["nodes"], "holds-if", [OUTSIDE]],
    ["to 192.168", ["192.168.1.1/32"], ["pods"], "holds-if", [INSIDE]],
    ["to carrier-grade NAT", ["100.64.0.0/16"], ["pods"], "holds-if", [INSIDE]],
    ["to addresses of both kinds", ["8.8.8.8/32", "10.0.0.0/16"], ["pods"], "holds-if", [INSIDE]],
    ["to what holds private space", ["0.0.0.0/0"], ["pods"], "holds-if", [INSIDE]],
  ])("%s", (_what, cidrs, open, status, conditions) => {
    expect(verdictOf(open, { to: at(...cidrs) })).toMatchObject({ status, conditions });
  });

  test("is judged the same way for deny", () => {
    const to = at("10.0.0.0/16");
    expect(verdictOf([], { to, expect: "deny" })).toMatchObject({ status: "holds" });
    expect(verdictOf(["pods", "nodes"], { to, expect: "deny" })).toMatchObject({
      status: "broken",
      openedBy: ["aws_security_group_rule.pods"],
    });
    expect(verdictOf(["nodes"], { to, expect: "deny" })).toMatchObject({
      status: "holds-if",
      conditions: [INSIDE],
      openedBy: [],
    });
  });

  test("to private addresses hangs on the pods' own groups by their own rules when broken", () => {
    expect(verdictOf([], { to: at("10.0.0.0/16") })?.cures.map(({ group }) => group)).toStrictEqual([
      "aws_security_group.pods",
    ]);
  });

  test("hangs on the worker nodes where nobody named them", () => {
    const verdict = verdictOf(["pods"], { to: at("10.0.0.0/16") }, null);
    expect(verdict?.status).toBe("holds-if");
    expect(verdict?.conditions).toStrictEqual([
      expect.stringMatching(/names no nodes, should far lie outside the VPC$/),
    ]);
  });
});

describe("in the mode standard, a deny inside a node", () => {
  const web: Endpoint = { name: "web", groups: ["aws_security_group.web"] };
  const beside: Endpoint = { name: "web", groups: ["aws_security_group.web", "aws_security_group.nodes"] };

  test("holds only apart for an endpoint that shares a group with the nodes", () => {
    expect(verdictOf([], { expect: "deny", to: beside })).toMatchObject({
      status: "holds-if",
      conditions: [expect.stringMatching(/^pods and web are never on one node/)],
    });
  });

  test("holds for an endpoint that is not on the nodes", () => {
    expect(verdictOf([], { expect: "deny", to: web })).toMatchObject({ status: "holds", conditions: [] });
  });
});

describe("the rules to add", () => {
  const curesFor = (traffic: Traffic[], cidr: string) =>
    verdictOf([], { from: { ...PODS, isOnNodes: false }, to: at(cidr), traffic })?.cures.map(
      (cure) => cure.traffic,
    );
  const icmp: Traffic = { protocol: "icmp", type: -1, code: -1 };
  const icmpv6: Traffic = { protocol: "icmpv6", type: -1, code: -1 };
  const other = (number: number): Traffic => ({ protocol: "other", number });

  test.each<[string, Traffic[], string, Traffic[]]>([
    ["everything is one rule", [{ protocol: "all" }], "10.0.0.0/8", [{ protocol: "all" }]],
    [
      "many protocols are one rule",
      [TCP_443, icmp, other(47), other(50), other(51)],
      "10.0.0.0/8",
      [{ protocol: "all" }],
    ],
    ["a few are one each", [icmp, TCP_443, other(50)], "10.0.0.0/8", [icmp, TCP_443, other(50)]],
    ["ICMPv6 does not go with IPv4", [TCP_443, icmpv6], "10.0.0.0/8", [TCP_443]],
    ["ICMP does not go with IPv6", [icmp, icmpv6], "fd00::/8", [icmpv6]],
  ])("%s", (_what, traffic, cidr, expected) => {
    expect(curesFor(traffic, cidr)).toStrictEqual(expected);
  });

  test("many ports of one protocol stay ports: nobody asked for more", () => {
    const ports = [80, 443, 8080, 8443, 9090].map(
      (port): Traffic => ({ protocol: "tcp", ports: { from: port, to: port } }),
    );
    expect(curesFor(ports, "10.0.0.0/8")).toStrictEqual(ports);
  });

  test("for addresses that are covered in part, the rule is for the part that is missing", () => {
    const verdict = verdictOf([["pods", "10.0.0.0/16"]], {
      from: { ...PODS, isOnNodes: false },
      to: at("10.0.0.0/15"),
    });
    expect(verdict?.status).toBe("broken");
    expect(verdict?.cures.map(({ peer }) => peer)).toStrictEqual([{ kind: "cidr", cidr: "10.1.0.0/16" }]);
  });
});
