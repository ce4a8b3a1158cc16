import { Unknown, type Value } from "../../expression/value";
import { given } from "../../io/errors";
import { policies } from "../inventory/kubernetes/policies";
import { OPERATORS, type Requirement } from "../inventory/kubernetes/selectors";
import type { Policy, Selector } from "../inventory/model";
import type { Check } from "./check";

export const check: Check = {
  id: "policy-refused",
  severity: "error",
  title: "Invalid SecurityGroupPolicy",
  why: "Kubernetes rejects a policy with an apiVersion other than vpcresources.k8s.aws/v1beta1, with an invalid name or namespace, or with a value of the wrong type, such as a list inside the groupIds list. It drops fields that policies do not have. A rejected policy gives no pod any groups, so nothing else is reported about its groups. An invalid selector is worse: the policy is accepted, but the controller cannot read it, and it matches no pod. Keys and values of labels have at most 63 characters; In and NotIn need values, Exists and DoesNotExist must have none.",
  reference: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
  run: (context) =>
    policies(context.inventory).flatMap((policy) => {
      const problems = problemsOf(policy);
      if (problems.length === 0) return [];
      const { address, source } = policy;
      return [{ address, source, about: problems, message: `${address}: ${problems.join("; ")}.` }];
    }),
};

const LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** The name in a key, and a value that is not empty. */
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

function problemsOf(policy: Policy): string[] {
  const { name, namespace, podSelector, serviceAccountSelector, problems } = policy;
  return [
    ...problems,
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
    ...selectorProblems("podSelector", podSelector),
    ...selectorProblems("serviceAccountSelector", serviceAccountSelector),
  ];
}

function selectorProblems(where: string, selector: Selector): string[] {
  if (selector.state !== "given") return [];
  return selector.requirements.flatMap((requirement) =>
    requirementProblems(requirement).map((problem) => `${where}: ${problem}`),
  );
}

function requirementProblems({ key, operator, values }: Requirement): string[] {
  const ofKey = wrong(
    key,
    isLabelKey,
    "a key must consist of at most 63 letters, digits, -, _ and ., and start and end with a letter or digit; a DNS name and / may precede it",
  );
  if (operator instanceof Unknown) return ofKey;
  if (!OPERATORS.some((known) => known === operator)) {
    return [...ofKey, `an operator must be one of ${OPERATORS.join(", ")} (${given(operator ?? undefined)})`];
  }
  const needsValues = operator === "In" || operator === "NotIn";
  if (needsValues !== (values ?? []).length > 0) {
    const what = needsValues ? `${operator} needs values` : `${operator} must have no values`;
    return [...ofKey, `${what} (key ${JSON.stringify(key)})`];
  }
  return [
    ...ofKey,
    ...(values ?? []).flatMap((value) =>
      wrong(
        value,
        (text) => text === "" || isText(QUALIFIED)(text),
        `a value of ${JSON.stringify(key)} must be a string of at most 63 letters, digits, -, _ and ., and start and end with a letter or digit`,
      ),
    ),
  ];
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
