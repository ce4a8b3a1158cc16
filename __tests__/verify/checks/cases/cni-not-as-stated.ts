import type { Cases } from "../support/case";
import { addOn, ENABLED, env, NODE } from "../support/cni";

const FILE = "clusters/flows.yaml";
const STANDARD = { ...ENABLED, env: { ...ENABLED.env, POD_SECURITY_GROUP_ENFORCING_MODE: "standard" } };

export const cases: Cases = [
  {
    what: "standard by the add-on, judged as strict",
    resources: { "aws_eks_addon.cni": addOn(STANDARD) },
    found: [["aws_eks_addon.cni", "warning"]],
    says: "aws_eks_addon.cni sets standard mode, but the flows are judged in strict mode. Set mode: standard in flows.yaml, or pass --mode standard.",
  },
  {
    what: "standard by the add-on, and judged so",
    mode: "standard",
    resources: { "aws_eks_addon.cni": addOn(STANDARD) },
  },
  {
    what: "strict by a patch, judged as standard",
    mode: "standard",
    resources: { "kubernetes_env.a": env(NODE, { POD_SECURITY_GROUP_ENFORCING_MODE: "strict" }) },
    found: [["kubernetes_env.a", "warning"]],
  },
  {
    what: "a mode that the input does not set",
    mode: "standard",
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
  },
  {
    what: "external, and patched here",
    cni: { management: "external", file: FILE },
    resources: { "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }) },
    found: [["kubernetes_env.a", "error"]],
    says: "clusters/flows.yaml declares cni: external, but kubernetes_env.a (main.tf.json:1) configures the CNI. Remove that, or correct cni in clusters/flows.yaml.",
  },
  {
    what: "external, and an add-on here",
    cni: { management: "external", file: FILE },
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
    found: [["aws_eks_addon.cni", "error"]],
  },
  {
    what: "patched, and an add-on here",
    cni: { management: "kubernetes_env", file: FILE },
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
    found: [["aws_eks_addon.cni", "error"]],
  },
  {
    what: "an add-on, and patched here",
    cni: { management: "addon", file: FILE },
    resources: { "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }) },
    found: [["kubernetes_env.a", "error"]],
  },
  {
    what: "external, and three here",
    cni: { management: "external", file: FILE },
    resources: {
      "aws_eks_addon.cni": addOn(ENABLED),
      "kubernetes_env.b": env(NODE, { ENABLE_POD_ENI: "true" }),
      "kubernetes_env.a": env(NODE, { WARM_ENI_TARGET: "1" }),
    },
    found: [["aws_eks_addon.cni", "error"]],
    says: "clusters/flows.yaml declares cni: external, but aws_eks_addon.cni (main.tf.json:1), kubernetes_env.a (main.tf.json:3) and kubernetes_env.b (main.tf.json:2) configure the CNI. Remove them, or correct cni in clusters/flows.yaml.",
  },
  {
    what: "patched, as stated",
    cni: { management: "kubernetes_env", file: FILE },
    resources: { "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }) },
  },
  {
    what: "an add-on, as stated",
    cni: { management: "addon", file: FILE },
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
  },
  {
    what: "external, and another add-on here",
    cni: { management: "external", file: FILE },
    resources: { "aws_eks_addon.dns": addOn(undefined, "coredns") },
  },
  {
    what: "a part of the cluster whose CNI stands elsewhere",
    cni: { management: "addon", file: FILE },
    resources: { "aws_eks_cluster.c": {} },
  },
];
