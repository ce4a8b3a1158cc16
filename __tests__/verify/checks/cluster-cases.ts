import type { Arguments } from "../support/input";
import { type Case, podPolicy } from "./cases";

const POLICY = "arn:aws:iam::aws:policy/";
const attach = (role: string, policy: string) => ({ role, policy_arn: policy });
const HAS_PODS = { "kubernetes_manifest.p": podPolicy("sg-1") };

const instanceTypeWithoutTrunk: Omit<Case, "check">[] = [
  {
    what: "a node group of burstable types",
    resources: { "aws_eks_node_group.n": { instance_types: ["t3.large", "m5.large"] } },
    found: [["aws_eks_node_group.n", "warning"]],
  },
  {
    what: "a launch template of a cluster",
    resources: { "aws_launch_template.t": { instance_type: "i3.large" }, "aws_eks_cluster.c": {} },
    found: [["aws_launch_template.t", "warning"]],
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

const CLUSTER = attach("main", `${POLICY}AmazonEKSClusterPolicy`);
const clusterRolePolicy: Omit<Case, "check">[] = [
  {
    what: "a role for a cluster, with pods that need it",
    resources: { ...HAS_PODS, "aws_iam_role_policy_attachment.c": CLUSTER },
    found: [["aws_iam_role_policy_attachment.c", "error"]],
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

const addOn = (values: unknown, addon_name = "vpc-cni") => ({
  addon_name,
  ...(values !== undefined && {
    configuration_values: typeof values === "string" ? values : JSON.stringify(values),
  }),
});
function env(container: Arguments, variables: Record<string, unknown>, more: Arguments = {}): Arguments {
  return {
    kind: "DaemonSet",
    metadata: [{ name: "aws-node", namespace: "kube-system" }],
    ...container,
    env: Object.entries(variables).map(([name, value]) => ({ name, value })),
    ...more,
  };
}
const NODE = { container: "aws-node" };
const INIT = { init_container: "aws-vpc-cni-init" };
const ENABLED = { env: { ENABLE_POD_ENI: "true" } };
const DEMUX = { DISABLE_TCP_EARLY_DEMUX: "true" };

const podEniDisabled: Omit<Case, "check">[] = [
  {
    what: "an add-on without configuration, with pods that need it",
    resources: { ...HAS_PODS, "aws_eks_addon.cni": addOn(undefined) },
    found: [["aws_eks_addon.cni", "error"]],
  },
  {
    what: "an add-on that turns it off",
    resources: { "aws_eks_addon.cni": addOn({ env: { ENABLE_POD_ENI: "false" } }) },
    found: [["aws_eks_addon.cni", "warning"]],
  },
  {
    what: "only other variables of the DaemonSet",
    resources: { "kubernetes_env.e": env(INIT, DEMUX) },
    found: [["kubernetes_env.e", "warning"]],
  },
  { what: "an add-on that turns it on", resources: { "aws_eks_addon.cni": addOn(ENABLED) } },
  {
    what: "one of two kubernetes_env turns it on",
    resources: {
      "kubernetes_env.e": env(INIT, DEMUX),
      "kubernetes_env.f": env(NODE, { ENABLE_POD_ENI: "true" }),
    },
  },
  {
    what: "a configuration that is not known",
    resources: { "aws_eks_addon.cni": addOn("${jsonencode(var.x)}") },
  },
  { what: "another add-on", resources: { "aws_eks_addon.dns": addOn(undefined, "coredns") } },
  {
    what: "an add-on that somebody else is said to configure",
    cni: { management: "external", file: "flows.yaml" },
    resources: { "aws_eks_addon.cni": addOn(undefined) },
  },
];

const tcpEarlyDemux: Omit<Case, "check">[] = [
  {
    what: "missing",
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
    found: [["aws_eks_addon.cni", "warning"]],
  },
  {
    what: "missing, in the strict mode that the CNI is given",
    mode: "standard",
    resources: {
      "aws_eks_addon.cni": addOn({ env: { ...ENABLED.env, POD_SECURITY_GROUP_ENFORCING_MODE: "strict" } }),
    },
    found: [["aws_eks_addon.cni", "warning"]],
  },
  {
    what: "on the wrong container of an add-on",
    resources: { "aws_eks_addon.cni": addOn({ env: { ...ENABLED.env, ...DEMUX } }) },
    found: [["aws_eks_addon.cni", "error"]],
  },
  {
    what: "on the wrong container of the DaemonSet",
    resources: { "kubernetes_env.e": env(NODE, { ENABLE_POD_ENI: "true", ...DEMUX }) },
    found: [["kubernetes_env.e", "error"]],
  },
  { what: "in its place", resources: { "aws_eks_addon.cni": addOn({ ...ENABLED, init: { env: DEMUX } }) } },
  {
    what: "missing in the mode standard",
    mode: "standard",
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
  },
  {
    what: "missing in the standard mode that the CNI is given",
    resources: {
      "aws_eks_addon.cni": addOn({ env: { ...ENABLED.env, POD_SECURITY_GROUP_ENFORCING_MODE: "standard" } }),
    },
  },
  {
    what: "missing where somebody else is said to configure the CNI",
    cni: { management: "external", file: "flows.yaml" },
    resources: { "aws_eks_addon.cni": addOn(ENABLED) },
  },
  { what: "missing where pods have no groups", resources: { "aws_eks_addon.cni": addOn(undefined) } },
];

const cniValueNotAString: Omit<Case, "check">[] = [
  {
    what: "a boolean in an add-on",
    resources: { "aws_eks_addon.cni": addOn({ env: { ENABLE_POD_ENI: true } }) },
    found: [["aws_eks_addon.cni", "error"]],
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

const other = { metadata: [{ name: "other", namespace: "kube-system" }] };
const sharedFieldManager: Omit<Case, "check">[] = [
  {
    what: "none given for either",
    resources: {
      "kubernetes_env.a": env(NODE, {}),
      "kubernetes_env.b": env(INIT, {}, { field_manager: "Terraform" }),
    },
    found: [["kubernetes_env.a", "error"]],
  },
  {
    what: "one that is not known, given to both",
    resources: {
      "kubernetes_env.a": env(NODE, {}, { field_manager: "${var.m}" }),
      "kubernetes_env.b": env(INIT, {}, { field_manager: "${var.m}" }),
    },
    found: [["kubernetes_env.a", "error"]],
  },
  {
    what: "each its own",
    resources: {
      "kubernetes_env.a": env(NODE, {}, { field_manager: "one" }),
      "kubernetes_env.b": env(INIT, {}),
    },
  },
  {
    what: "one for the same variable, of which cni-configured-twice speaks",
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }),
      "kubernetes_env.b": env(NODE, { ENABLE_POD_ENI: "true" }),
    },
  },
  {
    what: "one on two objects",
    resources: { "kubernetes_env.a": env(NODE, {}), "kubernetes_env.b": env(NODE, {}, other) },
  },
];

const addOnOf = (cluster_name: unknown) => ({ ...addOn(ENABLED), cluster_name });
const cniConfiguredTwice: Omit<Case, "check">[] = [
  {
    what: "the add-on of one cluster twice",
    resources: {
      "module.a.aws_eks_addon.cni": addOnOf("shop"),
      "module.b.aws_eks_addon.cni": addOnOf("shop"),
      "module.c.aws_eks_addon.cni": addOnOf("billing"),
    },
    found: [["module.a.aws_eks_addon.cni", "error"]],
  },
  {
    what: "the add-on of a cluster that one expression names, twice",
    resources: {
      "aws_eks_addon.a": addOnOf("${var.cluster_name}"),
      "aws_eks_addon.b": addOnOf("${var.cluster_name}"),
    },
    found: [["aws_eks_addon.a", "error"]],
  },
  {
    what: "one variable of one container, patched by two",
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "one" }),
      "kubernetes_env.b": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "two" }),
      "kubernetes_env.c": env(INIT, DEMUX),
    },
    found: [["kubernetes_env.a", "error"]],
  },
  {
    what: "the add-on of two clusters, and of one that is not known",
    resources: {
      "aws_eks_addon.a": addOnOf("shop"),
      "aws_eks_addon.b": addOnOf("billing"),
      "aws_eks_addon.c": addOnOf("${var.cluster_name}"),
      "aws_eks_addon.d": addOn(ENABLED),
      "aws_eks_addon.e": addOn(ENABLED),
    },
  },
  {
    what: "another add-on beside it, of the same cluster",
    resources: {
      "aws_eks_addon.a": addOnOf("shop"),
      "aws_eks_addon.b": { ...addOn(undefined, "coredns"), cluster_name: "shop" },
    },
  },
  {
    what: "different variables, each patched alone, and one variable of each container",
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true", X: "1" }, { field_manager: "one" }),
      "kubernetes_env.b": env(NODE, { Y: "1" }, { field_manager: "two" }),
      "kubernetes_env.c": env(INIT, { X: "1" }, { field_manager: "three" }),
    },
  },
  {
    what: "patched, and a managed add-on",
    resources: {
      "kubernetes_env.b": env(INIT, DEMUX),
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "one" }),
      "module.addon.aws_eks_addon.cni": addOn(ENABLED),
    },
    found: [["kubernetes_env.b", "error"]],
  },
  {
    what: "one variable patched by two, as stated, beside an add-on of which cni-not-as-stated speaks",
    cni: { management: "kubernetes_env", file: "flows.yaml" },
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "one" }),
      "kubernetes_env.b": env(NODE, { ENABLE_POD_ENI: "true" }, { field_manager: "two" }),
      "aws_eks_addon.cni": addOn(ENABLED),
    },
    found: [["kubernetes_env.a", "error"]],
  },
  ...(["external", "addon", "kubernetes_env"] as const).map((management) => ({
    what: `patched, and a managed add-on, where ${management} is stated: of what is too many cni-not-as-stated speaks`,
    cni: { management, file: "flows.yaml" },
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }),
      "aws_eks_addon.cni": addOn(ENABLED),
    },
  })),
  {
    what: "the add-on twice, where external is stated",
    cni: { management: "external", file: "flows.yaml" },
    resources: { "aws_eks_addon.a": addOnOf("shop"), "aws_eks_addon.b": addOnOf("shop") },
  },
  {
    what: "patched alone",
    resources: {
      "kubernetes_env.a": env(NODE, { ENABLE_POD_ENI: "true" }),
      "aws_eks_addon.dns": addOn(undefined, "coredns"),
    },
  },
  {
    what: "a managed add-on, and another DaemonSet that is patched",
    resources: { "aws_eks_addon.cni": addOn(ENABLED), "kubernetes_env.a": env(NODE, {}, other) },
  },
];

const FILE = "clusters/flows.yaml";
const STANDARD = { ...ENABLED, env: { ...ENABLED.env, POD_SECURITY_GROUP_ENFORCING_MODE: "standard" } };
const cniNotAsStated: Omit<Case, "check">[] = [
  {
    what: "standard by the add-on, judged as strict",
    resources: { "aws_eks_addon.cni": addOn(STANDARD) },
    found: [["aws_eks_addon.cni", "warning"]],
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

export const CLUSTER_CASES: readonly Case[] = Object.entries({
  "instance-type-without-trunk": instanceTypeWithoutTrunk,
  "cluster-role-policy": clusterRolePolicy,
  "pod-eni-disabled": podEniDisabled,
  "tcp-early-demux": tcpEarlyDemux,
  "cni-configured-twice": cniConfiguredTwice,
  "cni-not-as-stated": cniNotAsStated,
  "cni-value-not-a-string": cniValueNotAString,
  "shared-field-manager": sharedFieldManager,
}).flatMap(([check, cases]) => cases.map((one) => ({ check, ...one })));
