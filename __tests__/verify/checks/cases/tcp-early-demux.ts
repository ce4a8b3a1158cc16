import type { Cases } from "../support/case";
import { AWS_NODE, addOn, awsNode, DEMUX, ENABLED, env, NODE } from "../support/cni";

export const cases: Cases = [
  {
    what: "missing",
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
    found: [["aws_eks_addon.cni", "warning"]],
    says: 'aws_eks_addon.cni turns on security groups for pods in strict mode without DISABLE_TCP_EARLY_DEMUX = "true" on the init container aws-vpc-cni-init: TCP, HTTP and gRPC probes of such pods fail. Set it in configuration_values as init = { env = { DISABLE_TCP_EARLY_DEMUX = "true" } }.',
  },
  {
    what: "missing, in the strict mode that the CNI is given",
    mode: "standard",
    resources: {
      "aws_eks_addon.cni": addOn({ env: { ...ENABLED.env, POD_SECURITY_GROUP_ENFORCING_MODE: "strict" } }),
    },
    found: [["aws_eks_addon.cni", "warning"]],
  },
  {
    what: "on the wrong container of an add-on",
    resources: { "aws_eks_addon.cni": addOn({ env: { ...ENABLED.env, ...DEMUX } }) },
    found: [["aws_eks_addon.cni", "error"]],
  },
  {
    what: "on the wrong container of an add-on, as YAML",
    resources: {
      "aws_eks_addon.cni": addOn("env:\n  ENABLE_POD_ENI: 'true'\n  DISABLE_TCP_EARLY_DEMUX: 'true'\n"),
    },
    found: [["aws_eks_addon.cni", "error"]],
  },
  {
    what: "missing in a live dump",
    resources: {},
    manifests: { [AWS_NODE]: awsNode({ ENABLE_POD_ENI: "true" }) },
    found: [[AWS_NODE, "warning"]],
  },
  {
    what: "on the wrong container of a live dump",
    resources: {},
    manifests: { [AWS_NODE]: awsNode({ ENABLE_POD_ENI: "true", ...DEMUX }) },
    found: [[AWS_NODE, "error"]],
  },
  {
    what: "in its place in a live dump",
    resources: {},
    manifests: { [AWS_NODE]: awsNode({ ENABLE_POD_ENI: "true" }, DEMUX) },
  },
  {
    what: "missing in the values of the chart",
    resources: {
      "helm_release.cni": {
        chart: "aws-vpc-cni",
        values: ["env: {ENABLE_POD_ENI: 'false'}", "env: {ENABLE_POD_ENI: 'true'}"],
      },
    },
    found: [["helm_release.cni", "warning"]],
  },
  {
    what: "on the wrong container of the chart",
    resources: {
      "helm_release.cni": {
        chart: "aws-vpc-cni",
        set: [{ name: "env.DISABLE_TCP_EARLY_DEMUX", value: "true" }],
      },
    },
    found: [["helm_release.cni", "error"]],
  },
  {
    what: "in its place of the chart",
    resources: {
      "helm_release.cni": {
        chart: "aws-vpc-cni",
        values: ["env: {ENABLE_POD_ENI: 'true'}"],
        set: [{ name: "init.env.DISABLE_TCP_EARLY_DEMUX", value: "true", type: "string" }],
      },
    },
  },
  {
    what: "on the wrong container of the DaemonSet",
    resources: { "kubernetes_env.e": env(NODE, { ENABLE_POD_ENI: "true", ...DEMUX }) },
    found: [["kubernetes_env.e", "error"]],
  },
  { what: "in its place", resources: { "aws_eks_addon.cni": addOn({ ...ENABLED, init: { env: DEMUX } }) } },
  {
    what: "missing in the mode standard",
    mode: "standard",
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
  },
  {
    what: "missing in the standard mode that the CNI is given",
    resources: {
      "aws_eks_addon.cni": addOn({ env: { ...ENABLED.env, POD_SECURITY_GROUP_ENFORCING_MODE: "standard" } }),
    },
  },
  {
    what: "missing where somebody else is said to configure the CNI",
    cni: { management: "external", file: "flows.yaml" },
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
  },
  { what: "missing where pods have no groups", resources: { "aws_eks_addon.cni": addOn(undefined) } },
];
