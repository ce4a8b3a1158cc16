import { served } from "../support/balancers";
import type { Cases } from "../support/case";
import { endpointPods, labelled, PODS, POLICY, podPolicy } from "../support/pods";
import { A, B, GROUPS, INGRESS, PRIVATE, rule, WORKER } from "../support/rules";

/** Pods of the policy with a probe. */
const PROBED = {
  manifest: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "orders", namespace: "shop" },
    spec: {
      template: {
        metadata: { labels: { app: "orders" } },
        spec: { containers: [{ name: "orders", readinessProbe: { tcpSocket: { port: 8080 } } }] },
      },
    },
  },
};

export const cases: Cases = [
  {
    what: "pods that only the ingress reaches",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, INGRESS) },
    found: [[POLICY, "warning"]],
    says: "No rule lets the nodes reach the pods with aws_security_group.a over TCP, so kubelet probes fail. Allow the probe ports from the node security group, or add the group that does to the policy.",
  },
  {
    what: "pods that the nodes reach over UDP",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, WORKER, "udp") },
    found: [[POLICY, "warning"]],
  },
  {
    what: "a policy that leaves out the group that the nodes reach",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", B, WORKER, "tcp", 8080) },
    flows: endpointPods("aws_security_group.a"),
    found: [[POLICY, "warning"]],
  },
  {
    what: "two policies for the same groups, each at its own address",
    resources: { ...PODS, "kubernetes_manifest.q": labelled("billing", [A]) },
    found: [
      [POLICY, "warning"],
      ["kubernetes_manifest.q", "warning"],
    ],
  },
  {
    what: "an endpoint pods of a flow",
    resources: { ...GROUPS },
    flows: endpointPods("aws_security_group.a"),
    found: [["aws_security_group.a", "warning"]],
  },
  {
    what: "pods that a host to log in reaches, beside nodes",
    resources: {
      ...PODS,
      "aws_instance.bastion": { vpc_security_group_ids: [B] },
      "aws_eks_node_group.n": { cluster_name: "shop" },
      "aws_eks_cluster.c": { name: "shop" },
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 8080),
    },
    found: [[POLICY, "warning"]],
  },
  {
    what: "pods that an instance reaches, which may be a node",
    resources: {
      ...PODS,
      "aws_instance.i": { vpc_security_group_ids: [B] },
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 8080),
    },
  },
  {
    what: "pods that the nodes reach",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, WORKER, "tcp", 8080) },
  },
  {
    what: "pods that the nodes reach by another group of the policy, which a flow does not name",
    resources: {
      ...GROUPS,
      [POLICY]: podPolicy(A, B),
      "aws_security_group_rule.x": rule("ingress", B, WORKER, "tcp", 8080),
    },
    flows: endpointPods("aws_security_group.a"),
  },
  {
    what: "pods that a group reaches that may be the nodes'",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, "sg-0a1b") },
  },
  {
    what: "pods that addresses reach",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, PRIVATE) },
  },
  {
    what: "pods that carry a foreign group too",
    resources: { ...GROUPS, [POLICY]: podPolicy(A, "sg-1") },
  },
  { what: "pods of which none is probed", resources: { ...PODS, ...served("orders") } },
  {
    what: "pods on Fargate, whose kubelet is not a node's",
    resources: {
      ...PODS,
      "kubernetes_manifest.d": PROBED,
      "aws_eks_fargate_profile.shop": { selector: [{ namespace: "sh*" }] },
    },
  },
  {
    what: "pods beside those on Fargate",
    resources: {
      ...PODS,
      "kubernetes_manifest.d": PROBED,
      "aws_eks_fargate_profile.shop": { selector: [{ namespace: "billing" }] },
    },
    found: [[POLICY, "warning"]],
  },
  { what: "in the mode standard", mode: "standard", resources: { ...PODS } },
];
