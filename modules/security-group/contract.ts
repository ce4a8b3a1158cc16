import { all, differs, hasAtLeast, hasAtMost, quoted } from "../../expression/conditions";
import type { ModuleContract } from "../../synth/contract";
import { vpcIdVariable } from "../shared/ids";
import { hasNameCharacters, MOST, nameCharacters, nameVariable, withValidations } from "../shared/names";
import { tagsVariable } from "../shared/tags";
import { classicVariable, inlineVariable, perRuleVariable } from "./rules";
import { tests } from "./tests";
import { type SecurityGroupVariables, variable } from "./variables";

export type { SecurityGroupVariables };

export type SecurityGroupOutput = "security_group_arn" | "security_group_id" | "security_group_name";

const DESCRIPTION = variable("description");

export const securityGroup: ModuleContract<SecurityGroupVariables, SecurityGroupOutput> = {
  name: "security-group",
  purpose:
    "Any security group as it is: its name, description, tags and rules, in whichever form the rules have. For groups that exist and that no other module can hold unchanged; `adopt` writes its calls.",
  provider: "aws",
  // Optional attributes of object types.
  minimumTerraform: "1.3",
  variables: {
    name: withValidations(nameVariable("Name of the group. Unique in the VPC.", MOST, "&"), {
      condition: differs(`lower(${variable("name")})`, quoted("default")),
      message: "The name must not be default, which AWS reserves.",
      refused: { the_name_default: "default", the_name_default_in_another_case: "Default" },
    }),
    description: {
      type: "string",
      description: "Description of the group.",
      example: "Default security group for orders.",
      accepted: { the_longest_description: "d".repeat(MOST) },
      validations: [
        {
          condition: all(hasAtLeast(1, DESCRIPTION), hasAtMost(MOST, DESCRIPTION)),
          message: `The description must have 1 to ${MOST} characters, as AWS allows.`,
          refused: {
            an_empty_description: "",
            a_description_of_256_characters: "d".repeat(MOST + 1),
          },
        },
        {
          condition: hasNameCharacters(DESCRIPTION, "&"),
          message: `The description may contain only characters that AWS allows: ${nameCharacters("&")}.`,
          refused: { an_umlaut_in_the_description: "für alle" },
        },
      ],
    },
    vpc_id: vpcIdVariable("Id of the VPC of the group."),
    tags: tagsVariable("the group", []),
    revoke_rules_on_delete: {
      type: "bool",
      description: "Whether Terraform removes all rules of the group before it deletes the group.",
      default: false,
      example: true,
    },
    ingress: perRuleVariable("ingress"),
    egress: perRuleVariable("egress"),
    classic_rules: classicVariable(),
    inline_ingress: inlineVariable("inline_ingress"),
    inline_egress: inlineVariable("inline_egress"),
  },
  outputs: {
    security_group_arn: "ARN of the group.",
    security_group_id: "Id of the group.",
    security_group_name: "Name of the group.",
  },
  usages: {
    "With its own tags and a rule of its own resource": {
      tags: { Name: "orders", Team: "orders" },
      egress: {
        https: {
          ip_protocol: "tcp",
          from_port: 443,
          to_port: 443,
          cidr_ipv4: "0.0.0.0/0",
          description: "HTTPS",
        },
      },
    },
    "With rules as `aws_security_group_rule`": {
      classic_rules: {
        from_itself: { type: "ingress", protocol: "tcp", from_port: 7946, to_port: 7946, self: true },
      },
    },
  },
  nextStep:
    "The group has no effect until attached: give `module.security_group.security_group_id` to whatever carries it. A group that was adopted stays attached as it is.",
  related: {
    "pod-group": "the security group of a workload's pods, with the rules that they need of their cluster",
    "tcp-service": "the security group of a service, and the rules to reach it",
    "docs/adopt.md": "how to adopt a group that exists without a change in the plan",
  },
  notes: {
    Notes: [
      "- The module adds no rules, tags or descriptions: the group has what the call says. For a new group of pods or of a service take the module that knows what they need.",
      "- Use one form of rules for each group: `ingress` and `egress`, or `classic_rules`, or `inline_ingress` and `inline_egress`. The provider does not find conflicts between forms; they take each other's rules back at every apply.",
      "- A new key replaces the rule. A changed port, peer or description of `classic_rules` replaces the rule, too; `ingress` and `egress` change in place.",
      "- A group's `name`, `description` and VPC cannot change in place: another one replaces the group.",
    ].join("\n"),
  },
  tests,
};
