import { describe, expect, test } from "vitest";
import { describeAll } from "../../../../network/traffic";
import { flowIdText } from "../../../../verify/expect/flow-id";
import { verify } from "../../../../verify/verify";
import { folderWith, refusal } from "../../read/support/configuration";

/** A module for pods and a service of theirs: ports as a map, one peer more where the caller wants it. */
const MODULE = {
  variable: {
    pods_security_group_id: { type: "string" },
    baseline_security_group_id: { type: "string", default: null },
    ports: { type: "map(string)", default: { redis: "6379" } },
    peers: {
      type: "map(object({ cidr_ipv4 = optional(string), security_group_id = optional(string), port = optional(number) }))",
      default: {},
    },
    open: { type: "bool", default: false },
    hosts: { type: "set(string)", default: [] },
    unset: {},
  },
  resource: {
    aws_security_group: { service: { name: "service" } },
    aws_vpc_security_group_egress_rule: {
      to_service: {
        for_each: "${var.ports}",
        security_group_id: "${var.pods_security_group_id}",
        referenced_security_group_id: "${aws_security_group.service.id}",
        ip_protocol: "tcp",
        from_port: '${split("-", each.value)[0]}',
        to_port: '${reverse(split("-", each.value))[0]}',
      },
    },
    aws_vpc_security_group_ingress_rule: {
      from_pods: {
        for_each: "${var.ports}",
        security_group_id: "${aws_security_group.service.id}",
        referenced_security_group_id: "${var.pods_security_group_id}",
        ip_protocol: "tcp",
        from_port: '${split("-", each.value)[0]}',
        to_port: '${reverse(split("-", each.value))[0]}',
      },
      from_peers: {
        for_each: "${var.peers}",
        security_group_id: "${aws_security_group.service.id}",
        referenced_security_group_id: "${each.value.security_group_id}",
        cidr_ipv4: "${each.value.cidr_ipv4}",
        ip_protocol: "tcp",
        from_port: "${each.value.port}",
        to_port: "${each.value.port}",
      },
    },
  },
};

const FLOWS = `
format: 1
endpoints:
  pods: var.pods_security_group_id
  service: aws_security_group.service
  baseline: var.baseline_security_group_id
  office: 192.0.2.0/24
flows:
  service:
    flow: allow pods -> service TCP \${each.value}
    description: The pods reach \${each.key}.
    for_each: var.ports
`;

/** Verifies a root that calls the module with arguments, with the module's flows. */
async function verified(args: Record<string, unknown>, flows: string = FLOWS) {
  const folder = folderWith({
    "main.tf.json": {
      resource: { aws_security_group: { pods: { name: "pods" }, more: { name: "more" } } },
      data: { aws_subnet: { x: {} } },
      module: {
        m: { source: "./module", pods_security_group_id: "${aws_security_group.pods.id}", ...args },
      },
    },
    "module/main.tf.json": MODULE,
    "module/flows.yaml": flows,
  });
  const report = await verify(folder);
  return {
    ...report,
    flows: report.verdicts.map(
      ({ flow, status }) => `${flowIdText(flow.id)}: ${describeAll(flow.traffic)} ${status}`,
    ),
  };
}

const more = (lines: string) => `${FLOWS}${lines}`;

