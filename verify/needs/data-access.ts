import { MOUNTED_BY_NODES } from "../../aws/file-systems";
import type { GroupKey } from "../../network/peers";
import type { Direction } from "../../network/rules";
import { describeTraffic, overlaps, type Traffic } from "../../network/traffic";
import { showsAllRules } from "../inventory/groups";
import { policiesOn, workloadsOf } from "../inventory/kubernetes/policies";
import { workloads } from "../inventory/kubernetes/workloads";
import type { Inventory, Policy, SecurityGroupRule } from "../inventory/model";
import { once } from "../inventory/once";
import { rulesByGroup } from "../inventory/rule-index";
import { type DataService, dataServices, mayServe, type Reach, reaches } from "./data-services";
import { party } from "./interfaces";
import type { Estate, Need } from "./model";
import { servicesNamedBy } from "./named-services";
import { type Pods, podsWithGroups } from "./pods";

/** The policies whose pods a data service does not admit, but for those of which a flow says so: then its verdict does. */
export function closedPods({ flows }: Estate, { closed, service }: Reach): readonly Policy[] {
  return closed.filter(
    (policy) =>
      !flows.some(
        ({ from, to }) =>
          from.groups.some((group) => policy.groups.includes(group)) &&
          to.groups.some((group) => service.attachment.groups.includes(group)),
      ),
  );
}

/** Whether a data service admits nodes, and no pods with groups of their own. */
export function servesNodesOnly({ admitted, nodes }: Reach): boolean {
  return admitted.length === 0 && nodes.length > 0;
}

/**
 * The policies whose pods may be without a data service though none of them evidently uses it. Where it admits nodes, pods may
 * have come off them, so that all of them may be; where it admits pods alone, those that it was not made for are left out: they
 * have another one, or their egress rules do not let them reach it.
 */
export function maybeClosed(estate: Estate, reach: Reach): readonly Policy[] {
  const closed = closedPods(estate, reach);
  if (reach.nodes.length > 0) return closed;
  return reach.admitted.length > 0 ? closed.filter((policy) => mayLack(estate, policy, reach)) : [];
}

/**
 * Whether the pods of a policy evidently use a data service: an egress rule of their groups names its groups, for its
 * traffic, or pods that the input declares name it, such as by its address in an environment variable.
 */
export function namesService(estate: Estate, policy: Policy, { service }: Reach): boolean {
  return (
    namingRules(estate, policy, service).length > 0 || podsName(estate, policy, service.resource.address)
  );
}

function podsName(estate: Estate, policy: Policy, address: string): boolean {
  return workloadsOf(estate.inventory, policy).some((workload) =>
    servicesNamedBy(estate, workload).some(({ resource }) => resource.address === address),
  );
}

function namingRules({ inventory }: Estate, { groups }: Policy, service: DataService): SecurityGroupRule[] {
  return groups.flatMap((group) =>
    (rulesByGroup(inventory).egress.get(group) ?? []).filter(
      (rule) =>
        rule.peer.kind === "group" &&
        service.attachment.groups.includes(rule.peer.group) &&
        mayServe(rule, service),
    ),
  );
}

/** What pods send to a data service that a rule of either side speaks of. */
export interface StatedAccess {
  readonly service: DataService;
  readonly traffic: readonly Traffic[];
}

/**
 * The data services that some pods use, as a rule says: one of their groups that lets out to the service, or one of the
 * service's that lets them in.
 *
 * @param groups those of the pods
 */
export function statedAccess(estate: Estate, groups: readonly GroupKey[]): StatedAccess[] {
  const index = rulesByGroup(estate.inventory);
  const found = new Map<string, StatedAccess>();
  for (const service of dataServices(estate)) {
    if (MOUNTED_BY_NODES.has(service.resource.type)) continue;
    const between = (own: readonly GroupKey[], others: readonly GroupKey[], direction: Direction) =>
      own.flatMap((group) =>
        (index[direction].get(group) ?? []).filter(
          (rule) => rule.peer.kind === "group" && others.includes(rule.peer.group) && mayServe(rule, service),
        ),
      );
    const of = service.attachment.groups;
    const rules = [...between(groups, of, "egress"), ...between(of, groups, "ingress")];
    const traffic = rules.length === 0 ? undefined : trafficBetween(service, rules);
    const key = `${keyOf(service)} ${describe(traffic)}`;
    if (traffic !== undefined && !found.has(key)) found.set(key, { service, traffic });
  }
  return [...found.values()];
}

/**
 * Whether pods may be without the data service that they use: no other one admits them, and they may send to it. Others may
 * have no use for it: then pods that stay on the groups of the node have.
 */
export function mayLack(estate: Estate, policy: Policy, reach: Reach): boolean {
  return (
    !servedPods(estate).has(policy) && policy.namespace !== SYSTEM && maySend(estate, policy, reach.service)
  );
}

/** The namespace of what runs the cluster. */
const SYSTEM = "kube-system";

/** Whether the input declares pods, other than the system's, that certainly no policy matches. */
export const hasPodsWithoutGroups: (inventory: Inventory) => boolean = once((inventory) =>
  workloads(inventory).some(
    (workload) =>
      workload.namespace !== SYSTEM &&
      Object.values(policiesOn(inventory, workload)).every(({ length }) => length === 0),
  ),
);

