import { describe, expect, it } from "vitest";
import { verify } from "../../../verify/verify";
import { folderWith } from "../read/support/configuration";

/** The findings of the checks about the cluster, with their messages. */
async function found(main: string, files: Record<string, unknown> = {}) {
  const { findings } = await verify(folderWith({ "main.tf": main, ...files }));
  return findings.map(({ check, address, message }) => ({ check, address, message }));
}

const checks = async (main: string) => (await found(main)).map(({ check, address }) => `${check} ${address}`);

const ADD_ON = (values: string) => `
variable "warm" {}
variable "env" {}
variable "partition" {}
resource "aws_eks_addon" "cni" {
  addon_name           = "vpc-cni"
  cluster_name         = "shop"
  configuration_values = ${values}
}
# Pods with groups of their own, which need the CNI's settings.
resource "kubernetes_manifest" "p" {
  manifest = {
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "p", namespace = "shop" }
    spec       = { podSelector = { matchLabels = { app = "x" } }, securityGroups = { groupIds = ["sg-0a1"] } }
  }
}
`;
const DEMUX = "DISABLE_TCP_EARLY_DEMUX";

describe("values of the CNI's add-on that are known in part", () => {
  it.each<[string, string, string[]]>([
    [
      "one variable, as JSON",
      `jsonencode({ env = { ENABLE_POD_ENI = "true", ${DEMUX} = "true", WARM_ENI_TARGET = var.warm } })`,
      ["tcp-early-demux aws_eks_addon.cni"],
    ],
    [
      "one variable, as YAML",
      `yamlencode({ env = { ENABLE_POD_ENI = "true", ${DEMUX} = "true", WARM_ENI_TARGET = var.warm } })`,
      ["tcp-early-demux aws_eks_addon.cni"],
    ],
    [
      "a part of a variable in a heredoc",
      `<<-EOT\n    env:\n      ENABLE_POD_ENI: "true"\n      ${DEMUX}: "true"\n      WARM_ENI_TARGET: "1\${var.warm}"\n  EOT`,
      ["tcp-early-demux aws_eks_addon.cni"],
    ],
    [
      "a key of no schema beside one that is not known",
      'jsonencode({ Env = { A = var.warm }, env = { ENABLE_POD_ENI = "true" }, init = var.env })',
      ["cni-values-refused aws_eks_addon.cni"],
    ],
    ["all variables", "jsonencode({ env = merge({}, var.env) })", []],
    [
      "the one that matters",
      "jsonencode({ env = { ENABLE_POD_ENI = var.warm }, init = { env = var.env } })",
      [],
    ],
    ["all values", "jsonencode(var.env)", []],
    ["the text", "var.env", []],
  ])("%s", async (_what, values, expected) => {
    expect(await checks(ADD_ON(values))).toStrictEqual(expected);
  });
});

describe("what turns groups for pods on is one key, beside those that are there", () => {
  it.each([
    [
      'jsonencode({ env = { WARM_ENI_TARGET = "1", MAX_ENI = "2" } })',
      'aws_eks_addon.cni configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Add ENABLE_POD_ENI = "true" to the map env of its configuration_values, next to MAX_ENI and WARM_ENI_TARGET.',
    ],
    [
      'jsonencode({ enableNetworkPolicy = "true" })',
      'aws_eks_addon.cni configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. Add env = { ENABLE_POD_ENI = "true" } to its configuration_values, next to enableNetworkPolicy.',
    ],
    [
      'jsonencode({ env = { ENABLE_POD_ENI = "false", MAX_ENI = "2" } })',
      'Set env.ENABLE_POD_ENI in its configuration_values to "true".',
    ],
    ["null", 'Add configuration_values = jsonencode({ env = { ENABLE_POD_ENI = "true" } }).'],
  ])("%s", async (values, advice) => {
    const [finding] = await found(ADD_ON(values));
    expect(finding?.check).toBe("pod-eni-disabled");
    expect(finding?.message).toContain(advice);
  });

  it("a variable of the DaemonSet", async () => {
    const main = `${ADD_ON("null").replace(/resource "aws_eks_addon"[^}]*}/, "")}
resource "kubernetes_env" "node" {
  kind = "DaemonSet"
  metadata {
    name = "aws-node"
  }
  container     = "aws-node"
  field_manager = "x"
  env {
    name  = "WARM_ENI_TARGET"
    value = "1"
  }
}`;
    const [finding] = await found(main);
    expect(finding?.message).toContain(
      'Add the block env { name = "ENABLE_POD_ENI", value = "true" } to kubernetes_env.node.',
    );
  });
});

const CLUSTER = (role: string, attachments: string) => `
variable "stage" {}
variable "role" {}
variable "create" {}
data "aws_partition" "p" {}
data "aws_caller_identity" "i" {}
locals {
  name   = format("%s-%s", var.stage, "eks")
  prefix = "arn:\${data.aws_partition.p.partition}:iam::aws:policy"
}
resource "aws_iam_role" "c" {
  ${role}
  assume_role_policy = "{}"
}
${attachments}
resource "kubernetes_manifest" "p" {
  manifest = {
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "p", namespace = "shop" }
    spec       = { podSelector = { matchLabels = { app = "x" } }, securityGroups = { groupIds = ["sg-0a1"] } }
  }
}
`;
const NAMED = 'resource "aws_eks_cluster" "c" {\n  role_arn = aws_iam_role.c.arn\n}\n';
const attach = (role: string, arn: string, more = "") =>
  `resource "aws_iam_role_policy_attachment" "a" {\n  ${more}\n  role = ${role}\n  policy_arn = ${arn}\n}\n`;
