import type { Cases } from "../support/case";
import { C, endpointPods, labelled, PODS, POLICY, podPolicy, policy, THREE } from "../support/pods";
import { A, B, dns, GROUPS, PRIVATE, rule, WORKER, WORLD } from "../support/rules";

const deployment = (dnsPolicy: string) => ({
  manifest: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "orders", namespace: "shop" },
    spec: { template: { metadata: { labels: { app: "orders" } }, spec: { dnsPolicy } } },
  },
});

const NODES = "${aws_security_group.b.id}";
/** Pods that may ask any address, on a cluster whose nodes have one group. */
const ON_NODES = {
  ...PODS,
  "aws_launch_template.nodes": { vpc_security_group_ids: [NODES] },
  "aws_security_group_rule.out": rule("egress", A, WORLD, "-1"),
};

export const cases: Cases = [
  {
    what: "whose questions the nodes do not admit",
    resources: { ...ON_NODES, "aws_security_group_rule.self": rule("ingress", B, { self: true }, "-1") },
    found: [[POLICY, "error"]],
    says: "The pods of kubernetes_manifest.p carry aws_security_group.a, and no ingress rule of the nodes (aws_security_group.b) allows UDP 53 from it: they cannot reach CoreDNS there or resolve names. Allow UDP and TCP 53 on the node security group from aws_security_group.a; if CoreDNS has its own groups, suppress this finding.",
  },
  {
    what: "whose questions the nodes do not admit, in the mode standard",
    mode: "standard",
    resources: { ...ON_NODES, "aws_security_group_rule.t": dns("ingress", B, A, "tcp") },
    found: [[POLICY, "warning"]],
  },
  {
    what: "whose questions the nodes admit",
    resources: { ...ON_NODES, "aws_security_group_rule.in": dns("ingress", B, A, "udp") },
  },
  {
    what: "whose questions the nodes admit by their addresses",
    resources: { ...ON_NODES, "aws_security_group_rule.in": dns("ingress", B, PRIVATE, "udp") },
  },
  {
    what: "beside a policy that may be CoreDNS's",
    resources: { ...ON_NODES, "kubernetes_manifest.q": labelled("dns", [A], { namespace: "kube-system" }) },
  },
  {
    what: "beside nodes with a group that is declared elsewhere",
    resources: { ...ON_NODES, "aws_launch_template.nodes": { vpc_security_group_ids: [NODES, "sg-1"] } },
  },
  {
    what: "beside a module that was not read, which may make nodes",
    resources: ON_NODES,
    passed: { "module.eks": { vpc_id: "vpc-1" } },
  },
  {
    what: "beside a module that was not read, of whose nodes a rule names the group",
    resources: {
      ...ON_NODES,
      "aws_security_group_rule.other": rule(
        "ingress",
        A,
        "${module.eks.node_security_group_id}",
        "tcp",
        8080,
      ),
    },
    passed: { "module.eks": { source: "terraform-aws-modules/eks/aws" } },
  },
  {
    what: "beside a module that was not read and makes no nodes",
    resources: ON_NODES,
    passed: { "module.vpc": { source: "terraform-aws-modules/vpc/aws", cidr: "10.0.0.0/16" } },
    found: [[POLICY, "error"]],
  },
  {
    what: "beside a module that was not read and makes no nodes, but may add rules to their group",
    resources: ON_NODES,
    passed: { "module.rules": { source: "./rules", security_group_id: NODES } },
  },
  {
    what: "that ask one resolver",
    resources: {
      ...ON_NODES,
      "aws_security_group_rule.out": dns("egress", A, { cidr_blocks: ["10.0.0.2/32"] }, "udp"),
    },
  },
  {
    what: "no egress at all",
    resources: PODS,
    found: [[POLICY, "error"]],
    says: "The pods of kubernetes_manifest.p carry aws_security_group.a, and no egress rule allows UDP 53: they cannot resolve names. Add the group that has the DNS rules to the policy, such as the baseline's, or give aws_security_group.a egress rules for UDP and TCP 53 to the CoreDNS group, and add the ingress rules there.",
  },
  {
    what: "egress for other ports",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": rule("egress", A, WORLD),
      "aws_security_group_rule.y": rule("egress", A, B, "udp", 54, 60),
    },
    found: [[POLICY, "error"]],
  },
  {
    what: "egress for all of TCP, of which no rule is for DNS",
    resources: { ...PODS, "aws_security_group_rule.x": rule("egress", A, WORLD, "tcp", 0, 65535) },
    found: [[POLICY, "error"]],
  },
  {
    what: "in the mode standard, where a resolver on the node is in reach",
    mode: "standard",
    resources: PODS,
    found: [[POLICY, "warning"]],
  },
  {
    what: "a policy that leaves out the group that has DNS",
    resources: { ...PODS, "aws_security_group_rule.x": dns("egress", B, WORKER, "udp") },
    found: [[POLICY, "error"]],
  },
  {
    what: "the group with DNS in a policy for other pods, and in one of another namespace",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": dns("egress", B, WORKER, "udp"),
      "kubernetes_manifest.q": labelled("billing", [B]),
      "kubernetes_manifest.r": labelled("orders", [B], { namespace: "other" }),
    },
    found: [[POLICY, "error"]],
  },
  {
    what: "the group with DNS in a policy that is ignored",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": dns("egress", B, WORKER, "udp"),
      "kubernetes_manifest.q": policy({ securityGroups: { groupIds: [B] } }),
    },
    found: [[POLICY, "error"]],
  },
  {
    what: "UDP to a group that may be anything",
    resources: { ...PODS, "aws_security_group_rule.x": dns("egress", A, "sg-0a1b", "udp") },
  },
  {
    what: "TCP for DNS alone, of which dns-half-open speaks",
    resources: { ...PODS, "aws_security_group_rule.x": dns("egress", A, WORKER, "tcp") },
  },
  {
    what: "everything",
    resources: { ...PODS, "aws_security_group_rule.x": rule("egress", A, WORLD, "-1", 0) },
  },
  {
    what: "a rule whose ports are not known",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": { ...rule("egress", A, WORLD, "udp"), from_port: "${var.port}" },
    },
  },
  {
    what: "a rule of a group that is not known",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": dns("egress", "${(var.a ? var.b : var.c)}", WORKER, "udp"),
    },
  },
  {
    what: "DNS by another group of the policy",
    resources: {
      ...GROUPS,
      [POLICY]: podPolicy(A, B),
      "aws_security_group_rule.x": dns("egress", B, WORKER, "udp"),
    },
  },
  {
    what: "DNS by another policy that may match the same pods",
    resources: {
      ...THREE,
      [POLICY]: podPolicy(A),
      "kubernetes_manifest.q": policy({
        podSelector: { matchLabels: { dns: "yes" } },
        securityGroups: { groupIds: [C] },
      }),
      "aws_security_group_rule.x": dns("egress", C, WORKER, "udp"),
    },
  },
  {
    what: "a policy beside it whose selector is not known, with a foreign group",
    resources: {
      ...PODS,
      "kubernetes_manifest.q": policy({
        podSelector: "${var.selector}",
        securityGroups: { groupIds: ["sg-1"] },
      }),
    },
  },
  { what: "a foreign group", resources: { [POLICY]: podPolicy("sg-1") } },
  { what: "a foreign group besides", resources: { ...GROUPS, [POLICY]: podPolicy(A, "${var.more}") } },
  {
    what: "a policy that matches no pod",
    resources: {
      ...GROUPS,
      [POLICY]: policy({
        podSelector: {
          matchExpressions: [
            { key: "a", operator: "Exists" },
            { key: "a", operator: "DoesNotExist" },
          ],
        },
        securityGroups: { groupIds: [A] },
      }),
    },
  },
  { what: "groups that no policy gives", resources: GROUPS, flows: endpointPods("aws_security_group.a") },
  {
    what: "pods that ask the VPC's resolver",
    resources: { ...PODS, "kubernetes_manifest.d": deployment("Default") },
  },
  {
    what: "pods that ask the cluster's DNS by its name",
    resources: { ...PODS, "kubernetes_manifest.d": deployment("ClusterFirst") },
    found: [[POLICY, "error"]],
  },
];
