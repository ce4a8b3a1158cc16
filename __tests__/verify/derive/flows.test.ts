import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import { conditionWords } from "../../../verify/report/condition-words";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";

/*
 * An estate as people have it: groups and their rules in Terraform, policies and workloads in YAML. What each workload needs
 * follows from the documents of Kubernetes and EKS: DNS over both protocols, the kubelet's probes on their ports, the database.
 */

type Rule = readonly [
  group: string,
  direction: "ingress" | "egress",
  protocol: string,
  port: number,
  peer: string,
];

const RULES: readonly Rule[] = [
  ["orders", "egress", "udp", 53, "nodes"],
  ["orders", "egress", "tcp", 53, "nodes"],
  ["nodes", "ingress", "udp", 53, "orders"],
  ["nodes", "ingress", "tcp", 53, "orders"],
  ["nodes", "egress", "tcp", 8080, "orders"],
  ["orders", "ingress", "tcp", 8080, "nodes"],
  ["nodes", "egress", "tcp", 9090, "orders"],
  ["orders", "ingress", "tcp", 9090, "nodes"],
  ["orders", "egress", "tcp", 5432, "db"],
  ["db", "ingress", "tcp", 5432, "orders"],
];

const idOf = (group: string) => `\${aws_security_group.${group}.id}`;

function terraform(rules: readonly Rule[]) {
  const resource: Record<string, Record<string, unknown>> = {
    aws_security_group: Object.fromEntries(
      ["orders", "nodes", "db"].map((name) => [name, { name, vpc_id: "vpc-1" }]),
    ),
    aws_db_instance: { db: { engine: "postgres", vpc_security_group_ids: [idOf("db")] } },
    aws_eks_cluster: { main: { name: "main", role_arn: "x", vpc_config: { subnet_ids: [] } } },
    aws_launch_template: { nodes: { vpc_security_group_ids: [idOf("nodes")] } },
    aws_eks_node_group: {
      nodes: {
        cluster_name: "${aws_eks_cluster.main.name}",
        launch_template: { id: "${aws_launch_template.nodes.id}" },
      },
    },
  };
  for (const [group, direction, protocol, port, peer] of rules) {
    const type = `aws_vpc_security_group_${direction}_rule`;
    resource[type] = {
      ...resource[type],
      [`${group}_${direction}_${protocol}_${port}_${peer}`]: {
        security_group_id: idOf(group),
        ...(peer.includes("/") ? { cidr_ipv4: peer } : { referenced_security_group_id: idOf(peer) }),
        ip_protocol: protocol,
        from_port: port,
        to_port: port,
      },
    };
  }
  return { resource };
}

const POLICY = {
  apiVersion: "vpcresources.k8s.aws/v1beta1",
  kind: "SecurityGroupPolicy",
  metadata: { name: "orders", namespace: "shop" },
  spec: {
    podSelector: { matchLabels: { app: "orders" } },
    securityGroups: { groupIds: ["${ORDERS_SG_ID}"] },
  },
};

const CONTAINER = {
  name: "app",
  ports: [{ name: "http", containerPort: 8080 }],
  readinessProbe: { httpGet: { path: "/", port: "http" } },
  livenessProbe: { tcpSocket: { port: 8080 } },
};
const SIDECAR = { name: "metrics", restartPolicy: "Always", startupProbe: { grpc: { port: 9090 } } };

const deployment = (spec: object = {}, labels: object = { app: "orders" }) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "orders", namespace: "shop" },
  spec: {
    template: { metadata: { labels }, spec: { containers: [CONTAINER], initContainers: [SIDECAR], ...spec } },
  },
});

interface Estate {
  readonly rules?: readonly Rule[];
  readonly objects?: readonly object[];
  readonly flows?: string;
  readonly map?: Readonly<Record<string, string>>;
}

