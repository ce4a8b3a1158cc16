import { PRIVATE } from "../../aws/address-ranges";
import { LISTENING } from "../../aws/listening-ports";
import { cidrsOverlap } from "../../network/addresses";
import type { GroupKey } from "../../network/peers";
import { overlaps, type Traffic } from "../../network/traffic";
import { mayMatchTogether } from "../inventory/kubernetes/policies";
import type { Attachment, Policy, SecurityGroupRule } from "../inventory/model";
import { DATA_ROLES } from "../inventory/model";
import { once } from "../inventory/once";
import { rulesByGroup } from "../inventory/rule-index";
import type { Resource } from "../read/model";
import type { CheckContext } from "./check";
import { interfaces, isClosed, mayFloat, rolesOf } from "./subjects";

/** A data service whose rules the input shows, all of them. */
export interface DataService {
  readonly resource: Resource;
  readonly attachment: Attachment;
  /** The traffic that its clients send; undefined where its port is not known. */
  readonly traffic: readonly Traffic[] | undefined;
  readonly needs: "one" | "all";
  readonly ingress: readonly SecurityGroupRule[];
}

const ANY_TCP: Traffic = { protocol: "tcp", ports: { from: 0, to: 65535 } };

/** The data services of the input whose interfaces carry groups of which it shows every rule. */
export const dataServices: (context: CheckContext) => readonly DataService[] = once((context) => {
  const { inventory } = context;
  const byAddress = new Map(inventory.input.resources.map((resource) => [resource.address, resource]));
  return inventory.attachments.flatMap((attachment): DataService[] => {
    const resource = byAddress.get(attachment.address);
    const [first] = attachment.groups;
    if (resource === undefined || first === undefined || !DATA_ROLES.includes(attachment.role)) return [];
    if (!attachment.groups.every((group) => isClosed(context, group))) return [];
    const ports = listeningPorts(resource);
    const traffic = ports?.map((port): Traffic => ({ protocol: "tcp", ports: { from: port, to: port } }));
    if ((traffic ?? [ANY_TCP]).some((one) => mayFloat(context, "ingress", one))) return [];
    const rules = attachment.groups.flatMap((group) => rulesByGroup(inventory).ingress.get(group) ?? []);
    const { needs = "one" } = LISTENING[resource.type] ?? {};
    return [{ resource, attachment, traffic, needs, ingress: rules }];
  });
});

/** The TCP ports on which a data service takes connections; undefined where the input does not say. */
export function listeningPorts({ type, values }: Resource): readonly number[] | undefined {
  const kind = LISTENING[type];
  if (kind === undefined) return undefined;
  const given = kind.port === undefined ? undefined : values[kind.port];
  const port = Number(given ?? Number.NaN);
  if (given !== undefined && given !== null) return Number.isInteger(port) ? [port] : undefined;
  const engine = kind.engine === undefined ? "" : values[kind.engine];
  if (typeof engine !== "string") return undefined;
  const [, ports] = Object.entries(kind.byEngine).find(([start]) => engine.startsWith(start)) ?? [];
  return ports;
}

/** Whether a rule may speak of what clients of a data service send. */
export function mayServe(rule: SecurityGroupRule, { traffic = [ANY_TCP] }: DataService): boolean {
  return rule.traffic === undefined || traffic.some((one) => overlaps(one, rule.traffic as Traffic));
}

/** What the rules of a data service say of some pods. */
export interface Reach {
  readonly service: DataService;
  readonly rules: readonly SecurityGroupRule[];
  /** The policies whose pods it certainly does not admit, and those that it does. */
  readonly closed: readonly Policy[];
  readonly admitted: readonly Policy[];
  /** The groups of nodes that it admits. */
  readonly nodes: readonly GroupKey[];
}

/** Which policies' pods the data services admit, where rules name groups and nothing else that may be pods. */
export const reaches: (context: CheckContext) => readonly Reach[] = once((context) => {
  const policies = context.inventory.policies.filter(
    ({ groups, groupIds, isUncertain }) => groups.length > 0 && groupIds !== undefined && !isUncertain,
  );
  if (policies.length === 0) return [];
  return dataServices(context).flatMap((service): Reach[] => {
    const rules = service.ingress.filter((rule) => mayServe(rule, service));
    if (rules.some((rule) => mayBePods(rule))) return [];
    const peers = new Set(rules.flatMap(({ peer }) => (peer.kind === "group" ? [peer.group] : [])));
    const hasForeign = [...peers].some((group) => isForeign(context, group));
    const carried = new Map(policies.map((policy) => [policy, groupsOnPods(context, policy)]));
    const isOpen = (policy: Policy) => carried.get(policy)?.some((group) => peers.has(group)) ?? false;
    // One foreign group may be another by its id.
    const mayOpen = (policy: Policy) =>
      hasForeign && (carried.get(policy) ?? []).some((group) => isForeign(context, group));
    return [
      {
        service,
        rules,
        closed: policies.filter((policy) => !isOpen(policy) && !mayOpen(policy)),
        admitted: policies.filter((policy) => isOpen(policy) || mayOpen(policy)),
        nodes: [...peers].filter((group) => isNodes(context, group)),
      },
    ];
  });
});

/** The groups that may be on the pods of a policy: its own, and those of policies that may match the same pods. */
function groupsOnPods({ inventory }: CheckContext, policy: Policy): GroupKey[] {
  const others = inventory.policies.filter((other) => other !== policy && mayMatchTogether(policy, other));
  return [policy, ...others].flatMap(({ groups }) => groups);
}

/** What is on nodes, or is on nothing that is seen and called after them. */
function isNodes(context: CheckContext, group: GroupKey): boolean {
  const roles = rolesOf(context, group);
  if (roles.size === 0) return isCalledNodes(`${group} ${context.inventory.groups.get(group)?.name ?? ""}`);
  return !roles.has("pods") && (roles.has("nodes") || roles.has("cluster"));
}

/** Whether names speak of nodes: `aws_security_group.eks_nodes`, `module.eks.node_security_group_id`. */
export function isCalledNodes(names: string): boolean {
  return /(?:^|[^a-z])(?:nodes?|workers?)(?:[^a-z]|$)/i.test(names);
}

function isForeign({ inventory }: CheckContext, group: GroupKey): boolean {
  const { declaredAt, isOwnOfCluster } = inventory.groups.get(group) ?? {};
  return declaredAt === undefined && !isOwnOfCluster;
}

/** Whether the peer of a rule may be the addresses of pods, or a group that is not known. */
function mayBePods({ peer }: SecurityGroupRule): boolean {
  switch (peer.kind) {
    case "group":
      return false;
    case "cidr":
      return PRIVATE.some((range) => cidrsOverlap(range, peer.cidr)) || peer.cidr.includes(":");
    case "prefix-list":
    case "unknown":
      return true;
  }
}

/** Whether the input shows nodes of a cluster. */
export function showsNodes(context: CheckContext): boolean {
  return interfaces(context).some(({ role }) => role === "nodes");
}
