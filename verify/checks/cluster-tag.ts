import { Unknown } from "../../expression/value";
import { resources } from "../inventory/resources";
import { interfaces } from "../needs/interfaces";
import type { Check, CheckContext, Observation } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "cluster-tag",
  severity: "warning",
  title: "Not exactly one group of an interface has the cluster tag",
  why: "The AWS Load Balancer Controller adds its rules to the group with the tag kubernetes.io/cluster/<name>. If an interface has several groups, exactly one must have the tag, or the controller registers no targets. The security group that EKS creates for the cluster already has it. A missing tag is reported only if all groups of the interface are declared here.",
  reference: "https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html",
  run: (context) => {
    const unclear = groupsWithUnknownTags(context);
    return interfaces(context)
      .filter(({ role, groups }) => (role === "pods" || role === "nodes") && groups.length > 1)
      .flatMap(({ address, groups, source }): Observation[] => {
        const tagged = groups.map((group) => ({ group, tags: clusterTags(context, group, unclear) }));
        const names = new Set(tagged.flatMap(({ tags }) => tags ?? []));
        const doubled = [...names].sort().flatMap((tag) => {
          const holders = tagged.filter(({ tags }) => tags?.includes(tag)).map(({ group }) => group);
          const message = `${listed(holders)} are on one interface (${address}) and each has the tag ${tag}: the AWS Load Balancer Controller expects exactly one. Remove the tag from all but one.`;
          return holders.length > 1 ? [{ address, source, about: [tag], message }] : [];
        });
        if (doubled.length > 0) return doubled;
        if (names.size > 0 || tagged.some(({ tags }) => tags === undefined)) return [];
        const message = `None of ${listed(groups)}, which are on one interface (${address}), has a tag kubernetes.io/cluster/<name>: the AWS Load Balancer Controller expects exactly one. Tag one of them.`;
        return [{ address, source, about: ["no tag"], message }];
      });
  },
};

/** The cluster tags of a group; undefined when the input does not say. */
function clusterTags(
  { inventory }: CheckContext,
  group: string,
  unclear: ReadonlySet<string>,
): string[] | undefined {
  const { knowledge, tags = {} } = inventory.groups.get(group) ?? {};
  const found = Object.keys(tags).filter((tag) => tag.startsWith("kubernetes.io/cluster/"));
  if (found.length > 0) return found;
  return knowledge === "all" && !unclear.has(group) ? [] : undefined;
}

/** Groups whose tags the input does not determine. */
function groupsWithUnknownTags(context: CheckContext): ReadonlySet<string> {
  const groups = resources(context.inventory, "aws_security_group").filter(
    ({ values }) => values["tags"] instanceof Unknown || values["tags_all"] instanceof Unknown,
  );
  return new Set(groups.map(({ address }) => address));
}
