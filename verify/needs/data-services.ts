import { PRIVATE } from "../../aws/address-ranges";
import { MOUNTED_BY_NODES } from "../../aws/file-systems";
import { LISTENING, PORT_FROM_SOURCE } from "../../aws/listening-ports";
import { Unknown, type Value } from "../../expression/value";
import { isList } from "../../expression/values";
import { cidrsOverlap } from "../../network/addresses";
import { canonicalCidr } from "../../network/cidr";
import { type GroupKey, isWorld } from "../../network/peers";
import { overlaps, type Traffic } from "../../network/traffic";
import type { Attachment, Inventory, Policy, Role, SecurityGroupRule } from "../inventory/model";
import { DATA_ROLES } from "../inventory/model";
import { once } from "../inventory/once";
import { resources } from "../inventory/resources";
import { rulesByGroup } from "../inventory/rule-index";
import type { Resource } from "../read/model";
import { isClosed, isDataService, mayFloat, rolesOf } from "./interfaces";
import type { Estate } from "./model";
import { isNodes } from "./nodes";
import { groupsOnPods, isForeign } from "./pods";

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
export const dataServices: (estate: Estate) => readonly DataService[] = once((estate) => {
  const { inventory } = estate;
  const byAddress = new Map(inventory.input.resources.map((resource) => [resource.address, resource]));
  return inventory.attachments.flatMap((attachment): DataService[] => {
    const resource = byAddress.get(attachment.address);
    const [first] = attachment.groups;
    if (resource === undefined || first === undefined || !DATA_ROLES.includes(attachment.role)) return [];
    if (!attachment.groups.every((group) => isClosed(estate, group))) return [];
    const ports = listeningPorts(resource);
    const traffic = ports?.map((port): Traffic => ({ protocol: "tcp", ports: { from: port, to: port } }));
    if ((traffic ?? [ANY_TCP]).some((one) => mayFloat(estate, "ingress", one))) return [];
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
  /** The groups that it admits, and those of them that are the nodes'. */
  readonly peers: readonly GroupKey[];
  readonly nodes: readonly GroupKey[];
}

/**
 * Which policies' pods the data services admit, where rules name groups and nothing else that may be pods. File systems that
 * the nodes mount are left out: they serve pods by the nodes' groups.
 */
export const reaches: (estate: Estate) => readonly Reach[] = once((estate) => {
  const policies = estate.inventory.policies.filter(
    ({ groups, groupIds, isUncertain }) => groups.length > 0 && groupIds !== undefined && !isUncertain,
  );
  if (policies.length === 0) return [];
  const carried = new Map(policies.map((policy) => [policy, groupsOnPods(estate, policy)]));
  return dataServices(estate).flatMap((service): Reach[] => {
    if (MOUNTED_BY_NODES.has(service.resource.type)) return [];
    const rules = service.ingress.filter((rule) => mayServe(rule, service));
    if (rules.some((rule) => mayBePods(estate, rule))) return [];
    const peers = new Set(rules.flatMap(({ peer }) => (peer.kind === "group" ? [peer.group] : [])));
    const isConfiguration = estate.inventory.input.kind === "configuration";
    const mayBeAnother = isConfiguration || [...peers].some((group) => isForeign(estate, group));
    const isOpen = (policy: Policy) => carried.get(policy)?.some((group) => peers.has(group)) ?? false;
    // A foreign group may be any other by its id; a configuration does not show the ids of its own, either.
    const mayOpen = (policy: Policy) =>
      mayBeAnother && (carried.get(policy) ?? []).some((group) => isForeign(estate, group));
    return [
      {
        service,
        closed: policies.filter(
          (policy) => !isOpen(policy) && !mayOpen(policy) && !mayLeaveByNode(estate, policy, service),
        ),
        admitted: policies.filter((policy) => isOpen(policy) || mayOpen(policy)),
        peers: [...peers],
        nodes: [...peers].filter((group) => isNodes(estate, group)),
      },
    ];
  });
});

/** In the mode standard, what leaves the VPC passes the node's group in place of the pods'. */
function mayLeaveByNode(
  { inventory, mode }: Estate,
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

/** Whether the peer of a rule may be the addresses of pods, or a group that is not known. */
function mayBePods({ inventory }: Estate, { peer }: SecurityGroupRule): boolean {
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

/** Rules that open a data service for more than the pods that use it. */
export interface OpenBesidePods {
  readonly group: GroupKey;
  /** A rule that admits pods with a group of their own. */
  readonly pods: SecurityGroupRule;
  /** Those for nodes, ingress, the cluster and address ranges, but for the world, of which more is to be said. */
  readonly rules: readonly SecurityGroupRule[];
}

export function openBesidePods(estate: Estate): OpenBesidePods[] {
  const services = [...estate.inventory.groups.keys()].filter((group) => isDataService(estate, group));
  return services.flatMap((group) => {
    const ingress = rulesByGroup(estate.inventory).ingress.get(group) ?? [];
    const pods = ingress.find((rule) => hasRole(estate, rule, ["pods"]));
    const rules = ingress.filter((rule) => isBeside(estate, rule));
    return pods === undefined || rules.length === 0 ? [] : [{ group, pods, rules }];
  });
}

function isBeside(estate: Estate, rule: SecurityGroupRule): boolean {
  if (rule.peer.kind === "cidr") return !isWorld(rule.peer);
  return (
    hasRole(estate, rule, ["nodes", "ingress", "cluster", "control-plane"]) &&
    !hasRole(estate, rule, ["pods"])
  );
}

function hasRole(estate: Estate, { peer }: SecurityGroupRule, wanted: readonly Role[]): boolean {
  return peer.kind === "group" && wanted.some((role) => rolesOf(estate, peer.group).has(role));
}