async function judged({
  rules = RULES,
  objects = [POLICY, deployment()],
  flows,
  map = { "${ORDERS_SG_ID}": "aws_security_group.orders" },
}: Estate = {}): Promise<Report> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(terraform(rules)));
  if (flows !== undefined) writeFileSync(join(folder, "flows.yaml"), flows);
  const items = join(folder, "k8s.json");
  writeFileSync(items, JSON.stringify({ kind: "List", items: objects }));
  return verify(folder, { manifests: [items], groupWords: new Map(Object.entries(map)) });
}

/** What became of each flow that workloads need, by its id. */
const statuses = ({ verdicts }: Report) =>
  Object.fromEntries(
    verdicts.filter(({ flow }) => flow.origins).map(({ flow, status }) => [flow.id.name, status]),
  );

const HOLDS = {
  "shop/Deployment/orders/dns": "holds",
  "shop/Deployment/orders/readiness/8080": "holds",
  "shop/Deployment/orders/liveness/8080": "holds",
  "shop/Deployment/orders/startup/9090": "holds",
  "shop/Deployment/orders/data/aws_db_instance.db": "holds",
};

test("a workload's flows are known without a word of them, and hold where all rules are there", async () => {
  const report = await judged();
  expect(statuses(report)).toStrictEqual(HOLDS);
  expect(report.findings.filter(({ severity }) => severity === "error")).toStrictEqual([]);
});

const needs = ([group, , protocol, port]: Rule) => {
  const id = port === 53 ? "dns" : port === 5432 ? "data" : String(port);
  return { id, words: `${group} ${protocol} ${port}` };
};

describe("each rule is needed: without it a flow breaks, and the rule is the cure", () => {
  test.each(RULES.map((rule) => [rule.join(" "), rule] as const))("%s", async (_, rule) => {
    const { verdicts } = await judged({ rules: RULES.filter((other) => other !== rule) });
    const broken = verdicts.filter(({ status }) => status === "broken");
    expect(broken.length).toBeGreaterThan(0);
    for (const { flow, cures } of broken) {
      expect(flow.id.name).toContain(needs(rule).id);
      const [group, direction, protocol, port, peer] = rule;
      expect(cures).toStrictEqual([
        expect.objectContaining({
          group: `aws_security_group.${group}`,
          direction,
          traffic: { protocol, ports: { from: port, to: port } },
          peer: { kind: "group", group: `aws_security_group.${peer}` },
        }),
      ]);
    }
  });
});

test("what needs a flow is said: object, field and file", async () => {
  const { verdicts } = await judged();
  const readiness = verdicts.find(({ flow }) => flow.id.name.endsWith("readiness/8080"));
  expect(readiness?.flow.origins).toStrictEqual([
    {
      need: "readiness",
      words: "Deployment shop/orders, readinessProbe of container app",
      source: expect.objectContaining({ file: expect.stringContaining("k8s.json") }),
    },
  ]);
});

test("two containers that are probed on one port need one flow, for both", async () => {
  const objects = [POLICY, deployment({ containers: [CONTAINER, { ...CONTAINER, name: "second" }] })];
  const { verdicts } = await judged({ objects });
  const readiness = verdicts.filter(({ flow }) => flow.id.name.endsWith("readiness/8080"));
  expect(readiness.map(({ flow }) => flow.origins?.map(({ words }) => words))).toStrictEqual([
    [
      "Deployment shop/orders, readinessProbe of container app",
      "Deployment shop/orders, readinessProbe of container second",
    ],
  ]);
});

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy and the docs of probes. */
describe("what a pod does not need is not judged", () => {
  const gone = (id: string) =>
    expect.not.objectContaining({ [`shop/Deployment/orders/${id}`]: expect.anything() });
  test.each<[what: string, spec: object, id: string]>([
    ["DNS of the VPC's resolver", { dnsPolicy: "Default" }, "dns"],
    [
      "a probe that runs a command",
      { containers: [{ name: "app", readinessProbe: { exec: { command: [] } } }] },
      "readiness/8080",
    ],
    [
      "a probe that leads to another host",
      { containers: [{ name: "app", readinessProbe: { httpGet: { host: "127.0.0.1", port: 8080 } } }] },
      "readiness/8080",
    ],
    ["anything of a pod on the network of its node", { hostNetwork: true }, "dns"],
  ])("%s", async (_, spec, id) => {
    expect(statuses(await judged({ objects: [POLICY, deployment(spec)] }))).toStrictEqual(gone(id));
  });

  test("anything of pods that no policy matches", async () => {
    expect(statuses(await judged({ objects: [POLICY, deployment({}, { app: "other" })] }))).toStrictEqual({});
  });

  test("probes in the mode standard, in which traffic on one node is not filtered", async () => {
    const report = await judged({ flows: "format: 1\nmode: standard\n" });
    expect(Object.keys(statuses(report))).toStrictEqual([
      "shop/Deployment/orders/dns",
      "shop/Deployment/orders/data/aws_db_instance.db",
    ]);
  });
});

