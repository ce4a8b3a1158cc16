import { Unknown } from "../../expression/value";
import type { GroupKey } from "../../network/peers";
import { policiesOn } from "../inventory/kubernetes/policies";
import type { Workload } from "../inventory/kubernetes/workloads";
import { unmappedIn } from "../needs/mapping";
import type { Estate } from "../needs/model";
import type { Unjudged } from "./unjudged";

/** The groups that the pods of a workload certainly get; none where that is not known. */
export function groupsOf({ inventory }: Estate, workload: Workload, notes: Unjudged): readonly GroupKey[] {
  const { namespace } = workload;
  const matched = policiesOn(inventory, workload);
  const certain = matched.certain.filter(({ isUncertain }) => !isUncertain);
  const possible = [...matched.possible, ...matched.certain.filter(({ isUncertain }) => isUncertain)].filter(
    ({ groups }) => groups.length > 0,
  );
  if (possible.length > 0) {
    const policies = possible.map(({ address }) => address).join(" and ");
    const why =
      namespace instanceof Unknown ? ", since it names no namespace: give --manifests NAMESPACE=PATH" : "";
    notes.add(
      workload,
      `whether ${policies} selects its pods is not known, so what they need is not judged${why}`,
    );
    return [];
  }
  const unmapped = certain.flatMap((policy) => unmappedIn(inventory, policy));
  const isListKnown = certain.every(({ groupIds }) => groupIds !== undefined);
  if (unmapped.length > 0 || !isListKnown) {
    const what =
      unmapped.length > 0
        ? `the group that ${[...new Set(unmapped)].join(", ")} stands for`
        : "the groups of its pods";
    notes.add(workload, `${what} is not known, so what its pods need is not judged`);
    return [];
  }
  return [...new Set(certain.flatMap(({ groups }) => groups))];
}