const WANTED = '"arn:aws:iam::aws:policy/AmazonEKSVPCResourceController"';
/** A policy of the root's own, attached to the role `x`. */
const own = (statement: string) =>
  `${attach('"x"', "aws_iam_policy.own.arn")}resource "aws_iam_policy" "own" {\n  policy = jsonencode({ Statement = [{ ${statement} }] })\n}\n`;
const OTHER = '"arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"';

describe("the policy of the cluster's role is found however role and policy are named", () => {
  it.each<[string, string, string]>([
    ["a name with a variable", 'name = "${var.stage}-eks"', NAMED + attach("aws_iam_role.c.name", WANTED)],
    ["a name of format()", "name = local.name", NAMED + attach("local.name", WANTED)],
    ["a name that AWS makes", 'name_prefix = "eks-"', NAMED + attach("aws_iam_role.c.id", WANTED)],
    [
      "an ARN with the name",
      'name = "shop-eks"',
      attach("aws_iam_role.c.name", WANTED) +
        'resource "aws_eks_cluster" "c" {\n  role_arn = "arn:aws:iam::${data.aws_caller_identity.i.account_id}:role/shop-eks"\n}\n',
    ],
    [
      "an ARN with a name that is known in part",
      "name = local.name",
      attach("aws_iam_role.c.name", WANTED) +
        'resource "aws_eks_cluster" "c" {\n  role_arn = "arn:aws:iam::123456789012:role/${local.name}"\n}\n',
    ],
    [
      "count",
      'count = 1\n  name = "${var.stage}-eks"',
      attach("aws_iam_role.c[0].name", WANTED) +
        'resource "aws_eks_cluster" "c" {\n  role_arn = aws_iam_role.c[0].arn\n}\n',
    ],
    [
      "count that is not known",
      'count = var.create ? 1 : 0\n  name = "${var.stage}-eks"',
      attach("aws_iam_role.c[0].name", WANTED, "count = var.create ? 1 : 0") +
        'resource "aws_eks_cluster" "c" {\n  role_arn = var.create ? aws_iam_role.c[0].arn : var.role\n}\n',
    ],
    [
      "for_each over names",
      'name = "${var.stage}-eks"',
      NAMED +
        attach(
          "aws_iam_role.c.name",
          '"${local.prefix}/${each.value}"',
          'for_each = toset(["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"])',
        ),
    ],
    [
      "for_each over ARNs that are known in part",
      'name = "${var.stage}-eks"',
      NAMED +
        attach(
          "aws_iam_role.c.name",
          "each.value",
          'for_each = { a = "${local.prefix}/AmazonEKSClusterPolicy", b = "${local.prefix}/AmazonEKSVPCResourceController" }',
        ),
    ],
    [
      "format() of the partition",
      'name = "x"',
      NAMED +
        attach(
          '"x"',
          'format("arn:%s:iam::aws:policy/%s", data.aws_partition.p.partition, "AmazonEKSVPCResourceController")',
        ),
    ],
    [
      "join() of the partition",
      'name = "x"',
      NAMED + attach('"x"', 'join("/", [local.prefix, "AmazonEKSVPCResourceController"])'),
    ],
    [
      "managed_policy_arns",
      `name = "x"\n  managed_policy_arns = [${OTHER}, "\${local.prefix}/AmazonEKSVPCResourceController"]`,
      NAMED,
    ],
    ["another partition", 'name = "x"', NAMED + attach('"x"', WANTED.replace("arn:aws:", "arn:aws-cn:"))],
    ["a policy that is looked up", 'name = "x"', NAMED + attach('"x"', "data.aws_iam_policy.x.arn")],
    ["a policy with actions that are not known", 'name = "x"', NAMED + own("Action = [var.action]")],
    [
      "a policy that grants the same in part of a VPC",
      'name = "x"',
      NAMED + own('Action = "ec2:*", Resource = var.arn'),
    ],
  ])("%s", async (_what, role, attachments) => {
    expect(
      (await checks(CLUSTER(role, attachments))).filter((one) => one.startsWith("cluster-role")),
    ).toStrictEqual([]);
  });

  it.each<[string, string, string]>([
    ["a name with a variable", 'name = "${var.stage}-eks"', NAMED + attach("aws_iam_role.c.name", OTHER)],
    [
      "a policy for keys that are not known",
      'name = "x"',
      NAMED + own('Action = ["kms:Encrypt"], Resource = var.key'),
    ],
    ["a name of format()", "name = local.name", NAMED + attach("local.name", OTHER)],
    [
      "format() of another policy",
      'name = "x"',
      NAMED +
        attach(
          '"x"',
          'format("arn:%s:iam::aws:policy/%s", data.aws_partition.p.partition, "AmazonEKSClusterPolicy")',
        ),
    ],
    ["another role", 'name = "x"', NAMED + attach('"y"', WANTED)],
  ])("and said to be missing: %s", async (_what, role, attachments) => {
    expect(await checks(CLUSTER(role, attachments))).toStrictEqual(["cluster-role-policy aws_iam_role.c"]);
  });
});
