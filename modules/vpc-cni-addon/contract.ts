import { any, each, isIn, isNull, matches, orTrue, quoted } from "../../expression/conditions";
import { variablesOf } from "../../expression/variables";
import type { ModuleContract, VariableSpec } from "../../synth/contract";
import { isClusterName } from "../shared/names";
import { type TagsInput, tagsVariable } from "../shared/tags";
import { CNI_VARIABLES, type CniVariables } from "../vpc-cni/options";
import { tests } from "./tests";

/** The inputs of module `vpc-cni-addon`. */
export interface VpcCniAddonVariables extends CniVariables {
  cluster_name: string;
  /** Null: the default of the cluster's Kubernetes version. */
  addon_version?: string | null;
  resolve_conflicts_on_create?: string;
  resolve_conflicts_on_update?: string;
  preserve?: boolean;
  service_account_role_arn?: string | null;
  tags?: TagsInput;
}

export type VpcCniAddonOutput = "addon_arn" | "addon_version" | "configuration_values";

export const variable = variablesOf<VpcCniAddonVariables>();

const VERSION = variable("addon_version");
const ROLE = variable("service_account_role_arn");

/** The numbers of the version in five digits each: as text, they sort as the versions do. */
const SORTABLE_VERSION = `join("", ${each(
  "part",
  `regex(${quoted("^v([0-9]+)\\.([0-9]+)\\.([0-9]+)-")}, ${VERSION})`,
  (part) => `format("%05d", tonumber(${part}))`,
)})`;

/** What to do where live values differ from ours. */
function conflicts(
  when: "create" | "update",
  accepted: readonly string[],
  words: string,
): VariableSpec<string> {
  const name = `resolve_conflicts_on_${when}` as const;
  return {
    type: "string",
    description: `What happens on ${when} where the cluster's values differ from these: ${words}`,
    default: "OVERWRITE",
    example: "OVERWRITE",
    accepted: Object.fromEntries(accepted.map((value) => [`${value.toLowerCase()}_on_${when}`, value])),
    validations: [
      {
        condition: isIn(variable(name), JSON.stringify(accepted)),
        message: `The conflict resolution on ${when} must be ${accepted.join(" or ")}.`,
        refused: {
          [`an_unknown_resolution_on_${when}`]: "FORCE",
          [`a_resolution_in_lower_case_on_${when}`]: "overwrite",
          ...(!accepted.includes("PRESERVE") && { [`preserve_on_${when}`]: "PRESERVE" }),
        },
      },
    ],
  };
}

