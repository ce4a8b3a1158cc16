import { describe, expect, test } from "vitest";
import { InputError } from "../../../../io/errors";
import type { Traffic } from "../../../../network/traffic";
import { describeAll } from "../../../../network/traffic";
import { bindFlows, parseFlowsFile } from "../../../../verify/expect/stated/flows-file";
import type { Inventory } from "../../../../verify/inventory/model";
import { parseTraffic } from "../../../../verify/read/flows/traffic-words";

/** An inventory that knows every group but `typo` under the words that name it, in its module. */
const inventory = {
  groups: {
    has: () => false,
    get: (key: string) => ({
      declaredAt: key.includes("typo") ? undefined : { file: "main.tf" },
      roles: new Set(),
    }),
  },
  familiesOn: () => undefined,
  hasIpv6Pods: false,
  input: { kind: "state" },
  resolveGroup: (expression: string, module = "") => (module === "" ? expression : `${module}.${expression}`),
} as unknown as Inventory;

async function bind(text: string, module = "") {
  return bindFlows(parseFlowsFile(text, "flows.yaml"), "flows.yaml", inventory, module);
}

async function problemsOf(text: string): Promise<readonly string[]> {
  try {
    await bind(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems;
  }
  throw new Error("it was accepted");
}

describe("a flows.yaml", () => {
  const FILE = `
format: 1
mode: standard
nodes: worker
endpoints:
  pods: { groups: [aws_security_group.pods, aws_security_group.base], on_nodes: true }
  worker: 'var.security_groups["k8s_worker"]'
  office: 192.0.2.0/24
  database: { group: sg-0a1b2c3d, cidrs: 10.0.9.0/24 }
flows:
  web: allow pods -> internet TCP 80, 443
  dns:
    description: Names resolve.
    flow: allow pods -> worker TCP 53, UDP 53
    required: worker
  closed: deny office -> database
suppress:
  - { check: dead-rule, address: aws_security_group_rule.x, reason: kept from the article }
`;

  test("names endpoints by groups, expressions, ids and addresses, and lists flows in a short form", async () => {
    const { flows, mode, nodes, suppressions } = await bind(FILE);
    expect(mode).toBe("standard");
    expect(nodes).toStrictEqual({ name: "worker", groups: ['var.security_groups["k8s_worker"]'] });
    expect(flows).toStrictEqual([
      {
        id: { module: "", name: "web" },
        expect: "allow",
        from: {
          name: "pods",
          groups: ["aws_security_group.pods", "aws_security_group.base"],
          isOnNodes: true,
        },
        to: { name: "internet", groups: [], cidrs: ["internet"] },
        traffic: [
          { protocol: "tcp", ports: { from: 80, to: 80 } },
          { protocol: "tcp", ports: { from: 443, to: 443 } },
        ],
        required: new Set(),
      },
      expect.objectContaining({
        id: { module: "", name: "dns" },
        description: "Names resolve.",
        required: new Set(['var.security_groups["k8s_worker"]']),
      }),
      expect.objectContaining({
        id: { module: "", name: "closed" },
        expect: "deny",
        from: { name: "office", groups: [], cidrs: ["192.0.2.0/24"] },
        to: { name: "database", groups: ["sg-0a1b2c3d"], cidrs: ["10.0.9.0/24"] },
        traffic: [{ protocol: "all" }],
      }),
    ]);
    expect(suppressions).toStrictEqual([
      { check: "dead-rule", address: "aws_security_group_rule.x", reason: "kept from the article" },
    ]);
  });

  test("speaks for a module call: flows and suppressions carry its address", async () => {
    const { flows, suppressions } = await bind(FILE, 'module.workloads["orders"]');
    expect(flows[0]?.id).toStrictEqual({ module: 'module.workloads["orders"]', name: "web" });
    expect(flows[0]?.from.groups[0]).toBe('module.workloads["orders"].aws_security_group.pods');
    expect(suppressions[0]?.address).toBe('module.workloads["orders"].aws_security_group_rule.x');
  });
});

describe("a wrong flows.yaml is refused with all problems at once", () => {
  test.each<[string, string, string[]]>([
    ["no map", "just text", ["flows.yaml: must be a map with format, mode, cni, groups_per_interface"]],
    ["broken YAML", "a: [1", ["flows.yaml: Flow sequence in block collection must be sufficiently indented"]],
    [
      "lists without end",
      `format: 1\nendpoints: { a: ${"[".repeat(10_000)}`,
      ["flows.yaml: it is nested too deeply"],
    ],
    [
      "maps without end",
      `format: 1\nendpoints: ${"{ a: ".repeat(10_000)}`,
      ["flows.yaml: it is nested too deeply"],
    ],
    ["an alias of nothing", "format: 1\nendpoints: { a: *nowhere }", ["flows.yaml: Unresolved alias"]],
    [
      "aliases that multiply",
      `a: &a [x, x, x, x, x, x, x, x, x]\n${[..."bcdefgh"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`).join(", ")}]`).join("\n")}`,
      ["flows.yaml: Excessive alias count"],
    ],
    [
      "a flow by the name of what every object has",
      "format: 1\nflows: { __proto__: deny internet -> internet all }",
      ["flows.yaml: __proto__ is not allowed as a name"],
    ],
    ["a list as a key", "format: 1\n? [a, b]\n: c", ['does not know "[ a, b ]"']],
    ["no format", "flows: {}", ["flows.yaml.format: must be 1 (nothing was given)"]],
    ["an unknown key", "format: 1\nflow: {}", ['does not know "flow"; accepted: format, mode, cni,']],
    [
      "an unknown mode",
      "format: 1\nmode: loose",
      ['flows.yaml.mode: must be strict or standard (given: "loose")'],
    ],
    [
      "an unknown way to run the CNI",
      "format: 1\ncni: add-on",
      ['flows.yaml.cni: must be kubernetes_env, addon or external (given: "add-on")'],
    ],
    [
      "a quota that AWS does not give",
      "format: 1\ngroups_per_interface: 17",
      ["flows.yaml.groups_per_interface: must be the quota as AWS raised it, a whole number from 5 to 16"],
    ],
    [
      "a condition that is no text",
      "format: 1\nflows: { a: { flow: deny internet -> internet, when: true } }",
      ["(the last two are expressions as strings, such as var.ports)"],
    ],
    [
      "a suppression without a reason",
      "format: 1\nsuppress: [{ check: a, address: b }]",
      ["flows.yaml.suppress.0.reason: must say why"],
    ],
    [
      "everything wrong in endpoints and flows",
      `
format: 1
nodes: nobody
endpoints:
  internet: aws_security_group.a
  9x: aws_security_group.a
  empty: { on_nodes: true }
  far: { cidrs: [10.0.0.300/8] }
  missing: aws_security_group.typo
  a: aws_security_group.a
flows:
  one: a -> internet TCP 80
  two: allow a -> b TCP 80
  three: allow a -> a TCP 99999
  four: allow a -> a TCP 90-80
  five: allow a -> a HTTP
  six: { flow: allow a -> a all, required: [c] }
`,
      [
        "endpoints.internet: a name starts with a letter",
        "endpoints.9x: a name starts with a letter",
        "endpoints.empty: needs a group or cidrs",
        'endpoints.far: "10.0.0.300/8" is not a CIDR',
        "endpoints.missing: there is no resource aws_security_group.typo here",
        'flows.one: "a -> internet TCP 80" must be allow or deny',
        'flows.two: there is no endpoint "b"; there are 9x, a, empty, far, internet, missing',
        'flows.three: "TCP 99999": ports are 0 to 65535',
        'flows.four: "TCP 90-80": the range is reversed: write 80-90',
        'flows.five: "HTTP" is not traffic; accepted: TCP or UDP with ports',
        'flows.six: there is no endpoint "c"',
        'nodes: there is no endpoint "nobody"',
      ],
    ],
  ])("%s", async (_what, text, expected) => {
    const problems = await problemsOf(text);
    for (const problem of expected) {
      expect(problems).toContainEqual(expect.stringContaining(problem));
    }
    if (expected.length > 1) expect(problems).toHaveLength(expected.length);
  });
});

