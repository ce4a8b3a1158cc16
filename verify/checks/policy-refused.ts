import { Unknown, type Value } from "../../expression/value";
import { given } from "../../io/errors";
import { policies } from "../inventory/kubernetes/policies";
import { OPERATORS, type Requirement } from "../inventory/kubernetes/selectors";
import type { Policy, Selector } from "../inventory/model";
import type { Check } from "./check";

export const check: Check = {
  id: "policy-refused",
  severity: "error",
  title: "A SecurityGroupPolicy is not as Kubernetes has it",
  why: "Kubernetes refuses a policy of another apiVersion than vpcresources.k8s.aws/v1beta1, with a wrong name or namespace, or with a value of another type, such as a list in the list of groupIds. A field that policies do not have is dropped. Of a policy that is refused no pod gets groups, so nothing else is said about its groups. A wrong selector is worse: the policy is accepted, the controller cannot read it, and it matches no pod. Keys and values of labels have 63 characters at most; In and NotIn need values, Exists and DoesNotExist have none.",
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
      "metadata.name must be lower-case letters, digits, - and ., 253 at most, with a letter or digit at either end",
    ),
    ...wrong(
      namespace,
      isText(DNS_LABEL),
      "metadata.namespace must be lower-case letters, digits and -, 63 at most, with a letter or digit at either end",
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
    "a key must be letters, digits, -, _ and ., 63 at most, with a letter or digit at either end, and may have a DNS name and / before it",
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
        `a value of ${JSON.stringify(key)} must be text of letters, digits, -, _ and ., 63 at most, with a letter or digit at either end`,
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
