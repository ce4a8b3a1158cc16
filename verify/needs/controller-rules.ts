import type { GroupKey } from "../../network/peers";
import { targetsOf } from "../inventory/balancers";
import { policiesOn } from "../inventory/kubernetes/policies";
import { servicesTo } from "../inventory/kubernetes/services";
import { type Workload, workloads } from "../inventory/kubernetes/workloads";
import type { Inventory } from "../inventory/model";
import { once } from "../inventory/once";

/** Pods into one of whose groups the AWS Load Balancer Controller writes the rules of load balancers. */
export interface ControlledPods {
  readonly workload: Workload;
  /** All that policies give them. */
  readonly groups: readonly GroupKey[];
  /** What asks for the load balancers, such as `Ingress shop/front`. */
  readonly by: readonly string[];
}

/** Pods with groups of their own that are targets themselves; not those of which it is not certain which policies match. */
export const controlledPods: (inventory: Inventory) => readonly ControlledPods[] = once((inventory) =>
  workloads(inventory).flatMap((workload): ControlledPods[] => {
    const groups = podGroups(inventory, workload);
    if (groups === undefined || groups.length === 0) return [];
    const targets = servicesTo(inventory, workload).certain.flatMap((one) => targetsOf(inventory, one));
    const written = targets.filter(({ type, rulesBy }) => type === "ip" && rulesBy === "controller");
    return written.length === 0 ? [] : [{ workload, groups, by: [...new Set(written.map(({ by }) => by))] }];
  }),
);

/** The groups that the pods of a workload get by all policies that match; undefined where that is not certain. */
export function podGroups(inventory: Inventory, workload: Workload): readonly GroupKey[] | undefined {
  const { certain, possible } = policiesOn(inventory, workload);
  const isKnown =
    possible.length === 0 &&
    certain.every(({ isUncertain, groupIds }) => !isUncertain && groupIds !== undefined);
  return isKnown ? [...new Set(certain.flatMap(({ groups }) => groups))] : undefined;
}