export const vpcCniAddon: ModuleContract<VpcCniAddonVariables, VpcCniAddonOutput> = {
  name: "vpc-cni-addon",
  purpose:
    "The Amazon VPC CNI as a managed EKS add-on, with the settings that security groups for pods need: `ENABLE_POD_ENI` gives the nodes a trunk network interface, `POD_SECURITY_GROUP_ENFORCING_MODE` sets how strictly pod security groups are enforced, and in strict mode `DISABLE_TCP_EARLY_DEMUX` lets the kubelet reach pods on branch interfaces over TCP, for their probes.",
  provider: "aws",
  minimumTerraform: "1.3",
  cni: "addon",
  excludes: ["vpc-cni", "vpc-cni-addon"],
  clusterVariable: "cluster_name",
  variables: {
    cluster_name: {
      type: "string",
      description: "Name of the EKS cluster.",
      example: "shop",
      accepted: { the_longest_cluster_name: "n".repeat(100), a_cluster_name_with_an_underscore: "Shop_1-a" },
      validations: [
        {
          condition: isClusterName(variable("cluster_name")),
          message:
            "The cluster's name must be 1 to 100 letters, digits, - and _, and start with a letter or digit.",
          refused: {
            an_empty_cluster_name: "",
            a_cluster_name_with_a_dot: "shop.eu",
            a_cluster_name_of_101_characters: "n".repeat(101),
          },
        },
      ],
    },
    addon_version: {
      type: "string",
      description:
        "Version of the add-on, such as v1.20.4-eksbuild.2 (aws eks describe-addon-versions --addon-name vpc-cni). Null: EKS's default for the cluster's Kubernetes.",
      default: null,
      example: null,
      accepted: {
        the_oldest_version: "v1.12.6-eksbuild.1",
        a_later_minor_version: "v1.13.0-eksbuild.1",
        a_later_major_version: "v2.0.0-eksbuild.12",
      },
      validations: [
        {
          condition: any(isNull(VERSION), matches(VERSION, "^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$")),
          message: "The version of the add-on must be one of EKS, such as v1.20.4-eksbuild.2.",
          refused: {
            a_version_without_its_build: "v1.20.4",
            a_version_without_its_v: "1.20.4-eksbuild.2",
            latest_as_version: "latest",
          },
        },
        {
          condition: any(isNull(VERSION), orTrue(`${SORTABLE_VERSION} >= ${quoted("000010001200006")}`)),
          message:
            "The version of the add-on must be v1.12.6-eksbuild.1 or newer: older ones do not know the variables of the init container.",
          refused: {
            a_version_before_1_12_6: "v1.12.5-eksbuild.2",
            an_old_minor_version: "v1.9.10-eksbuild.1",
          },
        },
      ],
    },
    ...CNI_VARIABLES,
    resolve_conflicts_on_create: conflicts(
      "create",
      ["OVERWRITE", "NONE"],
      "OVERWRITE (a self-managed CNI becomes the add-on) or NONE (fails).",
    ),
    resolve_conflicts_on_update: conflicts(
      "update",
      ["OVERWRITE", "NONE", "PRESERVE"],
      "OVERWRITE (what was changed by hand goes back), NONE (may fail) or PRESERVE (what was changed by hand stays).",
    ),
    preserve: {
      type: "bool",
      description:
        "Whether the CNI stays on the cluster, unmanaged, when the add-on is destroyed. Without a CNI no pod starts.",
      default: true,
      example: true,
    },
    service_account_role_arn: {
      type: "string",
      description:
        "ARN of the IAM role for the CNI's service account (IRSA). Null: the permissions of the nodes' role, or of a Pod Identity association.",
      default: null,
      example: null,
      accepted: {
        a_role: "arn:aws:iam::111122223333:role/cni",
        a_role_in_china: "arn:aws-cn:iam::111122223333:role/eks/cni",
      },
      validations: [
        {
          condition: any(isNull(ROLE), matches(ROLE, "^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$")),
          message: "The role of the service account must be the ARN of an IAM role.",
          refused: {
            a_name_as_role: "cni",
            a_user_as_role: "arn:aws:iam::111122223333:user/cni",
          },
        },
      ],
    },
    tags: tagsVariable("the add-on", []),
  },
  outputs: {
    addon_arn: "ARN of the add-on.",
    addon_version: "Version of the add-on that runs.",
    configuration_values: "The add-on's configuration, as JSON.",
  },
  usages: {
    "A fixed version, standard mode, with a variable of the CNI": {
      addon_version: "v1.20.4-eksbuild.2",
      enforcing_mode: "standard",
      env: { WARM_IP_TARGET: "2" },
    },
  },
  nextStep:
    "See that the nodes get a trunk interface (`kubectl get cninode -A`), then attach a pod security group with the module `security-group-policy`.",
  related: {
    "vpc-cni": "the same settings for a CNI that you manage yourself; use one or the other",
    "eks-cluster-role": "the policy that the trunk interface needs",
    "docs/cni.md": "who configures the CNI, and what the modes mean",
  },
  notes: {
    Notes: [
      "- For the managed EKS add-on. For a CNI that you manage yourself use the module `vpc-cni`; never both on one cluster.",
      "- Call it with `depends_on` on what attaches `AmazonEKSVPCResourceController` to the cluster's role: without the policy the trunk interface cannot be made.",
      "- Node groups should wait for it in turn: a node that is full when `ENABLE_POD_ENI` is set has no free slot for the trunk interface, and must be recycled.",
      "- EKS checks the configuration against the schema of the version only on apply: an unknown variable in `env` or `init_env` fails then. `aws eks describe-addon-configuration` shows the schema. `init_env` knows only `ENABLE_V6_EGRESS` besides `DISABLE_TCP_EARLY_DEMUX`.",
      "- Variables that were set with `kubectl set env` are overwritten: give them here, by `env`.",
      "- EKS Auto Mode runs its own CNI: use neither module there.",
    ].join("\n"),
    "Wait for the role's policy": [
      "```hcl",
      'module "eks_cluster_role" {',
      '  source            = "./modules/eks-cluster-role"',
      '  cluster_role_name = "shop-cluster"',
      "}",
      "",
      'module "vpc_cni_addon" {',
      '  source       = "./modules/vpc-cni-addon"',
      '  cluster_name = "shop"',
      "  depends_on   = [module.eks_cluster_role]",
      "}",
      "```",
    ].join("\n"),
    "Test the module":
      "`tests/` holds tests for `terraform test` (Terraform 1.7 or newer) with a mocked provider: in a copy of this folder, `terraform init && terraform test`.",
  },
  tests,
};
