import type { ModuleContract } from "../../synth/contract";
import { CNI_VARIABLES, type CniVariables } from "./options";
import { tests } from "./tests";

/** The inputs of module `vpc-cni`. */
export type VpcCniVariables = CniVariables;

export const vpcCni: ModuleContract<VpcCniVariables, never> = {
  name: "vpc-cni",
  purpose:
    "The settings of the Amazon VPC CNI that security groups for pods need, as patches of the DaemonSet `aws-node` in `kube-system`: `ENABLE_POD_ENI` gives the nodes a trunk network interface, `POD_SECURITY_GROUP_ENFORCING_MODE` says how strictly the pods' groups are enforced, and in the mode `strict` `DISABLE_TCP_EARLY_DEMUX` lets the kubelet reach pods on branch interfaces over TCP, for their probes.",
  provider: "kubernetes",
  cni: "kubernetes_env",
  excludes: ["vpc-cni", "vpc-cni-addon"],
  variables: CNI_VARIABLES,
  outputs: {},
  notes: {
    "Worth knowing": [
      "- For a CNI that you manage yourself. Where the CNI is the managed EKS add-on, the add-on owns these variables: use the module `vpc-cni-addon` instead, never both.",
      "- Attach `AmazonEKSVPCResourceController` to the cluster's role first (module `eks-cluster-role`).",
      "- Each patch has a field manager of its own: with one for all, each would erase the others' variables. No order of variables can make a difference either.",
      "- Another enforcing mode holds for pods that are made afterwards: restart the workloads.",
      "- Nodes that are full when `ENABLE_POD_ENI` is set have no free slot for the trunk interface: recycle them. Setting it back to `false` does not detach the trunk.",
      "- Terraform does not wait for the DaemonSet's rollout. `kubectl get cninode -A` shows the nodes that have a trunk; the node label of older articles is not written any more (since CNI 1.15).",
      "- `terraform destroy`, or taking a variable out of `env`, removes a variable that Terraform alone has set. One that stands in AWS's manifest too stays, with an empty value: the CNI takes that for its own default.",
      "- Applying AWS's manifest again sets `ENABLE_POD_ENI` back to `false`: the next plan shows it, an apply repairs it.",
    ].join("\n"),
  },
  tests,
};
