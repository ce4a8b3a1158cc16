/**
 * A whole estate as people have it (`fixtures/estate`): nodes, cluster and add-on, groups, databases and caches in Terraform;
 * workloads, their policies, Services, Ingresses, network policies and webhooks in YAML, with kustomize and as a chart. Nothing
 * states a flow. What holds, and what each rule is for, follows from the documents of AWS and Kubernetes.
 */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import type { Report } from "../../verify/checks/model";
import { verify } from "../../verify/verify";
import { workFolder } from "./support/terraform";

const ESTATE = join(__dirname, "fixtures/estate");
const RULES = join("infra", "rules.tf");
const CHART = ["template", "apis", "chart", "--namespace", "apis"];
const KUSTOMIZATION = ["kustomize", "kustomize/production"];

/** The estate in a folder of its own, with some of its text changed. */
function changed(
  ...changes: readonly (readonly [file: string, from: string | RegExp, to: string])[]
): string {
  const folder = workFolder();
  cpSync(ESTATE, folder, { recursive: true });
  for (const [file, from, to] of changes) {
    const path = join(folder, file);
    const before = readFileSync(path, "utf8");
    const after = before.replace(from, to);
    expect(after, `${file} has ${from}`).not.toBe(before);
    writeFileSync(path, after);
  }
  return folder;
}

const MANIFESTS = ["k8s", "kustomize/rendered.yaml", "chart/rendered.yaml"];

function judged(folder: string, manifests: readonly string[] = MANIFESTS): Promise<Report> {
  return verify(join(folder, "infra"), { manifests: manifests.map((path) => join(folder, path)) });
}

const derived = ({ verdicts }: Report) => verdicts.filter(({ flow }) => flow.origins);
const broken = (report: Report) =>
  derived(report).flatMap(({ flow, status }) => (status === "broken" ? [flow.id.name] : []));

/** Warnings and errors. */
const told = ({ findings }: Report) =>
  findings.flatMap(({ severity, check, address }) =>
    severity === "information" ? [] : [`${check} ${address}`],
  );

/** What tells a flow from another: the same packets from the same groups to the same are one. */
const asPackets = ({ flow: { from, to, traffic } }: Report["verdicts"][number]) =>
  JSON.stringify([from.groups, from.cidrs, to.groups, to.cidrs, traffic]);

const KINDS = {
  DNS: /\/dns/,
  probes: /\/(startup|readiness|liveness)\//,
  "load balancers": /\/(ingress|service)\//,
  "network policies": /\/from\//,
  "what the API server calls": /\/(webhook|api)\//,
  "data services": /\/data\//,
};

test("the healthy estate: what its workloads need is known without a word of it, and no rule is missing", async () => {
  const report = await judged(ESTATE);
  expect(broken(report)).toStrictEqual([]);
  expect(told(report)).toStrictEqual([]);
  const distinct = new Set(derived(report).map(asPackets));
  expect(distinct.size).toBeGreaterThanOrEqual(60);
  for (const [kind, id] of Object.entries(KINDS)) {
    const flows = derived(report).filter(({ flow }) => id.test(flow.id.name));
    expect(new Set(flows.map(asPackets)).size, kind).toBeGreaterThanOrEqual(2);
  }
  // Only the egress rules of EKS's own group are not in the input.
  const uncertain = derived(report).filter(({ status }) => status !== "holds");
  expect(uncertain.every(({ flow }) => flow.from.name === "control-plane")).toBe(true);
});

