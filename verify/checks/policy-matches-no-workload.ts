import { Unknown, type Value } from "../../expression/value";
import { groupedBy } from "../../io/lists";
import { plural } from "../../io/plural";
import { nearestWorkload } from "../inventory/kubernetes/near-labels";
import { fitsWorkload, maySelect, policies, policiesOn } from "../inventory/kubernetes/policies";
import { hasUnreadWorkloads, type Workload, workloads } from "../inventory/kubernetes/workloads";
import type { Inventory, Policy } from "../inventory/model";
import { once } from "../inventory/once";
import type { Check, Observation } from "./check";

export const check: Check = {
  id: "policy-matches-no-workload",
  severity: "warning",
  title: "A SecurityGroupPolicy matches none of the workloads",
  why: "A pod that no policy matches silently keeps the groups of its node. The finding is a warning where pods miss the policy by one label, by their namespace, or because the controller passes them over: it does so with pods on the host network, and with those whose nodeSelector asks for Windows. It is information where the manifests have workloads in the policy's namespace and none is near: the one that is meant may be elsewhere.",
  reference: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
  run: ({ inventory }) =>
    policies(inventory).flatMap((policy) => {
      const { address, source, matched, namespace, problems } = policy;
      const isKnown = matched !== undefined && typeof namespace === "string" && maySelect(policy);
      if (!isKnown || problems.length > 0 || isMatched(inventory).has(policy)) return [];
      if (hasUnreadWorkloads(inventory)) return [];
      const said = wordsOf(inventory, policy);
      return said === undefined ? [] : [{ address, source, ...said }];
    }),
};

/** The policies that some workload may be matched by. */
const isMatched: (of: Inventory) => ReadonlySet<Policy> = once(
  (inventory) =>
    new Set(
      workloads(inventory).flatMap((workload) => {
        const { certain, possible } = policiesOn(inventory, workload);
        return [...certain, ...possible];
      }),
    ),
);

/** The workloads that certainly no policy matches: one of them may be meant. */
const unmatched: (of: Inventory) => readonly Workload[] = once((inventory) =>
  workloads(inventory).filter((workload) =>
    Object.values(policiesOn(inventory, workload)).every(({ length }) => length === 0),
  ),
);

function wordsOf(
  inventory: Inventory,
  policy: Policy,
): Pick<Observation, "message" | "severity"> | undefined {
  const { address, namespace } = policy;
  const free = unmatched(inventory);
  const own = free.filter((workload) => workload.namespace === namespace);
  const over = own.find((workload) => workload.passedOver !== undefined && fitsWorkload(policy, workload));
  if (over) {
    const why = over.passedOver === "windows" ? "whose nodeSelector asks for Windows" : "on the host network";
    return {
      message: `${address} matches only pods that the controller passes over, such as those of ${over.address}, ${why}: they keep the groups of their node. Remove the policy, or correct its selector or the pods.`,
    };
  }
  const nearest = nearestWorkload(policy, own);
  if (nearest) {
    const { asked, has, whose } = nearest.near;
    const have = whose === "pods" ? "the pods" : "the service account of the pods";
    return {
      message: `${address} matches no workload here: it asks for ${asked}, and ${have} of ${nearest.workload.address} ${whose === "pods" ? "have" : "has"} ${has}. Write the same in both, or its pods keep the groups of their node.`,
    };
  }
  const elsewhere = withLabelOf(inventory, policy).find(
    (workload) => workload.passedOver === undefined && fitsWorkload(policy, workload),
  );
  if (elsewhere) {
    return {
      message: `${address} matches no workload here: the pods of ${elsewhere.address} have its labels and are in another namespace, ${String(elsewhere.namespace)}. A policy selects pods of its own namespace only: put it there, or correct the namespace of the pods.`,
    };
  }
  const here = workloads(inventory).filter((workload) => workload.namespace === namespace);
  if (here.length === 0 || (inventory.input.manifests ?? []).length === 0) return undefined;
  return {
    severity: "information",
    message: `${address} matches no workload here, though its namespace has ${plural(here.length, "workload")}. If the workload that is meant is not elsewhere, correct the selector: its pods keep the groups of their node.`,
  };
}

/** Workloads of known namespaces that no policy matches, by each of their labels. */
const byLabel: (of: Inventory) => ReadonlyMap<string, readonly Workload[]> = once((inventory) => {
  const pairs = unmatched(inventory)
    .filter(({ namespace }) => !(namespace instanceof Unknown))
    .flatMap((workload) =>
      Object.entries(workload.labels).map(([key, value]) => ({ label: labelKey(key, value), workload })),
    );
  return new Map(
    [...groupedBy(pairs, ({ label }) => label)].map(([label, found]) => [
      label,
      found.map(({ workload }) => workload),
    ]),
  );
});

/** Those that have one label that a policy asks for; none for a policy that asks for no value. */
function withLabelOf(inventory: Inventory, { podSelector }: Policy): readonly Workload[] {
  const asked =
    podSelector.state === "given"
      ? podSelector.requirements.find(({ operator, values }) => operator === "In" && values)
      : undefined;
  return (asked?.values ?? []).flatMap((value) => byLabel(inventory).get(labelKey(asked?.key, value)) ?? []);
}

function labelKey(key: Value | undefined, value: Value): string {
  return `${String(key)}=${String(value)}`;
}
