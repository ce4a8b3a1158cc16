import { describeAll } from "../../network/traffic";
import { calledAs } from "../inventory/kubernetes/names";
import { policiesOn, workloadsOf } from "../inventory/kubernetes/policies";
import { type Workload, workloads } from "../inventory/kubernetes/workloads";
import type { Policy } from "../inventory/model";
import {
  closedPods,
  hasPodsWithoutGroups,
  maybeClosed,
  mayLack,
  namesService,
  servesNodesOnly,
} from "../needs/data-access";
import { type Reach, reaches } from "../needs/data-services";
import { servicesOfOtherPods } from "../needs/named-services";
import type { Check, CheckContext, Observation } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "data-service-closed-to-pods",
  severity: "error",
  title: "A data service allows the nodes, but not the pods with their own security groups",
  why: "A pod with its own security groups no longer carries those of its node. A database, cache or other data service that allows only the node security group is out of reach for such pods: connections time out as soon as the policy matches them. A warning if another data service allows these pods, if they are system pods (kube-system), if their egress rules allow nothing that the service accepts, or if the input declares pods without their own groups: the service may be meant for those, which keep the groups of the node. If the service allows the pods of another policy, possibly only some pods are meant to reach it: information, unless an egress rule of the pod security group names the service, or the pods themselves do. Left out of that information, unless the service allows nodes as well, are pods that another data service allows, system pods, and pods whose egress rules allow nothing that the service accepts. Pairs that have a flow in flows.yaml are skipped: an allow flow reports the problem itself, and a deny flow says that it is intended. An error as well where a workload that no policy selects names a service that allows only pods with their own groups. Silent if the service allows addresses of the VPC or groups that are not known, and for file systems, which the nodes mount for the pods.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
  run: (context) => [
    ...reaches(context).flatMap((reach) => observe(context, reach)),
    ...workloads(context.inventory).flatMap((workload) => withoutPolicy(context, workload)),
  ],
};

/** A workload that no policy selects, and a data service that it names and that serves pods of policies alone. */
function withoutPolicy(context: CheckContext, workload: Workload): Observation[] {
  const { inventory } = context;
  const { certain, possible } = policiesOn(inventory, workload);
  if (certain.length + possible.length > 0) return [];
  return servicesOfOtherPods(context, workload).map(({ resource, attachment, ingress }) => {
    const groups = ingress.flatMap(({ peer }) => (peer.kind === "group" ? [peer.group] : []));
    const labels = listed([...new Set(groups)].map((key) => inventory.groups.get(key)?.label ?? key));
    return {
      address: workload.address,
      source: workload.source,
      about: [resource.address],
      message: `${calledAs(workload)} names ${resource.address}, which allows only pods with ${labels}, and no policy selects its pods: they carry the groups of their node, and their connections time out. Give them the labels that a policy with such a group selects, or allow their node security group on ${attachment.groups[0]}.`,
    };
  });
}

/** More workloads than these are only counted. */
const MOST_NAMED = 3;

/** The pods of a policy: by their workloads where the input shows these. */
function podsOf({ inventory }: CheckContext, policy: Policy): string {
  const names = workloadsOf(inventory, policy).map(calledAs);
  return names.length === 0 ? policy.address : `${shortened(names)} (selected by ${policy.address})`;
}

/** The pods of several policies in a few words. */
function podsOfAll({ inventory }: CheckContext, policies: readonly Policy[]): string {
  const names = policies.flatMap((policy) => {
    const own = workloadsOf(inventory, policy).map(calledAs);
    return own.length === 0 ? [policy.address] : own;
  });
  return shortened([...new Set(names)].sort());
}

function shortened(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 0 ? [...names.slice(0, MOST_NAMED), `${more} more`].join(", ") : listed(names);
}

function observe(context: CheckContext, reach: Reach): Observation[] {
  const { service, nodes, peers } = reach;
  const [group = ""] = service.attachment.groups;
  const closed = closedPods(context, reach);
  const meant = closed.filter((policy) => namesService(context, policy, reach));
  const isOutage = servesNodesOnly(reach);
  const isCertain = isOutage || meant.length > 0;
  const shown = isOutage ? closed : meant.length > 0 ? meant : maybeClosed(context, reach);
  if (shown.length === 0) return [];
  const name = service.resource.address;
  const groups = listed(shown.flatMap((policy) => policy.groups));
  const traffic = service.traffic ? describeAll(service.traffic) : "its port";
  const cure = `allow ${traffic} on ${group} from a group that they carry, and add the egress rule`;
  const admits = isOutage
    ? `allows the nodes (${listed(nodes)}) and no group of a policy`
    : `allows ${listed(peers) || "no group of these pods"}`;
  const message = isCertain
    ? `${name} ${admits}: the pods of ${listed(shown.map((policy) => podsOf(context, policy)))} carry ${groups} and none of the node's groups, so their connections to it time out. If they use it, ${cure}; if not, declare a deny flow in flows.yaml or suppress this finding.`
    : `${name} ${admits}, and none of the groups on the pods of ${podsOfAll(context, shown)}. If they use it, ${cure}.`;
  return [
    {
      address: group,
      source: context.inventory.groups.get(group)?.declaredAt ?? service.attachment.source,
      severity: meant.length > 0 ? "error" : isOutage ? outageOf(context, reach, closed) : "information",
      about: [name, ...shown.map(({ address }) => address)],
      message,
    },
  ];
}

/** An error where some of the pods may be without the data service that they use. */
function outageOf(context: CheckContext, reach: Reach, closed: readonly Policy[]): "error" | "warning" {
  if (hasPodsWithoutGroups(context.inventory)) return "warning";
  return closed.some((policy) => mayLack(context, policy, reach)) ? "error" : "warning";
}

/** The pairs of groups between which this check finds an outage: what it says need not be said of a rule. */
export function coveredPairs(context: CheckContext): ReadonlySet<string> {
  return new Set(
    reaches(context).flatMap((reach) =>
      closedPods(context, reach)
        .filter((policy) => namesService(context, policy, reach))
        .flatMap(({ groups }) =>
          groups.flatMap((from) => reach.service.attachment.groups.map((to) => `${from} ${to}`)),
        ),
    ),
  );
}
