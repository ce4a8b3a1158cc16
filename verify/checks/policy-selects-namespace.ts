import { policies } from "../inventory/kubernetes/policies";
import type { Selector } from "../inventory/model";
import type { Check } from "./check";

export const check: Check = {
  id: "policy-selects-namespace",
  severity: "warning",
  title: "A SecurityGroupPolicy matches every pod of its namespace",
  why: "An empty selector matches everything: every pod of the namespace then takes a branch interface, of which a node has few, and has only these groups. Suppress the finding if that is intended.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/sg-pods-example-deployment.html",
  run: (context) =>
    policies(context.inventory).flatMap(({ address, source, podSelector, serviceAccountSelector }) => {
      const given = [podSelector, serviceAccountSelector].filter(({ state }) => state !== "absent");
      if (given.length === 0 || !given.every(isEmpty)) return [];
      const message = `${address} has an empty selector: it matches every pod of its namespace. Select the intended pods by their labels, or suppress this finding.`;
      return [{ address, source, message }];
    }),
};

function isEmpty(selector: Selector): boolean {
  return selector.state === "given" && selector.requirements.length === 0;
}
