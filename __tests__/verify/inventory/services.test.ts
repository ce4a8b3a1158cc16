import { describe, expect, test } from "vitest";
import type { Value } from "../../../expression/value";
import { takeInventory } from "../../../verify/inventory";
import {
  portNumber,
  type ServicePort,
  serviceNamed,
  services,
  servicesTo,
  targetPortOf,
} from "../../../verify/inventory/kubernetes/services";
import { workloads } from "../../../verify/inventory/kubernetes/workloads";
import { type Arguments, inputOf } from "../support/input";

/** https://kubernetes.io/docs/concepts/services-networking/service/ */

const service = (name: string, spec: Arguments, namespace = "shop"): Arguments => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace },
  spec,
});
const pod = (labels: Arguments, kind = "Pod", namespace = "shop"): Arguments =>
  kind === "Pod"
    ? { kind, metadata: { name: "pod", namespace, labels } }
    : { kind, metadata: { name: "pod", namespace }, spec: { template: { metadata: { labels } } } };

function estate(...objects: readonly Arguments[]) {
  const resources = objects.map(
    (manifest, index) => [`kubernetes_manifest.o${index}`, { manifest }] as const,
  );
  return takeInventory(inputOf(Object.fromEntries(resources)));
}

/** The names of the Services that lead to the pods of the first workload. */
function leading(...objects: readonly Arguments[]) {
  const inventory = estate(...objects);
  const [workload] = workloads(inventory);
  if (workload === undefined) throw new Error("no workload");
  const { certain, possible } = servicesTo(inventory, workload);
  return { certain: certain.map(({ name }) => name), possible: possible.map(({ name }) => name) };
}

type Found = ReturnType<typeof leading>;
const CERTAIN: Found = { certain: ["orders"], possible: [] };
const POSSIBLE: Found = { certain: [], possible: ["orders"] };
const NEITHER: Found = { certain: [], possible: [] };

describe("a Service leads to the pods that have all labels of its selector, in its namespace", () => {
  test.each<[what: string, service: Arguments, pod: Arguments, expected: Found]>([
    ["its label", service("orders", { selector: { app: "orders" } }), pod({ app: "orders" }), CERTAIN],
    [
      "more labels than it asks for",
      service("orders", { selector: { app: "orders" } }),
      pod({ app: "orders", tier: "web" }),
      CERTAIN,
    ],
    [
      "one of two labels",
      service("orders", { selector: { app: "orders", tier: "web" } }),
      pod({ app: "orders" }),
      NEITHER,
    ],
    ["another value", service("orders", { selector: { app: "orders" } }), pod({ app: "order" }), NEITHER],
    [
      "another namespace",
      service("orders", { selector: { app: "orders" } }, "office"),
      pod({ app: "orders" }),
      NEITHER,
    ],
    ["no selector", service("orders", {}), pod({ app: "orders" }), NEITHER],
    ["an empty selector", service("orders", { selector: {} }), pod({ app: "orders" }), NEITHER],
    [
      "a name elsewhere",
      service("orders", { type: "ExternalName", selector: { app: "orders" } }),
      pod({ app: "orders" }),
      NEITHER,
    ],
    [
      "a selector that is not known",
      service("orders", { selector: "${var.labels}" }),
      pod({ app: "orders" }),
      POSSIBLE,
    ],
    [
      "a value that is not known",
      service("orders", { selector: { app: "${var.app}" } }),
      pod({ app: "orders" }),
      POSSIBLE,
    ],
    [
      "a label of the pods that is not known",
      service("orders", { selector: { app: "orders" } }),
      pod({ app: "${var.app}" }),
      POSSIBLE,
    ],
    [
      "a namespace that is not known",
      service("orders", { selector: { app: "orders" } }, "${var.namespace}"),
      pod({ app: "orders" }),
      POSSIBLE,
    ],
    [
      "pods in a namespace that is not known",
      service("orders", { selector: { app: "orders" } }),
      pod({ app: "orders" }, "Pod", "${var.namespace}"),
      POSSIBLE,
    ],
    [
      "a label that the cluster adds",
      service("orders", { selector: { "statefulset.kubernetes.io/pod-name": "orders-0" } }),
      pod({ app: "orders" }, "StatefulSet"),
      POSSIBLE,
    ],
    [
      "the Service of another API",
      { ...service("orders", { selector: { app: "orders" } }), apiVersion: "serving.knative.dev/v1" },
      pod({ app: "orders" }),
      NEITHER,
    ],
  ])("%s", (_, one, pods, expected) => {
    expect(leading(one, pods)).toStrictEqual(expected);
  });

  test("several Services may lead to one workload", () => {
    const selector = { app: "orders" };
    const found = leading(service("a", { selector }), service("b", { selector }), pod({ app: "orders" }));
    expect(found).toStrictEqual({ certain: ["a", "b"], possible: [] });
  });
});

test("a Service is found by its namespace and its name", () => {
  const inventory = estate(service("orders", {}), service("orders", {}, "office"));
  expect(serviceNamed(inventory, "office", "orders")?.address).toBe("kubernetes_manifest.o1");
  expect(serviceNamed(inventory, "office", "payments")).toBeUndefined();
  expect(serviceNamed(inventory, null, "orders")).toBeUndefined();
});

describe("the port of the pods", () => {
  const spec: Value = {
    containers: [
      { name: "app", ports: [{ name: "http", containerPort: 8080 }] },
      {
        name: "dns",
        ports: [
          { name: "dns", containerPort: 1053, protocol: "UDP" },
          { name: "dns", containerPort: 2053 },
        ],
      },
    ],
    initContainers: [
      { name: "proxy", restartPolicy: "Always", ports: [{ name: "proxy", containerPort: 15001 }] },
      { name: "once", ports: [{ name: "once", containerPort: 9999 }] },
    ],
  };

  test.each<[what: string, port: Arguments, expected: number | undefined]>([
    ["its number", { port: 80, targetPort: 8080 }, 8080],
    ["the Service's own, where none is given", { port: 8443 }, 8443],
    ["its name", { port: 80, targetPort: "http" }, 8080],
    ["its name, of the same protocol", { port: 53, targetPort: "dns", protocol: "UDP" }, 1053],
    ["the other protocol", { port: 53, targetPort: "dns" }, 2053],
    ["a container that is started first and goes on running", { port: 80, targetPort: "proxy" }, 15001],
    ["a container that ends before the others start", { port: 80, targetPort: "once" }, undefined],
    ["a name that no container has", { port: 80, targetPort: "web" }, undefined],
    ["text, as Terraform has it", { port: 80, targetPort: "8080" }, 8080],
    ["what is not known", { port: 80, targetPort: "${var.port}" }, undefined],
  ])("%s", (_, port, expected) => {
    const [one] = services(estate(service("orders", { ports: [port] })));
    const [first] = one?.ports ?? [];
    expect(targetPortOf(first as ServicePort, spec)).toBe(expected);
  });

  test("what is no port is none", () => {
    expect([0, 65_536, 1.5, "", "x", null, true, "65535"].map(portNumber)).toStrictEqual([
      ...Array(7).fill(undefined),
      65_535,
    ]);
  });

  test("a list that is not known says nothing", () => {
    expect(services(estate(service("orders", { ports: "${var.ports}" })))[0]?.ports).toBeUndefined();
  });
});