describe("for_each states one flow for each element", () => {
  test("of a map of ports and ranges, each with its key, in their order", async () => {
    const { flows, verdicts, notes, rules } = await verified({ ports: { redis: "6379", data: "8000-8100" } });
    expect(flows).toStrictEqual([
      'module.m/service["data"]: TCP 8000-8100 holds',
      'module.m/service["redis"]: TCP 6379 holds',
    ]);
    expect(verdicts.map(({ flow }) => flow.description)).toStrictEqual([
      "The pods reach data.",
      "The pods reach redis.",
    ]);
    expect(notes).toStrictEqual([]);
    expect(rules.map(({ address }) => address)).toContain(
      'module.m.aws_vpc_security_group_egress_rule.to_service["data"]',
    );
  });

  test("which is broken where a rule does not carry it", async () => {
    const { flows } = await verified(
      { ports: { redis: 6379 } },
      FLOWS.replace("TCP ${each.value}", "TCP ${each.value}, 6380"),
    );
    expect(flows).toStrictEqual(['module.m/service["redis"]: TCP 6379, 6380 broken']);
  });

  test("of no elements: none", async () => {
    expect(await verified({ ports: {} })).toMatchObject({ flows: [], notes: [] });
  });

  test("of a map of objects, whose values may be unknown where no port depends on them", async () => {
    const peers = {
      a: { security_group_id: "${aws_security_group.more.id}", port: 8080 },
      b: { cidr_ipv4: "192.0.2.0/24", port: 9090 },
    };
    const { flows } = await verified(
      { peers },
      more(`  peers:
    flow: allow office -> service TCP \${each.value.port}
    for_each: var.peers
    when: each.value.security_group_id == null
`),
    );
    expect(flows).toContain('module.m/peers["b"]: TCP 9090 holds');
    expect(flows.join()).not.toContain('peers["a"]');
  });

  test("of a set, by its values", async () => {
    const { flows } = await verified(
      { hosts: ["b", "a"] },
      more("  hosts: { flow: deny office -> service TCP 22, for_each: var.hosts }\n"),
    );
    expect(flows.slice(1)).toStrictEqual([
      'module.m/hosts["a"]: TCP 22 holds',
      'module.m/hosts["b"]: TCP 22 holds',
    ]);
  });

  test.each([
    ["a map", { ports: "${aws_security_group.more.tags}" }, "service", "for_each (var.ports)"],
    [
      "a port",
      { ports: { a: "${data.aws_subnet.x.id}" } },
      'service["a"]',
      "each.value (data.aws_subnet.x.id)",
    ],
  ])("%s that is not known leaves the flow out, with a note", async (_what, args, flow, what) => {
    const { flows, notes } = await verified(args);
    expect(flows).toStrictEqual([]);
    expect(notes).toContain(`module.m/${flow}: ${what} is not known here: it is skipped.`);
  });
});

describe("when says whether a flow is wanted", () => {
  const WHEN = more("  open: { flow: deny office -> service, when: var.open }\n");

  test.each([
    ["true", true, ["module.m/open: all traffic holds"]],
    ["false", false, []],
    ["a comparison that is true", '${"a" == "a"}', ["module.m/open: all traffic holds"]],
  ])("%s", async (_what, open, expected) => {
    const { flows, notes } = await verified({ open }, WHEN);
    expect(flows.slice(1)).toStrictEqual(expected);
    expect(notes).toStrictEqual([]);
  });

  test("and one that is not known leaves the flow out, with a note", async () => {
    const { flows, notes } = await verified({ open: "${aws_security_group.more.arn != null}" }, WHEN);
    expect(flows).toHaveLength(1);
    expect(notes).toContain("module.m/open: when (var.open) is not known here: it is skipped.");
  });
});

describe("an endpoint whose group is null is not there", () => {
  const baseline = (extra: string) => more(`  dns: { flow: deny office -> baseline${extra} }\n`);

  test("its flows are left out, with a note", async () => {
    const { flows, notes } = await verified({}, baseline(""));
    expect(flows).toHaveLength(1);
    expect(notes).toStrictEqual([
      "module.m.baseline: there is no such group here (its count is 0, or it is null): its flows are skipped.",
    ]);
  });

  test("without a note where the flow says when it is wanted", async () => {
    const { flows, notes } = await verified({}, baseline(", when: var.baseline_security_group_id != null"));
    expect(flows).toHaveLength(1);
    expect(notes).toStrictEqual([]);
  });

  test("and where it is not null, its flows count", async () => {
    const { flows } = await verified(
      { baseline_security_group_id: "${aws_security_group.more.id}" },
      baseline(""),
    );
    expect(flows[1]).toBe("module.m/dns: all traffic holds");
  });

  test("of several groups of an endpoint, the others remain", async () => {
    const both = FLOWS.replace(
      "pods: var.pods_security_group_id",
      "pods: { groups: [var.baseline_security_group_id, var.pods_security_group_id] }",
    );
    const { verdicts } = await verified({}, both);
    expect(verdicts.map(({ flow }) => flow.from.groups)).toStrictEqual([["aws_security_group.pods"]]);
  });
});

