import type { Cases } from "../support/case";
import { AWS_NODE, addOn, awsNode, DEMUX, ENABLED, env, INIT, NODE } from "../support/cni";
import { endpointPods, HAS_PODS } from "../support/pods";

export const cases: Cases = [
  {
    what: "an add-on without configuration, with pods that need it",
    resources: { ...HAS_PODS, "aws_eks_addon.cni": addOn(undefined) },
    found: [["aws_eks_addon.cni", "error"]],
    says: 'aws_eks_addon.cni configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Add configuration_values = jsonencode({ env = { ENABLE_POD_ENI = "true" } }).',
  },
  {
    what: "an add-on that turns it off",
    resources: { "aws_eks_addon.cni": addOn({ env: { ENABLE_POD_ENI: "false" } }) },
    found: [["aws_eks_addon.cni", "information"]],
  },
  {
    what: "only other variables of the DaemonSet",
    resources: { "kubernetes_env.e": env(INIT, DEMUX) },
    found: [["kubernetes_env.e", "information"]],
    says: 'kubernetes_env.e configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Add a kubernetes_env with container = "aws-node", its own field_manager and env { name = "ENABLE_POD_ENI", value = "true" }.',
  },
  {
    what: "other variables of both containers",
    resources: {
      "kubernetes_env.e": env(INIT, DEMUX),
      "kubernetes_env.f": env(NODE, { WARM_ENI_TARGET: "1" }),
    },
    found: [["kubernetes_env.e", "information"]],
    says: 'kubernetes_env.e configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Add the block env { name = "ENABLE_POD_ENI", value = "true" } to kubernetes_env.f.',
  },
  {
    what: "a variable that turns it off",
    resources: { "kubernetes_env.f": env(NODE, { WARM_ENI_TARGET: "1", ENABLE_POD_ENI: "false" }) },
    found: [["kubernetes_env.f", "information"]],
    says: 'kubernetes_env.f configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Set ENABLE_POD_ENI of kubernetes_env.f to "true".',
  },
  {
    what: "an add-on without it beside a patch of the other container, whose key goes into the add-on",
    resources: {
      "aws_eks_addon.cni": addOn({ init: { env: DEMUX }, env: { WARM_ENI_TARGET: "1" } }),
      "kubernetes_env.e": env(INIT, DEMUX),
    },
    found: [["aws_eks_addon.cni", "information"]],
    says: 'aws_eks_addon.cni configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Add ENABLE_POD_ENI = "true" to the map env of its configuration_values, next to WARM_ENI_TARGET.',
  },
  {
    what: "an add-on with values of other kinds alone",
    resources: { "aws_eks_addon.cni": addOn({ enableNetworkPolicy: "true", nodeAgent: { enabled: true } }) },
    found: [["aws_eks_addon.cni", "information"]],
    says: 'aws_eks_addon.cni configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Add env = { ENABLE_POD_ENI = "true" } to its configuration_values, next to enableNetworkPolicy and nodeAgent.',
  },
  {
    what: "a chart that turns it off",
    resources: {
      "helm_release.cni": { chart: "aws-vpc-cni", values: ["env:\n  ENABLE_POD_ENI: 'false'\n"] },
    },
    found: [["helm_release.cni", "information"]],
    says: 'helm_release.cni configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Set env.ENABLE_POD_ENI in the values of the chart to "true".',
  },
  {
    what: "a chart without values",
    resources: { "helm_release.cni": { chart: "aws-vpc-cni" } },
    found: [["helm_release.cni", "information"]],
    says: 'helm_release.cni configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Add env = { ENABLE_POD_ENI = "true" } to the values of the chart.',
  },
  {
    what: "an add-on without it, where flows say what must be true",
    flows: endpointPods("sg-1"),
    resources: { "aws_eks_addon.cni": addOn({ env: { WARM_ENI_TARGET: "1" } }) },
    found: [["aws_eks_addon.cni", "error"]],
  },
  {
    what: "a chart without it",
    resources: {
      ...HAS_PODS,
      "helm_release.cni": { chart: "aws-vpc-cni", values: ["env:\n  WARM_ENI_TARGET: 1\n"] },
    },
    found: [["helm_release.cni", "error"]],
  },
  {
    what: "a chart that is set to turn it on",
    resources: {
      ...HAS_PODS,
      "helm_release.cni": { chart: "eks/aws-vpc-cni", set: [{ name: "env.ENABLE_POD_ENI", value: "true" }] },
    },
  },
  {
    what: "a chart with values that are not known",
    resources: { ...HAS_PODS, "helm_release.cni": { chart: "aws-vpc-cni", values: ["${var.values}"] } },
  },
  {
    what: "an add-on that turns it on, as YAML",
    resources: { ...HAS_PODS, "aws_eks_addon.cni": addOn("env: {ENABLE_POD_ENI: 'true'}") },
  },
  { what: "an add-on that turns it on", resources: { "aws_eks_addon.cni": addOn(ENABLED) } },
  {
    what: "one of two kubernetes_env turns it on",
    resources: {
      "kubernetes_env.e": env(INIT, DEMUX),
      "kubernetes_env.f": env(NODE, { ENABLE_POD_ENI: "true" }),
    },
  },
  {
    what: "a configuration that is not known",
    resources: { "aws_eks_addon.cni": addOn("${jsonencode(var.x)}") },
  },
  {
    what: "a live dump in which it is off",
    resources: HAS_PODS,
    manifests: { [AWS_NODE]: awsNode({ ENABLE_POD_ENI: "false" }) },
    found: [[AWS_NODE, "error"]],
  },
  {
    what: "a live dump in which it is off, and a patch that is not applied yet",
    resources: { ...HAS_PODS, "kubernetes_env.f": env(NODE, { ENABLE_POD_ENI: "true" }) },
    manifests: { [AWS_NODE]: awsNode({ ENABLE_POD_ENI: "false" }) },
  },
  {
    what: "a live dump in which it is on, beside an add-on that does not say so",
    resources: { ...HAS_PODS, "aws_eks_addon.cni": addOn(undefined) },
    manifests: { [AWS_NODE]: awsNode({ ENABLE_POD_ENI: "true" }) },
  },
  { what: "another add-on", resources: { "aws_eks_addon.dns": addOn(undefined, "coredns") } },
  {
    what: "an add-on that somebody else is said to configure",
    cni: { management: "external", file: "flows.yaml" },
    resources: { "aws_eks_addon.cni": addOn(undefined) },
  },
];
