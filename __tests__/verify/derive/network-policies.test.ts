import { describe, expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import {
  brokenOf,
  deploymentOf,
  FORMS,
  groupsWith,
  judged,
  NODES,
  policyFor,
  type Rule,
  statuses,
  type Terraform,
  together,
} from "./support/estate";

/*
 * Whoever writes a NetworkPolicy says which workload calls which, on which port: then the security groups of the two must let it
 * through as well. https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */

const NAMED_PORTS = {
  dnsPolicy: "Default",
  containers: [
    {
      name: "app",
      ports: [
        { name: "http", containerPort: 8080 },
        { name: "gossip", containerPort: 7946, protocol: "UDP" },
      ],
    },
  ],
};
const quiet = (app: string, namespace = "shop", labels: object = { app }) =>
  deploymentOf(app, NAMED_PORTS, namespace, labels);
const APPS = [policyFor("web"), quiet("web"), policyFor("orders"), quiet("orders")];

const named = (app: string) => ({ podSelector: { matchLabels: { app } } });
const networkPolicy = (spec: object, namespace: string | undefined = "shop") => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "orders", ...(namespace && { namespace }) },
  spec,
});
const fromWeb = (ports: readonly object[], more: object = {}) =>
  networkPolicy({ ...named("orders"), ingress: [{ from: [named("web")], ports }], ...more });
const toOrders = (ports: readonly object[], more: object = {}) =>
  networkPolicy({ ...named("web"), egress: [{ to: [named("orders")], ports }], ...more });

const estate = (
  rules: readonly Rule[],
  objects: readonly object[],
  form: (typeof FORMS)[number] = "manifests",
  more: Terraform = {},
) =>
  judged(
    {
      terraform: together(NODES, more, groupsWith(["web", "orders", "nodes"], rules)),
      objects: [...APPS, ...objects],
    },
    form,
  );

const ID = "shop/Deployment/orders/from/shop/Deployment/web";
const RULES: readonly Rule[] = ["web egress tcp 8080 orders", "orders ingress tcp 8080 web"];

describe.each(FORMS)("a NetworkPolicy of %s", (form) => {
  test.each<[what: string, object: object]>([
    ["that lets a workload in, by number", fromWeb([{ port: 8080 }])],
    ["that lets a workload in, by the port's name", fromWeb([{ port: "http", protocol: "TCP" }])],
    ["that lets a workload out", toOrders([{ port: 8080 }], { policyTypes: ["Egress"] })],
    ["that lets a workload out, without saying that it filters this", toOrders([{ port: "http" }])],
    [
      "that lets a workload in, with an empty list of what it filters",
      fromWeb([{ port: 8080 }], { policyTypes: [] }),
    ],
    ["that lets a workload out, with such a list", toOrders([{ port: 8080 }], { policyTypes: [] })],
    [
      "that names the namespace as well",
      networkPolicy({
        ...named("orders"),
        ingress: [
          {
            from: [
              {
                ...named("web"),
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
              },
            ],
            ports: [{ port: 8080 }],
          },
        ],
      }),
    ],
    [
      "by an expression",
      networkPolicy({
        podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["orders", "billing"] }] },
        ingress: [{ from: [named("web")], ports: [{ port: 8080 }] }],
      }),
    ],
  ])("%s needs a rule in each of the two groups", async (_, object) => {
    expect(statuses(await estate(RULES, [object], form))).toStrictEqual({ [`${ID}/8080`]: "holds" });
    for (const rule of RULES) {
      const report = await estate(
        RULES.filter((other) => other !== rule),
        [object],
        form,
      );
      expect(brokenOf(report)).toStrictEqual([`${ID}/8080`]);
      expect(report.verdicts.flatMap(({ cures }) => cures)).toHaveLength(1);
    }
  });
});

test("both halves of what NetworkPolicies say are one flow, for both", async () => {
  const { name: _, ...metadata } = { name: "", namespace: "shop" };
  const objects = [
    fromWeb([{ port: 8080 }]),
    { ...toOrders([{ port: "http" }]), metadata: { ...metadata, name: "web" } },
  ];
  const { verdicts } = await estate(RULES, objects);
  expect(verdicts.map(({ flow }) => flow.origins?.map(({ words }) => words))).toStrictEqual([
    [
      "Deployment shop/orders, ingress of NetworkPolicy shop/orders",
      "Deployment shop/orders, egress of NetworkPolicy shop/web",
    ],
  ]);
});

