import type { Cases } from "../support/case";
import { byLabels, deployment, inManifests, inTerraform, serviceAccount, sgp } from "../support/workloads";

const ORDERS = sgp("orders", byLabels({ app: "orders" }));
const ADDRESS = "shop/SecurityGroupPolicy/orders";
const IN_TERRAFORM = "kubernetes_manifest.SecurityGroupPolicy_orders";
const byAccount = (matchLabels: Record<string, unknown>) => ({ serviceAccountSelector: { matchLabels } });
const asOrders = { serviceAccountName: "orders" };

export const cases: Cases = [
  {
    what: "a value with a letter less",
    ...inManifests(ORDERS, deployment("orders", { app: "order" })),
    found: [[ADDRESS, "warning"]],
    says: "shop/SecurityGroupPolicy/orders matches no workload here: it asks for app=orders, and the pods of shop/Deployment/orders have app=order. Write the same in both, or its pods keep the groups of their node.",
  },
  {
    what: "the same in Terraform",
    ...inTerraform(ORDERS, deployment("orders", { app: "order" })),
    found: [[IN_TERRAFORM, "warning"]],
  },
  {
    what: "a value with two letters swapped",
    ...inManifests(ORDERS, deployment("orders", { app: "odrers" })),
    found: [[ADDRESS, "warning"]],
  },
  {
    what: "a value in other case",
    ...inManifests(ORDERS, deployment("orders", { app: "Orders" })),
    found: [[ADDRESS, "warning"]],
  },
  {
    what: "a key with another letter",
    ...inManifests(sgp("orders", byLabels({ component: "orders" })), deployment("o", { compnent: "orders" })),
    found: [[ADDRESS, "warning"]],
    says: "shop/SecurityGroupPolicy/orders matches no workload here: it asks for component=orders, and the pods of shop/Deployment/o have compnent=orders. Write the same in both, or its pods keep the groups of their node.",
  },
  {
    what: "the value under the other key for a name",
    ...inManifests(ORDERS, deployment("orders", { "app.kubernetes.io/name": "orders" })),
    found: [[ADDRESS, "warning"]],
    says: "shop/SecurityGroupPolicy/orders matches no workload here: it asks for app=orders, and the pods of shop/Deployment/orders have app.kubernetes.io/name=orders. Write the same in both, or its pods keep the groups of their node.",
  },
  {
    what: "one of several values with a letter less, beside labels that are right",
    ...inManifests(
      sgp("orders", {
        podSelector: {
          matchLabels: { tier: "web" },
          matchExpressions: [{ key: "app", operator: "In", values: ["orders", "billing"] }],
        },
      }),
      deployment("orders", { app: "biling", tier: "web" }),
    ),
    found: [[ADDRESS, "warning"]],
    says: "shop/SecurityGroupPolicy/orders matches no workload here: it asks for app=orders|billing, and the pods of shop/Deployment/orders have app=biling. Write the same in both, or its pods keep the groups of their node.",
  },
  {
    what: "a label of the service account with a letter less",
    ...inManifests(
      sgp("orders", byAccount({ role: "database" })),
      serviceAccount("orders", { role: "databse" }),
      deployment("orders", { app: "orders" }, asOrders),
    ),
    found: [[ADDRESS, "warning"]],
    says: "shop/SecurityGroupPolicy/orders matches no workload here: it asks for role=database, and the service account of the pods of shop/Deployment/orders has role=databse. Write the same in both, or its pods keep the groups of their node.",
  },
  {
    what: "pods with its labels in another namespace",
    ...inManifests(ORDERS, deployment("orders", { app: "orders" }, {}, "office")),
    found: [[ADDRESS, "warning"]],
    says: "shop/SecurityGroupPolicy/orders matches no workload here: the pods of office/Deployment/orders have its labels and are in another namespace, office. A policy selects pods of its own namespace only: put it there, or correct the namespace of the pods.",
  },
  {
    what: "pods on the host network",
    ...inManifests(ORDERS, deployment("agent", { app: "orders" }, { hostNetwork: true })),
    found: [[ADDRESS, "warning"]],
    says: "shop/SecurityGroupPolicy/orders matches only pods that the controller passes over, such as those of shop/Deployment/agent, on the host network: they keep the groups of their node. Remove the policy, or correct its selector or the pods.",
  },
  {
    what: "pods that ask for Windows nodes",
    ...inTerraform(
      ORDERS,
      deployment("w", { app: "orders" }, { nodeSelector: { "kubernetes.io/os": "windows" } }),
    ),
    found: [[IN_TERRAFORM, "warning"]],
  },
  {
    what: "other workloads in its namespace",
    ...inManifests(ORDERS, deployment("web", { app: "web" })),
    found: [[ADDRESS, "information"]],
    says: "shop/SecurityGroupPolicy/orders matches no workload here, though its namespace has 1 workload. If the workload that is meant is not elsewhere, correct the selector: its pods keep the groups of their node.",
  },
  { what: "a policy that matches", ...inManifests(ORDERS, deployment("orders", { app: "orders" })) },
  { what: "Terraform without the workload", ...inTerraform(ORDERS, deployment("web", { app: "web" })) },
  { what: "no workload of its namespace", ...inManifests(ORDERS) },
  {
    what: "another one by its number",
    ...inTerraform(sgp("orders", byLabels({ app: "worker-1" })), deployment("w", { app: "worker-2" })),
  },
  {
    what: "nearly the label of pods that another policy matches",
    ...inTerraform(ORDERS, sgp("order", byLabels({ app: "order" })), deployment("order", { app: "order" })),
  },
  {
    what: "an environment whose workloads are elsewhere",
    ...inManifests(
      ORDERS,
      sgp("orders", byLabels({ app: "orders" }), "staging"),
      deployment("orders", { app: "orders" }, {}, "staging"),
    ),
  },
  {
    what: "pods whose label a controller may add",
    ...inManifests(
      sgp("orders", byLabels({ "pod-template-hash": "1a2b" })),
      deployment("orders", { app: "orders" }),
    ),
  },
  {
    what: "a workload whose labels are not known",
    ...inTerraform(ORDERS, deployment("orders", { app: "order" }), {
      ...deployment("x", {}),
      spec: { template: { metadata: { labels: "${var.labels}" }, spec: { containers: [] } } },
    }),
  },
  {
    what: "a namespace that is not known",
    ...inTerraform(
      sgp("orders", byLabels({ app: "orders" }), "${var.ns}"),
      deployment("orders", { app: "order" }),
    ),
  },
  {
    what: "a selector that is malformed, of which another check speaks",
    ...inManifests(
      sgp("orders", { podSelector: { matchExpressions: [{ key: "app", operator: "In" }] } }),
      deployment("orders", { app: "orders" }),
    ),
  },
];
