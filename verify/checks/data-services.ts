import { PRIVATE } from "../../aws/address-ranges";
import { LISTENING, PORT_FROM_SOURCE } from "../../aws/listening-ports";
import { Unknown, type Value } from "../../expression/value";
import { isList } from "../../expression/values";
import { cidrsOverlap } from "../../network/addresses";
import { canonicalCidr } from "../../network/cidr";
import type { GroupKey } from "../../network/peers";
import { overlaps, type Traffic } from "../../network/traffic";
import { isCalledNodes } from "../inventory/interfaces/purpose";
import { groupsOnPods } from "../inventory/kubernetes/policies";
import type { Attachment, Inventory, Policy, SecurityGroupRule } from "../inventory/model";
import { DATA_ROLES } from "../inventory/model";
import { once } from "../inventory/once";
import { resources } from "../inventory/resources";
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
  if (PORT_FROM_SOURCE.some((argument) => isGiven(values[argument]))) return undefined;
  const engine = kind.engine === undefined ? "" : values[kind.engine];
  if (typeof engine !== "string") return undefined;
  const [, ports] = Object.entries(kind.byEngine).find(([start]) => engine.startsWith(start)) ?? [];
  return ports;
}

function isGiven(value: Value | undefined): boolean {
  return value !== undefined && value !== null && !(isList(value) && value.length === 0);
}

/** Whether a rule may speak of what clients of a data service send. */
export function mayServe(rule: SecurityGroupRule, { traffic = [ANY_TCP] }: DataService): boolean {
  return rule.traffic === undefined || traffic.some((one) => overlaps(one, rule.traffic as Traffic));
}

/** What the rules of a data service say of some pods. */
export interface Reach {
  readonly service: DataService;
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
  const carried = new Map(policies.map((policy) => [policy, groupsOnPods(context.inventory, policy)]));
  return dataServices(context).flatMap((service): Reach[] => {
    const rules = service.ingress.filter((rule) => mayServe(rule, service));
    if (rules.some((rule) => mayBePods(context, rule))) return [];
    const peers = new Set(rules.flatMap(({ peer }) => (peer.kind === "group" ? [peer.group] : [])));
    const isConfiguration = context.inventory.input.kind === "configuration";
    const mayBeAnother = isConfiguration || [...peers].some((group) => isForeign(context, group));
    const isOpen = (policy: Policy) => carried.get(policy)?.some((group) => peers.has(group)) ?? false;
    // A foreign group may be any other by its id; a configuration does not show the ids of its own, either.
    const mayOpen = (policy: Policy) =>
      mayBeAnother && (carried.get(policy) ?? []).some((group) => isForeign(context, group));
    return [
      {
        service,
        closed: policies.filter(
          (policy) => !isOpen(policy) && !mayOpen(policy) && !mayLeaveByNode(context, policy, service),
        ),
        admitted: policies.filter((policy) => isOpen(policy) || mayOpen(policy)),
        nodes: [...peers].filter((group) => isNodes(context, group)),
      },
    ];
  });
});

/** In the mode standard, what leaves the VPC passes the node's group in place of the pods'. */
function mayLeaveByNode(
  { inventory, mode }: CheckContext,
  { groups }: Policy,
  { attachment }: DataService,
): boolean {
  if (mode !== "standard") return false;
  const vpcsOf = (keys: readonly GroupKey[]) => keys.map((key) => vpcName(inventory.groups.get(key)?.vpc));
  const theirs = vpcsOf(attachment.groups);
  return vpcsOf(groups).some((own) => theirs.some((other) => own !== other));
}

function vpcName(vpc: Value | undefined): string {
  return vpc instanceof Unknown ? vpc.expression : String(vpc);
}

/** What is on nodes, or is on nothing that is seen and called after them. */
function isNodes(context: CheckContext, group: GroupKey): boolean {
  const roles = rolesOf(context, group);
  if (roles.size === 0) return isCalledNodes(`${group} ${context.inventory.groups.get(group)?.name ?? ""}`);
  return !roles.has("pods") && (roles.has("nodes") || roles.has("cluster"));
}

function isForeign({ inventory }: CheckContext, group: GroupKey): boolean {
  const { declaredAt, isOwnOfCluster } = inventory.groups.get(group) ?? {};
  return declaredAt === undefined && !isOwnOfCluster;
}

/** Whether the peer of a rule may be the addresses of pods, or a group that is not known. */
function mayBePods({ inventory }: CheckContext, { peer }: SecurityGroupRule): boolean {
  switch (peer.kind) {
    case "group":
      return false;
    case "cidr":
      return (
        [...PRIVATE, ...ownRanges(inventory)].some((range) => cidrsOverlap(range, peer.cidr)) ||
        peer.cidr.includes(":")
      );
    case "prefix-list":
    case "unknown":
      return true;
  }
}

/** The addresses of the input's networks, which need not be private ones. */
const ownRanges = once((inventory: Inventory): readonly string[] =>
  resources(inventory, "aws_vpc", "aws_vpc_ipv4_cidr_block_association", "aws_subnet").flatMap(
    ({ values: { cidr_block } }) =>
      typeof cidr_block === "string" && canonicalCidr(cidr_block) !== undefined ? [cidr_block] : [],
  ),
);

/** Whether the input shows nodes of a cluster. */
export function showsNodes(context: CheckContext): boolean {
  return interfaces(context).some(({ role }) => role === "nodes");
}