test.each<[what: string, ports: readonly object[], expected: readonly string[]]>([
  ["several", [{ port: 8080 }, { port: 9090 }], ["8080", "9090"]],
  ["a range", [{ port: 9000, endPort: 9010 }], ["9000-9010"]],
  ["a port as a state has it", [{ port: 9000, endPort: 0 }], ["9000"]],
  ["UDP by name", [{ port: "gossip", protocol: "UDP" }], ["udp-7946"]],
])("ports: %s", async (_, ports, expected) => {
  expect(Object.keys(statuses(await estate([], [fromWeb(ports)])))).toStrictEqual(
    expected.map((port) => `${ID}/${port}`),
  );
});

test("replicas that talk to each other need a rule of the group for itself", async () => {
  const self = networkPolicy({
    ...named("orders"),
    ingress: [{ from: [named("orders")], ports: [{ port: 7946 }] }],
  });
  const rules: Rule[] = ["orders egress tcp 7946 orders", "orders ingress tcp 7946 orders"];
  const id = "shop/Deployment/orders/from/shop/Deployment/orders/7946";
  expect(statuses(await estate(rules, [self]))).toStrictEqual({ [id]: "holds" });
  expect(brokenOf(await estate(rules.slice(1), [self]))).toStrictEqual([id]);
});

describe("what names no workload asks for nothing", () => {
  const ingress = (...from: readonly object[]) =>
    networkPolicy({ ...named("orders"), ingress: [{ from, ports: [{ port: 8080 }] }] });
  test.each<[what: string, object: object]>([
    ["everything", networkPolicy({ ...named("orders"), ingress: [{ ports: [{ port: 8080 }] }] })],
    ["all pods of the namespace", ingress({ podSelector: {} })],
    [
      "a whole namespace",
      ingress({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } }),
    ],
    ["addresses", ingress({ ipBlock: { cidr: "10.0.0.0/8" } })],
    ["pods that nobody shows", ingress(named("other"))],
    [
      "pods of another namespace",
      ingress({
        ...named("web"),
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "batch" } },
      }),
    ],
    ["rules for what it does not filter", fromWeb([{ port: 8080 }], { policyTypes: ["Egress"] })],
    [
      "a NetworkPolicy of another namespace",
      networkPolicy(
        { ...named("orders"), ingress: [{ from: [named("web")], ports: [{ port: 8080 }] }] },
        "batch",
      ),
    ],
    [
      "all pods of the namespace as those that are reached",
      networkPolicy({ podSelector: {}, ingress: [{ from: [named("web")], ports: [{ port: 8080 }] }] }),
    ],
  ])("%s", async (_, object) => {
    expect(statuses(await estate([], [object]))).toStrictEqual({});
  });

  test("a client with the groups of its node", async () => {
    const report = await judged({
      terraform: together(NODES, groupsWith(["orders", "nodes"], [])),
      objects: [quiet("web"), policyFor("orders"), quiet("orders"), fromWeb([{ port: 8080 }])],
    });
    expect(statuses(report)).toStrictEqual({});
  });

  test("CoreDNS, of which the flows for DNS speak", async () => {
    const labels = { "k8s-app": "kube-dns" };
    const asks = networkPolicy({
      ...named("web"),
      egress: [
        {
          to: [
            {
              podSelector: { matchLabels: labels },
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            },
          ],
          ports: [{ port: 53, protocol: "UDP" }],
        },
      ],
    });
    const report = await judged({
      terraform: together(NODES, groupsWith(["web", "dns", "nodes"], [])),
      objects: [
        policyFor("web"),
        quiet("web"),
        policyFor("dns", "kube-system", labels),
        quiet("coredns", "kube-system", labels),
        asks,
      ],
    });
    expect(statuses(report)).toStrictEqual({});
  });
});

describe("what is not known is said", () => {
  const notesOf = (report: Report) => report.notes.join("\n");
  test.each<[what: string, object: object, words: RegExp]>([
    [
      "no ports",
      networkPolicy({ ...named("orders"), ingress: [{ from: [named("web")] }] }),
      /shop\/NetworkPolicy\/orders names no ports, so what it lets through is not judged/,
    ],
    [
      "a port that no container names",
      fromWeb([{ port: "admin" }]),
      /a port that shop\/NetworkPolicy\/orders names is not known/,
    ],
    [
      "a name of a port of another protocol",
      fromWeb([{ port: "gossip" }]),
      /a port that shop\/NetworkPolicy\/orders names is not known/,
    ],
  ])("%s", async (_, object, words) => {
    const report = await estate([], [object]);
    expect(statuses(report)).toStrictEqual({});
    expect(notesOf(report)).toMatch(words);
  });

  test("a label that too many workloads have", async () => {
    const many = Array.from({ length: 21 }, (_, index) => quiet(`w${index}`, "shop", { tier: "app" }));
    const report = await judged({
      terraform: together(NODES, groupsWith(["app", "nodes"], [])),
      objects: [
        policyFor("app", "shop", { tier: "app" }),
        ...many,
        networkPolicy({
          podSelector: { matchLabels: { tier: "app" } },
          ingress: [{ from: [{ podSelector: { matchLabels: { tier: "app" } } }], ports: [{ port: 8080 }] }],
        }),
      ],
    });
    expect(statuses(report)).toStrictEqual({});
    expect(notesOf(report)).toMatch(/and 16 more: shop\/NetworkPolicy\/orders names too many workloads/);
  });
});

