import type { Cases } from "../support/case";
import { HAS_PODS } from "../support/pods";

const POLICY = "arn:aws:iam::aws:policy/";
const attach = (role: string, policy: string) => ({ role, policy_arn: policy });
const CONTROLLER = `${POLICY}AmazonEKSVPCResourceController`;
const CLUSTER = attach("main", `${POLICY}AmazonEKSClusterPolicy`);

export const cases: Cases = [
  {
    what: "a role for a cluster, with pods that need it",
    resources: { ...HAS_PODS, "aws_iam_role_policy_attachment.c": CLUSTER },
    found: [["aws_iam_role_policy_attachment.c", "error"]],
    says: "The cluster role main lacks the policy AmazonEKSVPCResourceController: no node gets a trunk interface, and pods with their own security groups stay pending. Attach arn:aws:iam::aws:policy/AmazonEKSVPCResourceController to it.",
  },
  {
    what: "a cluster's role, without such pods",
    resources: {
      "aws_iam_role.r": { managed_policy_arns: [] },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
    found: [["aws_iam_role.r", "information"]],
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
    what: "a role of one name and a role of another",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": { name: "a" },
      "aws_iam_role_policy_attachment.v": attach("b", CONTROLLER),
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
    found: [["aws_iam_role.r", "error"]],
  },
  {
    what: "an inline policy that lets nobody make interfaces",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": {},
      "aws_iam_role_policy.logs": { role: "${aws_iam_role.r.id}", policy: '{"Action":"logs:*"}' },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}", compute_config: [{ enabled: false }] },
    },
    found: [["aws_iam_role.r", "error"]],
  },
  {
    what: "an inline policy that does",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": {},
      "aws_iam_role_policy.own": {
        role: "${aws_iam_role.r.name}",
        policy: '{"Action":["ec2:CreateNetworkInterface"]}',
      },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
  },
  {
    what: "all policies of the role in one resource",
    resources: {
      "aws_iam_role.r": {},
      "aws_iam_role_policy_attachments_exclusive.v": {
        role_name: "${aws_iam_role.r.name}",
        policy_arns: [`${POLICY}AmazonEKSClusterPolicy`, CONTROLLER],
      },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
  },
  {
    what: "the policy for the names of a list of roles",
    resources: {
      "aws_iam_role.r": { name: "${var.name}" },
      "aws_iam_policy_attachment.v": { roles: ["x", "${var.name}"], policy_arn: CONTROLLER },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
  },
  {
    what: "the policy at a role that is not known",
    resources: {
      "aws_iam_role.r": {},
      "aws_iam_role_policy_attachment.v": attach("${var.role}", CONTROLLER),
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
  },
  {
    what: "a policy of AWS's whose name is not known",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": {},
      "aws_iam_role_policy_attachment.v": attach(
        "${aws_iam_role.r.name}",
        '${"arn:aws:iam::aws:policy/${var.policy}"}',
      ),
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
  },
  {
    what: "the policy in the role itself",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": { managed_policy_arns: [CONTROLLER] },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
  },
  {
    what: "a policy that makes interfaces, written in the role",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": { inline_policy: [{ policy: '{"Action":"ec2:*"}' }] },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
  },
  {
    what: "a policy of logs, written in the role",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": { inline_policy: [{ policy: '{"Action":"logs:*"}' }, { name: "nothing" }] },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
    found: [["aws_iam_role.r", "error"]],
  },
  {
    what: "a policy in the role that is not known",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": { inline_policy: [{ policy: "${data.aws_iam_policy_document.d.json}" }] },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
  },
  {
    what: "the policy at the role that an ARN names, with its path",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": { name: "main" },
      "aws_iam_role_policy_attachment.v": attach("main", CONTROLLER),
      "aws_eks_cluster.c": { role_arn: "arn:aws:iam::111122223333:role/teams/shop/main" },
    },
  },
  {
    what: "the policy at another role than an ARN names",
    resources: {
      ...HAS_PODS,
      "aws_iam_role.r": { name: "main" },
      "aws_iam_role.s": { name: "other" },
      "aws_iam_role_policy_attachment.v": attach("other", CONTROLLER),
      "aws_eks_cluster.c": { role_arn: "arn:aws:iam::111122223333:role/main" },
    },
    found: [["aws_iam_role.r", "error"]],
  },
  {
    what: "a cluster in Auto Mode",
    resources: {
      "aws_iam_role.r": {},
      "aws_iam_role_policy_attachment.c": attach("${aws_iam_role.r.name}", `${POLICY}AmazonEKSClusterPolicy`),
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}", compute_config: [{ enabled: true }] },
    },
  },
  {
    what: "a cluster that may be in Auto Mode",
    resources: {
      "aws_iam_role.r": {},
      "aws_eks_cluster.c": {
        role_arn: "${aws_iam_role.r.arn}",
        compute_config: [{ enabled: "${var.auto}" }],
      },
    },
  },
  {
    what: "the role of a cluster in Auto Mode that is declared elsewhere",
    resources: {
      "aws_iam_role_policy_attachment.c": CLUSTER,
      "aws_iam_role_policy_attachment.d": attach("main", `${POLICY}AmazonEKSComputePolicy`),
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
    what: "a policy of one's own for keys, and one that denies",
    resources: {
      ...HAS_PODS,
      "aws_iam_policy.keys": {
        policy: '{"Statement":[{"Action":["kms:Encrypt"]},{"Effect":"Deny","Action":"ec2:*"}]}',
      },
      "aws_iam_role_policy_attachment.c": CLUSTER,
      "aws_iam_role_policy_attachment.v": attach("main", "${aws_iam_policy.keys.arn}"),
    },
    found: [["aws_iam_role_policy_attachment.c", "error"]],
  },
  {
    what: "policies of one's own for Auto Mode, by the tags that it sets",
    resources: {
      ...HAS_PODS,
      "aws_iam_policy.a": {
        policy:
          '{"Statement":{"Action":"ec2:CreateNetworkInterface","Condition":{"StringLike":{"aws:RequestTag/eks:kubernetes-cni-node-name":"*"}}}}',
      },
      "data.aws_iam_policy_document.b": {
        statement: [
          {
            actions: ["ec2:CreateNetworkInterface"],
            condition: [
              { test: "StringLike", variable: "aws:RequestTag/eks:eks-cluster-name", values: ["*"] },
            ],
          },
        ],
      },
      "aws_iam_policy.b": { policy: "${data.aws_iam_policy_document.b.json}" },
      "aws_iam_role_policy_attachment.c": CLUSTER,
      "aws_iam_role_policy_attachment.v": attach("main", "${aws_iam_policy.a.arn}"),
      "aws_iam_role_policy_attachment.w": attach("main", "${aws_iam_policy.b.arn}"),
    },
    found: [["aws_iam_role_policy_attachment.c", "error"]],
  },
  {
    what: "a policy of one's own that grants the same",
    resources: {
      ...HAS_PODS,
      "aws_iam_policy.own": {
        policy:
          '{"Statement":{"Action":"ec2:Create*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}}',
      },
      "aws_iam_role_policy_attachment.c": CLUSTER,
      "aws_iam_role_policy_attachment.v": attach("main", "${aws_iam_policy.own.arn}"),
    },
  },
  {
    what: "a policy of one's own for everything but some actions",
    resources: {
      ...HAS_PODS,
      "aws_iam_policy.own": { policy: '{"Statement":[{"Effect":"Allow","NotAction":"iam:*"}]}' },
      "aws_iam_role_policy_attachment.c": CLUSTER,
      "aws_iam_role_policy_attachment.v": attach("main", "${aws_iam_policy.own.arn}"),
    },
  },
  {
    what: "a document of policies for logs",
    resources: {
      ...HAS_PODS,
      "data.aws_iam_policy_document.logs": { statement: [{ actions: ["logs:*", "ec2:Describe*"] }] },
      "aws_iam_role.r": { inline_policy: [{ policy: "${data.aws_iam_policy_document.logs.json}" }] },
      "aws_eks_cluster.c": { role_arn: "${aws_iam_role.r.arn}" },
    },
    found: [["aws_iam_role.r", "error"]],
  },
  {
    what: "a document of policies for interfaces, and one that takes others in",
    resources: {
      ...HAS_PODS,
      "data.aws_iam_policy_document.own": { statement: [{ actions: ["ec2:*NetworkInterface"] }] },
      "data.aws_iam_policy_document.all": {
        statement: [{ actions: ["logs:*"] }],
        source_policy_documents: ["${var.document}"],
      },
      "aws_iam_role.a": { inline_policy: [{ policy: "${data.aws_iam_policy_document.own.json}" }] },
      "aws_iam_role.b": { inline_policy: [{ policy: "${data.aws_iam_policy_document.all.json}" }] },
      "aws_eks_cluster.a": { role_arn: "${aws_iam_role.a.arn}" },
      "aws_eks_cluster.b": { role_arn: "${aws_iam_role.b.arn}" },
    },
  },
  {
    what: "a role of nodes",
    resources: { "aws_iam_role_policy_attachment.n": attach("nodes", `${POLICY}AmazonEKSWorkerNodePolicy`) },
  },
];
