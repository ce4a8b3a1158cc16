import { Unknown } from "../../expression/value";
import type { GroupKey } from "../../network/peers";
import { once } from "../inventory/once";
import { resources } from "../inventory/resources";
import type { CheckContext } from "./check";

/** The cluster tags of a group; undefined where the input does not say. */
export function clusterTags(context: CheckContext, group: GroupKey): readonly string[] | undefined {
  const { knowledge, tags = {} } = context.inventory.groups.get(group) ?? {};
  const found = Object.keys(tags).filter((tag) => tag.startsWith("kubernetes.io/cluster/"));
  if (found.length > 0) return found;
  return knowledge === "all" && !groupsWithUnknownTags(context).has(group) ? [] : undefined;
}

/** Groups whose tags the input does not determine. */
const groupsWithUnknownTags: (context: CheckContext) => ReadonlySet<GroupKey> = once(({ inventory }) => {
  const groups = resources(inventory, "aws_security_group").filter(
    ({ values }) => values["tags"] instanceof Unknown || values["tags_all"] instanceof Unknown,
  );
  return new Set(groups.map(({ address }) => address));
});
