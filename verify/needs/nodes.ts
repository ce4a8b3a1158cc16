import { isPartOf } from "../../expression/address";
import type { GroupKey } from "../../network/peers";
import type { NodePool } from "../inventory/cluster/karpenter";
import { nodesMadeBy, ownName } from "../inventory/cluster/unread-modules";
import { isCalledNodes } from "../inventory/interfaces/purpose";
import type { Inventory } from "../inventory/model";
import { once } from "../inventory/once";
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

/** Whether Karpenter makes nodes of which it is not known which groups it finds for them. */
export const findsUnknownGroups: (of: Inventory) => boolean = once(
  (inventory) => unknownByKarpenter(inventory) !== undefined,
);

/** Whether the input shows Karpenter, which may start nodes that are not there yet. */
export function startsNodesByKarpenter(inventory: Inventory): boolean {
  return (
    inventory.nodeClasses.length > 0 || inventory.nodePools.length > 0 || karpenterBy(inventory) !== undefined
  );
}

const unknownByKarpenter = once((inventory: Inventory): string | undefined => {
  const { nodeClasses, nodePools } = inventory;
  const open = nodeClasses.flatMap(({ found }) => ("unknown" in found ? [found.unknown] : []));
  const [first] = open;
  if (first !== undefined) return `${MAKES_NODES}, and ${first}`;
  const pool = nodePools.find((one) => !isShown(inventory, one));
  if (pool !== undefined) {
    const called = pool.of === undefined ? "" : ` (${pool.of.kind} ${pool.of.name})`;
    return `${MAKES_NODES} by ${pool.address}, and the input does not show its class${called}, which finds their groups`;
  }
  const by = nodeClasses.length > 0 ? undefined : karpenterBy(inventory);
  if (by === undefined) return undefined;
  return `${MAKES_NODES} (${by}), and the input shows no EC2NodeClass, which finds their groups: give its manifest as well`;
});

const MAKES_NODES = "Karpenter makes nodes";

/** Whether the input shows the class of a pool. Auto Mode has one of its own, whose nodes carry the group that EKS makes. */
function isShown({ nodeClasses }: Inventory, { of }: NodePool): boolean {
  if (of === undefined) return nodeClasses.length > 0;
  return (
    of.kind === "NodeClass" || nodeClasses.some(({ kind, name }) => kind === of.kind && name === of.name)
  );
}

/** What shows that Karpenter makes nodes. */
const karpenterBy = once((inventory: Inventory): string | undefined => {
  const { input, releases } = inventory;
  const made = new Set(input.resources.flatMap(({ mode, module }) => (mode === "managed" ? [module] : [])));
  const isOf = (module: ModuleInput) => {
    if (module.passed !== undefined) return nodesMadeBy(module) === "karpenter";
    // One that is switched off makes nothing.
    const names = [ownName(module.address), module.folder?.split("/").at(-1) ?? ""];
    return (
      names.some((name) => /karpenter/i.test(name)) && [...made].some((one) => isPartOf(module.address, one))
    );
  };
  return releases.find(({ chart }) => /karpenter/i.test(chart))?.address ?? input.modules.find(isOf)?.address;
});

/**
 * Why it is not known which groups all nodes carry, as a part of a sentence; undefined where the input shows that, as far as can
 * be seen.
 */
export const unknownNodes: (of: Inventory) => string | undefined = once((inventory) => {
  const karpenter = unknownByKarpenter(inventory);
  if (karpenter !== undefined) return karpenter;
  const hidden = hidingNodes(inventory);
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

/** The modules that were not read, may make nodes, and of which no group is named. */
export const hidingNodes: (of: Inventory) => readonly ModuleInput[] = once((inventory) =>
  inventory.input.modules.filter((module) => mayHideNodes(inventory, module)),
);

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
