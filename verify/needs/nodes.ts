import type { GroupKey } from "../../network/peers";
import { isCalledNodes } from "../inventory/interfaces/purpose";
import type { Inventory } from "../inventory/model";
import { once } from "../inventory/once";
import { resources } from "../inventory/resources";
import { field } from "../inventory/values";
import { interfaces, party, rolesOf } from "./interfaces";
import type { Estate, Party } from "./model";
import { isForeign } from "./pods";

const NAME = "nodes";

/** Whether a group is on nodes, or is on nothing that is seen and called after them. */
export function isNodes(estate: Estate, group: GroupKey): boolean {
  const roles = rolesOf(estate, group);
  if (roles.size === 0) return isCalledNodes(`${group} ${estate.inventory.groups.get(group)?.name ?? ""}`);
  return !roles.has("pods") && (roles.has("nodes") || roles.has("cluster"));
}

/** Whether the input shows nodes of a cluster. */
export function showsNodes(estate: Estate): boolean {
  return interfaces(estate).some(({ role }) => role === "nodes");
}

/** Whether Karpenter makes nodes: their classes find groups by any tag, and by name. */
export const hasKarpenter: (of: Inventory) => boolean = once((inventory) => {
  return (
    inventory.objects.some(({ body }) => field(body, "kind") === "EC2NodeClass") ||
    inventory.input.modules.some(({ address }) => /karpenter/i.test(address)) ||
    resources(inventory, "helm_release").some(({ values }) => /karpenter/i.test(String(values["chart"])))
  );
});

/**
 * The nodes of the cluster by the groups that they carry: of each kind that the input shows, and of those that are made
 * elsewhere by groups that are called after them; where there are none, by the group that EKS makes. None where the input
 * does not show which groups some of them carry.
 *
 * @param isMeant whether what attaches the groups counts
 */
export function nodeParties(
  estate: Estate,
  isMeant: (address: string) => boolean = () => true,
): readonly Party[] {
  const { inventory } = estate;
  if (hasKarpenter(inventory) || hasHiddenNodes(inventory)) return [];
  const shown = interfaces(estate).filter(
    ({ role, address, isForPods }) => role === "nodes" && !isForPods && isMeant(address),
  );
  const named = [...inventory.groups.keys()].filter((group) => isNodes(estate, group));
  const called = named.filter(
    (group) => !rolesOf(estate, group).has("cluster") && (!showsNodes(estate) || isForeign(estate, group)),
  );
  const known = [...shown.map(({ groups }) => groups), ...called.map((group) => [group])];
  const all = known.length > 0 || showsNodes(estate) ? known : named.map((group) => [group]);
  return distinctParties(all.map((groups) => party(estate, groups, NAME)));
}

/** Whether a module that was not read may make nodes, and no group of it is named. */
function hasHiddenNodes({ input, groups }: Inventory): boolean {
  return input.modules.some(
    ({ address, passed }) =>
      passed !== undefined &&
      /eks|kubernetes|k8s|node|worker|module\.cluster\b/i.test(address) &&
      ![...groups.keys()].some((group) => group.startsWith(`${address}.`)),
  );
}

/** What is the same for two parties with the same groups. */
export function partyKey(one: Party): string {
  return "groups" in one ? [...one.groups].sort().join(" ") : one.cidr;
}

/** Each party once. */
export function distinctParties(parties: readonly Party[]): Party[] {
  return [...new Map(parties.map((one) => [partyKey(one), one])).values()];
}
