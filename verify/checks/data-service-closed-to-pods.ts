import { describeAll } from "../../network/traffic";
import type { Policy } from "../inventory/model";
import {
  closedPods,
  hasPodsWithoutGroups,
  mayLack,
  namesService,
  servesNodesOnly,
} from "../needs/data-access";
import { type Reach, reaches } from "../needs/data-services";
import type { Check, CheckContext, Observation } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "data-service-closed-to-pods",
  severity: "error",
  title: "A data service admits the nodes, but not the pods with groups of their own",
  why: "A pod with groups of its own no longer carries the node's. A database, cache or other data service that admits the nodes' group reaches those pods no more: connections time out, as soon as the policy matches them. A warning where the pods are admitted by another data service, are the system's own (kube-system), or their egress rules let out nothing that it takes, and where the input declares pods without groups of their own: then it may be that of other pods, which stay on the nodes' groups. Where the service admits the pods of another policy, only some may be meant: information, unless an egress rule of the pods' group names the service, or they themselves do. Flows that are stated say it themselves, and a deny says that it is meant. Silent where the service admits addresses of the VPC or groups that are not known, and for file systems, which the nodes mount for the pods.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
  run: (context) => reaches(context).flatMap((reach) => observe(context, reach)),
};

function observe(context: CheckContext, reach: Reach): Observation[] {
  const { service, admitted, nodes } = reach;
  const [group = ""] = service.attachment.groups;
  const closed = closedPods(context, reach);
  const meant = closed.filter((policy) => namesService(context, policy, reach));
  const isOutage = servesNodesOnly(reach);
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
      about: [service.resource.address, ...shown.map(({ address }) => address)],
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
