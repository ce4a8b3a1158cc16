import { policies } from "../inventory/kubernetes/policies";
import { matchesNothing } from "../inventory/kubernetes/selectors";
import type { Check } from "./check";

export const check: Check = {
  id: "policy-selects-nothing",
  severity: "error",
  title: "A SecurityGroupPolicy selects no pods",
  why: "A policy without podSelector and serviceAccountSelector is accepted and then ignored: only a log line of the controller says so. A selector that no labels can match has the same effect.",
  reference: "https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/utils/helper.go",
  run: (context) =>
    policies(context.inventory).flatMap(
      ({ address, source, podSelector, serviceAccountSelector, matched, problems }) => {
        if (podSelector.state === "absent" && serviceAccountSelector.state === "absent") {
          const message = `${address} has neither podSelector nor serviceAccountSelector: Kubernetes accepts and ignores it, and pods keep the groups of their node. Add a selector with the labels of the pods.`;
          return [{ address, source, message }];
        }
        // Of one that is malformed policy-refused says so.
        if (matched === undefined || !matchesNothing(matched) || problems.length > 0) return [];
        const message = `${address} has requirements that no labels can meet together: it matches no pod. Correct its selectors.`;
        return [{ address, source, message }];
      },
    ),
};
