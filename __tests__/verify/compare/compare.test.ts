import { describe, expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import { flowIdText } from "../../../verify/expect/flow-id";
import type { SecurityGroupRule } from "../../../verify/inventory/model";
import type { Verdict } from "../../../verify/judge/model";
import { compare, render } from "../../../verify/report";
import { article, endpoint, flow, foreign, group, report, rule, tcp, udp, verdict } from "../report/reports";

const [pods, rds] = ["aws_security_group.pods", "aws_security_group.rds"];
const WORKER = "sg-worker";
/** How the article's module names the same group. */
const WORKER_EXPRESSION = 'var.security_groups["k8s_worker"]';

const groups = [group(pods, { name: "orders-for-pods" }), group(rds, { name: "orders" }), foreign(WORKER)];
const out = rule("r.out", pods, "egress", rds, tcp(3306));
const into = rule("r.into", rds, "ingress", pods, tcp(3306));
const RQ3 = flow("RQ3", "allow", endpoint("pods", [pods]), endpoint("database", [rds]), [tcp(3306)]);
const CLOSED = flow("closed", "deny", endpoint("worker", [WORKER]), endpoint("database", [rds]), [tcp(3306)]);
const open = verdict(RQ3, "holds", { out: ["r.out"], into: ["r.into"] });

function revision(rules: SecurityGroupRule[], verdicts: Verdict[] = [], more: Partial<Report> = {}): Report {
  return report({ groups, rules, verdicts, ...more });
}

describe("flows", () => {
  const cases: { title: string; base: Report; head: Report; changes: string[] }[] = [
    {
      title: "nothing changes",
      base: revision([out, into], [open]),
      head: revision([into, out], [open]),
      changes: [],
    },
    {
      title: "a rule goes, and the flow closes",
      base: revision([out, into], [open]),
      head: revision([into], [verdict(RQ3, "broken", { into: ["r.into"], outMissing: [tcp(3306)] })]),
      changes: ["RQ3: closes, rules; holds -> broken; -r.out"],
    },
    {
      title: "a rule comes, and the flow opens",
      base: revision([into], [verdict(RQ3, "broken", { into: ["r.into"], outMissing: [tcp(3306)] })]),
      head: revision([out, into], [open]),
      changes: ["RQ3: opens, rules; broken -> holds; +r.out"],
    },
    {
      title: "a flow that must be closed opens",
      base: revision([], [verdict(CLOSED, "holds")]),
      head: revision(
        [rule("r.bad", rds, "ingress", WORKER, tcp(3306))],
        [verdict(CLOSED, "broken", { openedBy: ["r.bad"] })],
      ),
      changes: ["closed: opens, rules; holds -> broken; +r.bad"],
    },
    {
      title: "a flow becomes conditional",
      base: revision([out, into], [open]),
      head: revision(
        [out, into],
        [{ ...open, status: "holds-if", conditions: [{ kind: "is", fact: { kind: "nodes" } }] }],
      ),
      changes: ["RQ3: conditional; holds -> holds-if"],
    },
    {
      title: "another rule carries the flow",
      base: revision([out, into], [open]),
      head: revision([rule("r.out", pods, "egress", rds, tcp(3000, 4000)), into], [open]),
      changes: ["RQ3: rules; holds -> holds; +r.out; -r.out"],
    },
    {
      title: "a rule has another address",
      base: revision([out, into], [open]),
      head: revision(
        [{ ...out, address: "r.new" }, into],
        [verdict(RQ3, "holds", { out: ["r.new"], into: ["r.into"] })],
      ),
      changes: [],
    },
    {
      title: "a rule is written in another form, in two pieces of the same meaning",
      base: revision(
        [rule("r.out", pods, "egress", "0.0.0.0/0", tcp(80)), rule("r.2", pods, "egress", "::/0", tcp(80))],
        [verdict(RQ3, "holds", { out: ["r.out", "r.2"] })],
      ),
      head: revision(
        [
          { ...rule("g.egress[0]", pods, "egress", "0.0.0.0/0", tcp(80)), form: "inline" },
          { ...rule("g.egress[0]", pods, "egress", "::/0", tcp(80)), form: "inline" },
        ],
        [verdict(RQ3, "holds", { out: ["g.egress[0]"] })],
      ),
      changes: [],
    },
    {
      title: "flows come and go",
      base: revision([], [verdict(CLOSED, "holds")]),
      head: revision([out, into], [open]),
      changes: ["RQ3: new; -> holds", "closed: gone; holds ->"],
    },
    {
      title: "a flow states more",
      base: revision([out, into], [open]),
      head: revision([out, into], [{ ...open, flow: { ...RQ3, traffic: [tcp(3306), udp(3306)] } }]),
      changes: ["RQ3: restated; holds -> holds"],
    },
    {
      title: "a flow that must be closed may be open",
      base: revision([], [verdict(CLOSED, "holds")]),
      head: revision([], [verdict({ ...CLOSED, expect: "allow" }, "broken")]),
      changes: ["closed: restated; holds -> broken"],
    },
    {
      title: "a flow states the same in other words",
      base: revision([out, into], [{ ...open, flow: { ...RQ3, traffic: [tcp(1, 5), tcp(6, 9)] } }]),
      head: revision(
        [out, into],
        [{ ...open, flow: { ...RQ3, traffic: [tcp(6, 9), tcp(1, 5)], description: "new" } }],
      ),
      changes: [],
    },
  ];

  test.each(cases)("$title", ({ base, head, changes }) => {
    const words = compare([base], [head]).flows.map(
      ({ flow: { id }, changes: what, before, after, ...rules }) =>
        [
          `${flowIdText(id)}: ${what.join(", ")}`,
          `${before ?? ""} -> ${after ?? ""}`.trim(),
          ...rules.addedRules.map((address) => `+${address}`),
          ...rules.removedRules.map((address) => `-${address}`),
        ].join("; "),
    );
    expect(words).toEqual(changes);
  });
});

describe("what becomes reachable", () => {
  const anywhere = rule("r.any", pods, "egress", "0.0.0.0/0", { protocol: "all" });
  const cases: {
    title: string;
    base: SecurityGroupRule[];
    head: SecurityGroupRule[];
    reachable: string[];
  }[] = [
    { title: "nothing, by the same rules", base: [out, into], head: [into, out], reachable: [] },
    { title: "nothing, by fewer rules", base: [out, into, anywhere], head: [out], reachable: [] },
    { title: "nothing, by one half of declared groups", base: [], head: [into], reachable: [] },
    {
      title: "what both halves admit, by the half that is new",
      base: [rule("r.out", pods, "egress", rds, tcp(3000, 4000))],
      head: [rule("r.out", pods, "egress", rds, tcp(3000, 4000)), into],
      reachable: ["pods -> rds TCP 3306 by r.into"],
    },
    {
      title: "what a rule for addresses completes",
      base: [into],
      head: [into, anywhere],
      reachable: ["pods -> 0.0.0.0/0 all traffic by r.any", "pods -> rds TCP 3306 by r.any"],
    },
    {
      title: "what a rule for a group adds to one for addresses",
      base: [anywhere],
      head: [anywhere, into],
      reachable: ["pods -> rds TCP 3306 by r.into"],
    },
    {
      title: "what a group that is declared elsewhere may send",
      base: [],
      head: [rule("r.probe", pods, "ingress", WORKER, tcp(0, 65535))],
      reachable: ["sg-worker -> pods all TCP by r.probe"],
    },
    {
      title: "the wider part of a range",
      base: [rule("r.probe", pods, "ingress", WORKER, tcp(80))],
      head: [rule("r.probe", pods, "ingress", WORKER, tcp(80, 90))],
      reachable: ["sg-worker -> pods TCP 81-90 by r.probe"],
    },
    {
      title: "nothing, by a range in two pieces",
      base: [rule("r.probe", pods, "ingress", WORKER, tcp(80, 90))],
      head: [
        rule("r.probe", pods, "ingress", WORKER, tcp(80, 85)),
        rule("r.2", pods, "ingress", WORKER, tcp(86, 90)),
      ],
      reachable: [],
    },
    {
      title: "more addresses",
      base: [rule("r.a", rds, "ingress", "10.0.0.0/16", tcp(3306))],
      head: [rule("r.a", rds, "ingress", "10.0.0.0/8", tcp(3306))],
      reachable: ["10.0.0.0/8 -> rds TCP 3306 by r.a"],
    },
    {
      title: "nothing, by addresses that others held",
      base: [
        rule("r.a", rds, "ingress", "10.0.0.0/9", tcp(1, 9)),
        rule("r.b", rds, "ingress", "10.128.0.0/9", tcp(1, 9)),
      ],
      head: [rule("r.c", rds, "ingress", "10.0.0.0/8", tcp(5))],
      reachable: [],
    },
    {
      title: "the port that some of the addresses did not have",
      base: [
        rule("r.a", rds, "ingress", "10.0.0.0/9", tcp(1, 9)),
        rule("r.b", rds, "ingress", "10.128.0.0/9", tcp(1, 4)),
      ],
      head: [rule("r.c", rds, "ingress", "10.0.0.0/8", tcp(1, 9))],
      reachable: ["10.0.0.0/8 -> rds TCP 5-9 by r.c"],
    },
    {
      title: "IPv6, which IPv4 does not hold",
      base: [rule("r.a", pods, "egress", "0.0.0.0/0", tcp(443))],
      head: [
        rule("r.a", pods, "egress", "0.0.0.0/0", tcp(443)),
        rule("r.b", pods, "egress", "::/0", tcp(443)),
      ],
      reachable: ["pods -> ::/0 TCP 443 by r.b"],
    },
    {
      title: "a prefix list",
      base: [],
      head: [rule("r.p", pods, "egress", { kind: "prefix-list", id: "pl-1" }, tcp(443))],
      reachable: ["pods -> prefix list pl-1 TCP 443 by r.p"],
    },
    {
      title: "a group's own members",
      base: [],
      head: [rule("r.in", pods, "ingress", pods, tcp(1)), rule("r.out", pods, "egress", pods, tcp(1, 2))],
      reachable: ["pods -> pods TCP 1 by r.in, r.out"],
    },
  ];

  test.each(cases)("$title", ({ base, head, reachable }) => {
    const difference = compare([revision(base)], [revision(head)]);
    const text = render([revision(head)], "text", { color: false, difference });
    const section = text.split("Becomes reachable\n")[1]?.split("\n\n")[0] ?? "";
    const lines = section
      .replaceAll("aws_security_group.", "")
      .replaceAll(/\n {6}by/g, " by")
      .split("\n");
    expect(lines.map((line) => line.trim().replaceAll(/ +/g, " ")).filter(Boolean)).toEqual(reachable);
  });

  test("says when the traffic is not determined", () => {
    const { traffic, ...bare } = rule("r.x", pods, "egress", "0.0.0.0/0", tcp(1));
    const unknownTraffic = { argument: "to_port", expression: "var.port" } as const;
    const unknown = { ...bare, unknownTraffic };
    expect(compare([revision([])], [revision([unknown])]).reachable).toMatchObject([
      { to: "0.0.0.0/0", traffic: [{ protocol: "all" }], unknownTraffic },
    ]);
    expect(compare([revision([unknown])], [revision([unknown])]).reachable).toEqual([]);
  });
});

describe("addresses that are new alone", () => {
  test("are no change: groups keep their names, the module's flows follow", () => {
    const named = (prefix: string): Report => {
      const made = article(prefix);
      return {
        ...made,
        groups: made.groups.map((one) => ({ ...one, name: one.key.endsWith("pods") ? "a" : "b" })),
      };
    };
    expect(compare([named("")], [named("module.orders.")])).toEqual({
      flows: [],
      reachable: [],
      findings: { added: [], gone: [], unchanged: 1 },
    });
  });

  test("are changes where the groups have no name that is known", () => {
    const difference = compare([article()], [article("module.orders.")]);
    expect(difference.flows.length).toBeGreaterThan(0);
    expect(difference.reachable.length).toBeGreaterThan(0);
  });
});

describe("several inputs", () => {
  const at = (path: string, verdicts: Verdict[]) => revision([out, into], verdicts, { path });

  test("are matched by the ends of their paths", () => {
    const base = [at("base/stacks/a", [open]), at("base/stacks/b", [])];
    const head = [at("stacks/b", [open]), at("stacks/a", [open])];
    const { flows } = compare(base, head);
    expect(flows.map(({ path, changes }) => [path, changes])).toEqual([["stacks/b", ["new"]]]);
  });

  test("that are new or gone bring their flows along", () => {
    const { flows, reachable } = compare(
      [at("x/old", [open]), at("x/same", [])],
      [at("new", [open]), at("same", [])],
    );
    expect(flows.map(({ path, changes }) => [path, changes])).toEqual([
      ["new", ["new"]],
      ["x/old", ["gone"]],
    ]);
    expect(reachable.map(({ path, from, to }) => [path, from, to])).toEqual([["new", pods, rds]]);
  });

  test("of one name in different folders are told apart", () => {
    const base = [at("old/dev/db", [open]), at("old/prod/db", [])];
    const head = [at("dev/db", [open]), at("prod/db", [open])];
    expect(compare(base, head).flows.map(({ path }) => path)).toEqual(["prod/db"]);
  });

  test("a single one is compared with a single one, whatever their paths are", () => {
    expect(compare([at("main", [open])], [at("branch", [open])]).flows).toEqual([]);
  });
});

test("one change is found among 4,400 rules and 4,000 flows", () => {
  const many = (port: number) => {
    const parts = Array.from({ length: 400 }, (_, index) => article(`module.w${index}.`));
    const extra = rule("r.new", "module.w1.aws_security_group.pods", "ingress", WORKER_EXPRESSION, udp(port));
    return report({
      groups: [
        ...new Map(parts.flatMap((part) => part.groups.map((one) => [one.key, one] as const))).values(),
      ],
      rules: [...parts.flatMap((part) => part.rules), extra],
      verdicts: parts.flatMap((part) => part.verdicts),
    });
  };
  const [base, head] = [many(1), many(2)];
  const difference = compare([base], [head]);
  expect(difference.reachable).toHaveLength(1);
  expect(difference.flows).toEqual([]);
}, 30_000);