describe("traffic in words", () => {
  test.each([
    ["TCP 443", "TCP 443"],
    ["tcp 80, 443, 8000-8080", "TCP 80, 443, 8000-8080"],
    ["TCP 53, UDP 53", "TCP 53 and UDP 53"],
    ["all", "all traffic"],
    ["all TCP", "all TCP"],
    ["ICMP", "all ICMP"],
    ["ICMP 3 4", "ICMP type 3 code 4"],
    ["ICMPv6 128", "ICMPv6 type 128"],
    ["protocol 50, protocol 51", "IP protocol 50 and IP protocol 51"],
    ["protocol 6", "all TCP"],
    ["all except TCP 80, 443", "all traffic except TCP 80, 443"],
    [
      "all except all TCP, all UDP, ICMP, ICMPv6",
      "all traffic except all ICMP, all TCP, all UDP and all ICMPv6",
    ],
  ])("%s", (words, said) => {
    expect(describeAll(parseTraffic(words) as Traffic[])).toBe(said);
  });

  test.each([
    "",
    "443",
    "TCP",
    "TCP x",
    "all 80",
    "ICMP 300",
    "protocol",
    "protocol 256",
    "all protocol 50",
    "TCP 1-2-3",
    "all except",
    "TCP 80 UDP 53",
    "TCP -1",
  ])("%j is refused", (words) => {
    expect(parseTraffic(words)).toHaveProperty("problem");
  });
});
