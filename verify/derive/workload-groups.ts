import { Unknown } from "../../expression/value";
import type { GroupKey } from "../../network/peers";
import type { Hanging } from "../expect/model";
import { calledAs } from "../inventory/kubernetes/names";
import { fitsWorkload, policiesOn } from "../inventory/kubernetes/policies";
import type { Workload } from "../inventory/kubernetes/workloads";
import type { Policy } from "../inventory/model";
import { unmappedIn } from "../needs/mapping";
import type { Estate } from "../needs/model";
import type { Unjudged } from "./unjudged";

/** The groups of pods; none where they are not known, or are those of the node. */
export interface PodGroups {
  readonly groups: readonly GroupKey[];
  /** The policy that gives some of them, if it selects the pods, and those that they have in any case. */
  readonly hangsOn?: Omit<Hanging, "end">;
}

/**
 * The groups that the pods of a workload get. Where one policy fits them and it is not known whether it is in their namespace, or
 * whether it is there, the groups are those that they get if it selects them.
 */
export function podGroupsOf(estate: Estate, workload: Workload, notes: Unjudged): PodGroups {
  const { certain, possible } = policiesFor(estate, workload);
  const [only, ...more] = possible;
  if (only === undefined || more.length > 0 || !mayBeAsGiven(only, workload))
    return { groups: groupsOf(estate, workload, notes) };
  const groups = groupsIn(estate, workload, [...certain, only], notes);
  if (groups.length === 0) return { groups };
  notes.add(
    workload,
    `whether ${only.address} selects its pods is not known, so what they need depends on it${namespaceWords(workload)}`,
  );
  const otherwise = groupsIn(estate, workload, certain, notes);
  return { groups, hangsOn: { policy: only.address, workload: calledAs(workload), otherwise } };
}

/** The groups that the pods of a workload certainly get; none where that is not known. */
export function groupsOf(estate: Estate, workload: Workload, notes: Unjudged): readonly GroupKey[] {
  const { certain, possible } = policiesFor(estate, workload);
  if (possible.length === 0) return groupsIn(estate, workload, certain, notes);
  const policies = possible.map(({ address }) => address).join(" and ");
  notes.add(
    workload,
    `whether ${policies} selects its pods is not known, so what they need is not judged${namespaceWords(workload)}`,
  );
  return [];
}

function namespaceWords({ namespace }: Workload): string {
  return namespace instanceof Unknown ? ", since it names no namespace: give --manifests NAMESPACE=PATH" : "";
}

/** Whether only its namespace, or that of the pods, or its existence is in doubt. */
function mayBeAsGiven(policy: Policy, workload: Workload): boolean {
  return workload.passedOver === undefined && fitsWorkload(policy, workload);
}

/** The policies that certainly select the pods of a workload, and those that may and give groups. */
function policiesFor({ inventory }: Estate, workload: Workload) {
  const matched = policiesOn(inventory, workload);
  const uncertain = matched.certain.filter(({ isUncertain }) => isUncertain);
  return {
    certain: matched.certain.filter(({ isUncertain }) => !isUncertain),
    possible: [...matched.possible, ...uncertain].filter(({ groups }) => groups.length > 0),
  };
}

/** The groups that policies give; none where they are not known. */
function groupsIn(
  { inventory }: Estate,
  workload: Workload,
  policies: readonly Policy[],
  notes: Unjudged,
): readonly GroupKey[] {
  const unmapped = policies.flatMap((policy) => unmappedIn(inventory, policy));
  const isListKnown = policies.every(({ groupIds }) => groupIds !== undefined);
  if (unmapped.length > 0 || !isListKnown) {
    const what =
      unmapped.length > 0
        ? `the group that ${[...new Set(unmapped)].join(", ")} stands for`
        : "the groups of its pods";
    notes.add(workload, `${what} is not known, so what its pods need is not judged`);
    return [];
  }
  return [...new Set(policies.flatMap(({ groups }) => groups))];
}
