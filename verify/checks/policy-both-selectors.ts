import { policies } from "../inventory/kubernetes/policies";
import type { Check } from "./check";

export const check: Check = {
  id: "policy-both-selectors",
  severity: "information",
  title: "A SecurityGroupPolicy has both selectors",
  why: "With podSelector and serviceAccountSelector, a pod must match both. To match pods that meet either, write two policies.",
  reference: "https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/utils/helper.go",
  run: (context) =>
    policies(context.inventory)
      .filter(
        ({ podSelector, serviceAccountSelector }) =>
          podSelector.state !== "absent" &&
          serviceAccountSelector.state !== "absent" &&
          (podSelector.state === "given" || serviceAccountSelector.state === "given"),
      )
      .map(({ address, source }) => ({
        address,
        source,
        message: `${address} has podSelector and serviceAccountSelector: it matches only pods that meet both. To match pods that meet either, write two policies.`,
      })),
};