/** The lines of the table of rules, by their keys. */
const lines = [...readFileSync(join(ESTATE, RULES), "utf8").matchAll(/^ {4}(\w+) += \{ group.*\n/gm)];

/** What a line of the table says. */
function ruleOf(line: string) {
  const [, group = "", peer = "", protocol = "", port = ""] =
    /group = "(\w+)", peer = "(\w+)", protocol = "(\w+)", port = (\d+)/.exec(line) ?? [];
  return { group, peer, protocol, port: Number(port) };
}

/** All pods have the group of the baseline besides one of their own, which is the better place for a rule. */
const PODS = ["storefront", "orders", "payments", "admission", "converter", "metrics", "pricing"];
const placesFor = (group: string) =>
  (group === "baseline" ? PODS : [group]).map((one) => `aws_security_group.${one}`);

describe("every rule is there for a flow: without it one breaks, and it is the cure", () => {
  test.each(lines.map(([line, key = ""]) => [key, line] as const))("%s", async (_, line) => {
    const { group, peer, protocol, port } = ruleOf(line);
    const { verdicts } = await judged(changed([RULES, line, ""]));
    const cures = verdicts.flatMap((verdict) => (verdict.status === "broken" ? verdict.cures : []));
    expect(cures).not.toStrictEqual([]);
    for (const cure of cures) {
      expect(placesFor(group)).toContain(cure.group);
      expect(placesFor(peer)).toContain(cure.peer.kind === "group" && cure.peer.group);
      expect(cure.traffic).toStrictEqual({ protocol, ports: { from: port, to: port } });
    }
  });

  test("what the nodes may send", async () => {
    const report = await judged(
      changed([RULES, /resource "aws_vpc_security_group_egress_rule" "nodes" \{[^}]*\}/, ""]),
    );
    expect(broken(report).every((name) => KINDS.probes.test(name))).toBe(true);
    expect(broken(report).length).toBeGreaterThan(20);
  });
});

/** A thing is left out as in an outage; the report names it once and nothing else. */
const FAULTS: readonly (readonly [
  what: string,
  change: readonly [file: string, from: string | RegExp, to: string],
  found: { readonly broken?: readonly string[]; readonly told?: readonly string[] },
])[] = [
  [
    "the role of the cluster has no policy for the resource controller",
    ["infra/cluster.tf", ', "AmazonEKSVPCResourceController"', ""],
    { told: ["cluster-role-policy aws_iam_role.cluster"] },
  ],
  [
    "the CNI has the wrong name of a variable",
    ["infra/cluster.tf", 'ENABLE_POD_ENI = "true"', 'ENABLE_POD_ENI = "false"'],
    { told: ["pod-eni-disabled aws_eks_addon.vpc_cni"] },
  ],
  [
    "a readiness probe on a port that no rule allows",
    [
      "k8s/orders.yaml",
      "readinessProbe:\n            httpGet: {path: /ready, port: http}",
      "readinessProbe:\n            httpGet: {path: /ready, port: 8089}",
    ],
    {
      broken: ["spot_nodes", "steady_nodes"].map(
        (nodes) => `shop/Deployment/orders/readiness/8089/aws_security_group.${nodes}`,
      ),
    },
  ],
  [
    "a Service whose target port has another number than the rules",
    ["k8s/payments.yaml", "containerPort: 8443", "containerPort: 9443"],
    {
      broken: [
        ...["spot_nodes", "steady_nodes"].map(
          (nodes) => `shop/Deployment/payments/readiness/9443/aws_security_group.${nodes}`,
        ),
        "shop/Deployment/payments/ingress/callbacks/9443",
      ],
    },
  ],
  [
    "a webhook that listens on another port",
    ["kustomize/rendered.yaml", "containerPort: 9443", "containerPort: 9449"],
    { broken: ["platform/Deployment/admission/webhook/9449"] },
  ],
];

describe("a fault is named, and nothing else", () => {
  test.each(FAULTS)("%s", async (_, change, found) => {
    const report = await judged(changed(change));
    expect(broken(report).sort()).toStrictEqual([...(found.broken ?? [])].sort());
    expect(told(report)).toStrictEqual(found.told ?? []);
  });
});

/** The Deployment of orders with a readiness probe on a port that no rule allows, and everything else of its file. */
function faultyOrders(): { readonly deployment: Deployment; readonly others: readonly object[] } {
  const objects = parseAllDocuments(readFileSync(join(ESTATE, "k8s/orders.yaml"), "utf8")).map((one) =>
    one.toJS(),
  );
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  deployment.spec.template.spec.containers[0].readinessProbe.httpGet.port = 8089;
  return { deployment, others: objects.filter((one) => one !== deployment) };
}

interface Deployment {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
  };
}

interface PodSpec {
  readonly containers: readonly [
    {
      readonly name: string;
      readonly image: string;
      readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
      readonly readinessProbe: { readonly httpGet: { readonly path: string; readonly port: number } };
    },
  ];
}

