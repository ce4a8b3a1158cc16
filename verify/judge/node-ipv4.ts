import type { Fact, Verdict } from "./model";

/**
 * In a cluster with `ip_family = "ipv6"` the CNI gives pods an IPv4 address that is valid on their node alone, and
 * translates it to that of the node (https://docs.aws.amazon.com/eks/latest/userguide/cni-ipv6.html): what pods send to
 * IPv4 carries the groups of the node, in either mode. Undefined for what is sent to IPv6 in any case.
 */
export function throughNode(verdict: Verdict): Verdict | undefined {
  const { flow, impossible, status } = verdict;
  const { from, to } = flow;
  if (!from.isIpv6Pod) return undefined;
  const isToIpv4 = impossible?.kind === "no-common-family" && impossible.to.includes("ipv4");
  // An address that is not known may be one of IPv4.
  const isUnknown = to.cidrs === undefined && to.families === undefined;
  const mayBeToIpv4 = status === "broken" && flow.expect === "allow" && isUnknown;
  if (!isToIpv4 && !mayBeToIpv4) return undefined;
  const fact: Fact = { kind: "node-ipv4", from: from.name, to: to.name, traffic: flow.traffic };
  const { impossible: _, ...possible } = verdict;
  return {
    ...possible,
    status: "holds-if",
    conditions: [{ kind: flow.expect === "allow" ? "is" : "not", fact }],
    cures: [],
    openedBy: [],
  };
}
