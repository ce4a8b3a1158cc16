import type { CheckContext } from "./check";
import { hasClusterRole } from "./cluster-role-policy";
import { cniSources } from "./cni";
import { nodeTypes } from "./instance-type-without-trunk";
import { possiblePolicies } from "./policies";

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
