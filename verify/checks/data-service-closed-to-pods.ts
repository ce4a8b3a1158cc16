import { Unknown, type Value } from "../../expression/value";
import type { GroupKey } from "../../network/peers";
import { describeAll, overlaps, type Traffic } from "../../network/traffic";
import { showsAllRules } from "../inventory/groups";
import { matchesWorkload, mayMatchWorkload } from "../inventory/kubernetes/policies";
import { workloads } from "../inventory/kubernetes/workloads";
import type { Inventory, Policy } from "../inventory/model";
import { once } from "../inventory/once";
import { rulesByGroup } from "../inventory/rule-index";
import { isObject } from "../inventory/values";
import type { Check, CheckContext, Observation } from "./check";
import { type DataService, type Reach, reaches } from "./data-services";
import { listed } from "./words";

export const check: Check = {
  id: "data-service-closed-to-pods",
  severity: "error",
  title: "A data service admits the nodes, but not the pods with groups of their own",
  why: "A pod with groups of its own no longer carries the node's. A database, cache or other data service that admits the nodes' group reaches those pods no more: connections time out, as soon as the policy matches them. A warning where the pods are admitted by another data service, are the system's own (kube-system), or their egress rules let out nothing that it takes, and where the input declares pods without groups of their own: then it may be that of other pods, which stay on the nodes' groups. An error all the same where the pods that the input declares name the service. Where the service admits the pods of another policy, only some may be meant: information, unless an egress rule of the pods' group names the service. Flows that are stated say it themselves, and a deny says that it is meant. Silent where the service admits addresses of the VPC or groups that are not known.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
  run: (context) => reaches(context).flatMap((reach) => observe(context, reach)),
};

function observe(context: CheckContext, reach: Reach): Observation[] {
  const { service, admitted, nodes } = reach;
  const [group = ""] = service.attachment.groups;
  const closed = reach.closed.filter((policy) => !isStated(context, policy, service.attachment.groups));
  const meant = closed.filter((policy) => namesIt(context, policy, reach));
  const isOutage = admitted.length === 0 && nodes.length > 0;
  const shown = isOutage
    ? closed
    : meant.length > 0
      ? meant
      : nodes.length + admitted.length > 0
        ? closed
        : [];
  if (shown.length === 0) return [];
  const pods = listed(shown.map(({ address }) => address));
  const groups = listed(shown.flatMap((policy) => policy.groups));
  const traffic = service.traffic ? describeAll(service.traffic) : "its port";
  const admits = isOutage
    ? `admits the nodes (${listed(nodes)}) and no group of a policy`
    : `admits ${listed([...nodes, ...admitted.flatMap((policy) => policy.groups)]) || "no group of these pods"}`;
  const message = `${service.resource.address} ${admits}: the pods of ${pods} carry ${groups} and no group of the node, so their connections to it time out. If they use it, allow ${traffic} on ${group} from a group that they carry, and the egress to it; if they do not, state a deny in flows.yaml or suppress this.`;
  return [
    {
      address: group,
      source: context.inventory.groups.get(group)?.declaredAt ?? service.attachment.source,
      severity: meant.length > 0 ? "error" : isOutage ? outageOf(context, reach, closed) : "information",
      message,
    },
  ];
}

/**
 * An error where some of the pods have no data service else and may send to this one. Others may be without use for it:
 * then pods that stay on the groups of the node have.
 */
function outageOf(context: CheckContext, reach: Reach, closed: readonly Policy[]): "error" | "warning" {
  if (closed.some((policy) => podsName(context, policy, reach.service.resource.address))) return "error";
  if (hasPodsWithoutGroups(context.inventory)) return "warning";
  const served = new Set(reaches(context).flatMap(({ admitted }) => admitted));
  const isConcerned = closed.some(
    (policy) => !served.has(policy) && policy.namespace !== SYSTEM && maySend(context, policy, reach),
  );
  return isConcerned ? "error" : "warning";
}

/** The namespace of what runs the cluster. */
const SYSTEM = "kube-system";

/** Whether pods of a policy that the input declares name a resource, such as by its address in an environment variable. */
function podsName({ inventory }: CheckContext, policy: Policy, address: string): boolean {
  const pods = new Set(
    workloads(inventory)
      .filter((workload) => workload.namespace === policy.namespace && matchesWorkload(policy, workload))
      .map((workload) => workload.address),
  );
  return inventory.objects.some((object) => pods.has(object.address) && names(object.body, address));
}

function names(value: Value, address: string): boolean {
  if (value instanceof Unknown) return value.expression.includes(`${address}.`);
  if (Array.isArray(value)) return value.some((item) => names(item, address));
  return isObject(value) && Object.values(value).some((item) => names(item, address));
}

/** Whether the input declares pods, other than the system's, that certainly no policy matches. */
const hasPodsWithoutGroups = once((inventory: Inventory): boolean =>
  workloads(inventory).some(
    (workload) =>
      workload.namespace !== SYSTEM &&
      !inventory.policies.some((policy) => mayMatchWorkload(policy, workload)),
  ),
);

/** Whether the pods of a policy may send to a service, as far as stated egress rules say; where there are none, they lack. */
function maySend({ inventory }: CheckContext, { groups }: Policy, { service }: Reach): boolean {
  const rules = groups.flatMap((group) => rulesByGroup(inventory).egress.get(group) ?? []);
  if (rules.length === 0 || !groups.every((group) => showsAllRules(inventory, group))) return true;
  return rules.some(
    ({ peer, traffic }) =>
      (peer.kind !== "group" || service.attachment.groups.includes(peer.group)) && mayBeFor(traffic, service),
  );
}

/** Whether traffic may be what clients of a service send, as far as either is known. */
function mayBeFor(traffic: Traffic | undefined, service: DataService): boolean {
  return (
    traffic === undefined ||
    service.traffic === undefined ||
    service.traffic.some((one) => overlaps(one, traffic))
  );
}

/** Whether a flow says what is between the pods of a policy and a service: then its verdict does. */
function isStated({ flows }: CheckContext, policy: Policy, service: readonly GroupKey[]): boolean {
  return flows.some(
    ({ from, to }) =>
      from.groups.some((group) => policy.groups.includes(group)) &&
      to.groups.some((group) => service.includes(group)),
  );
}

/** Whether an egress rule of the pods' groups names the groups of the service, for its traffic. */
function namesIt({ inventory }: CheckContext, { groups }: Policy, { service }: Reach): boolean {
  const { egress } = rulesByGroup(inventory);
  return groups.some((group) =>
    (egress.get(group) ?? []).some(
      ({ peer, traffic }) =>
        peer.kind === "group" && service.attachment.groups.includes(peer.group) && mayBeFor(traffic, service),
    ),
  );
}

/** The pairs of groups between which this check finds an outage: what it says need not be said of a rule. */
export function coveredPairs(context: CheckContext): ReadonlySet<string> {
  return new Set(
    reaches(context).flatMap((reach) =>
      reach.closed
        .filter(
          (policy) =>
            namesIt(context, policy, reach) && !isStated(context, policy, reach.service.attachment.groups),
        )
        .flatMap(({ groups }) =>
          groups.flatMap((from) => reach.service.attachment.groups.map((to) => `${from} ${to}`)),
        ),
    ),
  );
}
