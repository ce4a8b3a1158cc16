import { unmappedInAnnotations } from "../inventory/balancers";
import { isPlaceholder } from "../inventory/kubernetes/policy-shape";
import type { Inventory, Policy } from "../inventory/model";
import { once } from "../inventory/once";

const addressesOfManifests = once((inventory: Inventory) => {
  return new Set((inventory.input.manifests ?? []).map(({ address }) => address));
});

/** What a policy of a manifest has in the place of ids of groups, of which nobody says which group is meant. */
export function unmappedIn(inventory: Inventory, { address, problems, groupIds = [] }: Policy): string[] {
  if (!addressesOfManifests(inventory).has(address) || problems.length > 0) return [];
  const { groupWords, kind } = inventory.input;
  return [...new Set(groupIds.filter((id) => typeof id === "string"))].filter((id) => {
    // A state has the ids of its groups: another one is of a group elsewhere.
    if (groupWords?.has(id) || (kind === "state" && !isPlaceholder(id))) return false;
    const group = inventory.groups.get(id);
    return group !== undefined && group.declaredAt === undefined;
  });
}

/** The same of all policies, and of the annotations of load balancers. */
export function unmappedGroups(inventory: Inventory): string[] {
  return [
    ...new Set([
      ...inventory.policies.flatMap((policy) => unmappedIn(inventory, policy)),
      ...unmappedInAnnotations(inventory).flatMap(({ words }) => words),
    ]),
  ];
}

/** The addresses of declared groups that nothing attaches. */
export function freeGroups({ groups }: Pick<Inventory, "groups">): string[] {
  return [...groups.values()]
    .filter(({ declaredAt, roles }) => declaredAt !== undefined && roles.size === 0)
    .map(({ label }) => label);
}
