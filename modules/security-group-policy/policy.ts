import { expression } from "../../synth/text";
import { variable } from "./variables";

/**
 * The selectors as Kubernetes has them. What is null or empty is left out, because `{}` and nothing mean
 * different things: a selector that is there and empty matches everything.
 */
export const SELECTORS =
  "{ for name, selector in { podSelector = var.pod_selector, serviceAccountSelector = var.service_account_selector } : name => { for field, value in { matchLabels = selector.match_labels, matchExpressions = [for one in selector.match_expressions : { for key, value in { key = one.key, operator = one.operator, values = one.values } : key => value if length(value) > 0 }] } : field => value if length(value) > 0 } if selector != null }";

export const POLICY = {
  apiVersion: "vpcresources.k8s.aws/v1beta1",
  kind: "SecurityGroupPolicy",
  metadata: { name: expression(variable("name")), namespace: expression(variable("namespace")) },
  spec: expression(
    `merge(local.selectors, { securityGroups = { groupIds = ${variable("security_group_ids")} } })`,
  ),
};
