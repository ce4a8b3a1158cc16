import { groupedBy } from "../../io/lists";
import { describePeer } from "../../network/peers";
import type { Role, SecurityGroupRule } from "../inventory/model";
import { rulesByAddress, rulesByGroup } from "../inventory/rule-index";
import { isDataService, rolesOf } from "../needs/interfaces";
import { carriedFlows } from "./carried";
import type { Check, CheckContext, Observation } from "./check";
import { describeRule, isWorld, listed } from "./words";

export const check: Check = {
  id: "database-open-to-nodes",
  severity: "warning",
  title: "A database admits more than the pods that use it",
  why: "A database that admits a group of pods, and the nodes, the ingress, the cluster or an address range besides, is still open to every pod of the cluster: the pods' own group protects nothing. A rule that carries a stated flow is meant. Of a rule for several peers, only those are to go.",
  reference: "https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html",
  run: (context) => {
    const databases = [...context.inventory.groups.keys()].filter((group) => isDataService(context, group));
    return databases.flatMap((group) => {
      const rules = rulesByGroup(context.inventory).ingress.get(group) ?? [];
      const pods = rules.find((rule) => hasRole(context, rule, ["pods"]));
      if (pods === undefined) return [];
      const open = groupedBy(
        rules.filter((rule) => isTooWide(context, rule) && !carriedFlows(context).has(rule.address)),
        ({ address }) => address,
      );
      return [...open].flatMap(([address, wide]): Observation[] => {
        const [first] = wide;
        if (first === undefined) return [];
        const isWhole = wide.length === rulesByAddress(context.inventory).get(address)?.length;
        const peers = listed(wide.map(({ peer }) => describePeer(peer)));
        const way = isWhole ? "remove the rule" : `take ${peers} out of it and leave its other peers`;
        return [
          {
            address,
            source: first.source,
            advice: {
              kind: "remove",
              rule: address,
              ...(!isWhole && { peers: wide.map(({ peer }) => peer) }),
            },
            message: `${address} opens the database's ${group} for ${describeRule({ ...first, peer: { kind: "cidr", cidr: peers } })}, though the pods that use it have a group of their own (${pods.address}). Where nothing else uses it that way, ${way}.`,
          },
        ];
      });
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
