import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { workloads } from "../../../verify/inventory/kubernetes/workloads";
import { type Arguments, inputOf } from "../support/input";

const LABELS = { app: "orders" };
const METADATA = { labels: LABELS };
const TEMPLATE = { spec: { template: { metadata: METADATA } } };

function workloadsOf(manifest: Arguments) {
  const input = inputOf({ "kubernetes_manifest.a": { manifest } });
  return workloads(takeInventory(input)).map(({ namespace, labels }) => ({ namespace, labels }));
}

/** https://kubernetes.io/docs/concepts/workloads: where each kind has the labels of its pods. */
test.each<[kind: string, body: Arguments]>([
  ["CronJob", { spec: { jobTemplate: TEMPLATE } }],
  ["DaemonSet", TEMPLATE],
  ["Deployment", TEMPLATE],
  ["Job", TEMPLATE],
  ["Pod", { metadata: METADATA }],
  ["ReplicaSet", TEMPLATE],
  ["ReplicationController", TEMPLATE],
  ["StatefulSet", TEMPLATE],
])("%s makes pods with the labels of its template", (kind, body) => {
  expect(workloadsOf({ kind, ...body })).toStrictEqual([{ namespace: "default", labels: LABELS }]);
});

test("pods that may not exist are none of those that are there", () => {
  const input = inputOf({ "kubernetes_manifest.a": { manifest: { kind: "Deployment", ...TEMPLATE } } });
  const found = (isUncertain: boolean) =>
    workloads(
      takeInventory({ ...input, resources: input.resources.map((one) => ({ ...one, isUncertain })) }),
    );
  expect(found(false)).toHaveLength(1);
  expect(found(false)[0]).not.toHaveProperty("dnsPolicy");
  expect(found(true)).toStrictEqual([]);
});

test("the namespace is the object's own", () => {
  const metadata = { namespace: "shop", ...METADATA };
  expect(workloadsOf({ kind: "Pod", metadata })).toStrictEqual([{ namespace: "shop", labels: LABELS }]);
});

test.each<[what: string, manifest: Arguments]>([
  ["a kind that makes no pods", { kind: "ConfigMap", ...TEMPLATE, metadata: METADATA }],
  ["labels of the workload alone", { kind: "Deployment", metadata: METADATA }],
  ["a kind by the name of what every object has", { kind: "toString", ...TEMPLATE }],
])("%s: none", (_, manifest) => {
  expect(workloadsOf(manifest)).toStrictEqual([]);
});

/** https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/ */
describe("the ports that the kubelet must reach for its probes", () => {
  const PORTS = [
    { name: "metrics", containerPort: 9090 },
    { name: "http", containerPort: 8080 },
  ];
  const UNKNOWN = "${var.x}";
  const pod = (spec: Arguments) => ({ kind: "Pod", metadata: METADATA, spec });
  const container = (body: Arguments) => pod({ containers: [{ name: "a", ports: PORTS, ...body }] });
  const http = (port: unknown) => container({ livenessProbe: { httpGet: { path: "/", port } } } as Arguments);

  test.each<[what: string, manifest: Arguments, ports: readonly number[] | undefined]>([
    ["a probe of liveness over HTTP", http(8080), [8080]],
    ["readiness over TCP", container({ readinessProbe: { tcpSocket: { port: 5432 } } }), [5432]],
    ["start over gRPC", container({ startupProbe: { grpc: { port: 2379 } } }), [2379]],
    [
      "a command inside of the container, to which nobody connects",
      container({ livenessProbe: { exec: { command: ["true"] } } }),
      [],
    ],
    ["no probe", container({}), []],
    ["a probe that is null, as a variable of a module leaves it", container({ livenessProbe: null }), []],
    [
      "a way of probing that is null",
      container({ livenessProbe: { httpGet: null, tcpSocket: { port: 81 } } }),
      [81],
    ],
    [
      "all three, each port once and in order",
      container({
        livenessProbe: { httpGet: { port: 9090 } },
        readinessProbe: { httpGet: { port: 8080 } },
        startupProbe: { tcpSocket: { port: 9090 } },
      }),
      [8080, 9090],
    ],
    [
      "two containers and a sidecar that starts before them",
      pod({
        containers: [
          { livenessProbe: { httpGet: { port: 10000 } } },
          { livenessProbe: { httpGet: { port: 9000 } } },
        ],
        initContainers: [{ restartPolicy: "Always", startupProbe: { tcpSocket: { port: 15021 } } }],
      }),
      [9000, 10000, 15021],
    ],
    ["a port by its name", http("http"), [8080]],
    [
      "a port by its name in another container",
      pod({ containers: [{ livenessProbe: { httpGet: { port: "http" } } }, { ports: PORTS }] }),
      undefined,
    ],
    ["a name that no port has", http("web"), undefined],
    [
      "a port by its name, of which the number is not known",
      container({
        ports: [{ name: "http", containerPort: UNKNOWN }],
        livenessProbe: { httpGet: { port: "http" } },
      }),
      undefined,
    ],
    ["a port by its number beside names", http(9443), [9443]],
    [
      "a name where the ports are not known",
      container({ ports: UNKNOWN, livenessProbe: { httpGet: { port: "http" } } }),
      undefined,
    ],
    ["a port that is not known", http(UNKNOWN), undefined],
    ["a probe that is not known", container({ livenessProbe: UNKNOWN }), undefined],
    ["a way of probing without a port", container({ livenessProbe: { httpGet: { path: "/" } } }), undefined],
    ["the first port", http(1), [1]],
    ["the last port", http(65535), [65535]],
    ["0, which is no port", http(0), undefined],
    ["a number above all ports", http(65536), undefined],
    ["a part of a port", http(80.5), undefined],
    ["containers that are not known", pod({ containers: UNKNOWN }), undefined],
    [
      "a container that is not known",
      pod({ containers: [{ livenessProbe: { httpGet: { port: 80 } } }, UNKNOWN] }),
      undefined,
    ],
    [
      "containers that start before, and are not known",
      pod({ containers: [{}], initContainers: UNKNOWN }),
      undefined,
    ],
    [
      "no containers but those that start before",
      pod({ initContainers: [{ startupProbe: { tcpSocket: { port: 80 } } }] }),
      undefined,
    ],
    ["no containers", pod({ containers: [] }), undefined],
    ["nothing about containers", { kind: "Pod", metadata: METADATA }, undefined],
  ])("%s", (_, manifest, ports) => {
    const [workload] = workloads(takeInventory(inputOf({ "kubernetes_manifest.a": { manifest } })));
    expect(workload).toBeDefined();
    expect(workload?.probes).toStrictEqual(ports);
  });

  test.each<[kind: string, spec: Arguments]>([
    ["CronJob", { jobTemplate: { spec: { template: { metadata: METADATA, spec: {} } } } }],
    ["Deployment", { template: { metadata: METADATA, spec: {} } }],
  ])("are those of the pods that a %s makes, with their way of asking DNS", (kind, spec) => {
    const made = JSON.parse(
      JSON.stringify(spec).replace(
        '"spec":{}}',
        '"spec":{"dnsPolicy":"Default","containers":[{"livenessProbe":{"tcpSocket":{"port":81}}}]}}',
      ),
    );
    const manifest = { kind, metadata: { name: "a" }, spec: made };
    const found = workloads(takeInventory(inputOf({ "kubernetes_manifest.a": { manifest } })));
    expect(found).toMatchObject([{ address: "kubernetes_manifest.a", probes: [81], dnsPolicy: "Default" }]);
  });
});