const servedPods: (estate: Estate) => ReadonlySet<Policy> = once(
  (estate) => new Set(reaches(estate).flatMap(({ admitted }) => admitted)),
);

/** Whether the pods of a policy may send to a service, as far as stated egress rules say; where there are none, they lack. */
function maySend({ inventory }: Estate, { groups }: Policy, service: DataService): boolean {
  const rules = groups.flatMap((group) => rulesByGroup(inventory).egress.get(group) ?? []);
  if (rules.length === 0 || !groups.every((group) => showsAllRules(inventory, group))) return true;
  return rules.some(
    (rule) =>
      (rule.peer.kind !== "group" || service.attachment.groups.includes(rule.peer.group)) &&
      mayServe(rule, service),
  );
}

/** Pods that a data service does not admit, though they seem to use it. */
interface Lack {
  readonly pods: Pods;
  readonly service: DataService;
  /** What they need; undefined where the input does not say. */
  readonly traffic: readonly Traffic[] | undefined;
}

/** A data service that admits nodes only, and the pods of which some may use it: which, or over what, is not known. */
export interface UnclearAccess {
  readonly service: DataService;
  readonly traffic: readonly Traffic[] | undefined;
  readonly pods: readonly Pods[];
}

/**
 * Data services that pods need and that do not admit them: those that their egress rules name, and the one that admits nodes
 * only where there is no other that they may use and there are no other pods that may use it, with groups or without. The rest is unclear.
 */
export function dataNeeds(estate: Estate): { needs: Need[]; unclear: UnclearAccess[] } {
  const { named, possible } = lacks(estate);
  const isOnly = ({ pods, service }: Lack) =>
    !hasPodsWithoutGroups(estate.inventory) &&
    possible.every((other) => (other.pods === pods) === (keyOf(other.service) === keyOf(service)));
  const clear = [...named, ...possible.filter(isOnly)].filter(({ traffic }) => traffic !== undefined);
  const needs = clear.map(
    ({ pods, service, traffic = [] }): Need => ({
      what: "data",
      from: [pods.party],
      to: [party(estate, service.attachment.groups, "data")],
      traffic,
    }),
  );
  const services = new Map<string, UnclearAccess>();
  for (const { pods, service, traffic } of [...named, ...possible].filter((lack) => !clear.includes(lack))) {
    const key = keyOf(service);
    services.set(key, { service, traffic, pods: [...(services.get(key)?.pods ?? []), pods] });
  }
  return { needs, unclear: [...services.values()] };
}

function lacks(estate: Estate): { named: Lack[]; possible: Lack[] } {
  const named: Lack[] = [];
  const possible: Lack[] = [];
  for (const reach of reaches(estate)) {
    const { service } = reach;
    const closed = new Set(closedPods(estate, reach));
    for (const pods of podsWithGroups(estate)) {
      const policies = pods.policies.filter((policy) => closed.has(policy));
      const [policy] = policies;
      if (policy === undefined) continue;
      const naming = namingRules(estate, policy, service);
      if (policies.some((one) => namesService(estate, one, reach))) {
        named.push({ pods, service, traffic: trafficBetween(service, naming) });
      } else if (servesNodesOnly(reach) && policies.some((one) => mayLack(estate, one, reach))) {
        const ofNodes = service.ingress.filter(
          ({ peer }) => peer.kind === "group" && reach.nodes.includes(peer.group),
        );
        possible.push({ pods, service, traffic: trafficBetween(service, ofNodes) });
      }
    }
  }
  // Whoever names a data service uses that one, and a service that some pods name is theirs.
  const isTaken = ({ pods, service }: Lack) =>
    named.some((one) => one.pods === pods || keyOf(one.service) === keyOf(service));
  return { named: distinct(named), possible: distinct(possible.filter((one) => !isTaken(one))) };
}

/** Each pair of pods and groups of a service once: what is on the same groups is reached by the same rules. */
function distinct(all: readonly Lack[]): Lack[] {
  const found = new Map<string, Lack>();
  for (const lack of all) {
    const key = `${lack.pods.party.groups.join(" ")} -> ${keyOf(lack.service)} ${describe(lack.traffic)}`;
    if (!found.has(key)) found.set(key, lack);
  }
  return [...found.values()];
}

function describe(traffic: readonly Traffic[] | undefined): string {
  return (traffic ?? []).map(describeTraffic).sort().join(", ");
}

function keyOf({ attachment }: DataService): string {
  return [...attachment.groups].sort().join(" ");
}

/**
 * What clients of a service send, of what rules are for: its ports, or where these are not known, the single ports of the
 * rules. Undefined where one of several ports would do and the rules do not say which.
 */
function trafficBetween(
  { traffic, needs }: DataService,
  rules: readonly SecurityGroupRule[],
): readonly Traffic[] | undefined {
  if (traffic !== undefined) {
    if (needs === "all" || traffic.length === 1) return traffic;
    const meant = traffic.filter((port) =>
      rules.some((rule) => rule.traffic === undefined || overlaps(rule.traffic, port)),
    );
    return meant.length === 1 ? meant : undefined;
  }
  const stated = rules.flatMap((rule) => (rule.traffic && isSinglePort(rule.traffic) ? [rule.traffic] : []));
  return stated.length === rules.length && stated.length > 0 ? stated : undefined;
}

function isSinglePort(traffic: Traffic): boolean {
  return traffic.protocol === "tcp" && traffic.ports.from === traffic.ports.to;
}
