import type { Value } from "../../expression/value";
import type { Resource } from "../read/model";
import type { Families } from "./families";
import type { GroupRegister } from "./groups";
import type { Attachment, Policy, Role } from "./model";
import { at, blocks, elements, text } from "./values";

/** Where resources name the groups of their interfaces: one list for each kind of interface. */
const LISTS: Readonly<
  Record<
    string,
    { readonly role: Role; readonly lists: (values: Resource["values"]) => (Value | undefined)[] }
  >
> = {
  aws_db_instance: { role: "database", lists: (values) => [values["vpc_security_group_ids"]] },
  aws_rds_cluster: { role: "database", lists: (values) => [values["vpc_security_group_ids"]] },
  aws_elasticache_cluster: { role: "cache", lists: (values) => [values["security_group_ids"]] },
  aws_elasticache_replication_group: { role: "cache", lists: (values) => [values["security_group_ids"]] },
  aws_elasticache_serverless_cache: { role: "cache", lists: (values) => [values["security_group_ids"]] },
  aws_launch_template: {
    role: "nodes",
    lists: (values) => [
      values["vpc_security_group_ids"],
      ...blocks(values["network_interfaces"]).map((card) => card["security_groups"]),
    ],
  },
  aws_instance: {
    role: "nodes",
    lists: (values) => [values["vpc_security_group_ids"] ?? values["security_groups"]],
  },
  aws_network_interface: { role: "nodes", lists: (values) => [values["security_groups"]] },
  aws_lb: { role: "load-balancer", lists: (values) => [values["security_groups"]] },
  aws_alb: { role: "load-balancer", lists: (values) => [values["security_groups"]] },
  aws_elb: { role: "load-balancer", lists: (values) => [values["security_groups"]] },
  aws_eks_cluster: { role: "cluster", lists: (values) => [at(values["vpc_config"], "security_group_ids")] },
};

/** What a resource attaches groups to; gives the groups their roles. */
export function attachmentsOf(resource: Resource, register: GroupRegister, families: Families): Attachment[] {
  const { address, mode, type, values, source } = resource;
  if (mode !== "managed") return [];
  if (type === "aws_eks_cluster") giveClusterRole(resource, register);
  const { role, lists } = LISTS[type] ?? { role: "nodes" as const, lists: () => [] };
  const own = families.of(resource);
  return lists(values).flatMap((list) => {
    const groups = elements(list).flatMap((value) => groupKey(value, address, register));
    for (const group of groups) register.give(group, role);
    if (groups.length === 0) return [];
    return [{ address, role, groups: [...new Set(groups)], ...(own && { families: own }), source }];
  });
}

/** What a policy attaches to pods; gives the groups their role. */
export function attachmentOf({ address, groups, source }: Policy, register: GroupRegister): Attachment[] {
  for (const group of groups) register.give(group, "pods");
  return groups.length > 0 ? [{ address, role: "pods", groups, source }] : [];
}

/** A group that is not determined counts as a foreign one: then its interface may have more rules than are seen. */
export function groupKey(value: Value, address: string, register: GroupRegister): string[] {
  const named = register.named(value, address);
  if (named === undefined) return [];
  return ["group" in named ? named.group : register.keyOf(named.unknown)];
}

/** The group that EKS itself makes for a cluster, where a state or a plan shows its id. */
function giveClusterRole({ values }: Resource, register: GroupRegister): void {
  const id = text(at(values["vpc_config"], "cluster_security_group_id"));
  if (id) register.give(register.keyOf(id), "cluster");
}
