import type { Cases } from "../support/case";
import { HAS_PODS } from "../support/pods";

const POLICY = "arn:aws:iam::aws:policy/";
const attach = (role: string, policy: string) => ({ role, policy_arn: policy });
const CLUSTER = attach("main", `${POLICY}AmazonEKSClusterPolicy`);

export const cases: Cases = [
  {
    what: "a role for a cluster, with pods that need it",
    resources: { ...HAS_PODS, "aws_iam_role_policy_attachment.c": CLUSTER },
    found: [["aws_iam_role_policy_attachment.c", "error"]],
    says: "The cluster's role main has no policy AmazonEKSVPCResourceController: no node gets a trunk interface, and pods with security groups of their own stay pending. Attach arn:aws:iam::aws:policy/AmazonEKSVPCResourceController to it.",
  },
  {
    what: "a cluster's role, without such pods",
    resources: {
      "aws_iam_role.r": { managed_policy_arns: [] },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
    found: [["aws_iam_role.r", "warning"]],
  },
  {
    what: "both policies, by the role's name and its address",
    resources: {
      "aws_iam_role.r": { name: "main" },
      "aws_iam_role_policy_attachment.c": CLUSTER,
      "aws_iam_role_policy_attachment.v": attach(
        "${aws_iam_role.r.name}",
        '${"arn:${data.aws_partition.p.partition}:iam::aws:policy/AmazonEKSVPCResourceController"}',
      ),
    },
  },
  {
    what: "a policy of one's own beside it",
    resources: {
      "aws_iam_role_policy_attachment.c": CLUSTER,
      "aws_iam_role_policy_attachment.v": attach("main", "${aws_iam_policy.own.arn}"),
    },
  },
  {
    what: "a role of nodes",
    resources: { "aws_iam_role_policy_attachment.n": attach("nodes", `${POLICY}AmazonEKSWorkerNodePolicy`) },
  },
];
