import { differs, quoted } from "../../expression/conditions";
import type { ModuleContract } from "../../synth/contract";
import { existingVariables, ownTagsVariable } from "../shared/existing";
import { EXAMPLE, isSecurityGroupId, vpcIdVariable } from "../shared/ids";
import { groupNameVariable, nameVariable, withValidations } from "../shared/names";
import { requirementsOf } from "../shared/requirements";
import { platformVariable, tagsVariable } from "../shared/tags";
import { flows } from "./flows";
import { REQUIREMENTS, rules } from "./rules";
import { tests } from "./tests";
import { INGRESS_GROUP, type RdsMysqlVariables, variable, WORKER_GROUP } from "./variables";

export type { RdsMysqlVariables };

export type RdsMysqlOutput =
  | "pods_security_group_arn"
  | "pods_security_group_id"
  | "pods_security_group_name"
  | "rds_security_group_arn"
  | "rds_security_group_id"
  | "rds_security_group_name";

const { worker: WORKER, ingress: INGRESS } = EXAMPLE;

/** The longest rule description is this much longer than the name, and AWS allows 255 characters. */
const LONGEST_NAME = 200;

export const rdsMysql: ModuleContract<RdsMysqlVariables, RdsMysqlOutput> = {
  name: "rds-mysql",
  purpose:
    "Security groups for a workload on EKS and its MySQL database on RDS: one for the database, one for the pods (attached by a `SecurityGroupPolicy`), and the rules on both sides, including those for DNS on the node security group.",
  provider: "aws",
  variables: {
    name: withValidations(
      nameVariable(
        "Name of the database security group; the pod security group is NAME-for-pods. Unique in the VPC.",
        LONGEST_NAME,
        // Accepted from the first: to refuse it would change the article's module.
        "&",
      ),
      {
        condition: differs(`lower(${variable("name")})`, quoted("default")),
        message: "The name must not be default, which AWS reserves.",
        refused: { the_name_default: "default", the_name_default_in_another_case: "Default" },
      },
    ),
    vpc_id: vpcIdVariable("Id of the VPC of the database and of the worker nodes."),
    platform: platformVariable("both security groups"),
    tags: tagsVariable("both security groups"),
    pods_group_name: groupNameVariable("pods_group_name", "NAME-for-pods"),
    pods_own_tags: ownTagsVariable(
      "pods_own_tags",
      "The same as own_tags for the pod security group alone. Null (the default): own_tags, else the module's.",
    ),
    ...existingVariables({ groups: ["rds", "pods"], rules: rules({ rds: "", pods: "" }) }),
    security_groups: {
      type: "object({ k8s_worker = string, k8s_ingress = string })",
      description:
        "Ids of the cluster's security groups: k8s_worker is on the worker nodes (where kubelet and CoreDNS run), k8s_ingress on what sends requests to the pods.",
      example: { k8s_worker: WORKER, k8s_ingress: INGRESS },
      accepted: { short_group_ids: { k8s_worker: "sg-0a1b2c3d", k8s_ingress: "sg-0a1b2c3e" } },
      validations: [
        {
          condition: isSecurityGroupId(WORKER_GROUP),
          message: "The id k8s_worker must be sg- and 8 or 17 hexadecimal digits.",
          refused: {
            an_empty_worker_group: { k8s_worker: "", k8s_ingress: INGRESS },
            a_name_as_worker_group: { k8s_worker: "sg-workers", k8s_ingress: INGRESS },
          },
        },
        {
          condition: isSecurityGroupId(INGRESS_GROUP),
          message: "The id k8s_ingress must be sg- and 8 or 17 hexadecimal digits.",
          refused: {
            an_empty_ingress_group: { k8s_worker: WORKER, k8s_ingress: "" },
            an_address_as_ingress_group: { k8s_worker: WORKER, k8s_ingress: "10.0.0.0/8" },
          },
        },
        {
          condition: differs(WORKER_GROUP, INGRESS_GROUP),
          message:
            "The ids k8s_worker and k8s_ingress must differ: with one group in both places, two rules would differ only in their description, which AWS rejects.",
          refused: { one_group_in_both_places: { k8s_worker: WORKER, k8s_ingress: WORKER } },
        },
      ],
    },
  },
  outputs: {
    pods_security_group_arn: "ARN of the pod security group.",
    pods_security_group_id: "Id of the pod security group, for the SecurityGroupPolicy.",
    pods_security_group_name: "Name of the pod security group.",
    rds_security_group_arn: "ARN of the database security group.",
    rds_security_group_id: "Id of the database security group, for the RDS instance or cluster.",
    rds_security_group_name: "Name of the database security group.",
  },
  requirements: requirementsOf(REQUIREMENTS, rules({ rds: "", pods: "" })),
  usages: {
    "With further tags, and without the tag `Platform`": { tags: { CostCenter: "4711", Team: "orders" } },
  },
  nextStep: [
    "The groups have no effect until attached:",
    "",
    "1. The database: `vpc_security_group_ids = [module.rds_mysql.rds_security_group_id]` on the `aws_db_instance` or `aws_rds_cluster`.",
    "2. The pods: give `module.rds_mysql.pods_security_group_id` to the module `security-group-policy`, then restart the workload: pods get their security groups when they start.",
  ].join("\n"),
  related: {
    "security-group-policy": "attaches the pod security group",
    "eks-cluster-role": "what pods with their own security groups need of the cluster",
    "pod-group": "the same for a workload with several services, one group per service",
    "docs/article.md": "the article that this module reproduces",
    "docs/adopt.md": "how to adopt a module without a change in the plan",
  },
  notes: {
    Notes: [
      "- Terraform removes AWS's allow-all egress from a new group. So the database security group has no egress, and `rds_ingress_to_self` on its own carries no traffic: it is kept from the article.",
      "- A group's `name`, description and VPC cannot change in place. A new `name` replaces both groups: the database allows the new one at once, while running pods keep the old one until they restart.",
      "- `flows.yaml`, next to the JSON, declares what must work and what must stay closed; the verifier (`npm run verify`) proves it for every call before you apply.",
      "- Each call adds 2 inbound rules to the node security group; AWS allows 60 unless you raised the quota.",
    ].join("\n"),
    "Adopt what you have": [
      "Over a hand-written module with the article's resources, change the `source` of the call to this folder: names, descriptions and addresses are the article's, and `terraform plan` says `No changes`. Resources that are in the root itself move with one block each:",
      "",
      "```hcl",
      "moved {",
      "  from = aws_security_group.rds",
      "  to   = module.rds_mysql.aws_security_group.rds",
      "}",
      "```",
    ].join("\n"),
    "Test the module": [
      "`tests/` holds tests for `terraform test` (Terraform 1.7 or newer) with a mocked provider: in a copy of this folder, `terraform init && terraform test` needs neither credentials nor a network beyond the provider's download.",
      "",
      "Your own mocked provider makes up ids such as `0zcr7aqf`, which the validations reject. If you pass in ids of mocked resources, set these values in your test (the two groups must differ, and defaults are the same for all resources of a type):",
      "",
      "```hcl",
      'mock_provider "aws" {',
      '  mock_resource "aws_vpc" {',
      "    defaults = {",
      '      id = "vpc-0a1b2c3d4e5f60000"',
      "    }",
      "  }",
      "",
      '  mock_resource "aws_security_group" {',
      "    defaults = {",
      `      id = "${WORKER}"`,
      "    }",
      "  }",
      "}",
      "",
      "# The address of your own ingress group",
      "override_resource {",
      "  target = aws_security_group.ingress",
      "  values = {",
      `    id = "${INGRESS}"`,
      "  }",
      "}",
      "```",
    ].join("\n"),
  },
  flows,
  tests,
};
