import type { GroupKey } from "../../network/peers";
import { overlaps } from "../../network/traffic";
import { nodesMadeBy } from "../inventory/cluster/unread-modules";
import { showsAllRules } from "../inventory/groups";
import { policiesWithout } from "../inventory/kubernetes/policies";
import { rulesByGroup } from "../inventory/rule-index";
import { asksElsewhere, DNS, isNetwork, mayBeOfDns } from "../needs/dns";
import { interfaces, isClosed, mayFloat } from "../needs/interfaces";
import { findsUnknownGroups } from "../needs/nodes";
import { groupsOnPods } from "../needs/pods";
import type { Check, CheckContext, Observation } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "no-dns-path",
  severity: "error",
  title: "Pods cannot reach DNS",
  why: "Pods query the cluster DNS over UDP port 53, and cannot resolve names if none of their security groups has an egress rule for it. The check includes the groups of all policies that may match a pod, if the input declares them. Typical causes are pods without the shared group that has the DNS rules, and groups whose DNS rules were forgotten. A warning in standard mode, where a resolver on the pod's own node, such as NodeLocal DNSCache, needs no rule, and if it is not known whether the policy exists. Pods that need no names, or that use the VPC resolver (dnsPolicy Default), which security groups do not filter, are fine: suppress the finding with that reason. If the input shows all groups of the nodes, one of them must allow UDP 53 from the pods, unless CoreDNS may have its own groups. Silent if the input declares pods of the policy and all of them have dnsPolicy Default or None.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
  run: (context) => {
    return [...closedByOwn(context), ...closedByNodes(context)];
  },
};

function closedByOwn(context: CheckContext): Observation[] {
  if (mayFloat(context, "egress", DNS.udp)) return [];
  const without = policiesWithout(context.inventory, (group) => mayAsk(context, group));
  return without
    .filter((policy) => !asksElsewhere(context.inventory, policy))
    .map(({ address, groups, source, isUncertain }) => ({
      address,
      groups,
      source,
      severity: context.mode === "standard" || isUncertain ? "warning" : "error",
      about: ["egress"],
      message: `The pods of ${address} carry ${listed(groups)}, and no egress rule allows UDP 53: they cannot resolve names. Add the group that has the DNS rules to the policy, such as the baseline's, or give ${groups.length > 1 ? "one of " : ""}${listed(groups)} egress rules for UDP and TCP 53 to the CoreDNS group, and add the ingress rules there.`,
    }));
}

/** Policies whose pods may ask, and of which the nodes, where CoreDNS runs, admit no question. */
function closedByNodes(context: CheckContext): Observation[] {
  const { inventory, mode } = context;
  const nodes = allNodes(context);
  if (nodes.length === 0 || mayFloat(context, "ingress", DNS.udp)) return [];
  if (inventory.policies.some(mayBeOfDns)) return [];
  const questions = nodes
    .flatMap((group) => rulesByGroup(inventory).ingress.get(group) ?? [])
    .filter(({ traffic }) => traffic === undefined || overlaps(traffic, DNS.udp));
  // What may stand for any group.
  if (questions.some(({ peer }) => peer.kind !== "group" || !showsAllRules(inventory, peer.group))) return [];
  const admitted = new Set(questions.flatMap(({ peer }) => (peer.kind === "group" ? [peer.group] : [])));
  return inventory.policies
    .filter(({ groups, groupIds }) => groups.length > 0 && groupIds !== undefined)
    .flatMap((policy): Observation[] => {
      const own = groupsOnPods(context, policy);
      if (own.some((group) => admitted.has(group)) || !own.every((group) => showsAllRules(inventory, group)))
        return [];
      if (!asksAnyone(context, own) || asksElsewhere(context.inventory, policy)) return [];
      const { address, groups, source, isUncertain } = policy;
      return [
        {
          address,
          groups,
          source,
          severity: mode === "standard" || isUncertain ? "warning" : "error",
          about: ["ingress of the nodes"],
          message: `The pods of ${address} carry ${listed(own)}, and no ingress rule of the nodes (${listed(nodes)}) allows UDP 53 from ${own.length > 1 ? "one of these" : "it"}: they cannot reach CoreDNS there or resolve names. Allow UDP and TCP 53 on the node security group from ${own.length > 1 ? "one of these" : listed(own)}; if CoreDNS has its own groups, suppress this finding.`,
        },
      ];
    });
}

/** The groups of the nodes, where the input shows all nodes and every rule of their groups; none elsewhere. */
function allNodes(context: CheckContext): GroupKey[] {
  const { input } = context.inventory;
  // One that makes none, but has the nodes' group, leaves that open by itself.
  const mayBeOthers = input.modules.some((one) => one.passed !== undefined && nodesMadeBy(one) !== "none");
  if (mayBeOthers || findsUnknownGroups(context.inventory)) return [];
  const groups = interfaces(context).flatMap((one) => (one.role === "nodes" ? one.groups : []));
  return groups.every((group) => isClosed(context, group)) ? [...new Set(groups)] : [];
}

/** Whether what pods ask goes to addresses alone, and these may be any of CoreDNS: of groups other checks speak. */
function asksAnyone({ inventory }: CheckContext, groups: readonly GroupKey[]): boolean {
  const rules = groups
    .flatMap((group) => rulesByGroup(inventory).egress.get(group) ?? [])
    .filter(({ traffic }) => traffic === undefined || overlaps(traffic, DNS.udp));
  return rules.length > 0 && rules.every(({ peer }) => peer.kind === "cidr" && isNetwork(peer.cidr));
}

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
