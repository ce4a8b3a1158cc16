import { groupedBy } from "../../io/lists";
import { describePeer } from "../../network/peers";
import { rulesByAddress } from "../inventory/rule-index";
import { openBesidePods } from "../needs/data-services";
import { carriedFlows } from "./carried";
import type { Check, Observation } from "./check";
import { describeRule, listed, ruleWords } from "./words";

export const check: Check = {
  id: "database-open-to-nodes",
  severity: "warning",
  title: "A database admits more than the pods that use it",
  why: "A database that admits a group of pods, and the nodes, the ingress, the cluster or an address range besides, is still open to every pod of the cluster: the pods' own group protects nothing. A rule that carries a stated flow is meant. Of a rule for several peers, only those are to go.",
  reference: "https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html",
  run: (context) =>
    openBesidePods(context).flatMap(({ group, pods, rules }) => {
      const open = groupedBy(
        rules.filter((rule) => !carriedFlows(context).has(rule.address)),
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
            about: wide.map(ruleWords),
            message: `${address} opens the database's ${group} for ${describeRule({ ...first, peer: { kind: "cidr", cidr: peers } })}, though the pods that use it have a group of their own (${pods.address}). Where nothing else uses it that way, ${way}.`,
          },
        ];
      });
    }),
};
