import type { Cases } from "../support/case";
import { addOn, DEMUX, ENABLED, env, INIT, NODE, other } from "../support/cni";

const addOnOf = (cluster_name: unknown) => ({ ...addOn(ENABLED), cluster_name });

export const cases: Cases = [
  {
    what: "the add-on of one cluster twice",
    resources: {
      "module.a.aws_eks_addon.cni": addOnOf("shop"),
      "module.b.aws_eks_addon.cni": addOnOf("shop"),
      "module.c.aws_eks_addon.cni": addOnOf("billing"),
    },
    found: [["module.a.aws_eks_addon.cni", "error"]],
    says: "module.a.aws_eks_addon.cni (main.tf.json:1) and module.b.aws_eks_addon.cni (main.tf.json:2) all install the CNI add-on in the cluster shop: EKS has one, and rejects a second. Keep one.",
  },
  {
    what: "the add-on of a cluster that one expression names, twice",
    resources: {
      "aws_eks_addon.a": addOnOf("${var.cluster_name}"),
      "aws_eks_addon.b": addOnOf("${var.cluster_name}"),
    },
    found: [["aws_eks_addon.a", "error"]],
  },
  {
    what: "one variable of one container, patched by two",
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "one" }),
      "kubernetes_env.b": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "two" }),
      "kubernetes_env.c": env(INIT, DEMUX),
    },
    found: [["kubernetes_env.a", "error"]],
  },
  {
    what: "the add-on of two clusters, and of one that is not known",
    resources: {
      "aws_eks_addon.a": addOnOf("shop"),
      "aws_eks_addon.b": addOnOf("billing"),
      "aws_eks_addon.c": addOnOf("${var.cluster_name}"),
      "aws_eks_addon.d": addOn(ENABLED),
      "aws_eks_addon.e": addOn(ENABLED),
    },
  },
  {
    what: "another add-on beside it, of the same cluster",
    resources: {
      "aws_eks_addon.a": addOnOf("shop"),
      "aws_eks_addon.b": { ...addOn(undefined, "coredns"), cluster_name: "shop" },
    },
  },
  {
    what: "different variables, each patched alone, and one variable of each container",
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true", X: "1" }, { field_manager: "one" }),
      "kubernetes_env.b": env(NODE, { Y: "1" }, { field_manager: "two" }),
      "kubernetes_env.c": env(INIT, { X: "1" }, { field_manager: "three" }),
    },
  },
  {
    what: "patched, and a managed add-on",
    resources: {
      "kubernetes_env.b": env(INIT, DEMUX),
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "one" }),
      "module.addon.aws_eks_addon.cni": addOn(ENABLED),
    },
    found: [["kubernetes_env.b", "error"]],
  },
  {
    what: "the chart, and a managed add-on",
    resources: {
      "aws_eks_addon.cni": addOnOf("shop"),
      "helm_release.cni": { chart: "aws-vpc-cni", values: ["env:\n  ENABLE_POD_ENI: 'true'\n"] },
    },
    found: [["helm_release.cni", "error"]],
  },
  {
    what: "the chart, and another add-on",
    resources: {
      "aws_eks_addon.dns": { ...addOn(undefined, "coredns"), cluster_name: "shop" },
      "helm_release.cni": { chart: "aws-vpc-cni" },
    },
  },
  {
    what: "the chart, and the add-ons of two clusters: it may be for a third one",
    resources: {
      "aws_eks_addon.a": addOnOf("shop"),
      "aws_eks_addon.b": addOnOf("billing"),
      "helm_release.cni": { chart: "aws-vpc-cni" },
    },
  },
  {
    what: "one variable patched by two, as stated, beside an add-on of which cni-not-as-stated speaks",
    cni: { management: "kubernetes_env", file: "flows.yaml" },
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "one" }),
      "kubernetes_env.b": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "two" }),
      "aws_eks_addon.cni": addOn(ENABLED),
    },
    found: [["kubernetes_env.a", "error"]],
  },
  ...(["external", "addon", "kubernetes_env"] as const).map((management) => ({
    what: `patched, and a managed add-on, where ${management} is stated: of what is too many cni-not-as-stated speaks`,
    cni: { management, file: "flows.yaml" },
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }),
      "aws_eks_addon.cni": addOn(ENABLED),
    },
  })),
  {
    what: "the add-on twice, where external is stated",
    cni: { management: "external", file: "flows.yaml" },
    resources: { "aws_eks_addon.a": addOnOf("shop"), "aws_eks_addon.b": addOnOf("shop") },
  },
  {
    what: "patched alone",
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }),
      "aws_eks_addon.dns": addOn(undefined, "coredns"),
    },
  },
  {
    what: "a managed add-on, and another DaemonSet that is patched",
    resources: { "aws_eks_addon.cni": addOn(ENABLED), "kubernetes_env.a": env(NODE, {}, other) },
  },
];
