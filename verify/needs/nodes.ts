import type { GroupKey } from "../../network/peers";
import { isCalledNodes } from "../inventory/interfaces/purpose";
import { interfaces, party, rolesOf } from "./interfaces";
import type { Estate, Party } from "./model";

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

/**
 * The nodes of the cluster by the groups that they carry: of each kind that the input shows; where it shows none, by the
 * groups that are called after nodes, else by the group that EKS makes.
 *
 * @param isMeant whether what attaches the groups counts
 */
export function nodeParties(
  estate: Estate,
  isMeant: (address: string) => boolean = () => true,
): readonly Party[] {
  const shown = interfaces(estate).filter(({ role }) => role === "nodes");
  if (shown.length > 0) {
    return distinct(
      shown.filter(({ address }) => isMeant(address)).map(({ groups }) => party(estate, groups, NAME)),
    );
  }
  const named = [...estate.inventory.groups.keys()].filter((group) => isNodes(estate, group));
  const called = named.filter((group) => !rolesOf(estate, group).has("cluster"));
  return (called.length > 0 ? called : named).map((group) => party(estate, [group], NAME));
}

function distinct(parties: readonly Party[]): Party[] {
  const key = (one: Party) => ("groups" in one ? [...one.groups].sort().join(" ") : one.cidr);
  return [...new Map(parties.map((one) => [key(one), one])).values()];
}
