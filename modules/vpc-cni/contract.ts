import type { ModuleContract } from "../../synth/contract";
import { CNI_VARIABLES, type CniVariables } from "./options";
import { tests } from "./tests";

/** The inputs of module `vpc-cni`. */
export type VpcCniVariables = CniVariables;

export const vpcCni: ModuleContract<VpcCniVariables, never> = {
  name: "vpc-cni",
  purpose:
    "The settings of the Amazon VPC CNI that security groups for pods need, as patches of the DaemonSet `aws-node` in `kube-system`: `ENABLE_POD_ENI` gives the nodes a trunk network interface, `POD_SECURITY_GROUP_ENFORCING_MODE` sets how strictly pod security groups are enforced, and in strict mode `DISABLE_TCP_EARLY_DEMUX` lets the kubelet reach pods on branch interfaces over TCP, for their probes.",
  provider: "kubernetes",
  cni: "kubernetes_env",
  excludes: ["vpc-cni", "vpc-cni-addon"],
  variables: CNI_VARIABLES,
  outputs: {},
  usages: {
    "Standard mode, where the VPC has its own NAT, with a variable of the CNI": {
      enforcing_mode: "standard",
      external_snat: true,
      env: { WARM_IP_TARGET: "2" },
    },
  },
  nextStep:
    "See that the nodes get a trunk interface (`kubectl get cninode -A`), then attach a pod security group with the module `security-group-policy`.",
  related: {
    "vpc-cni-addon": "the same settings for the managed EKS add-on; use one or the other",
    "eks-cluster-role": "the policy that the trunk interface needs",
    "docs/cni.md": "who configures the CNI, and what the modes mean",
  },
  notes: {
    Notes: [
      "- For a CNI that you manage yourself. Where the CNI is the managed EKS add-on, the add-on owns these variables: use the module `vpc-cni-addon` instead, never both.",
      "- Attach `AmazonEKSVPCResourceController` to the cluster's role first (module `eks-cluster-role`).",
      "- Each patch has its own field manager: with a shared one, each would erase the others' variables.",
      "- A new mode applies to new pods only: restart the workloads.",
      "- Nodes that are full when `ENABLE_POD_ENI` is set have no free slot for the trunk interface: recycle them. Setting it back to `false` does not detach the trunk.",
      "- Terraform does not wait for the DaemonSet's rollout. `kubectl get cninode -A` shows the nodes that have a trunk; the node label of older articles is no longer written (since CNI 1.15).",
      "- `terraform destroy`, or taking a variable out of `env`, removes a variable that only Terraform has set. One that is in AWS's manifest too stays, with an empty value, which the CNI treats as its default.",
      "- Applying AWS's manifest again sets `ENABLE_POD_ENI` back to `false`: the next plan shows it, an apply repairs it.",
    ].join("\n"),
  },
  tests,
};
