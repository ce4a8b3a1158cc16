import type { Cases } from "../support/case";
import { HAS_PODS } from "../support/pods";

const pool = (key: string, values: readonly string[], operator = "In") => ({
  manifest: {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: "default" },
    spec: {
      template: {
        spec: {
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" },
          requirements: [
            { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
            { key, operator, values },
          ],
        },
      },
    },
  },
});
const TYPE = "node.kubernetes.io/instance-type";
const FAMILY = "karpenter.k8s.aws/instance-family";
const CATEGORY = "karpenter.k8s.aws/instance-category";
const P = "kubernetes_manifest.pool";

const N = "aws_eks_node_group.n";
const BY_TEMPLATE = { launch_template: [{ id: "${aws_launch_template.l.id}" }] };

const node = (type: string, allocatable: object = {}) => ({
  kind: "Node",
  metadata: { labels: { "node.kubernetes.io/instance-type": type } },
  status: { allocatable },
});

export const cases: Cases = [
  {
    what: "nodes that run, by their types",
    resources: HAS_PODS,
    manifests: { "Node/a": node("t3.large"), "Node/b": node("t3.large"), "Node/c": node("t3.small") },
    found: [
      ["Node/a", "warning"],
      ["Node/c", "warning"],
    ],
    says: "Node/a and 1 other node are of type t3.large, which cannot have branch interfaces: pods with their own security groups cannot run there. Use types of other families, such as m5, c5 or r5.",
  },
  {
    what: "a node that runs beside one with a trunk interface",
    resources: HAS_PODS,
    manifests: {
      "Node/a": node("t3.large"),
      "Node/b": node("m5.large", { "vpc.amazonaws.com/pod-eni": "9" }),
    },
  },
  {
    what: "nodes of a node group that names their type",
    resources: { ...HAS_PODS, "aws_eks_node_group.n": { instance_types: ["t3.large"] } },
    manifests: { "Node/a": node("t3.large") },
    found: [["aws_eks_node_group.n", "warning"]],
  },
  {
    what: "a node group that names no type",
    resources: { ...HAS_PODS, [N]: { cluster_name: "shop" } },
    found: [[N, "warning"]],
    says: `${N} names no instance types, so that EKS starts t3.medium, which cannot have branch interfaces: pods with their own security groups cannot run there. Use types of other families, such as m5, c5 or r5.`,
  },
  {
    what: "a node group that names no type, and a launch template without one",
    resources: { ...HAS_PODS, [N]: BY_TEMPLATE, "aws_launch_template.l": { name: "nodes" } },
    found: [[N, "warning"]],
  },
  {
    what: "a node group whose launch template names the type",
    resources: { ...HAS_PODS, [N]: BY_TEMPLATE, "aws_launch_template.l": { instance_type: "m5.large" } },
  },
  {
    what: "a node group whose launch template names what a type must have",
    resources: {
      ...HAS_PODS,
      [N]: BY_TEMPLATE,
      "aws_launch_template.l": { instance_requirements: [{ vcpu_count: [{ min: 2 }] }] },
    },
  },
  {
    what: "a node group whose launch template is declared elsewhere",
    resources: { ...HAS_PODS, [N]: { launch_template: [{ id: "lt-1" }] } },
  },
  {
    what: "a node group whose types the input does not determine",
    resources: { ...HAS_PODS, [N]: { instance_types: "${var.types}" } },
  },
  {
    what: "a node group without types whose AMI is for others than that of the default",
    resources: { ...HAS_PODS, [N]: { ami_type: "AL2023_ARM_64_STANDARD" } },
  },
  {
    what: "a pool beside a node group that names no type",
    resources: { ...HAS_PODS, [N]: {}, [P]: pool(FAMILY, ["t3"]) },
    found: [
      [N, "warning"],
      [P, "warning"],
    ],
  },
  {
    what: "a pool of a burstable family",
    resources: { ...HAS_PODS, [P]: pool(FAMILY, ["t3", "t3a"]) },
    found: [[P, "warning"]],
    says: "kubernetes_manifest.pool allows only t3 and t3a, which cannot have branch interfaces: pods with their own security groups cannot run there. Allow other families, such as m5, c5 or r5.",
  },
  {
    what: "a pool of burstable types",
    resources: { ...HAS_PODS, [P]: pool(TYPE, ["t3.large"]) },
    found: [[P, "warning"]],
  },
  {
    what: "a pool of the category of burstable types, beside a node group of such",
    resources: {
      ...HAS_PODS,
      [P]: pool(CATEGORY, ["t"]),
      "aws_eks_node_group.n": { instance_types: ["t3.large"] },
    },
    found: [
      ["aws_eks_node_group.n", "warning"],
      [P, "warning"],
    ],
  },
  {
    what: "a pool of which Karpenter may start another type, too",
    resources: { ...HAS_PODS, [P]: pool(FAMILY, ["t3", "m5"]) },
  },
  { what: "a pool without a family", resources: { ...HAS_PODS, [P]: pool(FAMILY, ["t3"], "NotIn") } },
  {
    what: "a pool of a type that is not known",
    resources: { ...HAS_PODS, [P]: pool(TYPE, ["${var.type}"]) },
  },
  { what: "a pool of i3, which has a metal size", resources: { ...HAS_PODS, [P]: pool(FAMILY, ["i3"]) } },
  {
    what: "a pool beside nodes that can run such pods",
    resources: {
      ...HAS_PODS,
      [P]: pool(FAMILY, ["t3"]),
      "aws_eks_node_group.n": { instance_types: ["m5.large"] },
    },
  },
  {
    what: "one of two pools that can run such pods",
    resources: {
      ...HAS_PODS,
      [P]: pool(FAMILY, ["t3"]),
      "kubernetes_manifest.other": pool(CATEGORY, ["m"]),
    },
  },
  {
    what: "a node group of burstable types",
    resources: { ...HAS_PODS, "aws_eks_node_group.n": { instance_types: ["t3.large", "m5.large"] } },
    found: [["aws_eks_node_group.n", "warning"]],
    says: "aws_eks_node_group.n names t3.large, which cannot have branch interfaces: pods with their own security groups cannot run there. The other types can. Use types of other families, such as m5, c5 or r5.",
  },
  {
    what: "burstable types, where no pods with groups are seen",
    resources: { "aws_eks_node_group.n": { instance_types: ["t3.large"] } },
    found: [["aws_eks_node_group.n", "information"]],
  },
  {
    what: "a launch template of a cluster",
    resources: { "aws_launch_template.t": { instance_type: "i3.large" }, "aws_eks_cluster.c": {} },
    found: [["aws_launch_template.t", "information"]],
  },
  {
    what: "types that can",
    resources: {
      "aws_eks_node_group.n": {
        instance_types: ["m5.large", "p3dn.24xlarge", "i3.metal", "i4i.large", "u-12tb1.metal"],
      },
    },
  },
  {
    what: "a launch template of something else",
    resources: { "aws_launch_template.t": { instance_type: "t3.large" } },
  },
  {
    what: "a type that is not known",
    resources: { "aws_eks_node_group.n": { instance_types: "${var.types}" } },
  },
];
