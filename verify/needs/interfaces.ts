import { referencesIn } from "../../expression/references";
import { intersect } from "../../network/intervals";
import type { GroupKey } from "../../network/peers";
import type { Direction } from "../../network/rules";
import { type Traffic, trafficSet } from "../../network/traffic";
import { showsAllRules } from "../inventory/groups";
import { DATA_ROLES, type Role, type SecurityGroupRule } from "../inventory/model";
import { once } from "../inventory/once";
import { ruleIndex } from "../inventory/rule-index";
import type { Source } from "../read/model";
import type { Estate, Party } from "./model";

/** Endpoints of flows that say by their names what they are. */
const ROLE_NAMES: Readonly<Record<string, Role>> = {
  database: "database",
  cache: "cache",
  pods: "pods",
  nodes: "nodes",
  worker: "nodes",
  ingress: "ingress",
  cluster: "cluster",
};

/** Groups that are together on one interface. */
export interface Interface {
  /** The resource that attaches them, or the first group of a flow's endpoint. */
  readonly address: string;
  readonly groups: readonly GroupKey[];
  readonly role?: Role;
  /** Of nodes: whether it is for their pods alone. */
  readonly isForPods?: true;
  readonly source?: Source;
}

/** Interfaces by what attaches groups, and by the endpoints of flows, whose names may say what they are. */
export const interfaces: (estate: Estate) => readonly Interface[] = once(({ inventory, flows }) => {
  const endpoints = new Map<string, Interface>();
  for (const { name, groups } of flows.flatMap(({ from, to }) => [from, to])) {
    const [first] = groups;
    if (first === undefined) continue;
    const role = Object.hasOwn(ROLE_NAMES, name) ? ROLE_NAMES[name] : undefined;
    const source = inventory.groups.get(first)?.declaredAt;
    const key = [name, ...groups].join(" ");
    endpoints.set(key, { address: first, groups, ...(role && { role }), ...(source && { source }) });
  }
  return [...inventory.attachments, ...endpoints.values()];
});

const NO_ROLES: ReadonlySet<Role> = new Set();

const roleMap = once((estate: Estate) => {
  const roles = new Map([...estate.inventory.groups].map(([key, group]) => [key, new Set(group.roles)]));
  for (const { groups, role } of interfaces(estate)) {
    for (const key of role === undefined ? [] : groups) roles.get(key)?.add(role as Role);
  }
  return roles;
});

/** What a group is on. */
export function rolesOf(estate: Estate, group: GroupKey): ReadonlySet<Role> {
  return roleMap(estate).get(group) ?? NO_ROLES;
}

/** Whether a group is on something that keeps or carries data for others. */
export function isDataService(estate: Estate, group: GroupKey): boolean {
  const roles = rolesOf(estate, group);
  return DATA_ROLES.some((role) => roles.has(role));
}

const together = once((estate: Estate) => {
  const result = new Map<GroupKey, Set<GroupKey>>();
  for (const { groups } of interfaces(estate)) {
    for (const key of groups.length > 1 ? groups : []) {
      const others = result.get(key) ?? new Set([key]);
      for (const other of groups) others.add(other);
      result.set(key, others);
    }
  }
  return result;
});

/** A group and those that are on an interface with it. */
export function withCompanions(estate: Estate, group: GroupKey): readonly GroupKey[] {
  return [...(together(estate).get(group) ?? [group])];
}

/**
 * An end that carries groups, and perhaps others that are with them on some interface.
 *
 * @param name what it may be called where it has several groups
 */
export function party(estate: Estate, groups: readonly GroupKey[], name: string): Party {
  return { groups, mayCarry: [...new Set(groups.flatMap((group) => withCompanions(estate, group)))], name };
}

const passedTogether = once((estate: Estate) => {
  const result = new Map<GroupKey, Set<GroupKey>>();
  for (const groups of estate.inventory.passedTogether) {
    for (const key of groups) result.set(key, new Set([...(result.get(key) ?? []), ...groups]));
  }
  return result;
});

/** A group and those that may be on an interface with it, also by a module that was not read and is given both. */
function withPossibleCompanions(estate: Estate, group: GroupKey): readonly GroupKey[] {
  const own = withCompanions(estate, group);
  const passed = passedTogether(estate).get(group);
  if (passed === undefined) return own;
  return [...new Set([...own, ...[...passed].flatMap((key) => withCompanions(estate, key))])];
}

/** Whether something carries groups by an expression of which any group may be a part, such as a choice between two lists. */
export const mayCarryAny: (estate: Estate) => boolean = once((estate) =>
  interfaces(estate).some(({ groups }) => groups.some(isOpaque)),
);

/** Whether what stands for a group hangs on values of which the input does not say what they hold. */
function isOpaque(key: GroupKey): boolean {
  return referencesIn(key).some((path) => path.includes("local") || path.includes("each"));
}

const carried = once((estate: Estate) => new Set(interfaces(estate).flatMap(({ groups }) => groups)));

/**
 * Whether the input declares all groups of the interfaces that carry a group: then it shows all of their rules. Of a group
 * that is seen on nothing it does not, where something carries groups that are not known.
 */
export function isClosed(estate: Estate, group: GroupKey): boolean {
  if (!carried(estate).has(group) && mayCarryAny(estate)) return false;
  return withCompanions(estate, group).every((key) => showsAllRules(estate.inventory, key));
}

/** The rules on the interfaces of one group that may speak of another: of it by name, or by addresses. */
export function rulesToward(
  estate: Estate,
  near: GroupKey,
  direction: Direction,
  far: GroupKey,
): SecurityGroupRule[] {
  const index = ruleIndex(estate.inventory);
  const peers = withPossibleCompanions(estate, far);
  const rules = withCompanions(estate, near).flatMap((group) => [
    ...peers.flatMap((peer) => index.byPeer(group, direction, peer)),
    ...index.others(group, direction),
  ]);
  return rules.filter(
    ({ peer }) =>
      peer.kind !== "unknown" ||
      peer.candidates.length === 0 ||
      peer.candidates.some((candidate) => peers.includes(candidate)),
  );
}

/** All that rules may admit of which the input does not say to which group they belong. */
const floatingTraffic = once((estate: Estate) => {
  const of = (direction: Direction) =>
    trafficSet(
      ruleIndex(estate.inventory)
        .floating(direction)
        .map(({ traffic }) => traffic ?? { protocol: "all" }),
    );
  return { ingress: of("ingress"), egress: of("egress") };
});

/** Whether a rule of an unknown group may admit some of the traffic. */
export function mayFloat(estate: Estate, direction: Direction, traffic: Traffic): boolean {
  return intersect(trafficSet([traffic]), floatingTraffic(estate)[direction]).length > 0;
}

/** Whether the input gives pods groups of their own. */
export function hasPodGroups(estate: Estate): boolean {
  return interfaces(estate).some(({ role }) => role === "pods");
}
