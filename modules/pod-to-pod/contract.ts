import { all, differs, hasAtLeast, hasAtMost } from "../../expression/conditions";
import type { ModuleContract, VariableSpec } from "../../synth/contract";
import { existingRuleVariables } from "../shared/existing";
import { EXAMPLE, securityGroupVariable } from "../shared/ids";
import { everyNameCharacter, hasNameCharacters, nameCharacters } from "../shared/names";
import { portsVariable } from "../shared/ports";
import { requirementsOf } from "../shared/requirements";
import { FORM_NOTE } from "../shared/rule-form";
import { platformVariable, tagsVariable } from "../shared/tags";
import { flows } from "./flows";
import { rules } from "./rules";
import { tests } from "./tests";
import { type PodToPodVariables, variable } from "./variables";

export type { PodToPodVariables };

/** The rules are made for each port: without any there is none that could carry a condition. */
const CARRIER = "data.aws_region.current";

export const podToPod: ModuleContract<PodToPodVariables, never> = {
  name: "pod-to-pod",
  purpose:
    "Lets one workload's pods reach another's, or any service: the egress rule on the client's group and the ingress rule on the server's. The groups may be in this Terraform state or in another one: the module takes their ids.",
  provider: "aws",
  minimumTerraform: "1.3",
  variables: {
    client_name: endName("client_name", "orders"),
    client_security_group_id: securityGroupVariable("client_security_group_id", {
      description: "Id of the group whose pods open the connections.",
      example: EXAMPLE.pods,
    }),
    server_name: endName("server_name", "payments"),
    server_security_group_id: securityGroupVariable("server_security_group_id", {
      description: "Id of the group whose pods are reached.",
      example: EXAMPLE.other,
    }),
    platform: platformVariable("the rules"),
    tags: tagsVariable("the rules"),
    ...existingRuleVariables({ groups: [], rules }),
    ports: portsVariable("ports", {
      description:
        "TCP ports on which the client reaches the server, by names of your choice. {} if there are only udp_ports.",
      example: { http: 8080 },
      mayBeEmpty: true,
    }),
    udp_ports: portsVariable("udp_ports", {
      description: "UDP ports on which the client reaches the server, by names of your choice.",
      default: {},
      example: { statsd: 8125 },
      mayBeEmpty: true,
    }),
  },
  preconditions: [
    {
      on: CARRIER,
      condition: `length(${variable("ports")}) + length(${variable("udp_ports")}) > 0`,
      message: "Give at least one of ports and udp_ports: without them there are no rules.",
      refused: { no_ports_at_all: { ports: {} } },
    },
    {
      on: CARRIER,
      condition: differs(variable("client_security_group_id"), variable("server_security_group_id")),
      message:
        "The client and the server must be two groups. Pods of one group reach each other through self_ports of module pod-group.",
      refused: { one_group_at_both_ends: { server_security_group_id: EXAMPLE.pods } },
    },
  ],
  outputs: {},
  requirements: requirementsOf(
    { ACCESS: "The client reaches the server: its egress rule and the server's ingress rule." },
    rules,
  ),
  usages: {
    "Only UDP, to a group of another state": {
      ports: {},
      udp_ports: { statsd: 8125 },
      server_name: "monitoring",
    },
  },
  nextStep:
    "Nothing is left to attach: the rules are on groups that pods and services already have, and take effect at once. Running pods need no restart.",
  related: {
    "pod-group": "the security group of a workload's pods",
    "docs/pod-to-pod.md": "clients and servers in one root, in two states, in two VPCs",
  },
  notes: {
    Notes: [
      "- For groups of two states, call it in one of them and pass the other's id: by its output, a `terraform_remote_state`, or a variable. Return traffic needs no rule.",
      "- To connect both ways, call it twice, with the ends swapped.",
      FORM_NOTE,
      "- Across VPCs a rule can name a group only over a peering in one region.",
      "- `flows.yaml`, next to the JSON, declares what must work; the verifier (`npm run verify`) proves it for every call.",
    ].join("\n"),
  },
  flows,
  tests: tests("per-rule"),
};

function endName(name: "client_name" | "server_name", example: string): VariableSpec<string> {
  return {
    type: "string",
    description: `Name of the workload or service that is the ${name.replace("_name", "")}: for descriptions and tags.`,
    example,
    accepted: {
      [`the_longest_${name}`]: "n".repeat(80),
      [`every_character_in_${name}`]: everyNameCharacter(),
    },
    validations: [
      {
        condition: all(hasAtLeast(1, variable(name)), hasAtMost(80, variable(name))),
        message: `The ${name} must have 1 to 80 characters: tags of rules contain both names, and AWS allows 256.`,
        refused: { [`an_empty_${name}`]: "", [`a_${name}_of_81_characters`]: "n".repeat(81) },
      },
      {
        condition: hasNameCharacters(variable(name)),
        message: `The ${name} may contain only characters that AWS allows in rule descriptions: ${nameCharacters()}.`,
        refused: { [`an_umlaut_in_${name}`]: "auszüge" },
      },
    ],
  };
}
