import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { policiesOn } from "../../../verify/inventory/kubernetes/policies";
import { workloads } from "../../../verify/inventory/kubernetes/workloads";
import {
  deployment,
  inManifests,
  inTerraform,
  type Manifest,
  serviceAccount,
  sgp,
} from "../checks/support/workloads";
import { inputOf } from "../support/input";

/*
 * Which policies give the pods of a workload their groups, as their users ask: pods and policies stand in YAML, or in Terraform.
 * https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/v1.8.2/pkg/utils/helper.go and webhooks/core/pod_webhook.go
 */

const byLabels = (matchLabels: Record<string, string>) => ({ podSelector: { matchLabels } });
const ORDERS = sgp("orders", byLabels({ app: "orders" }));
const labels = { app: "orders" };
const job = (kind: "Job" | "CronJob"): Manifest => {
  const template = { spec: { template: { metadata: {}, spec: { containers: [] } } } };
  return {
    kind,
    metadata: { name: "migrate", namespace: "shop" },
    spec: kind === "Job" ? template.spec : { jobTemplate: template },
  };
};
const malformed = (matchExpressions: object) =>
  sgp("malformed", { podSelector: { matchExpressions: [matchExpressions] } });

type Case = readonly [what: string, objects: readonly Manifest[], certain: string[], possible?: string[]];

const CASES: readonly Case[] = [
  ["its labels", [ORDERS, deployment("a", labels)], ["orders"]],
  [
    "every policy that matches: their groups add up",
    [ORDERS, sgp("all", { podSelector: {} }), deployment("a", labels)],
    ["orders", "all"],
  ],
  ["not one of another namespace", [ORDERS, deployment("a", labels, {}, "office")], []],
  [
    "none, with labels on the Deployment alone",
    [ORDERS, { ...deployment("a", {}), metadata: { name: "a", namespace: "shop", labels } }],
    [],
  ],
  ["that for all pods, also without any label", [sgp("all", { podSelector: {} }), job("Job")], ["all"]],
  ["not on the host network", [ORDERS, deployment("a", labels, { hostNetwork: true })], []],
  ...["kubernetes.io/os", "beta.kubernetes.io/os"].map(
    (key): Case => [
      `not on Windows, by ${key}`,
      [ORDERS, deployment("a", labels, { nodeSelector: { [key]: "windows" } })],
      [],
    ],
  ),
  [
    "on Windows by spec.os, of which the controller knows nothing",
    [ORDERS, deployment("a", labels, { os: { name: "windows" } })],
    ["orders"],
  ],
  [
    "on Fargate, whatever nodes it asks for",
    [
      ORDERS,
      deployment(
        "a",
        { ...labels, "eks.amazonaws.com/fargate-profile": "shop" },
        { nodeSelector: { "kubernetes.io/os": "windows" } },
      ),
    ],
    ["orders"],
  ],
  ["the name of its Job", [sgp("job", byLabels({ "job-name": "migrate" })), job("Job")], ["job"]],
  ["not the name of another Job", [sgp("job", byLabels({ "job-name": "cleanup" })), job("Job")], []],
  [
    "perhaps the name of a Job that a CronJob makes",
    [sgp("job", byLabels({ "job-name": "migrate-1" })), job("CronJob")],
    [],
    ["job"],
  ],
  [
    "perhaps a label that Kubernetes adds",
    [sgp("hash", byLabels({ "pod-template-hash": "5d4f" })), deployment("a", labels)],
    [],
    ["hash"],
  ],
  [
    "an operator that there is not: that policy is void, and no other",
    [malformed({ key: "app", operator: "in", values: ["orders"] }), ORDERS, deployment("a", labels)],
    ["orders"],
  ],
  [
    "a value that no label can have: void, though it only excludes",
    [malformed({ key: "app", operator: "NotIn", values: ["two words"] }), deployment("a", labels)],
    [],
  ],
  [
    "a key that no label can have: void, though it only excludes",
    [malformed({ key: "-app", operator: "DoesNotExist" }), deployment("a", labels)],
    [],
  ],
  [
    "a selector of pods that is right and one of accounts that is malformed",
    [
      sgp("both", {
        ...byLabels(labels),
        serviceAccountSelector: { matchExpressions: [{ key: "a", operator: "In", values: [] }] },
      }),
      serviceAccount("default"),
      deployment("a", labels),
    ],
    [],
  ],
  [
    "the labels of the account",
    [
      sgp("team", { serviceAccountSelector: { matchLabels: { team: "a" } } }),
      serviceAccount("orders", { team: "a" }),
      deployment("a", {}, { serviceAccountName: "orders" }),
    ],
    ["team"],
  ],
  [
    "the labels of the account, by the field of old",
    [
      sgp("team", { serviceAccountSelector: { matchLabels: { team: "a" } } }),
      serviceAccount("orders", { team: "a" }),
      deployment("a", {}, { serviceAccountName: "", serviceAccount: "orders" }),
    ],
    ["team"],
  ],
  [
    "not the account without the label, whose name is the value",
    [
      sgp("team", { serviceAccountSelector: { matchLabels: { app: "orders" } } }),
      serviceAccount("orders"),
      deployment("a", labels, { serviceAccountName: "orders" }),
    ],
    [],
  ],
  [
    "perhaps an account that nobody shows",
    [
      sgp("team", { serviceAccountSelector: { matchLabels: { team: "a" } } }),
      deployment("a", labels, { serviceAccountName: "orders" }),
    ],
    [],
    ["team"],
  ],
];

describe.each([
  ["YAML", inManifests],
  ["Terraform", inTerraform],
] as const)("pods in %s get the groups of", (_, asInput) => {
  test.each(CASES.map(([what, ...rest]) => [what, rest] as const))("%s", (_what, rest) => {
    const [objects, certain, possible = []] = rest;
    const { resources, ...options } = asInput(...objects);
    const inventory = takeInventory(inputOf(resources, options));
    const [workload, ...more] = workloads(inventory);
    expect(more).toStrictEqual([]);
    const found = policiesOn(inventory, workload as NonNullable<typeof workload>);
    const names = (policies: typeof found.certain) => policies.map(({ name }) => name);
    expect([names(found.certain), names(found.possible)]).toStrictEqual([certain, possible]);
  });
});

test("two objects of Terraform that name one unknown namespace are in one", () => {
  const ns = "${var.namespace}";
  const { resources } = inTerraform(
    sgp("orders", byLabels(labels), ns),
    sgp("other", byLabels(labels), "${var.other}"),
    deployment("a", labels, {}, ns),
  );
  const inventory = takeInventory(inputOf(resources));
  const [workload] = workloads(inventory);
  const found = policiesOn(inventory, workload as NonNullable<typeof workload>);
  expect(found.certain.map(({ name }) => name)).toStrictEqual(["orders"]);
  expect(found.possible.map(({ name }) => name)).toStrictEqual(["other"]);
});
