import type { GroupKey } from "../../network/peers";
import { overlaps } from "../../network/traffic";
import { policiesWithout } from "../inventory/kubernetes/policies";
import { rulesByGroup } from "../inventory/rule-index";
import { asksElsewhere, DNS } from "../needs/dns";
import { mayFloat } from "../needs/interfaces";
import type { Check, CheckContext } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "no-dns-path",
  severity: "error",
  title: "Pods can ask no DNS",
  why: "Pods ask the cluster's DNS over UDP, port 53, and resolve no names where none of the groups on them lets that out. The groups of all policies that may match a pod are looked at, where the input declares them. It happens to pods that lack the group that has DNS for all, and to groups of which DNS was forgotten. A warning in the mode standard, where a resolver on the pod's own node, such as NodeLocal DNSCache, is in reach without a rule, and where it is not known whether the policy exists. Pods that need no names, or ask the VPC's own resolver (dnsPolicy Default), which no group filters, are fine: suppress the finding and say so. Silent where the input declares pods of the policy, and all of them have dnsPolicy Default or None.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
  run: (context) => {
    if (mayFloat(context, "egress", DNS.udp)) return [];
    const without = policiesWithout(context.inventory, (group) => mayAsk(context, group));
    return without
      .filter((policy) => !asksElsewhere(context.inventory, policy))
      .map(({ address, groups, source, isUncertain }) => ({
        address,
        groups,
        source,
        severity: context.mode === "standard" || isUncertain ? "warning" : "error",
        message: `The pods of ${address} carry ${listed(groups)}, and no egress rule admits UDP 53: they resolve no names. Name the group that has DNS in the policy, too, such as the baseline's, or add to ${groups.length > 1 ? "one of " : ""}${listed(groups)} egress UDP and TCP 53 towards CoreDNS's group, and the ingress there.`,
      }));
  },
};

/** Whether a rule may let DNS out. Of TCP without UDP, where that is meant for DNS, `dns-half-open` speaks. */
function mayAsk(context: CheckContext, group: GroupKey): boolean {
  const rules = rulesByGroup(context.inventory).egress.get(group) ?? [];
  return rules.some(
    ({ traffic }) =>
      traffic === undefined ||
      overlaps(traffic, DNS.udp) ||
      (traffic.protocol === "tcp" && traffic.ports.from === 53 && traffic.ports.to === 53),
  );
}
