import {
  all,
  any,
  differs,
  hasAtLeast,
  hasAtMost,
  isEmpty,
  isNull,
  matches,
  not,
  orFalse,
  quoted,
} from "../../expression/conditions";
import { variableNamed, variablesOf } from "../../expression/variables";
import type { Validation, VariableSpec } from "../../synth/contract";

const NAME = variablesOf<{ name: string }>()("name");

/** Names of groups and tags of rules hold the name and up to 100 characters more. AWS allows 255. */
export const LONGEST_NAME = 128;

/** The characters that AWS allows in the name and in the description of a group. */
export const MOST = 255;

/**
 * Names and descriptions of security groups: at most 255 of these characters; a name must not start with
 * `sg-`, and AWS trims spaces at its end, after which Terraform would replace the group at every apply.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
export const hasNameCharacters = (value: string, more: "" | "&" = "") =>
  matches(value, `^[a-zA-Z0-9 ._:/()#,@+=${more};{}!$*\\[\\]-]*$`);

/** They in words. @param more as for `hasNameCharacters` */
export const nameCharacters = (more: "" | "&" = "") =>
  `a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=${more};{}!$*`;

/** A text with each kind of letter and every other one of them. @param more as for `hasNameCharacters` */
export const everyNameCharacter = (more: "" | "&" = "") => `aZ09 ._-:/()#,@[]+=${more};{}!$*`;

/**
 * A name that names of groups start with, and that descriptions of rules hold.
 *
 * @param longest its characters at most
 * @param more what AWS allows in names of groups, but not in descriptions of rules whose peer is a group
 */
export function nameVariable(
  description: string,
  longest: number,
  more: "" | "&" = "",
): VariableSpec<string> {
  return {
    type: "string",
    description,
    example: "orders",
    accepted: {
      the_longest_name: "n".repeat(longest),
      a_name_with_every_allowed_character: everyNameCharacter(more),
      a_name_that_looks_like_a_template: "orders-${x}",
    },
    validations: [
      {
        condition: all(hasAtLeast(1, NAME), hasAtMost(longest, NAME)),
        message:
          longest < MOST
            ? `The name must have 1 to ${longest} characters: the longest rule description contains it, and AWS allows ${MOST}.`
            : `The name must have 1 to ${MOST} characters, as AWS allows.`,
        refused: { an_empty_name: "", [`a_name_of_${longest + 1}_characters`]: "n".repeat(longest + 1) },
      },
      {
        condition: hasNameCharacters(NAME, more),
        message: `The name may contain only characters that AWS allows in security group names and rule descriptions: ${nameCharacters(more)}.`,
        refused: {
          a_name_with_an_umlaut: "bestellungen-für-alle",
          a_name_with_a_quote: 'orders"',
          a_name_of_two_lines: "orders\npayments",
          a_name_with_a_percent_sign: "orders_100%",
          ...(more === "" && { a_name_with_an_ampersand: "orders & payments" }),
        },
      },
      {
        condition: any(matches(NAME, "[^ ]$"), isEmpty(NAME)),
        message:
          "The name must not end with a space: AWS trims it, and Terraform would replace the group at every apply.",
        refused: { a_name_that_ends_with_a_space: "orders " },
      },
      {
        condition: not(matches(NAME, "^sg-")),
        message: "The name must not start with sg-, which AWS reserves for ids.",
        refused: { a_name_that_starts_like_an_id: "sg-orders" },
      },
    ],
  };
}

/** Descriptions of rules hold a group's name and up to 55 characters more. */
const LONGEST_GROUP_NAME = 200;

/**
 * The name of a group that existed before the module.
 *
 * @param name the variable's
 * @param fallback the name that the group has without it, in words
 */
export function groupNameVariable(name: string, fallback: string): VariableSpec<string | null> {
  const value = variableNamed(name);
  const orNull = (condition: string) => any(isNull(value), orFalse(condition));
  return {
    type: "string",
    description: `Name of the group, where it existed before with another one. Null (the default): ${fallback}.`,
    default: null,
    example: "orders-legacy",
    accepted: {
      [`the_longest_${name}`]: "n".repeat(LONGEST_GROUP_NAME),
      [`every_character_in_${name}`]: everyNameCharacter("&"),
    },
    validations: [
      {
        condition: orNull(
          all(
            hasAtLeast(1, value),
            hasAtMost(LONGEST_GROUP_NAME, value),
            hasNameCharacters(value, "&"),
            matches(value, "[^ ]$"),
          ),
        ),
        message: `The ${name} must have 1 to ${LONGEST_GROUP_NAME} characters of those that AWS allows in names of groups (${nameCharacters("&")}), and must not end with a space.`,
        refused: {
          [`nothing_in_${name}`]: "",
          [`an_umlaut_in_${name}`]: "bestellungen-für-alle",
          [`a_space_at_the_end_of_${name}`]: "orders ",
          [`a_${name}_of_${LONGEST_GROUP_NAME + 1}_characters`]: "n".repeat(LONGEST_GROUP_NAME + 1),
        },
      },
      {
        condition: orNull(all(not(matches(value, "^sg-")), differs(`lower(${value})`, quoted("default")))),
        message: `The ${name} must not start with sg- or be default, which AWS reserves.`,
        refused: { [`an_id_in_${name}`]: "sg-orders", [`default_in_${name}`]: "Default" },
      },
    ],
  };
}

/** A variable with more to follow than its kind. */
export function withValidations<T>(
  spec: VariableSpec<T>,
  ...validations: readonly Validation<T>[]
): VariableSpec<T> {
  return { ...spec, validations: [...(spec.validations ?? []), ...validations] };
}

/**
 * Whether text is the name of an EKS cluster.
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
 */
export const isClusterName = (value: string) => matches(value, "^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$");
