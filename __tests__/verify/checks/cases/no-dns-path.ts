import type { Cases } from "../support/case";
import { C, endpointPods, labelled, PODS, POLICY, podPolicy, policy, THREE } from "../support/pods";
import { A, B, dns, GROUPS, rule, WORKER, WORLD } from "../support/rules";

const deployment = (dnsPolicy: string) => ({
  manifest: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "orders", namespace: "shop" },
    spec: { template: { metadata: { labels: { app: "orders" } }, spec: { dnsPolicy } } },
  },
});

export const cases: Cases = [
  {
    what: "no egress at all",
    resources: PODS,
    found: [[POLICY, "error"]],
    says: "The pods of kubernetes_manifest.p carry aws_security_group.a, and no egress rule admits UDP 53: they resolve no names. Name the group that has DNS in the policy, too, such as the baseline's, or add to aws_security_group.a egress UDP and TCP 53 towards CoreDNS's group, and the ingress there.",
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
