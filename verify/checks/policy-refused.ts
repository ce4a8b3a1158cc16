import { nameProblems, typeProblems } from "../inventory/kubernetes/malformed";
import { policies } from "../inventory/kubernetes/policies";
import type { Selector } from "../inventory/model";
import type { Check } from "./check";

export const check: Check = {
  id: "policy-refused",
  severity: "error",
  title: "Invalid SecurityGroupPolicy",
  why: "Kubernetes rejects a policy with an apiVersion other than vpcresources.k8s.aws/v1beta1, with an invalid name or namespace, or with a value of the wrong type, such as a list inside the groupIds list. It drops fields that policies do not have. A rejected policy gives no pod any groups, so nothing else is reported about its groups. An invalid selector is worse: the policy is accepted, but the controller cannot read it, and it matches no pod. Keys and values of labels have at most 63 characters; In and NotIn need values, Exists and DoesNotExist must have none. A label without a value (`app:`) is dropped, and the policy matches more pods than it says.",
  reference: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
  run: (context) =>
    policies(context.inventory).flatMap((policy) => {
      const { address, source, name, namespace } = policy;
      const problems = [
        ...policy.problems,
        ...nameProblems(name, namespace),
        ...typesIn("podSelector", policy.podSelector),
        ...typesIn("serviceAccountSelector", policy.serviceAccountSelector),
      ];
      if (problems.length === 0) return [];
      return [{ address, source, about: problems, message: `${address}: ${problems.join("; ")}.` }];
    }),
};

function typesIn(where: string, selector: Selector): string[] {
  if (selector.state !== "given") return [];
  const dropped = selector.dropped.map(
    (key) =>
      `the label ${JSON.stringify(key)} has no value: Kubernetes drops it, so that pods match whatever their ${JSON.stringify(key)} is`,
  );
  return [...dropped, ...typeProblems(selector.requirements)].map((problem) => `${where}: ${problem}`);
}
