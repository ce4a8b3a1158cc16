import type { Cases } from "../support/case";
import { byLabels, deployment, inManifests, inTerraform, serviceAccount, sgp } from "../support/workloads";

const POLICY = sgp("orders", byLabels({ app: "orders" }));
const runsAs = (serviceAccountName: unknown, more = {}) =>
  deployment("orders", { app: "orders" }, { serviceAccountName, ...more });
const ADDRESS = "shop/Deployment/orders";
const LIVE = { uid: "7d1c" };

export const cases: Cases = [
  {
    what: "an account that a dump of the cluster does not have",
    ...inManifests(POLICY, runsAs("orders"), serviceAccount("default", {}, LIVE)),
    found: [[ADDRESS, "error"]],
    says: "shop/Deployment/orders runs as service account orders of namespace shop, and the cluster has no such account: its pods are rejected. Create it first.",
  },
  {
    what: "an account of a dump whose name has another letter",
    ...inManifests(
      POLICY,
      runsAs("order"),
      serviceAccount("default", {}, LIVE),
      serviceAccount("orders", {}, LIVE),
    ),
    found: [[ADDRESS, "error"]],
    says: "shop/Deployment/orders runs as service account order of namespace shop, and the cluster has no such account: its pods are rejected. Its name is nearly that of shop/ServiceAccount/orders: write the same in both.",
  },
  {
    what: "a name that is nearly that of a declared account",
    ...inManifests(POLICY, runsAs("order"), serviceAccount("orders")),
    found: [[ADDRESS, "warning"]],
    says: "shop/Deployment/orders runs as service account order of namespace shop, which is not declared here; shop/ServiceAccount/orders has nearly the same name. Pods of an account that does not exist are rejected: write the same in both.",
  },
  {
    what: "the same in Terraform",
    ...inTerraform(POLICY, runsAs("order"), serviceAccount("orders")),
    found: [["kubernetes_manifest.Deployment_orders", "warning"]],
  },
  {
    what: "a typed account of Terraform with nearly the name",
    resources: {
      ...inTerraform(POLICY, runsAs("order")).resources,
      "kubernetes_service_account_v1.orders": { metadata: [{ name: "orders", namespace: "shop" }] },
    },
    found: [["kubernetes_manifest.Deployment_orders", "warning"]],
  },
  {
    what: "an account that is in another namespace",
    ...inManifests(POLICY, runsAs("orders"), serviceAccount("orders", {}, { namespace: "office" })),
    found: [[ADDRESS, "warning"]],
    says: "shop/Deployment/orders runs as service account orders of namespace shop, which is not declared here; office/ServiceAccount/orders is in another namespace, office, where no workload here uses it. Pods of an account that does not exist are rejected: put it into the namespace of the pods.",
  },
  {
    what: "an account beside others of its namespace",
    ...inManifests(POLICY, runsAs("orders"), serviceAccount("billing")),
    found: [[ADDRESS, "information"]],
    says: "shop/Deployment/orders runs as service account orders of namespace shop, which is not declared here, though other accounts of the namespace are. If nothing else creates it, the pods are rejected: declare it.",
  },
  {
    what: "an account in the field of old",
    ...inManifests(POLICY, runsAs("", { serviceAccount: "order" }), serviceAccount("orders")),
    found: [[ADDRESS, "warning"]],
  },
  { what: "no accounts at all, which others may create", ...inManifests(POLICY, runsAs("orders")) },
  { what: "a declared account", ...inManifests(POLICY, runsAs("orders"), serviceAccount("orders")) },
  {
    what: "a declared account, as a typed resource",
    resources: {
      ...inTerraform(POLICY, runsAs("orders"), serviceAccount("billing")).resources,
      "kubernetes_service_account.orders": { metadata: [{ name: "orders", namespace: "shop" }] },
    },
  },
  {
    what: "the account that every namespace has",
    ...inManifests(POLICY, runsAs("default"), serviceAccount("billing")),
  },
  {
    what: "no name, which means that one",
    ...inManifests(POLICY, deployment("orders", { app: "orders" }), serviceAccount("billing")),
  },
  {
    what: "only the default account, written to lock it",
    ...inManifests(POLICY, runsAs("orders"), serviceAccount("default")),
  },
  {
    what: "pods that no policy may match",
    ...inManifests(sgp("x", byLabels({ app: "x" })), runsAs("order"), serviceAccount("orders")),
  },
  {
    what: "a declared account whose name is not known",
    resources: {
      ...inTerraform(POLICY, runsAs("orders"), serviceAccount("billing")).resources,
      "kubernetes_service_account.orders": { metadata: [{ name: "${var.account}", namespace: "shop" }] },
    },
  },
  {
    what: "a chart that may create it",
    resources: {
      ...inTerraform(POLICY, runsAs("orders"), serviceAccount("billing")).resources,
      "helm_release.orders": { chart: "orders", name: "orders" },
    },
  },
  {
    what: "the other environment, whose account is in use there",
    ...inManifests(
      POLICY,
      runsAs("orders"),
      deployment("orders", { app: "orders" }, { serviceAccountName: "orders" }, "staging"),
      serviceAccount("orders", {}, { namespace: "staging" }),
    ),
  },
];
