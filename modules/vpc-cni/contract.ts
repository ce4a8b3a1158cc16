import type { ModuleContract } from "../../terraform/contract";

export const vpcCni: ModuleContract<object, never> = {
  name: "vpc-cni",
  purpose:
    "The two settings of the Amazon VPC CNI that security groups for pods need, as patches of the DaemonSet `aws-node` in `kube-system`: `ENABLE_POD_ENI` gives the nodes a trunk network interface, and `DISABLE_TCP_EARLY_DEMUX` lets the kubelet reach pods on branch interfaces over TCP, for their probes.",
  provider: "kubernetes",
  variables: {},
  outputs: {},
  notes: {
    "Worth knowing": [
      "- For a CNI that you manage yourself. Where the CNI is the managed EKS add-on, the add-on owns these variables: set them in `aws_eks_addon.configuration_values` instead.",
      "- Attach `AmazonEKSVPCResourceController` to the cluster's role first (module `eks-cluster-role`).",
      "- Each patch has a field manager of its own: with one for both, each would erase the other's variable.",
      "- Nodes that are full when `ENABLE_POD_ENI` is set have no free slot for the trunk interface: recycle them. Setting it back to `false` does not detach the trunk.",
      "- Terraform does not wait for the DaemonSet's rollout. `kubectl get cninode -A` shows the nodes that have a trunk; the node label of older articles is not written any more (since CNI 1.15).",
      "- `terraform destroy` leaves both variables behind with an empty value, the CNI's default.",
      "- Applying AWS's manifest again sets `ENABLE_POD_ENI` back to `false`: the next plan shows it, an apply repairs it.",
    ].join("\n"),
  },
};
