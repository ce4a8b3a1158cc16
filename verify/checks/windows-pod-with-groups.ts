import { policiesOn } from "../inventory/kubernetes/policies";
import { OS_LABELS, type Workload, workloads } from "../inventory/kubernetes/workloads";
import { elements, field } from "../inventory/values";
import type { Check } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "windows-pod-with-groups",
  severity: "error",
  title: "Pods for Windows get security groups",
  why: "Windows nodes have no branch interfaces. The controller knows pods for Windows by their nodeSelector kubernetes.io/os: windows and by nothing else: pods that say so in spec.os or in a node affinity get a request for a branch interface where a policy matches them, and stay Pending, because no Windows node has one.",
  reference:
    "https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/v1.8.2/webhooks/core/pod_webhook.go",
  run: ({ inventory }) =>
    workloads(inventory).flatMap((workload) => {
      const way = wayToWindows(workload);
      if (way === undefined || workload.passedOver !== undefined) return [];
      const matched = policiesOn(inventory, workload).certain.filter(
        ({ isUncertain, groupIds, problems }) =>
          !isUncertain && problems.length === 0 && groupIds?.length !== 0,
      );
      if (matched.length === 0) return [];
      const { address, source } = workload;
      const policies = listed(matched.map((policy) => policy.address));
      const message = `${address} is for Windows by its ${way}, and ${policies} ${matched.length === 1 ? "matches" : "match"} its pods: they request a branch interface, which no Windows node has, and stay Pending. Add the nodeSelector kubernetes.io/os: windows, by which the controller passes them over, or select other pods.`;
      return [{ address, source, message }];
    }),
};

/** What besides a nodeSelector certainly puts pods on Windows. */
function wayToWindows({ spec }: Workload): string | undefined {
  if (field(spec, "os", "name") === "windows") return "spec.os";
  const required = field(
    spec,
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
  );
  const terms = elements(required);
  // One of the terms must be met, and of a term all that it asks for.
  const isWindows = terms.every((term) =>
    elements(field(term, "matchExpressions")).some((one) => {
      const values = elements(field(one, "values"));
      return (
        OS_LABELS.some((label) => field(one, "key") === label) &&
        field(one, "operator") === "In" &&
        values.length > 0 &&
        values.every((value) => value === "windows")
      );
    }),
  );
  return terms.length > 0 && isWindows ? "node affinity" : undefined;
}
