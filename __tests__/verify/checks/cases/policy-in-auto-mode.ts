import type { Arguments } from "../../support/input";
import type { Cases } from "../support/case";
import { HAS_PODS, POLICY } from "../support/pods";

const cluster = (version: string | undefined, enabled: unknown = true): Arguments => ({
  ...(version !== undefined && { version }),
  compute_config: [{ enabled, node_pools: ["general-purpose"] }],
});

export const cases: Cases = [
  {
    what: "a version that takes none",
    resources: { ...HAS_PODS, "aws_eks_cluster.c": cluster("1.35") },
    found: [[POLICY, "error"]],
    says: 'aws_eks_cluster.c runs in Auto Mode, which ignores SecurityGroupPolicies before Kubernetes 1.36 (1.35): the pods of kubernetes_manifest.p keep the groups of their node class. Set version = "1.36" or later, set the groups in a NodeClass with podSecurityGroupSelectorTerms, or run these pods on nodes of another kind.',
  },
  {
    what: "a version that is not known",
    resources: { ...HAS_PODS, "aws_eks_cluster.c": cluster(undefined) },
    found: [[POLICY, "warning"]],
  },
  {
    what: "a mode that is not known",
    resources: { ...HAS_PODS, "aws_eks_cluster.c": cluster("1.33", "${var.auto}") },
    found: [[POLICY, "warning"]],
  },
  {
    what: "nodes of another kind beside",
    resources: { ...HAS_PODS, "aws_eks_cluster.c": cluster("1.33"), "aws_eks_node_group.n": {} },
    found: [[POLICY, "warning"]],
  },
  { what: "a version that takes them", resources: { ...HAS_PODS, "aws_eks_cluster.c": cluster("1.36") } },
  {
    what: "a cluster in no such mode",
    resources: { ...HAS_PODS, "aws_eks_cluster.c": cluster("1.33", false) },
  },
  {
    what: "a cluster that says nothing of it",
    resources: { ...HAS_PODS, "aws_eks_cluster.c": { version: "1.33" } },
  },
  { what: "no policy", resources: { "aws_eks_cluster.c": cluster("1.33") } },
  { what: "a policy alone", resources: HAS_PODS },
  {
    what: "two clusters, of which one may be meant",
    resources: {
      ...HAS_PODS,
      "aws_eks_cluster.c": cluster("1.33"),
      "aws_eks_cluster.d": cluster("1.33", false),
    },
  },
];