describe("an endpoint may be the element of for_each", () => {
  const PEERS = FLOWS.replace(
    "  office: 192.0.2.0/24",
    `  office: 192.0.2.0/24
  peer: { group: each.value.security_group_id, cidrs: ["\${each.value.cidr_ipv4}"] }`,
  ).replace(
    "flows:",
    `flows:
  peers:
    for_each: var.peers
    flow: allow peer -> service TCP \${each.value.port}`,
  );
  const endsOf = ({ verdicts }: Awaited<ReturnType<typeof verified>>) =>
    verdicts
      .filter(({ flow }) => flowIdText(flow.id).includes("/peers"))
      .map(({ flow: { from }, status }) => ({ ...from, status }));

  test("a group or addresses, whichever each has", async () => {
    const result = await verified(
      {
        peers: {
          a: { security_group_id: "${aws_security_group.more.id}", port: 8080 },
          b: { cidr_ipv4: "192.0.2.0/24", port: 9090 },
          c: { security_group_id: "sg-0a1b2c3d", port: 22 },
        },
      },
      PEERS,
    );
    expect(endsOf(result)).toStrictEqual([
      // A group without any egress.
      { name: 'peer["a"]', groups: ["aws_security_group.more"], status: "broken" },
      { name: 'peer["b"]', groups: [], cidrs: ["192.0.2.0/24"], status: "holds" },
      { name: 'peer["c"]', groups: ["sg-0a1b2c3d"], status: "holds-if" },
    ]);
    expect(result.notes).toStrictEqual([]);
    expect(result.groups.map(({ key }) => key).filter((key) => key.includes("each"))).toStrictEqual([]);
  });

  test("one that has neither leaves its flow out, with a note unless the flow says when it is wanted", async () => {
    const peers = { a: { port: 8080 }, b: { cidr_ipv4: "192.0.2.0/24", port: 9090 } };
    const result = await verified({ peers }, PEERS);
    expect(endsOf(result).map(({ name }) => name)).toStrictEqual(['peer["b"]']);
    expect(result.notes).toStrictEqual([
      'module.m/peers["a"]: there is no group and no address of peer here: it is skipped.',
    ]);
    const silent = PEERS.replace("for_each: var.peers", 'for_each: var.peers\n    when: "true"');
    expect((await verified({ peers }, silent)).notes).toStrictEqual([]);
  });

  test("an address that is not known leaves its flow out, with a note", async () => {
    const peers = { a: { cidr_ipv4: "${data.aws_subnet.x.cidr_block}", port: 8080 } };
    const result = await verified({ peers }, PEERS);
    expect(endsOf(result)).toStrictEqual([]);
    expect(result.notes).toContain(
      'module.m/peers["a"]: the endpoint peer (data.aws_subnet.x.cidr_block) is not known here: it is skipped.',
    );
  });

  test("a half may be required of it", async () => {
    const missing = PEERS.replace("for_each: var.peers", "for_each: var.peers\n    required: peer");
    const peers = { c: { security_group_id: "sg-0a1b2c3d", port: 22 } };
    expect(endsOf(await verified({ peers }, missing))).toMatchObject([{ status: "broken" }]);
  });

  test("an address may be the value of any expression", async () => {
    const { flows } = await verified(
      { peers: { b: { cidr_ipv4: "192.0.2.0/24", port: 9090 } } },
      FLOWS.replace("192.0.2.0/24", '{ cidrs: "${var.peers.b.cidr_ipv4}" }').concat(
        "  office: allow office -> service TCP 9090\n",
      ),
    );
    expect(flows).toContain("module.m/office: TCP 9090 holds");
  });

  test.each<[string, string, string]>([
    [
      "outside of for_each",
      "allow peer -> service TCP 22",
      'flows.wrong: "peer" works only in a flow with for_each',
    ],
    [
      "of another shape",
      "{ flow: allow peer -> service TCP 22, for_each: var.ports }",
      'endpoints.peer: there is no each.value.security_group_id: the element is "6379"',
    ],
  ])("%s it is refused", async (_what, flow, problem) => {
    expect(await refusal(verified({}, `${PEERS}  wrong: ${flow}\n`))).toContain(problem);
  });

  test("as the nodes it is refused", async () => {
    expect(await refusal(verified({}, PEERS.replace("format: 1", "format: 1\nnodes: peer")))).toContain(
      'flows.yaml: nodes: "peer" works only in a flow with for_each',
    );
  });
});

