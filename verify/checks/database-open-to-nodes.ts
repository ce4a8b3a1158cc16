import { openBesidePods } from "../needs/data-services";
import { carriedFlows } from "./carried";
import type { Check } from "./check";
import { describeRule } from "./words";

export const check: Check = {
  id: "database-open-to-nodes",
  severity: "warning",
  title: "A database admits more than the pods that use it",
  why: "A database that admits a group of pods, and the nodes, the ingress, the cluster or an address range besides, is still open to every pod of the cluster: the pods' own group protects nothing. A rule that carries a stated flow is meant.",
  reference: "https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html",
  run: (context) =>
    openBesidePods(context).flatMap(({ group, pods, rules }) => {
      const open = new Map(
        rules.filter((rule) => !carriedFlows(context).has(rule.address)).map((rule) => [rule.address, rule]),
      );
      return [...open.values()].map((rule) => ({
        address: rule.address,
        source: rule.source,
        advice: { kind: "remove" as const, rule: rule.address },
        message: `${rule.address} opens the database's ${group} for ${describeRule(rule)}, though the pods that use it have a group of their own (${pods.address}). Remove the rule.`,
      }));
    }),
};
