import { Unknown } from "../../expression/value";
import type { GroupKey } from "../../network/peers";
import { controlledPods } from "../needs/controller-rules";
import type { Check, CheckContext } from "./check";
import { clusterTags } from "./cluster-tags";
import { ownsRules } from "./owned-rules";
import { listed } from "./words";

export const check: Check = {
  id: "controller-rule-removed",
  severity: "error",
  title: "Terraform removes the rule that the load balancer controller adds",
  why: 'Without stated security groups, or with manage-backend-security-group-rules: "true", the AWS Load Balancer Controller adds the ingress rule for its load balancer to the group of the pods: to their only group, or to the one with the cluster tag. If Terraform declares the ingress rules of this group inline, each apply removes that rule, and the targets are unreachable until the controller adds it again. The check reads only configurations, because a state repeats all rules as attributes of the group.',
  reference: "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/security_groups/",
  run: (context) => {
    const found = new Map<GroupKey, Set<string>>();
    for (const { groups, by } of controlledPods(context.inventory)) {
      const group = groupOfRules(context, groups);
      if (group !== undefined && removesOthers(context, group))
        found.set(group, new Set([...(found.get(group) ?? []), ...by]));
    }
    return [...found].map(([group, by]) => ({
      address: group,
      source: context.inventory.groups.get(group)?.declaredAt,
      about: [...by],
      message: `${group} owns all of its ingress rules, and the AWS Load Balancer Controller adds those of ${listed(by)} to it: each apply removes them. Move its ingress blocks to separate resources, or add ingress to ignore_changes.`,
    }));
  },
};

/** The group that the controller adds rules to: the only one, or the only one with a cluster tag. */
function groupOfRules(context: CheckContext, groups: readonly GroupKey[]): GroupKey | undefined {
  if (groups.length === 1) return groups[0];
  const tags = groups.map((group) => clusterTags(context, group));
  const tagged = groups.filter((_, index) => (tags[index] ?? []).length > 0);
  return tags.includes(undefined) || tagged.length > 1 ? undefined : tagged[0];
}

function removesOthers(context: CheckContext, group: GroupKey): boolean {
  const { input } = context.inventory;
  const resource = input.resources.find(({ address }) => address === group);
  const ignored = resource?.ignoredChanges ?? [];
  const isLeft = ["ingress", "all"].some((argument) => ignored.includes(argument));
  // What is not known may be no block at all.
  if (isLeft || resource?.values["ingress"] instanceof Unknown) return false;
  return ownsRules(context, group, "ingress");
}
