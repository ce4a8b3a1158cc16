import {
  all,
  any,
  each,
  equals,
  every,
  group,
  hasAtMost,
  isNotEmpty,
  isNull,
  isOneOf,
  matches,
  not,
  orTrue,
} from "../../expression/conditions";
import { variableNamed } from "../../expression/variables";
import type { Validation } from "../../synth/contract";

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS_NAME = `${LABEL}(\\.${LABEL})*`;
const LABEL_NAME = "[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?";

/**
 * Names as Kubernetes has them, whatever their length.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const isSubdomain = (value: string) => matches(value, `^${DNS_NAME}$`);
export const isDnsLabel = (value: string) => matches(value, `^${LABEL}$`);

const isLabelKey = (key: string) =>
  all(matches(key, `^(${DNS_NAME}/)?${LABEL_NAME}$`), orTrue(hasAtMost(253, `split("/", ${key})[0]`)));
const isLabelValue = (value: string) => matches(value, `^(${LABEL_NAME})?$`);

/** Conditions on a list of keys, or of values, of labels. */
export const areLabelKeys = (keys: string) => every("key", keys, isLabelKey);
export const areLabelValues = (values: string) => every("value", values, isLabelValue);

export const KEY_WORDS =
  "an optional DNS name and /, then at most 63 letters, digits and characters of -_. that start and end with a letter or digit";
export const VALUE_WORDS =
  "at most 63 letters, digits and characters of -_. that start and end with a letter or digit";

/** A label selector of Kubernetes, with Terraform's names. */
export interface Selector {
  match_labels?: Readonly<Record<string, string>>;
  match_expressions?: readonly {
    key: string;
    operator: string;
    values?: readonly string[];
  }[];
}

export const SELECTOR_TYPE =
  "object({ match_labels = optional(map(string), {}), match_expressions = optional(list(object({ key = string, operator = string, values = optional(list(string), []) })), []) })";

/** The variables that hold a selector. */
type SelectorVariable = "pod_selector" | "service_account_selector";

/** The labels and the expressions of a selector that may be null, as Terraform expressions. */
export const labelsOf = (variable: SelectorVariable) =>
  `merge(${variableNamed(variable)}[*].match_labels...)`;
export const expressionsOf = (variable: SelectorVariable) =>
  `flatten(${variableNamed(variable)}[*].match_expressions)`;

/** The operators of selectors that come with values, and all of them. */
const WITH_VALUES = ["In", "NotIn"];
const OPERATORS = [...WITH_VALUES, "Exists", "DoesNotExist"];

/** What an expression may give in the place of a value. */
const NULL = null as never;

const expression = (key: string, operator: string, ...values: string[]): Selector => ({
  match_expressions: [{ key, operator, values }],
});

/** The rules for a variable that holds a selector. */
export function selectorValidations(variable: SelectorVariable): Validation<Selector | null>[] {
  const labels = labelsOf(variable);
  const expressions = expressionsOf(variable);
  return [
    {
      // An expression that is null has no key, which is enough to refuse it.
      condition: areLabelKeys(
        `concat(keys(${labels}), ${each("one", expressions, (one) => `try(${one}.key, null)`)})`,
      ),
      message: `The keys in ${variable} must be those of labels: ${KEY_WORDS}.`,
      refused: {
        [`a_key_with_a_space_in_${variable}`]: { match_labels: { "my app": "orders" } },
        [`a_key_with_two_slashes_in_${variable}`]: { match_labels: { "a/b/c": "orders" } },
        [`a_key_of_64_characters_in_${variable}`]: { match_labels: { ["k".repeat(64)]: "orders" } },
        [`a_prefix_of_254_characters_in_${variable}`]: { match_labels: { [`${"p".repeat(254)}/app`]: "a" } },
        [`an_empty_key_in_an_expression_of_${variable}`]: expression("", "Exists"),
        [`a_null_key_in_an_expression_of_${variable}`]: expression(NULL, "Exists"),
        [`a_null_expression_in_${variable}`]: { match_expressions: [NULL] },
      },
    },
    {
      condition: areLabelValues(
        `concat(values(${labels}), flatten(${each("one", expressions, (one) => `try(${one}.values, [])`)}))`,
      ),
      message: `The values in ${variable} must be those of labels: ${VALUE_WORDS}, or empty.`,
      refused: {
        [`a_value_with_a_slash_in_${variable}`]: { match_labels: { app: "shop/orders" } },
        [`a_value_of_64_characters_in_${variable}`]: { match_labels: { app: "v".repeat(64) } },
        [`a_value_that_ends_with_a_dot_in_an_expression_of_${variable}`]: expression("app", "In", "orders."),
      },
    },
    {
      condition: every(
        "one",
        expressions,
        // What contains() makes of null depends on Terraform's version.
        (one) => `try(${isOneOf(`coalesce(${one}.operator, "none")`, ...OPERATORS)}, ${isNull(one)})`,
      ),
      message: `The operators in ${variable} must be In, NotIn, Exists or DoesNotExist.`,
      refused: {
        [`an_unknown_operator_in_${variable}`]: expression("app", "Equals"),
        [`an_operator_in_lower_case_in_${variable}`]: expression("app", "exists"),
        [`a_null_operator_in_${variable}`]: expression("app", NULL),
      },
    },
    {
      condition: every("one", expressions, (one) =>
        orTrue(
          any(
            equals(isOneOf(`${one}.operator`, ...WITH_VALUES), group(isNotEmpty(`${one}.values`))),
            not(isOneOf(`${one}.operator`, ...OPERATORS)),
          ),
        ),
      ),
      message: `The operators In and NotIn in ${variable} need values, and Exists and DoesNotExist take none.`,
      refused: {
        [`in_without_values_in_${variable}`]: expression("app", "In"),
        [`exists_with_a_value_in_${variable}`]: expression("app", "Exists", "orders"),
      },
    },
  ];
}

/** Selectors at the edge of what is accepted. */
export const acceptedSelectors = (variable: SelectorVariable): Record<string, Selector> => ({
  [`the_longest_labels_in_${variable}`]: {
    match_labels: { [`${"p".repeat(253)}/${"k".repeat(63)}`]: "v".repeat(63), "example.com/a_B.c-1": "" },
  },
  [`every_operator_in_${variable}`]: {
    match_expressions: [
      { key: "app", operator: "In", values: ["orders", "payments"] },
      { key: "tier", operator: "NotIn", values: ["batch"] },
      { key: "team", operator: "Exists" },
      { key: "example.com/plain", operator: "DoesNotExist" },
    ],
  },
});
