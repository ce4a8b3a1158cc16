import type { Cases } from "../support/case";
import { HAS_PODS } from "../support/pods";

const POD_ENI = "vpc.amazonaws.com/pod-eni";
const node = (allocatable: object = {}, labels: object = {}, type = "m5.large") => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: "ip-1",
    labels: { "kubernetes.io/os": "linux", "node.kubernetes.io/instance-type": type, ...labels },
  },
  status: { allocatable: { cpu: "2", ...allocatable } },
});
const cniNode = (...features: string[]) => ({
  apiVersion: "vpcresources.k8s.aws/v1alpha1",
  kind: "CNINode",
  metadata: { name: "ip-1" },
  spec: { features: features.map((name) => ({ name })) },
});
const POOL = {
  apiVersion: "karpenter.sh/v1",
  kind: "NodePool",
  metadata: { name: "default" },
  spec: { template: { spec: { nodeClassRef: { kind: "EC2NodeClass", name: "default" } } } },
};
const N = "Node/ip-1";
const C = "CNINode/ip-1";

export const cases: Cases = [
  {
    what: "a node on which the CNI asked for one",
    resources: HAS_PODS,
    manifests: { [N]: node(), [C]: cniNode("SecurityGroupsForPods") },
    found: [[N, "error"]],
    says: "The only running node has no trunk interface: pods with their own security groups stay pending with Insufficient vpc.amazonaws.com/pod-eni. The CNI asked for one on Node/ip-1, and the controller attached none: the role of the cluster needs the policy AmazonEKSVPCResourceController, and kubectl describe node shows TrunkENICreationFailed.",
  },
  {
    what: "a node on which an old CNI asked for one by a label",
    resources: HAS_PODS,
    manifests: { [N]: node({}, { "vpc.amazonaws.com/has-trunk-attached": "false" }) },
    found: [[N, "error"]],
  },
  {
    what: "nodes on which the CNI asked for none",
    resources: HAS_PODS,
    manifests: { [N]: node({ [POD_ENI]: "0" }), [C]: cniNode("CustomNetworking"), "Node/ip-2": node() },
    found: [[N, "warning"]],
  },
  {
    what: "nodes without a CNINode in the dump",
    resources: HAS_PODS,
    manifests: { [N]: node() },
    found: [[N, "warning"]],
  },
  {
    what: "a node on which the CNI asked for one, beside Karpenter, which may start another",
    resources: HAS_PODS,
    manifests: { [N]: node(), [C]: cniNode("SecurityGroupsForPods"), "NodePool/default": POOL },
    found: [[N, "warning"]],
  },
  {
    what: "a node that has one",
    resources: HAS_PODS,
    manifests: { [N]: node({ [POD_ENI]: "9" }), "Node/ip-2": node() },
  },
  {
    what: "a node that has one by the label of an old CNI",
    resources: HAS_PODS,
    manifests: { [N]: node({}, { "vpc.amazonaws.com/has-trunk-attached": "true" }) },
  },
  {
    what: "a node of a type that has none, of which another check speaks",
    resources: HAS_PODS,
    manifests: { [N]: node({}, {}, "t3.large") },
  },
  {
    what: "a node of Windows",
    resources: HAS_PODS,
    manifests: { [N]: node({}, { "kubernetes.io/os": "windows" }) },
  },
  ...["fargate", "auto", "hybrid"].map((type) => ({
    what: `a node of ${type}`,
    resources: HAS_PODS,
    manifests: { [N]: node({}, { "eks.amazonaws.com/compute-type": type }) },
  })),
  {
    what: "a node whose status is not there",
    resources: HAS_PODS,
    manifests: { [N]: { kind: "Node", metadata: { name: "ip-1" } } },
  },
  { what: "nodes of a cluster without pods with groups", resources: {}, manifests: { [N]: node() } },
  {
    what: "nodes beside pods that run on Fargate",
    resources: {
      ...HAS_PODS,
      "aws_eks_fargate_profile.shop": { cluster_name: "main", selector: [{ namespace: "shop" }] },
      "kubernetes_manifest.d": {
        manifest: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "orders", namespace: "shop" },
          spec: {
            template: { metadata: { labels: { app: "orders" } }, spec: { containers: [{ name: "app" }] } },
          },
        },
      },
    },
    manifests: { [N]: node() },
  },
];
