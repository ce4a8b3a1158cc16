import { areDistinct, every, matches } from "../../expression/conditions";
import { variableNamed, variablesOf } from "../../expression/variables";
import type { VariableSpec } from "../../synth/contract";
import { keysValidation } from "./keys";

/** Ids for examples and tests. */
export const EXAMPLE = {
  vpc: "vpc-0a1b2c3d4e5f60000",
  worker: "sg-0a1b2c3d4e5f60001",
  ingress: "sg-0a1b2c3d4e5f60002",
  database: "sg-0a1b2c3d4e5f60003",
  pods: "sg-0a1b2c3d4e5f60004",
  other: "sg-0a1b2c3d4e5f60005",
} as const;

/** An id of AWS: 8 digits of old, else 17. */
const idPattern = (prefix: string) => `^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`;

/** Whether an expression is the id of a security group. */
export const isSecurityGroupId = (value: string) => matches(value, idPattern("sg"));

export const isVpcId = (value: string) => matches(value, idPattern("vpc"));

export const isPrefixListId = (value: string) => matches(value, idPattern("pl"));

export function vpcIdVariable(description: string): VariableSpec<string> {
  return {
    type: "string",
    description,
    example: EXAMPLE.vpc,
    accepted: { a_short_vpc_id: "vpc-0a1b2c3d" },
    validations: [
      {
        condition: isVpcId(variablesOf<{ vpc_id: string }>()("vpc_id")),
        message: "The VPC's id must be vpc- and 8 or 17 hexadecimal digits.",
        refused: {
          an_empty_vpc_id: "",
          a_subnet_as_vpc: "subnet-0a1b2c3d4e5f60000",
          a_vpc_id_of_12_digits: "vpc-0a1b2c3d4e5f",
          a_vpc_id_in_upper_case: "vpc-0A1B2C3D4E5F60000",
        },
      },
    ],
  };
}

/** The id of one group. @param name the variable's */
export function securityGroupVariable(
  name: string,
  { description, example }: { readonly description: string; readonly example: string },
): VariableSpec<string> {
  return {
    type: "string",
    description,
    example,
    accepted: { [`a_short_id_in_${name}`]: "sg-0a1b2c3d" },
    validations: [
      {
        condition: isSecurityGroupId(variableNamed(name)),
        message: `The ${name} must be sg- and 8 or 17 hexadecimal digits.`,
        refused: {
          [`nothing_in_${name}`]: "",
          [`a_name_in_${name}`]: "sg-workers",
          [`an_address_in_${name}`]: "10.0.0.0/8",
        },
      },
    ],
  };
}

/** Groups by stable keys. */
export function securityGroupsVariable(
  name: string,
  {
    description,
    example,
  }: { readonly description: string; readonly example: Readonly<Record<string, string>> },
): VariableSpec<Readonly<Record<string, string>>> {
  const groups = variableNamed(name);
  return {
    type: "map(string)",
    description,
    default: {},
    example,
    accepted: { [`a_short_id_in_${name}`]: { a: "sg-0a1b2c3d" } },
    validations: [
      {
        condition: every("id", `values(${groups})`, isSecurityGroupId),
        message: `The ids of ${name} must be sg- and 8 or 17 hexadecimal digits.`,
        refused: { [`a_vpc_in_${name}`]: { a: EXAMPLE.vpc }, [`nothing_in_${name}`]: { a: "" } },
      },
      {
        condition: areDistinct(`values(${groups})`, groups),
        message: `The ids of ${name} must differ.`,
        refused: { [`one_group_twice_in_${name}`]: { a: EXAMPLE.other, b: EXAMPLE.other } },
      },
      keysValidation<Readonly<Record<string, string>>>(name, {
        [`an_upper_case_key_in_${name}`]: { A: EXAMPLE.other },
      }),
    ],
  };
}
