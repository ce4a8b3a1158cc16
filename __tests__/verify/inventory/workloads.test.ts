import { expect, test } from "vitest";
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