/** As `kubectl get -o json` prints it: with what the API server, the controllers and the kubelet add. */
function live({ spec, ...deployment }: Deployment): object {
  const { template } = spec;
  const pod = {
    ...template.spec,
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  };
  const owned = (kind: string, name: string, uid: string) => [
    { apiVersion: "apps/v1", kind, name, uid, controller: true, blockOwnerDeletion: true },
  ];
  const labels = { ...template.metadata.labels, "pod-template-hash": "5d8f7c9b4d" };
  const { namespace } = deployment.metadata;
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        ...deployment,
        metadata: { ...deployment.metadata, uid: "d-1", generation: 3, resourceVersion: "4711" },
        spec: { ...spec, progressDeadlineSeconds: 600, replicas: 1, template: { ...template, spec: pod } },
        status: { observedGeneration: 3, replicas: 1 },
      },
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: {
          name: "orders-5d8f7c9b4d",
          namespace,
          labels,
          ownerReferences: owned("Deployment", "orders", "d-1"),
        },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: pod },
        },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          name: "orders-5d8f7c9b4d-x2x9z",
          namespace,
          labels,
          annotations: { "vpc.amazonaws.com/pod-eni": "[]" },
          ownerReferences: owned("ReplicaSet", "orders-5d8f7c9b4d", "r-1"),
        },
        spec: { ...pod, nodeName: "ip-10-0-1-7.ec2.internal" },
        status: { phase: "Running", podIP: "10.0.1.21" },
      },
    ],
  };
}

/** As `kubernetes_deployment_v1` has it. */
function typed({ metadata, spec: { selector, template } }: Deployment): object {
  const [{ name, image, ports, readinessProbe }] = template.spec.containers;
  const container = {
    name,
    image,
    port: ports.map(({ name, containerPort }) => ({ name, container_port: containerPort })),
    readiness_probe: {
      http_get: { path: readinessProbe.httpGet.path, port: String(readinessProbe.httpGet.port) },
    },
  };
  return {
    metadata,
    spec: {
      selector: { match_labels: selector.matchLabels },
      template: { metadata: template.metadata, spec: { container } },
    },
  };
}

describe("a fault of a workload is named, however the workload is written", () => {
  const { deployment, others } = faultyOrders();
  const FORMS: readonly (readonly [
    what: string,
    terraform: object | undefined,
    manifests: readonly object[],
  ])[] = [
    ["as YAML", undefined, [deployment]],
    ["as a live dump", undefined, [live(deployment)]],
    ["as kubernetes_manifest", { kubernetes_manifest: { orders: { manifest: deployment } } }, []],
    ["as kubernetes_deployment_v1", { kubernetes_deployment_v1: { orders: typed(deployment) } }, []],
  ];
  test.each(FORMS)("%s", async (_, resource, manifests) => {
    const folder = changed();
    writeFileSync(
      join(folder, "k8s/orders.yaml"),
      [...others, ...manifests].map((one) => stringify(one)).join("---\n"),
    );
    if (resource) writeFileSync(join(folder, "infra/orders.tf.json"), JSON.stringify({ resource }));
    const report = await judged(folder);
    expect(broken(report).sort()).toStrictEqual(
      ["spot_nodes", "steady_nodes"].map(
        (nodes) => `shop/Deployment/orders/readiness/8089/aws_security_group.${nodes}`,
      ),
    );
    expect(told(report)).toStrictEqual([]);
  });
});

/** What a program prints; why it cannot be asked, where it cannot. */
function printed(program: string, words: readonly string[]): { text?: string; reason?: string } {
  try {
    return {
      text: execFileSync(program, words, {
        cwd: ESTATE,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }),
    };
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string };
    if (code === "ENOENT") return { reason: `there is no ${program} on the PATH` };
    throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
  }
}

const RENDERED: readonly (readonly [program: string, words: readonly string[], file: string])[] = [
  ["kubectl", KUSTOMIZATION, "kustomize/rendered.yaml"],
  ["helm", CHART, "chart/rendered.yaml"],
];

for (const [program, words, file] of RENDERED) {
  const { text, reason } = printed(program, words);
  test.skipIf(reason)(`${file} is what ${program} renders${reason ? `: ${reason}` : ""}`, () => {
    expect(readFileSync(join(ESTATE, file), "utf8")).toBe(text);
  });
}

test("the folders that have to be rendered are not read file by file", async () => {
  const { notes } = await judged(ESTATE, ["k8s", "kustomize", "chart"]);
  expect(notes.filter((note) => /kubectl kustomize/.test(note))).toHaveLength(
    readdirSync(join(ESTATE, "kustomize"), { withFileTypes: true }).filter((entry) => entry.isDirectory())
      .length,
  );
  expect(notes.filter((note) => /helm template/.test(note))).toHaveLength(1);
});
