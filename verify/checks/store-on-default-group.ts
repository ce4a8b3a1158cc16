import type { GroupKey } from "../../network/peers";
import { within } from "../inventory/interfaces/attachments";
import { INTERFACES } from "../inventory/interfaces/table";
import type { Inventory } from "../inventory/model";
import { rulesByGroup } from "../inventory/rule-index";
import { showsNodes } from "../needs/nodes";
import type { Resource } from "../read/model";
import type { Check } from "./check";

export const check: Check = {
  id: "store-on-default-group",
  severity: "warning",
  title: "A data service uses the default group of its VPC",
  why: "A database, cache or file system that names no security group gets the default group of its VPC, which allows only its own members: neither nodes nor pods are members, so connections time out. Information if the input shows neither. Silent if the configuration opens the default group, for replicas, which have the groups of their source, and in plans and states, which show the groups that AWS assigned.",
  reference: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
  run: (context) => {
    const { inventory } = context;
    if (inventory.input.kind !== "configuration" || opensDefault(inventory)) return [];
    const isAboutPods = showsNodes(context) || inventory.policies.length > 0;
    return inventory.input.resources.filter(isOnDefault).map(({ address, type, source }) => {
      const [argument = ""] = INTERFACES[type]?.groups ?? [];
      return {
        address,
        source,
        severity: isAboutPods ? ("warning" as const) : ("information" as const),
        message: `${address} names no security group, so it gets the default group of its VPC, which allows only its own members: connections from nodes and pods time out. Set its own group in ${argument}, and allow the pod security group there.`,
      };
    });
  },
};

/** Arguments that say that the groups come from something else. */
const FROM_OTHERS = ["replicate_source_db", "replication_group_id", "global_replication_group_id"];

function isOnDefault({ mode, type, values }: Resource): boolean {
  const kind = INTERFACES[type];
  if (mode !== "managed" || !kind?.isOnDefault) return false;
  if (FROM_OTHERS.some((argument) => (values[argument] ?? null) !== null)) return false;
  return kind.groups.every((path) => within(values, path.split(".")).length === 0);
}

/** Whether the configuration lets others into a default group. */
function opensDefault(inventory: Inventory): boolean {
  const { ingress } = rulesByGroup(inventory);
  const isOpened = (group: GroupKey) =>
    (ingress.get(group) ?? []).some(({ peer }) => peer.kind !== "group" || peer.group !== group);
  const byName = inventory.input.resources.flatMap(({ type, address, values }) => {
    if (type === "aws_default_security_group") return [address];
    return type === "aws_security_group" && values["name"] === "default" ? [`${address}.id`, address] : [];
  });
  const byAttribute = [...ingress.keys()].filter((group) => /\bdefault_security_group_id$/.test(group));
  return [...byName, ...byAttribute].some(isOpened);
}
