import { each, isGiven, isNotEmpty } from "../../expression/conditions";
import { expression } from "../../synth/text";
import { variable } from "./variables";

/** An object without what is empty in it. @param key the name of its keys in the expression */
const withoutEmpty = (key: string, object: string) =>
  `{ for ${key}, value in ${object} : ${key} => value if ${isNotEmpty("value")} }`;

/** A selector's expression, which is `one`, as Kubernetes has it. */
const MATCH_EXPRESSION = withoutEmpty(
  "key",
  "{ key = one.key, operator = one.operator, values = one.values }",
);

/** A selector, which is `selector`, as Kubernetes has it. */
const SELECTOR = withoutEmpty(
  "field",
  `{ matchLabels = selector.match_labels, matchExpressions = ${each("one", "selector.match_expressions", () => MATCH_EXPRESSION)} }`,
);

/**
 * The selectors as Kubernetes has them. What is null or empty is left out, because `{}` and nothing mean
 * different things: a selector that is there and empty matches everything.
 */
export const SELECTORS = `{ for name, selector in { podSelector = ${variable("pod_selector")}, serviceAccountSelector = ${variable("service_account_selector")} } : name => ${SELECTOR} if ${isGiven("selector")} }`;

export const POLICY = {
  apiVersion: "vpcresources.k8s.aws/v1beta1",
  kind: "SecurityGroupPolicy",
  metadata: { name: expression(variable("name")), namespace: expression(variable("namespace")) },
  spec: expression(
    `merge(local.selectors, { securityGroups = { groupIds = ${variable("security_group_ids")} } })`,
  ),
};
