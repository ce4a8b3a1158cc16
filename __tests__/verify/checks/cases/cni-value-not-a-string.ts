import type { Cases } from "../support/case";
import { addOn, ENABLED, env, NODE } from "../support/cni";

export const cases: Cases = [
  {
    what: "a boolean in an add-on",
    resources: { "aws_eks_addon.cni": addOn({ env: { ENABLE_POD_ENI: true } }) },
    found: [["aws_eks_addon.cni", "error"]],
    says: 'aws_eks_addon.cni: ENABLE_POD_ENI must be "true" or "false" (given: true).',
  },
  {
    what: "a number in an add-on",
    resources: { "aws_eks_addon.cni": addOn({ env: { ...ENABLED.env, WARM_IP_TARGET: 1 } }) },
    found: [["aws_eks_addon.cni", "error"]],
  },
  {
    what: "null in an add-on, on either container",
    resources: {
      "aws_eks_addon.a": addOn({ env: { ...ENABLED.env, WARM_IP_TARGET: null } }),
      "aws_eks_addon.b": addOn({ ...ENABLED, init: { env: { DISABLE_TCP_EARLY_DEMUX: null } } }),
    },
    found: [
      ["aws_eks_addon.a", "error"],
      ["aws_eks_addon.b", "error"],
    ],
  },
  {
    what: "another word in the DaemonSet",
    resources: { "kubernetes_env.e": env(NODE, { ENABLE_POD_ENI: "yes" }) },
    found: [["kubernetes_env.e", "error"]],
  },
  {
    what: "text",
    resources: { "aws_eks_addon.cni": addOn({ env: { ...ENABLED.env, WARM_IP_TARGET: "1" } }) },
  },
  {
    what: "null in the DaemonSet, which is as if it were left out",
    resources: { "kubernetes_env.e": env(NODE, { ENABLE_POD_ENI: null }) },
  },
  {
    what: "a boolean that Terraform makes text of",
    resources: { "kubernetes_env.e": env(NODE, { ENABLE_POD_ENI: true }) },
  },
];
