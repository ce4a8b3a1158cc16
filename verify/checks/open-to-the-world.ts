import { resourceReference } from "../../expression/resource-reference";
import { describePeer, type GroupKey, isWorld } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import { covers } from "../../network/traffic";
import type { SecurityGroupRule } from "../inventory/model";
import { rulesByAddress } from "../inventory/rule-index";
import { interfaces, isDataService, rolesOf } from "../needs/interfaces";
import type { Check, CheckContext, Observation } from "./check";
import type { Severity } from "./model";
import { describeRule, listed, ruleWords } from "./words";

export const check: Check = {
  id: "open-to-the-world",
  severity: "error",
  title: "A group allows the whole internet",
  why: "Ingress from 0.0.0.0/0 or ::/0 is for load balancers; groups of load balancers in the input are skipped. All ports at once are an error, and so is any port of a database, a cache, another data service or pods. Other ports are a warning, because the load balancer may be outside the input. Lambda functions open connections and accept none, whatever their groups allow: information.",
  reference: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
  run: (context) =>
    [...rulesByAddress(context.inventory)].flatMap(([address, rules]): Observation[] => {
      const open = rules.filter((rule) => rule.direction === "ingress" && isWorld(rule.peer));
      const [first] = open;
      if (first === undefined || isLoadBalancers(context, first.group ?? "")) return [];
      const peers = listed(open.map(({ peer }) => describePeer(peer)));
      const what = `${address} opens ${first.group ?? "a group that is not known"} to the world: ${describeRule({ ...first, peer: { kind: "cidr", cidr: peers } })}.`;
      const base = { address, source: first.source, about: open.map(ruleWords) };
      return isOnFunctionsAlone(context, first.group)
        ? [
            {
              ...base,
              severity: "information",
              advice: { kind: "rewrite", rule: address },
              message: `${what} It is on Lambda functions, which open connections and accept none: remove the rule.`,
            },
          ]
        : [
            {
              ...base,
              severity: severityOf(context, first),
              advice: { kind: "rewrite", rule: address },
              message: `${what} Allow only the group or the addresses that need it, or put a load balancer in front.`,
            },
          ];
    }),
};

function isLoadBalancers(context: CheckContext, group: GroupKey): boolean {
  return rolesOf(context, group).has("load-balancer") && !isDataService(context, group);
}

/** Functions are invoked by Lambda's API, and their interfaces are for what they open: https://docs.aws.amazon.com/lambda/latest/dg/foundation-networking.html */
function isOnFunctionsAlone(context: CheckContext, group: GroupKey | undefined): boolean {
  const carriers = interfaces(context).filter(({ groups }) => group !== undefined && groups.includes(group));
  return (
    carriers.length > 0 &&
    carriers.every(({ address }) => resourceReference(address)?.type === "aws_lambda_function")
  );
}

const ALL_PORTS: readonly Traffic[] = [
  { protocol: "tcp", ports: { from: 1, to: 65535 } },
  { protocol: "udp", ports: { from: 1, to: 65535 } },
];

function severityOf(context: CheckContext, { group, traffic }: SecurityGroupRule): Severity {
  const roles = rolesOf(context, group ?? "");
  if (isDataService(context, group ?? "") || roles.has("pods")) return "error";
  return traffic && ALL_PORTS.some((all) => covers(traffic, all)) ? "error" : "warning";
}
