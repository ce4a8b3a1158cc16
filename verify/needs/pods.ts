import type { GroupKey } from "../../network/peers";
import { maySelect, policiesBeside } from "../inventory/kubernetes/policies";
import type { Policy } from "../inventory/model";
import { once } from "../inventory/once";
import type { Estate, Party } from "./model";

/** The groups that may be on the pods of a policy: its own, and those of policies that may match the same pods. */
export function groupsOnPods({ inventory }: Estate, policy: Policy): GroupKey[] {
  const others = policiesBeside(inventory, policy);
  return [...new Set([policy, ...others].flatMap(({ groups }) => groups))];
}

/** Whether a group is declared elsewhere: by its id it may be any other. */
export function isForeign({ inventory }: Estate, group: GroupKey): boolean {
  const { declaredAt, isOwnOfCluster } = inventory.groups.get(group) ?? {};
  return declaredAt === undefined && !isOwnOfCluster;
}

/** Pods that certainly get groups of their own, all of which the input declares; those with the same groups once. */
export interface Pods {
  readonly policies: readonly Policy[];
  readonly party: Extract<Party, { groups: unknown }>;
}

export const podsWithGroups: (estate: Estate) => readonly Pods[] = once((estate) => {
  const found = new Map<string, Pods>();
  for (const policy of estate.inventory.policies) {
    const { groups, groupIds, isUncertain, name } = policy;
    if (groups.length === 0 || groupIds === undefined || isUncertain || !maySelect(policy)) continue;
    const mayCarry = groupsOnPods(estate, policy);
    if (mayCarry.some((group) => isForeign(estate, group))) continue;
    const key = [...groups].sort().join(" ");
    const { policies = [], party } = found.get(key) ?? {};
    found.set(key, {
      policies: [...policies, policy],
      party: {
        groups,
        mayCarry: [...new Set([...(party?.mayCarry ?? []), ...mayCarry])],
        name: typeof name === "string" ? `${name}-pods` : "pods",
      },
    });
  }
  return [...found.values()];
});