describe("a suppression with when", () => {
  const SUPPRESS = more(`suppress:
  - check: dead-rule
    address: aws_vpc_security_group_ingress_rule.from_peers["a"]
    reason: The other half is made elsewhere.
    when: var.open
`);
  // A group without any egress.
  const peers = { a: { security_group_id: "${aws_security_group.more.id}", port: 8080 } };
  const DEAD = ["dead-rule"];

  test.each<[unknown, { suppressed: string[]; findings: string[] }]>([
    [true, { suppressed: DEAD, findings: [] }],
    [false, { suppressed: [], findings: DEAD }],
    ["${aws_security_group.more.arn != null}", { suppressed: [], findings: DEAD }],
  ])("%j", async (open, expected) => {
    const { suppressed, findings } = await verified({ open, peers }, SUPPRESS);
    const dead = (list: typeof findings) =>
      list.map(({ check }) => check).filter((check) => check === "dead-rule");
    expect({ suppressed: dead(suppressed), findings: dead(findings) }).toStrictEqual(expected);
  });

  test("that meets no finding is told of where it is the root's, not where it is a module's", async () => {
    const UNMET = "suppress:\n  - { check: dead-rule, address: aws_security_group.x, reason: old }\n";
    const ofModule = await verified({}, more(UNMET));
    expect(ofModule.notes).toStrictEqual([]);
    const root = folderWith({
      "main.tf.json": { resource: { aws_security_group: { a: {} } } },
      "flows.yaml": `format: 1\n${UNMET}`,
    });
    expect((await verify(root)).notes).toStrictEqual([
      "the suppression of dead-rule at aws_security_group.x matches no finding: remove it",
    ]);
  });

  test("that is no condition is refused", async () => {
    const message = await refusal(verified({}, SUPPRESS.replace("var.open", "var.ports")));
    expect(message).toContain("flows.yaml: suppress.0: when must be true or false (var.ports is ");
  });
});

test("the CNI that flows.yaml states is in the report; the root's word goes before a module's", async () => {
  const folder = folderWith({
    "main.tf.json": { module: { m: { source: "./module" } } },
    "module/main.tf.json": { resource: { aws_security_group: { a: {} } } },
    "module/flows.yaml": "format: 1\ncni: kubernetes_env\n",
  });
  expect((await verify(folder)).cni).toBe("kubernetes_env");
  const own = folderWith({ "flows.yaml": "format: 1\ncni: external\n" });
  expect((await verify(folder, { flows: `${own}/flows.yaml` })).cni).toBe("external");
});

describe("what is wrong is said with its place", () => {
  test.each([
    [
      "a list of objects",
      "allow pods -> service",
      { for_each: '[{ "a" = 1 }]' },
      "for_each must be a map, or a set of strings",
    ],
    [
      "a number",
      "allow pods -> service",
      { for_each: "1" },
      "for_each must be a map, or a set of strings (1 is 1)",
    ],
    [
      "null",
      "allow pods -> service",
      { for_each: "var.baseline_security_group_id" },
      "for_each must be a map",
    ],
    ["no boolean", "allow pods -> service", { when: '"yes"' }, 'when must be true or false ("yes" is "yes")'],
    ["no expression", "allow pods -> service", { when: "var." }, "when: var.: this is not an expression"],
    [
      "a variable that is not there",
      "allow pods -> service",
      { when: "var.typo == 1" },
      "when: there is no var.typo here (var.typo == 1)",
    ],
    [
      "each without for_each",
      "allow pods -> service TCP ${each.value}",
      {},
      "${each.value} works only in a flow with for_each",
    ],
    [
      "another name",
      "allow pods -> service TCP ${var.ports}",
      { for_each: "var.ports" },
      "${var.ports} is none of ${each.key}, ${each.value}",
    ],
    [
      "a missing attribute",
      "allow pods -> service TCP ${each.value.port}",
      { for_each: "var.ports" },
      'there is no each.value.port: the element is "6379"',
    ],
    [
      "an object as a port",
      "allow pods -> service TCP ${each.value}",
      { for_each: "{ a = { port = 1 } }" },
      'each.value must be a string or a number (it is {"port":1})',
    ],
    [
      "no port",
      "allow pods -> service TCP ${each.key}",
      { for_each: "var.ports" },
      '"TCP redis" is not traffic',
    ],
    [
      "each in the place of an endpoint",
      "allow pods -> ${each.key}",
      { for_each: "var.ports" },
      'there is no endpoint "${each.key}"',
    ],
  ])("%s", async (_what, flow, keys, problem) => {
    const message = await refusal(verified({}, more(`  wrong: ${JSON.stringify({ flow, ...keys })}\n`)));
    expect(message).toContain("flows.wrong: ");
    expect(message).toContain(problem);
  });
});
