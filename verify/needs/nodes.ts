import { isPartOf } from "../../expression/address";
import type { GroupKey } from "../../network/peers";
import { nodesMadeBy, ownName } from "../inventory/cluster/unread-modules";
import { isCalledNodes } from "../inventory/interfaces/purpose";
import type { Inventory } from "../inventory/model";
import { once } from "../inventory/once";
import { field } from "../inventory/values";
import type { ModuleInput } from "../read/model";
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
export const hasKarpenter: (of: Inventory) => boolean = once(
  (inventory) => karpenterBy(inventory) !== undefined,
);

/** What shows that Karpenter makes nodes. */
const karpenterBy = once((inventory: Inventory): string | undefined => {
  const { objects, input, releases } = inventory;
  const made = new Set(input.resources.flatMap(({ mode, module }) => (mode === "managed" ? [module] : [])));
  const isOf = (module: ModuleInput) => {
    if (module.passed !== undefined) return nodesMadeBy(module) === "karpenter";
    // One that is switched off makes nothing.
    const names = [ownName(module.address), module.folder?.split("/").at(-1) ?? ""];
    return (
      names.some((name) => /karpenter/i.test(name)) && [...made].some((one) => isPartOf(module.address, one))
    );
  };
  return (
    objects.find(({ body }) => field(body, "kind") === "EC2NodeClass")?.address ??
    releases.find(({ chart }) => /karpenter/i.test(chart))?.address ??
    input.modules.find(isOf)?.address
  );
});

/**
 * Why it is not known which groups all nodes carry, as a part of a sentence; undefined where the input shows that, as far as can
 * be seen.
 */
export const unknownNodes: (of: Inventory) => string | undefined = once((inventory) => {
  const karpenter = karpenterBy(inventory);
  if (karpenter !== undefined)
    return `Karpenter makes nodes (${karpenter}), and finds their groups by itself`;
  const hidden = inventory.input.modules.filter((module) => mayHideNodes(inventory, module));
  if (hidden.length === 0) return undefined;
  const names = hidden.map(({ address }) => address).join(", ");
  return `nodes may come from ${names}, which is not read (\`terraform init -backend=false\` fetches modules)`;
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
  if (unknownNodes(inventory) !== undefined) return [];
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
function mayHideNodes({ groups }: Inventory, module: ModuleInput): boolean {
  return (
    module.passed !== undefined &&
    nodesMadeBy(module) === "any" &&
    ![...groups.keys()].some((group) => group.startsWith(`${module.address}.`))
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