test("a typed resource of Terraform is the same", async () => {
  const typed = {
    kubernetes_network_policy_v1: {
      orders: {
        metadata: { name: "orders", namespace: "shop" },
        spec: {
          pod_selector: { match_labels: { app: "orders" } },
          policy_types: ["Ingress"],
          ingress: [
            { from: [{ ip_block: { cidr: "10.0.0.0/8" } }], ports: { port: "443" } },
            {
              from: [
                { pod_selector: { match_labels: { app: "other" } } },
                { pod_selector: { match_labels: { app: "web" } } },
              ],
              ports: [{ port: "http", protocol: "TCP" }, { port: "9090" }],
            },
          ],
        },
      },
    },
  };
  const report = await estate(RULES, [], "manifests", typed);
  expect(statuses(report)).toStrictEqual({ [`${ID}/8080`]: "holds", [`${ID}/9090`]: "broken" });
});

describe("a namespace by its labels", () => {
  const namespace = (name: string, labels: object = {}) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels },
  });
  const front = { matchLabels: { tier: "front" } };
  const fromFront = (namespaceSelector: object, from: object = named("web")) =>
    networkPolicy({
      ...named("orders"),
      ingress: [{ from: [{ ...from, namespaceSelector }], ports: [{ port: 8080 }] }],
    });
  const OTHER = [policyFor("web", "edge"), quiet("web", "edge")];
  const FROM_EDGE = "shop/Deployment/orders/from/edge/Deployment/web/8080";
  const FROM_SHOP = `${ID}/8080`;

  const inBoth = async (objects: readonly object[], terraform: Terraform = {}) => {
    const report = await judged({
      terraform: together(NODES, terraform, groupsWith(["web", "orders", "nodes"], RULES)),
      objects: [policyFor("orders"), quiet("orders"), policyFor("web"), quiet("web"), ...OTHER, ...objects],
    });
    const notes = report.notes.filter((note) => note.includes("names namespaces by labels"));
    return { ids: Object.keys(statuses(report)).filter((id) => id.includes("/from/")), notes };
  };

  test.each<[what: string, selector: object, ids: readonly string[]]>([
    ["that one has", front, [FROM_EDGE]],
    [
      "that one has, by an expression",
      { matchExpressions: [{ key: "tier", operator: "Exists" }] },
      [FROM_EDGE],
    ],
    [
      "that one does not have",
      { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] },
      [FROM_SHOP],
    ],
    ["of which none has the value", { matchLabels: { tier: "back" } }, []],
    ["that all have", {}, [FROM_SHOP, FROM_EDGE]],
    [
      "and by its name",
      { matchLabels: { tier: "front", "kubernetes.io/metadata.name": "edge" } },
      [FROM_EDGE],
    ],
    [
      "of all but one name",
      { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["shop"] }] },
      [FROM_EDGE],
    ],
  ])("%s", async (_, selector, ids) => {
    const namespaces = [namespace("shop"), namespace("edge", { tier: "front" })];
    expect(await inBoth([...namespaces, fromFront(selector)])).toStrictEqual({ ids, notes: [] });
  });

  test("that Terraform makes", async () => {
    const metadata = (name: string, labels: object) => ({ metadata: { name, labels } });
    const namespaces = {
      kubernetes_namespace_v1: {
        edge: metadata("edge", { tier: "front" }),
        shop: metadata("shop", { tier: "back" }),
      },
    };
    expect(await inBoth([fromFront(front)], namespaces)).toStrictEqual({ ids: [FROM_EDGE], notes: [] });
  });

  test("whose labels nobody shows is said, and not judged", async () => {
    const note = expect.stringContaining(
      "Deployment shop/orders: shop/NetworkPolicy/orders names namespaces by labels, and which of them have these is not known, so what it lets through there is not judged: give the Namespaces as well",
    );
    expect(await inBoth([fromFront(front)])).toStrictEqual({ ids: [], notes: [note] });
    const shown = await inBoth([fromFront(front), namespace("edge", { tier: "front" })]);
    expect(shown).toStrictEqual({ ids: [FROM_EDGE], notes: [note] });
  });

  test("whose pods nobody shows, or that is meant as a whole, is not told", async () => {
    expect(await inBoth([fromFront(front, named("other"))])).toStrictEqual({ ids: [], notes: [] });
    expect(await inBoth([fromFront(front, {})])).toStrictEqual({ ids: [], notes: [] });
  });
});