/** `host` is resolved and asked on the node: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#http-probes */
describe("a probe with a host leads there, from the nodes", () => {
  const probing = (host: string, kind = "httpGet") =>
    deployment({
      containers: [{ name: "app", readinessProbe: { [kind]: { host, port: 8443 } } }],
      initContainers: [],
    });
  const ID = "shop/Deployment/orders/readiness/10.1.2.3/8443";
  const out: Rule = ["nodes", "egress", "tcp", 8443, "10.1.2.3/32"];

  test.each(["httpGet", "tcpSocket"])("by %s, to an address, in each mode", async (kind) => {
    for (const mode of ["strict", "standard"]) {
      const estate = { objects: [POLICY, probing("10.1.2.3", kind)], flows: `format: 1\nmode: ${mode}\n` };
      expect(statuses(await judged({ ...estate, rules: [...RULES, out] }))).toHaveProperty([ID], "holds");
      expect(statuses(await judged(estate))).toHaveProperty([ID], "broken");
    }
  });

  test("to a name, which nobody here resolves", async () => {
    const report = await judged({ objects: [POLICY, probing("status.example.com")] });
    expect(Object.keys(statuses(report)).filter((id) => id.includes("readiness"))).toStrictEqual([]);
    expect(report.notes.join("\n")).toMatch(
      /readinessProbe of container app, which has a host, are not known/,
    );
  });

  test.each(["localhost", "127.0.0.1", "::1"])(
    "to the node itself at %s, which meets no group",
    async (host) => {
      const report = await judged({ objects: [POLICY, probing(host)] });
      expect(Object.keys(statuses(report)).filter((id) => id.includes("readiness"))).toStrictEqual([]);
      expect(report.notes.join("\n")).not.toMatch(/readinessProbe/);
    },
  );
});

test("a hook over HTTP is asked by the kubelet as well", async () => {
  const hooked = { ...CONTAINER, lifecycle: { preStop: { httpGet: { path: "/", port: 9090 } } } };
  const report = await judged({ objects: [POLICY, deployment({ containers: [hooked] })] });
  expect(statuses(report)).toHaveProperty(["shop/Deployment/orders/preStop/9090"], "holds");
});

test("other name servers are asked over both protocols", async () => {
  const spec = { dnsPolicy: "None", dnsConfig: { nameservers: ["10.1.2.3"] } };
  const { verdicts } = await judged({ objects: [POLICY, deployment(spec)] });
  const dns = verdicts.find(({ flow }) => flow.id.name === "shop/Deployment/orders/dns");
  expect(dns).toMatchObject({ status: "broken", flow: { to: { cidrs: ["10.1.2.3/32"] } } });
  expect(dns?.flow.traffic.map(({ protocol }) => protocol)).toStrictEqual(["udp", "tcp"]);
});

