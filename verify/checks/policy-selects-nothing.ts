import { policies } from "../inventory/kubernetes/policies";
import { matchesNothing } from "../inventory/kubernetes/selectors";
import type { Check } from "./check";

export const check: Check = {
  id: "policy-selects-nothing",
  severity: "error",
  title: "A SecurityGroupPolicy selects no pod",
  why: "A policy without podSelector and serviceAccountSelector is accepted when it is applied, and then ignored: a log line of the controller is all that says so. The same comes of a selector that no labels can meet.",
  reference: "https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/utils/helper.go",
  run: (context) =>
    policies(context.inventory).flatMap(
      ({ address, source, podSelector, serviceAccountSelector, matched }) => {
        if (podSelector.state === "absent" && serviceAccountSelector.state === "absent") {
          const message = `${address} has neither podSelector nor serviceAccountSelector: it is accepted and ignored, and pods keep the groups of their node. Add a selector with the labels of the pods.`;
          return [{ address, source, message }];
        }
        if (matched === undefined || !matchesNothing(matched)) return [];
        const message = `${address} has requirements that no labels can meet together: it matches no pod. Correct its selectors.`;
        return [{ address, source, message }];
      },
    ),
};
