import type { Resource } from "../../read/model";
import type { Inventory } from "../model";
import { resources } from "../resources";

/**
 * What names the types of a cluster's nodes.
 *
 * @param hasPodGroups whether something else shows that the input is about pods with groups of their own
 */
export function nodeTypes(inventory: Inventory, hasPodGroups: boolean): readonly Resource[] {
  const nodeGroups = resources(inventory, "aws_eks_node_group");
  const isAboutEks = nodeGroups.length > 0 || resources(inventory, "aws_eks_cluster").length > 0;
  const templates = isAboutEks || hasPodGroups ? resources(inventory, "aws_launch_template") : [];
  return [...nodeGroups, ...templates];
}
