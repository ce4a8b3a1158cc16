import type { Cases } from "../support/case";
import { addOn, ENABLED, env, NODE } from "../support/cni";

const FILE = "clusters/flows.yaml";
const STANDARD = { ...ENABLED, env: { ...ENABLED.env, POD_SECURITY_GROUP_ENFORCING_MODE: "standard" } };

export const cases: Cases = [
  {
    what: "standard by the add-on, judged as strict",
    resources: { "aws_eks_addon.cni": addOn(STANDARD) },
    found: [["aws_eks_addon.cni", "warning"]],
    says: "aws_eks_addon.cni sets the enforcing mode standard, but the flows are judged in the mode strict. Write mode: standard to flows.yaml, or give --mode standard.",
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
    what: "external, and both here",
    cni: { management: "external", file: FILE },
    resources: {
      "aws_eks_addon.cni": addOn(ENABLED),
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }),
    },
    found: [["aws_eks_addon.cni", "error"]],
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
