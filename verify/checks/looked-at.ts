import { cniSources } from "../inventory/cluster/cni";
import { liveNodes } from "../inventory/cluster/live-nodes";
import { nodeTypes } from "../inventory/cluster/nodes";
import { hasClusterRole } from "../inventory/cluster/roles";
import type { Role } from "../inventory/model";
import { hasPodGroups } from "../needs/interfaces";
import type { CheckContext } from "./check";
import type { Report } from "./model";

/** What an input holds that checks know besides security groups and their rules, in words. */
export function lookedAt(context: CheckContext): string[] {
  const { inventory } = context;
  const subjects = {
    "the CNI": cniSources(inventory).length > 0,
    policies: inventory.policies.length > 0,
    "cluster roles": hasClusterRole(inventory),
    nodes: nodeTypes(inventory, hasPodGroups(context)).length > 0 || liveNodes(inventory).length > 0,
  };
  return Object.entries(subjects).flatMap(([words, isThere]) => (isThere ? [words] : []));
}

/** How many of what carries groups an input holds. */
export function seenIn({ inventory }: CheckContext): NonNullable<Report["seen"]> {
  const count = (role: Role) =>
    new Set(inventory.attachments.filter((one) => one.role === role).map(({ address }) => address)).size;
  return { databases: count("database"), caches: count("cache"), policies: inventory.policies.length };
}
