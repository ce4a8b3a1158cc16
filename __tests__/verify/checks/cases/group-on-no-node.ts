import type { Cases } from "../support/case";
import { A, B, PRIVATE, rule } from "../support/rules";

const NODES = "${aws_security_group.nodes.id}";
const IN = "aws_security_group_rule.in";
const CLUSTER = {
  "aws_security_group.a": {},
  "aws_security_group.b": {},
  "aws_security_group.nodes": {},
  "aws_eks_cluster.c": { name: "shop", vpc_config: [{ security_group_ids: [A] }] },
  "aws_eks_node_group.n": { cluster_name: "${aws_eks_cluster.c.name}" },
  "aws_rds_cluster.d": { engine: "aurora-mysql", vpc_security_group_ids: [B] },
};
const CONTROL_PLANE = { ...CLUSTER, [IN]: rule("ingress", B, A, "tcp", 3306) };
const UNATTACHED = { ...CLUSTER, [IN]: rule("ingress", B, NODES, "tcp", 3306) };

export const cases: Cases = [
  {
    what: "that of the control plane alone",
    resources: CONTROL_PLANE,
    found: [[IN, "error"]],
    says: "aws_security_group_rule.in lets aws_security_group.a reach aws_rds_cluster.d, but only the control plane carries that group: no node or pod gets through, and connections time out. Allow the group that EKS creates (vpc_config[0].cluster_security_group_id of the aws_eks_cluster), which nodes without their own groups carry, or better a pod security group.",
  },
  {
    what: "that of the control plane, beside addresses",
    resources: { ...CONTROL_PLANE, "aws_security_group_rule.v": rule("ingress", B, PRIVATE, "tcp", 3306) },
    found: [[IN, "warning"]],
  },
  {
    what: "one that is called after nodes and on nothing",
    resources: UNATTACHED,
    found: [["aws_security_group.nodes", "warning"]],
  },
  {
    what: "that of the control plane, which the nodes carry, too",
    resources: {
      ...CONTROL_PLANE,
      "aws_eks_node_group.n": {
        cluster_name: "shop",
        launch_template: [{ id: "${aws_launch_template.t.id}" }],
      },
      "aws_launch_template.t": { vpc_security_group_ids: [A] },
    },
  },
  {
    what: "that of the nodes' launch template",
    resources: { ...UNATTACHED, "aws_launch_template.t": { vpc_security_group_ids: [NODES] } },
  },
  {
    what: "one that the nodes may carry by a list that is not known",
    resources: {
      ...UNATTACHED,
      "aws_launch_template.t": {
        vpc_security_group_ids: "${((length(local.interfaces) > 0) ? [] : local.security_group_ids)}",
      },
    },
  },
  {
    what: "one that Karpenter finds by its tag",
    resources: {
      ...UNATTACHED,
      "aws_security_group.nodes": { tags: { "karpenter.sh/discovery": "shop" } },
    },
  },
  {
    what: "that of the control plane, where Karpenter finds groups by a tag of the team's",
    resources: {
      ...CONTROL_PLANE,
      "aws_security_group.a": { tags: { discovery: "shop" } },
      "kubernetes_manifest.c": {
        manifest: {
          apiVersion: "karpenter.k8s.aws/v1",
          kind: "EC2NodeClass",
          metadata: { name: "default" },
          spec: { securityGroupSelectorTerms: [{ tags: { discovery: "shop" } }] },
        },
      },
    },
  },
  {
    what: "that of the control plane, where Karpenter's chart is installed",
    resources: { ...CONTROL_PLANE, "helm_release.k": { name: "k", chart: "karpenter" } },
  },
  {
    what: "one that something else names",
    resources: { ...UNATTACHED, "aws_ssm_parameter.p": { value: NODES } },
  },
  {
    what: "another that is on nothing",
    resources: {
      ...CLUSTER,
      "aws_security_group.office": {},
      [IN]: rule("ingress", B, "${aws_security_group.office.id}", "tcp", 3306),
    },
  },
  {
    what: "that of the control plane, where the input shows no nodes",
    resources: Object.fromEntries(
      Object.entries(CONTROL_PLANE).filter(([address]) => address !== "aws_eks_node_group.n"),
    ),
  },
];
