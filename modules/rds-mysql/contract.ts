import { differs, quoted } from "../../expression/conditions";
import type { ModuleContract } from "../../synth/contract";
import { EXAMPLE, isSecurityGroupId, vpcIdVariable } from "../shared/ids";
import { nameVariable, withValidations } from "../shared/names";
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
    "Security groups for a workload on EKS and its MySQL database on RDS: one group for the database, one for the pods (bound to them by a `SecurityGroupPolicy`), and the rules on both sides, those on the worker nodes' group for DNS among them.",
  provider: "aws",
  variables: {
    name: withValidations(
      nameVariable(
        "Name of the database's security group; the pods' group gets the same name with -for-pods at its end. Unique in the VPC.",
        LONGEST_NAME,
        // Accepted from the first: to refuse it would change the article's module.
        "&",
      ),
      {
        condition: differs(`lower(${variable("name")})`, quoted("default")),
        message: "The name must not be default, which AWS keeps for itself.",
        refused: { the_name_default: "default", the_name_default_in_another_case: "Default" },
      },
    ),
    vpc_id: vpcIdVariable("Id of the VPC of the database and of the worker nodes."),
    platform: platformVariable("both security groups"),
    tags: tagsVariable("both security groups"),
    security_groups: {
      type: "object({ k8s_worker = string, k8s_ingress = string })",
      description:
        "Ids of the security groups that the cluster has: k8s_worker is on the worker nodes (where kubelet and CoreDNS run), k8s_ingress on what sends requests to the pods.",
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
            "The ids k8s_worker and k8s_ingress must differ: with one group in both places, two rules are the same but for their description, which AWS refuses.",
          refused: { one_group_in_both_places: { k8s_worker: WORKER, k8s_ingress: WORKER } },
        },
      ],
    },
  },
  outputs: {
    pods_security_group_arn: "ARN of the pods' security group.",
    pods_security_group_id: "Id of the pods' security group, for the SecurityGroupPolicy.",
    pods_security_group_name: "Name of the pods' security group.",
    rds_security_group_arn: "ARN of the database's security group.",
    rds_security_group_id: "Id of the database's security group, for the RDS instance or cluster.",
    rds_security_group_name: "Name of the database's security group.",
  },
  requirements: requirementsOf(REQUIREMENTS, rules({ rds: "", pods: "" })),
  notes: {
    "Worth knowing": [
      "- Attach the database's group to the RDS instance (`vpc_security_group_ids`) and the pods' group to the pods with a `SecurityGroupPolicy`. Groups with these rules but attached to nothing protect nothing.",
      "- Terraform removes AWS's allow-all egress from a new group. The database's group therefore has no egress at all, and `rds_ingress_to_self` alone carries no traffic: it is here because the article has it.",
      "- A group's `name`, description and VPC cannot change in place. A new `name` replaces both groups: the database then admits the new group at once, while running pods keep the old one until they are recreated.",
      "- `flows.yaml` beside the JSON says what must work and what must stay closed; the project's verifier (`npm run verify`) proves it at every call, before anything is applied.",
      "- Each call adds 2 inbound rules to the worker nodes' group; AWS allows 60 unless the quota was raised.",
    ].join("\n"),
    "Adopt what you have": [
      "Over a hand-written module with the article's resources, change the `source` of the call to this folder: names, descriptions and addresses are the article's, and `terraform plan` says `No changes`. Resources that stood in the root itself move with one block each:",
      "",
      "```hcl",
      "moved {",
      "  from = aws_security_group.rds",
      "  to   = module.rds_mysql.aws_security_group.rds",
      "}",
      "```",
    ].join("\n"),
    "Test it": [
      "`tests/` holds tests for `terraform test` (Terraform 1.7 or newer) with a mocked provider: in a copy of this folder, `terraform init && terraform test` needs neither credentials nor a network beyond the provider's download.",
      "",
      "A mocked provider of your own makes up ids such as `0zcr7aqf`, which the validations refuse. Where the ids that you pass in are those of mocked resources, give these values in your test (the two groups must differ, and defaults are the same for all resources of a type):",
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
