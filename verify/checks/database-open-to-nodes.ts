import type { Role, SecurityGroupRule } from "../inventory/model";
import { rulesByGroup } from "../inventory/rule-index";
import { isDataService, rolesOf } from "../needs/interfaces";
import { carriedFlows } from "./carried";
import type { Check, CheckContext } from "./check";
import { describeRule, isWorld } from "./words";

export const check: Check = {
  id: "database-open-to-nodes",
  severity: "warning",
  title: "A database admits more than the pods that use it",
  why: "A database that admits a group of pods, and the nodes, the ingress, the cluster or an address range besides, is still open to every pod of the cluster: the pods' own group protects nothing. A rule that carries a stated flow is meant.",
  reference: "https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html",
  run: (context) => {
    const databases = [...context.inventory.groups.keys()].filter((group) => isDataService(context, group));
    return databases.flatMap((group) => {
      const rules = rulesByGroup(context.inventory).ingress.get(group) ?? [];
      const pods = rules.find((rule) => hasRole(context, rule, ["pods"]));
      if (pods === undefined) return [];
      const open = new Map(
        rules
          .filter((rule) => isTooWide(context, rule) && !carriedFlows(context).has(rule.address))
          .map((rule) => [rule.address, rule]),
      );
      return [...open.values()].map((rule) => ({
        address: rule.address,
        source: rule.source,
        advice: { kind: "remove" as const, rule: rule.address },
        message: `${rule.address} opens the database's ${group} for ${describeRule(rule)}, though the pods that use it have a group of their own (${pods.address}). Remove the rule.`,
      }));
    });
  },
};

function hasRole(context: CheckContext, { peer }: SecurityGroupRule, wanted: readonly Role[]): boolean {
  return peer.kind === "group" && wanted.some((role) => rolesOf(context, peer.group).has(role));
}

/** The world has a check of its own. */
function isTooWide(context: CheckContext, rule: SecurityGroupRule): boolean {
  if (rule.peer.kind === "cidr") return !isWorld(rule.peer);
  return (
    hasRole(context, rule, ["nodes", "ingress", "cluster", "control-plane"]) &&
    !hasRole(context, rule, ["pods"])
  );
}