describe("what is not known is never judged", () => {
  const silent = async (estate: Estate, words: RegExp) => {
    const report = await judged(estate);
    expect(statuses(report)).toStrictEqual({});
    expect(report.notes.join("\n")).toMatch(words);
  };

  test("a placeholder that nobody maps: it may be any group", () =>
    silent(
      { map: {} },
      /the group that \$\{ORDERS_SG_ID\} stands for is not known, so what its pods need is not judged/,
    ));

  test("a policy for a service account whose labels nobody shows", () => {
    const spec = {
      ...POLICY.spec,
      podSelector: undefined,
      serviceAccountSelector: { matchLabels: { team: "a" } },
    };
    return silent({ objects: [{ ...POLICY, spec }, deployment()] }, /selects its pods is not known/);
  });

  test("probes and DNS where the nodes are not seen", async () => {
    const folder = temporaryFolder();
    const {
      aws_eks_node_group: _,
      aws_launch_template: __,
      aws_eks_cluster: ___,
      ...resource
    } = terraform(RULES.filter(([group, , , port]) => port === 5432 || group === "db")).resource;
    const { nodes: ____, ...groups } = resource["aws_security_group"] as Record<string, unknown>;
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ resource: { ...resource, aws_security_group: groups } }),
    );
    writeFileSync(join(folder, "k8s.json"), JSON.stringify({ kind: "List", items: [POLICY, deployment()] }));
    const report = await verify(folder, {
      manifests: [join(folder, "k8s.json")],
      groupWords: new Map([["${ORDERS_SG_ID}", "aws_security_group.orders"]]),
    });
    expect(Object.keys(statuses(report))).toStrictEqual(["shop/Deployment/orders/data/aws_db_instance.db"]);
    expect(report.notes.join("\n")).toMatch(/its DNS is not judged/);
    expect(report.notes.join("\n")).toMatch(/its probes are not judged/);
  });
});

describe("whether a policy is in the namespace of the pods is not known", () => {
  const { metadata, ...rest } = deployment();
  const unplaced = { ...rest, metadata: { name: metadata.name } };
  const conditionsOf = ({ verdicts }: Report, id: string) =>
    verdicts
      .filter(({ flow }) => flow.id.name === id)
      .map(({ status, conditions, cures }) => ({ status, words: conditions.map(conditionWords), cures }));
  const SELECTED = "shop/SecurityGroupPolicy/orders selects the pods of Deployment orders";

  test("what holds with its groups holds if it selects them, and the report says how to tell", async () => {
    const report = await judged({ objects: [POLICY, unplaced] });
    expect(statuses(report)).toStrictEqual(
      Object.fromEntries(Object.keys(HOLDS).map((id) => [id.replace("shop/", ""), "holds-if"])),
    );
    expect(conditionsOf(report, "Deployment/orders/dns")).toStrictEqual([
      { status: "holds-if", words: [SELECTED], cures: [] },
    ]);
    expect(report.notes.join("\n")).toMatch(
      /Deployment orders: whether shop\/SecurityGroupPolicy\/orders selects its pods is not known.*NAMESPACE=PATH/,
    );
  });

  test("what its groups cut off holds at most if it does not", async () => {
    const rules = RULES.filter(([, , , port]) => port !== 9090);
    const report = await judged({ rules, objects: [POLICY, unplaced] });
    expect(conditionsOf(report, "Deployment/orders/startup/9090")).toStrictEqual([
      {
        status: "holds-if",
        words: [
          "shop/SecurityGroupPolicy/orders does not select the pods of Deployment orders, which its groups would cut off",
        ],
        cures: [],
      },
    ]);
  });

  describe("beside a policy that certainly selects them", () => {
    const other = (group: string) => ({
      ...POLICY,
      metadata: { name: "other" },
      spec: { ...POLICY.spec, securityGroups: { groupIds: [group] } },
    });
    const certain = (group: string) => ({
      ...POLICY,
      spec: { ...POLICY.spec, securityGroups: { groupIds: [group] } },
    });
    const map = { ORDERS: "aws_security_group.orders", DB: "aws_security_group.db" };
    const DNS = "shop/Deployment/orders/dns";

    test("what holds without it holds", async () => {
      const report = await judged({ objects: [certain("ORDERS"), other("DB"), deployment()], map });
      expect(conditionsOf(report, DNS)).toStrictEqual([{ status: "holds", words: [], cures: [] }]);
    });

    test("what holds only with it holds if it selects them", async () => {
      const report = await judged({ objects: [certain("DB"), other("ORDERS"), deployment()], map });
      expect(conditionsOf(report, DNS)).toStrictEqual([
        {
          status: "holds-if",
          words: ["SecurityGroupPolicy/other selects the pods of Deployment shop/orders"],
          cures: [],
        },
      ]);
    });

    test("what neither lets through is broken", async () => {
      const rules = RULES.filter(([, , , port]) => port !== 53);
      const report = await judged({ rules, objects: [certain("DB"), other("ORDERS"), deployment()], map });
      expect(conditionsOf(report, DNS)).toMatchObject([{ status: "broken" }]);
    });
  });
});

