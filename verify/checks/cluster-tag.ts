import type { GroupKey } from "../../network/peers";
import { policiesOn, workloadsOf } from "../inventory/kubernetes/policies";
import type { Workload } from "../inventory/kubernetes/workloads";
import { controlledPods, podGroups } from "../needs/controller-rules";
import { interfaces } from "../needs/interfaces";
import type { Check, CheckContext, Observation } from "./check";
import { clusterTags } from "./cluster-tags";
import { listed } from "./words";

export const check: Check = {
  id: "cluster-tag",
  severity: "warning",
  title: "Not exactly one group of an interface has the cluster tag",
  why: "The AWS Load Balancer Controller adds its rules to the group with the tag kubernetes.io/cluster/<name>. If an interface has several groups, exactly one must have the tag, or the controller adds no rule and the targets stay unreachable. The groups of all policies that match a pod count together. The security group that EKS creates for the cluster already has the tag. A missing tag is reported only if all groups of the interface are declared here.",
  reference: "https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html",
  run: (context) => {
    const seen = new Set<string>();
    return carriers(context).flatMap((one): Observation[] => {
      const key = [one.isOnPods, ...[...one.groups].sort()].join(" ");
      const isNew = !(one.isOnPods && seen.has(key));
      seen.add(key);
      return isNew ? observed(context, one) : [];
    });
  },
};

/** Groups that are on one interface together. */
interface Carrier extends Pick<Observation, "address" | "source"> {
  readonly groups: readonly GroupKey[];
  /** What carries them, in words. */
  readonly name: string;
  readonly isOnPods: boolean;
  /** The load balancers whose rules the controller certainly writes there. */
  readonly by: readonly string[];
}

/** Interfaces of nodes and of pods with several groups: of pods with all that their policies give them together. */
function carriers(context: CheckContext): Carrier[] {
  const { inventory } = context;
  const policies = new Map(inventory.policies.map((policy) => [policy.address, policy]));
  const attached = interfaces(context)
    .filter(({ role }) => role === "pods" || role === "nodes")
    .flatMap(({ address, groups, source, role }): Carrier[] => {
      const isOnPods = role === "pods";
      const own = { address, source, groups, name: address, isOnPods, by: [] };
      const policy = isOnPods ? policies.get(address) : undefined;
      const pods = policy === undefined ? [] : workloadsOf(inventory, policy);
      // Of pods that get more the policy alone says nothing.
      const isAlone = pods.length === 0 || pods.some((one) => !getsMore(context, one, groups));
      return isAlone ? [own] : [];
    });
  const controlled = controlledPods(inventory).map(({ workload, groups, by }): Carrier => {
    const sole = policiesOn(inventory, workload).certain.find((one) => one.groups.length === groups.length);
    const { address, source } = sole ?? workload;
    return { address, source, groups, name: sole ? address : `pods of ${address}`, isOnPods: true, by };
  });
  return [...controlled, ...attached].filter(({ groups }) => groups.length > 1);
}

function getsMore({ inventory }: CheckContext, workload: Workload, groups: readonly GroupKey[]): boolean {
  const all = podGroups(inventory, workload);
  return all === undefined || all.some((group) => !groups.includes(group));
}

function observed(context: CheckContext, { address, source, groups, name, by }: Carrier): Observation[] {
  const tagged = groups.map((group) => ({ group, tags: clusterTags(context, group) }));
  const tags = new Set(tagged.flatMap((one) => one.tags ?? []));
  const who =
    by.length === 0
      ? "the AWS Load Balancer Controller expects"
      : `the AWS Load Balancer Controller, which writes the rules for ${listed(by)}, expects`;
  const doubled = [...tags].sort().flatMap((tag): Observation[] => {
    const holders = tagged.filter((one) => one.tags?.includes(tag)).map(({ group }) => group);
    const message = `${listed(holders)} are on one interface (${name}) and each has the tag ${tag}: ${who} exactly one. Remove the tag from all but one.`;
    return holders.length > 1 ? [{ address, source, about: [tag], message }] : [];
  });
  if (doubled.length > 0) return doubled;
  if (tags.size > 0 || tagged.some((one) => one.tags === undefined)) return [];
  const message = `None of ${listed(groups)}, which are on one interface (${name}), has a tag kubernetes.io/cluster/<name>: ${who} exactly one. Tag one of them.`;
  return [{ address, source, about: ["no tag"], message }];
}
