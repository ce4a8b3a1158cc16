import type { Cases } from "../support/case";
import { HAS_PODS } from "../support/pods";

export const cases: Cases = [
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
