import { cniSources } from "../inventory/cluster/cni";
import { possiblePolicies } from "../inventory/kubernetes/policies";
import type { CheckContext } from "./check";
import { hasClusterRole } from "./cluster-role-policy";
import { nodeTypes } from "./instance-type-without-trunk";

/** What an input holds that checks know besides security groups and their rules, in words. */
export function lookedAt(context: CheckContext): string[] {
  const subjects = {
    "the CNI": cniSources(context).length > 0,
    policies: possiblePolicies(context).length > 0,
    "cluster roles": hasClusterRole(context),
    nodes: nodeTypes(context).length > 0,
  };
  return Object.entries(subjects).flatMap(([words, isThere]) => (isThere ? [words] : []));
}
