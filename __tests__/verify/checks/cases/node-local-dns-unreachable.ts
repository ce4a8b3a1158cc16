import type { Arguments } from "../../support/input";
import type { Cases } from "../support/case";

const policy = (groups: readonly string[]): Arguments => ({
  manifest: {
    apiVersion: "vpcresources.k8s.aws/v1beta1",
    kind: "SecurityGroupPolicy",
    metadata: { name: "orders", namespace: "shop" },
    spec: { podSelector: { matchLabels: { app: "orders" } }, securityGroups: { groupIds: groups } },
  },
});
const deployment = (spec: object = {}, app = "orders"): Arguments => ({
  manifest: {
    kind: "Deployment",
    metadata: { name: app, namespace: "shop" },
    spec: { template: { metadata: { labels: { app } }, spec: { containers: [{ name: "app" }], ...spec } } },
  },
});
const cache = (args: readonly string[], more: object = {}): Arguments => ({
  kind: "DaemonSet",
  metadata: { name: "node-local-dns", namespace: "kube-system" },
  spec: { template: { spec: { hostNetwork: true, containers: [{ args }], ...more } } },
});
const PODS = {
  "kubernetes_manifest.policy": policy(["sg-1"]),
  "kubernetes_manifest.orders": deployment(),
};
const DAEMON_SET = "kube-system/DaemonSet/node-local-dns";
const FOR_ALL = { [DAEMON_SET]: cache(["-localip", "169.254.20.10,172.20.0.10"]) };

export const cases: Cases = [
  {
    what: "a cache that answers for the cluster's DNS",
    resources: PODS,
    manifests: FOR_ALL,
    found: [[DAEMON_SET, "error"]],
    says: "kube-system/DaemonSet/node-local-dns answers DNS on each node, which the pods of kubernetes_manifest.orders cannot reach in strict mode: they cannot resolve names. Run the CNI in standard mode (POD_SECURITY_GROUP_ENFORCING_MODE = standard), or let these pods query CoreDNS itself: dnsPolicy: None with the address of a Service that leads to CoreDNS, such as kube-dns-upstream.",
  },
  {
    what: "a cache whose addresses are filled in before it is applied",
    resources: PODS,
    manifests: { [DAEMON_SET]: cache(["-localip=__PILLAR__LOCAL__DNS__,__PILLAR__DNS__SERVER__"]) },
    found: [[DAEMON_SET, "error"]],
  },
  {
    what: "a link-local name server",
    resources: {
      ...PODS,
      "kubernetes_manifest.orders": deployment({
        dnsPolicy: "None",
        dnsConfig: { nameservers: ["169.254.20.10"] },
      }),
    },
    found: [["kubernetes_manifest.orders", "error"]],
  },
  {
    what: "kubelets that a class of Karpenter tells so",
    resources: PODS,
    manifests: {
      "EC2NodeClass/default": { kind: "EC2NodeClass", spec: { kubelet: { clusterDNS: ["169.254.20.10"] } } },
    },
    found: [["kubernetes_manifest.orders", "error"]],
  },
  {
    what: "another name server beside the link-local one, which answers after a while",
    resources: {
      ...PODS,
      "kubernetes_manifest.orders": deployment({
        dnsPolicy: "None",
        dnsConfig: { nameservers: ["169.254.20.10", "172.20.0.10"] },
      }),
    },
  },
  {
    what: "pods whose dnsPolicy is not known",
    resources: { ...PODS, "kubernetes_manifest.orders": deployment({ dnsPolicy: "${var.dns_policy}" }) },
    manifests: FOR_ALL,
  },
  { what: "standard mode", mode: "standard", resources: PODS, manifests: FOR_ALL },
  {
    what: "a cache at its own address, which nobody is told to ask",
    resources: PODS,
    manifests: { [DAEMON_SET]: cache(["-localip", "169.254.20.10"]) },
  },
  {
    what: "a cache of which nothing says where it answers",
    resources: PODS,
    manifests: { [DAEMON_SET]: cache([]) },
  },
  {
    what: "a DaemonSet of that name on no network of a node",
    resources: PODS,
    manifests: {
      [DAEMON_SET]: cache(["-localip", "169.254.20.10,172.20.0.10"], { hostNetwork: false }),
    },
  },
  {
    what: "pods that ask as their node does",
    resources: { ...PODS, "kubernetes_manifest.orders": deployment({ dnsPolicy: "Default" }) },
    manifests: FOR_ALL,
  },
  {
    what: "pods with the groups of their node",
    resources: { ...PODS, "kubernetes_manifest.orders": deployment({}, "other") },
    manifests: FOR_ALL,
  },
  {
    what: "the VPC's resolver by its link-local address",
    resources: {
      ...PODS,
      "kubernetes_manifest.orders": deployment({
        dnsPolicy: "None",
        dnsConfig: { nameservers: ["169.254.169.253"] },
      }),
    },
  },
  {
    what: "pods on Fargate, where no DaemonSet runs",
    resources: {
      ...PODS,
      "aws_eks_fargate_profile.shop": { cluster_name: "main", selector: [{ namespace: "sh*" }] },
    },
    manifests: FOR_ALL,
  },
];
