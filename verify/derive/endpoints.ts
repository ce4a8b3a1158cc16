import type { GroupKey } from "../../network/peers";
import type { Endpoint } from "../expect/model";
import { isOnFargate } from "../inventory/cluster/fargate";
import type { Workload } from "../inventory/kubernetes/workloads";
import type { Inventory } from "../inventory/model";
import { once } from "../inventory/once";
import type { Estate, Party } from "../needs/model";

/** How many policies give a group. */
const policiesBy = once(({ policies }: Inventory) => {
  const result = new Map<GroupKey, number>();
  for (const key of policies.flatMap(({ groups }) => groups)) result.set(key, (result.get(key) ?? 0) + 1);
  return result;
});

/**
 * The pods of a workload with the groups that they get, those first that the fewest pods share: a rule that is missing is
 * proposed for the first. Fargate gives each of them a machine and an interface of its own.
 */
export function podEndpoint(inventory: Inventory, workload: Workload, groups: readonly GroupKey[]): Endpoint {
  const { hasIpv6Pods, familiesOn } = inventory;
  const { name, address } = workload;
  const families = hasIpv6Pods ? (["ipv6"] as const) : familiesOn(groups);
  const shared = policiesBy(inventory);
  return {
    name: name === "" ? address : name,
    groups: groups.toSorted((a, b) => (shared.get(a) ?? 0) - (shared.get(b) ?? 0)),
    workload: address,
    ...(isOnFargate(inventory, workload) !== true && { isOnNodes: true }),
    ...(families && { families }),
    ...(hasIpv6Pods && { isIpv6Pod: true }),
  };
}

/** Ends of one kind, each with what tells it from the others in an id. */
export function endpointsOf(
  { inventory }: Estate,
  parties: readonly Party[],
  called: string,
): { readonly suffix: string; readonly endpoint: Endpoint }[] {
  const isOne = parties.length === 1;
  return parties.map((party) => {
    if ("cidr" in party) {
      const { cidr } = party;
      return { suffix: isOne ? "" : `/${cidr}`, endpoint: { name: cidr, groups: [], cidrs: [cidr] } };
    }
    const { groups } = party;
    const label = groups.map((key) => inventory.groups.get(key)?.label ?? key).join("+");
    const families = inventory.familiesOn(groups);
    const name = isOne ? called : label;
    return {
      suffix: isOne ? "" : `/${label}`,
      endpoint: { name, groups, isOnNodes: true, ...(families && { families }) },
    };
  });
}
