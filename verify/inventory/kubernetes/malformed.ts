import { Unknown, type Value } from "../../../expression/value";
import { given } from "../../../io/errors";
import { OPERATORS, type Requirement } from "./selectors";

const LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** The name in a key, and a value that is not empty. */
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** What is wrong with the name and the namespace of an object of Kubernetes, in words. */
export function nameProblems(name: Value, namespace: Value): string[] {
  return [
    ...wrong(
      name,
      isText(DNS_SUBDOMAIN),
      "metadata.name must consist of at most 253 lower-case letters, digits, - and ., and start and end with a letter or digit",
    ),
    ...wrong(
      namespace,
      isText(DNS_LABEL),
      "metadata.namespace must consist of at most 63 lower-case letters, digits and -, and start and end with a letter or digit",
    ),
  ];
}

/**
 * What is malformed in a selector, in words. Kubernetes accepts it in a policy; the controller cannot read it, and passes over
 * the whole policy, this one alone, with a line in its log: `filterPodSecurityGroups` in
 * https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/v1.8.2/pkg/utils/helper.go
 */
export function selectorProblems(requirements: readonly Requirement[]): string[] {
  return requirements.flatMap(({ key, operator, values = [] }) => {
    const ofKey = isString(key) ? wrong(key, isLabelKey, KEY) : [];
    if (operator instanceof Unknown || !(isString(operator) || operator === null)) return ofKey;
    if (!OPERATORS.some((known) => known === operator)) {
      return [
        ...ofKey,
        `an operator must be one of ${OPERATORS.join(", ")} (${given(operator ?? undefined)})`,
      ];
    }
    const needsValues = operator === "In" || operator === "NotIn";
    if (needsValues !== values.length > 0) {
      const what = needsValues ? `${operator} needs values` : `${operator} must have no values`;
      return [...ofKey, `${what} (key ${JSON.stringify(key)})`];
    }
    return [
      ...ofKey,
      ...values.filter(isString).flatMap((value) => wrong(value, isLabelValue, valueRule(key))),
    ];
  });
}

/**
 * What of a selector is no string, in words. Kubernetes rejects that; but Terraform's `kubernetes_manifest` makes strings of numbers
 * and booleans before.
 */
export function typeProblems(requirements: readonly Requirement[]): string[] {
  return requirements.flatMap(({ key, values = [] }) => [
    ...(isString(key) ? [] : wrong(key, isLabelKey, KEY)),
    ...values
      .filter((value) => !isString(value))
      .flatMap((value) => wrong(value, isLabelValue, valueRule(key))),
  ]);
}

const KEY =
  "a key must consist of at most 63 letters, digits, -, _ and ., and start and end with a letter or digit; a DNS name and / may precede it";

function valueRule(key: Value): string {
  return `a value of ${JSON.stringify(key)} must be a string of at most 63 letters, digits, -, _ and ., and start and end with a letter or digit`;
}

function isString(value: Value): value is string {
  return typeof value === "string";
}

function isLabelValue(value: Value): boolean {
  return value === "" || isText(QUALIFIED)(value);
}

function isText(pattern: RegExp): (value: Value) => boolean {
  return (value) => typeof value === "string" && pattern.test(value);
}

function isLabelKey(key: Value): boolean {
  if (typeof key !== "string") return false;
  const [name = "", prefix, ...rest] = key.split("/").reverse();
  return rest.length === 0 && QUALIFIED.test(name) && (prefix === undefined || DNS_SUBDOMAIN.test(prefix));
}

/** What is not known is not wrong. */
function wrong(value: Value, isRight: (value: Value) => boolean, rule: string): string[] {
  return value instanceof Unknown || isRight(value) ? [] : [`${rule} (${given(value ?? undefined)})`];
}
