import { isOneOf, matches } from "../../expression/conditions";
import { variablesOf } from "../../expression/variables";
import type { ModuleContract } from "../../synth/contract";
import { tests } from "./tests";

/** The inputs of module `eks-cluster-role`. */
export interface EksClusterRoleVariables {
  /** Name of the IAM role of the EKS cluster (not of its nodes). */
  cluster_role_name: string;
  partition?: string;
  attach_service_policy?: boolean;
}

export const variable = variablesOf<EksClusterRoleVariables>();

export const eksClusterRole: ModuleContract<EksClusterRoleVariables, never> = {
  name: "eks-cluster-role",
  purpose:
    "The policies of an EKS cluster's IAM role. Security groups for pods need `AmazonEKSVPCResourceController`: with it the control plane gives nodes a trunk network interface and pods a branch of it. Attach it to the cluster's role, not to the nodes'.",
  provider: "aws",
  variables: {
    cluster_role_name: {
      type: "string",
      description: "Name (not the ARN) of the IAM role of the EKS cluster.",
      example: "example-cluster",
      accepted: {
        a_role_name_with_every_allowed_character: "aZ09+=,.@_-",
        the_longest_role_name: "r".repeat(64),
      },
      validations: [
        {
          // https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
          condition: matches(variable("cluster_role_name"), "^[a-zA-Z0-9+=,.@_-]{1,64}$"),
          message:
            "The role's name must have 1 to 64 letters, digits or characters of +=,.@_-; an ARN is not a name.",
          refused: {
            an_empty_role_name: "",
            an_arn_as_role_name: "arn:aws:iam::111122223333:role/example-cluster",
            a_role_name_of_65_characters: "r".repeat(65),
          },
        },
      ],
    },
    partition: {
      type: "string",
      description: "Partition of the account: aws, aws-cn (China) or aws-us-gov (GovCloud).",
      default: "aws",
      example: "aws",
      accepted: { china: "aws-cn", govcloud: "aws-us-gov" },
      validations: [
        {
          condition: isOneOf(variable("partition"), "aws", "aws-cn", "aws-us-gov"),
          message: "The partition must be aws, aws-cn or aws-us-gov.",
          refused: { a_region_as_partition: "eu-west-1", an_empty_partition: "" },
        },
      ],
    },
    attach_service_policy: {
      type: "bool",
      description:
        "Whether to attach AmazonEKSServicePolicy too, as the article does. Clusters made since April 2020 do not need it.",
      default: true,
      example: true,
    },
  },
  outputs: {},
  usages: {
    "In China, without the policy that clusters since April 2020 no longer need": {
      partition: "aws-cn",
      attach_service_policy: false,
    },
  },
  nextStep:
    "Enable security groups for pods on the CNI: module `vpc-cni`, or `vpc-cni-addon` for the managed add-on, with `depends_on = [module.eks_cluster_role]`.",
  related: {
    "vpc-cni": "the settings of a CNI that you manage yourself",
    "vpc-cni-addon": "the same settings for the managed EKS add-on",
    "docs/cni.md": "who configures the CNI",
  },
  notes: {
    Notes: [
      "- Attach the policy before `ENABLE_POD_ENI` is set on the CNI: without it the trunk cannot be made, and pods that ask for a branch stay pending.",
      "- The keys of `k8s_master_attach` are the full ARNs, as in the article: an existing state keeps its addresses.",
    ].join("\n"),
    "Adopt what you have": [
      "Attachments that are in the root itself move into the module with one block, and `terraform plan` says `0 to add, 0 to change, 0 to destroy`:",
      "",
      "```hcl",
      "moved {",
      "  from = aws_iam_role_policy_attachment.k8s_master_attach",
      "  to   = module.eks_cluster_role.aws_iam_role_policy_attachment.k8s_master_attach",
      "}",
      "```",
    ].join("\n"),
    "Test the module":
      "`tests/` holds tests for `terraform test` (Terraform 1.7 or newer) with a mocked provider: in a copy of this folder, `terraform init && terraform test`. With your own mocked provider there are no ids to mock: the module takes only names.",
  },
  tests,
};
