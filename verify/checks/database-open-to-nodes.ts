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
  title: "A database allows more than the pods that use it",
  why: "A database that allows a pod security group, but also the nodes, the ingress, the cluster or an address range, is still open to every pod of the cluster: the pod security group protects nothing. A rule that carries a flow from flows.yaml is intended. If a rule has several peers, only those in the finding need to go.",
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
        const way = isWhole ? "remove the rule" : `remove ${peers} from it and keep its other peers`;
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
            message: `${address} allows ${describeRule({ ...first, peer: { kind: "cidr", cidr: peers } })} on the database group ${group}, although the pods that use it have their own group (${pods.address}). If nothing else needs that, ${way}.`,
          },
        ];
      });
    }),
};
