import {
  equals,
  every,
  isGiven,
  isIn,
  isNull,
  isOneOf,
  matches,
  not,
  quoted,
} from "../../expression/conditions";
import { variablesOf } from "../../expression/variables";
import type { Validation, VariableSpecs } from "../../synth/contract";

/** The options of the Amazon VPC CNI, however it is run. */
export interface CniVariables {
  /** How strictly the pods' groups are enforced. */
  enforcing_mode?: string;
  /** Whether the node leaves source NAT to others. Null: not written. */
  external_snat?: boolean | null;
  /** Further variables of the container `aws-node`, by their names. */
  env?: Readonly<Record<string, string>>;
  /** Further variables of the init container `aws-vpc-cni-init`, by their names. */
  init_env?: Readonly<Record<string, string>>;
}

const variable = variablesOf<CniVariables>();

/** Variables that only an option may set, by the option. */
const OWNED = {
  ENABLE_POD_ENI: "this module, which sets it to true",
  POD_SECURITY_GROUP_ENFORCING_MODE: "enforcing_mode",
  AWS_VPC_K8S_CNI_EXTERNALSNAT: "external_snat",
  DISABLE_TCP_EARLY_DEMUX: "enforcing_mode",
} as const;

/** A field manager may have 128 characters, and the longest of ours holds the name after 27 others. */
const LONGEST_NAME = 100;

/** The rules for a map of environment variables. */
function variableValidations(map: "env" | "init_env"): Validation<Readonly<Record<string, string>>>[] {
  const owned = Object.entries(OWNED).map(([name, owner]) => `${name} (${owner})`);
  return [
    {
      condition: every("name", `keys(${variable(map)})`, (name) =>
        matches(name, `^[a-zA-Z_][a-zA-Z0-9_]{0,${LONGEST_NAME - 1}}$`),
      ),
      message: `The names in ${map} must be those of environment variables: a letter or _, then letters, digits and _, at most ${LONGEST_NAME}.`,
      refused: {
        [`a_name_with_a_hyphen_in_${map}`]: { "WARM-ENI-TARGET": "1" },
        [`a_name_that_starts_with_a_digit_in_${map}`]: { "1_WARM": "1" },
        [`an_empty_name_in_${map}`]: { "": "1" },
        [`a_name_of_101_characters_in_${map}`]: { ["N".repeat(LONGEST_NAME + 1)]: "1" },
      },
    },
    {
      condition: every("name", `keys(${variable(map)})`, (name) =>
        not(isIn(name, JSON.stringify(Object.keys(OWNED)))),
      ),
      message: `The map ${map} must not hold variables that have an option of their own: ${owned.join(", ")}.`,
      refused: Object.fromEntries(
        Object.keys(OWNED).map((name) => [`${name.toLowerCase()}_in_${map}`, { [name]: "true" }]),
      ),
    },
    {
      condition: every("value", `values(${variable(map)})`, isGiven),
      message: `The values in ${map} must not be null: leave the variable out.`,
      refused: {
        [`a_null_in_${map}`]: { WARM_ENI_TARGET: null } as unknown as Record<string, string>,
      },
    },
  ];
}

const atItsEdge = (variable: "env" | "init_env") => ({
  [`the_longest_name_in_${variable}`]: { ["N".repeat(LONGEST_NAME)]: "" },
  [`a_name_that_starts_with_an_underscore_in_${variable}`]: { _a1: "1" },
});

/**
 * The variables of both modules that run the CNI.
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md
 */
export const CNI_VARIABLES: VariableSpecs<CniVariables> = {
  enforcing_mode: {
    type: "string",
    description:
      "How strictly pod security groups are enforced: strict (all traffic of a pod passes its own groups; traffic that leaves the VPC needs NAT beyond the node) or standard (traffic inside a node passes no group, and traffic that leaves the VPC with the node's address passes the node's). Sets POD_SECURITY_GROUP_ENFORCING_MODE (CNI 1.11 or newer); DISABLE_TCP_EARLY_DEMUX is true in strict mode.",
    default: "strict",
    example: "strict",
    accepted: { the_mode_standard: "standard" },
    validations: [
      {
        condition: isOneOf(variable("enforcing_mode"), "strict", "standard"),
        message: "The enforcing mode must be strict or standard: the CNI treats any other value as strict.",
        refused: {
          an_unknown_mode: "permissive",
          a_mode_in_another_case: "Standard",
          an_empty_mode: "",
        },
      },
    ],
  },
  external_snat: {
    type: "bool",
    description:
      "Whether traffic that leaves the VPC keeps the pod's address, because a NAT gateway or the like translates it (AWS_VPC_K8S_CNI_EXTERNALSNAT). In standard mode, false means that it passes the node's groups. Null: not written, the CNI's default is false.",
    default: null,
    example: null,
    accepted: { external_snat: true, no_external_snat: false },
  },
  env: {
    type: "map(string)",
    description:
      'Further variables of the container aws-node, by their names, such as { WARM_IP_TARGET = "2" }.',
    default: {},
    example: {},
    accepted: { further_variables: { WARM_IP_TARGET: "2", MINIMUM_IP_TARGET: "4" }, ...atItsEdge("env") },
    validations: variableValidations("env"),
  },
  init_env: {
    type: "map(string)",
    description:
      'Further variables of the init container aws-vpc-cni-init, by their names, such as { ENABLE_V6_EGRESS = "true" }.',
    default: {},
    example: {},
    accepted: atItsEdge("init_env"),
    validations: variableValidations("init_env"),
  },
};

/** What the options make of the variables of the container `aws-node`, `ENABLE_POD_ENI` aside. */
export const AWS_NODE_SETTINGS = `merge(${[
  `{ POD_SECURITY_GROUP_ENFORCING_MODE = ${variable("enforcing_mode")} }`,
  `${isNull(variable("external_snat"))} ? {} : { AWS_VPC_K8S_CNI_EXTERNALSNAT = tostring(${variable("external_snat")}) }`,
  variable("env"),
].join(", ")})`;

/** Only the mode strict sends probes through the pod's own interface. */
export const TCP_EARLY_DEMUX = `${equals(variable("enforcing_mode"), quoted("strict"))} ? "true" : "false"`;