test("a service account with the labels that a policy asks for gives its pods the groups", async () => {
  const spec = {
    ...POLICY.spec,
    podSelector: undefined,
    serviceAccountSelector: { matchLabels: { team: "a" } },
  };
  const account = {
    kind: "ServiceAccount",
    metadata: { name: "orders", namespace: "shop", labels: { team: "a" } },
  };
  const objects = [{ ...POLICY, spec }, account, deployment({ serviceAccountName: "orders" })];
  expect(statuses(await judged({ objects }))).toStrictEqual(HOLDS);
});

test("all policies that match add up", async () => {
  const split = (name: string, id: string) => ({
    ...POLICY,
    metadata: { ...POLICY.metadata, name },
    spec: { ...POLICY.spec, securityGroups: { groupIds: [id] } },
  });
  const objects = [split("one", "ONE"), split("two", "TWO"), deployment()];
  const map = { ONE: "aws_security_group.db", TWO: "aws_security_group.orders" };
  const { verdicts } = await judged({ objects, map });
  const dns = verdicts.find(({ flow }) => flow.id.name === "shop/Deployment/orders/dns");
  expect(dns?.flow.from.groups).toStrictEqual(["aws_security_group.db", "aws_security_group.orders"]);
});

describe("flows.yaml has the last word", () => {
  const ID = "shop/Deployment/orders/startup/9090";
  const without9090 = RULES.filter(([, , , port]) => port !== 9090);

  test("a flow is left out with its reason", async () => {
    const report = await judged({
      rules: without9090,
      flows: `format: 1\nderived:\n  ${ID}: { reason: the sidecar is gone next week }\n`,
    });
    expect(statuses(report)).not.toHaveProperty([ID]);
    expect(report.notes).toContain(`${ID} is left out: the sidecar is gone next week`);
  });

  test("another flow is judged in its place", async () => {
    const flows = [
      "format: 1",
      "endpoints: { nodes: aws_security_group.nodes, orders: aws_security_group.orders }",
      "derived:",
      `  ${ID}: { reason: it listens on 8080, flow: allow nodes -> orders TCP 8080 }`,
      "",
    ].join("\n");
    const { verdicts } = await judged({ rules: without9090, flows });
    const replaced = verdicts.filter(({ flow }) => flow.id.name === ID);
    expect(replaced).toMatchObject([{ status: "holds", flow: { description: "it listens on 8080" } }]);
  });

  test("what meets no flow is said", async () => {
    const report = await judged({ flows: "format: 1\nderived: { shop/gone: { reason: x } }\n" });
    expect(report.notes).toContain(
      "derived.shop/gone of flows.yaml meets no flow that a workload needs: it can go",
    );
  });

  test("groups are mapped there, too, and an option says otherwise", async () => {
    const flows = `format: 1\ngroups: { "\${ORDERS_SG_ID}": aws_security_group.orders }\n`;
    expect(statuses(await judged({ map: {}, flows }))).toStrictEqual(HOLDS);
    const other = { "${ORDERS_SG_ID}": "aws_security_group.db" };
    expect(statuses(await judged({ map: other, flows }))).not.toStrictEqual(HOLDS);
  });
});
