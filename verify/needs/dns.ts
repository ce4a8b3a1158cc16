import { groupedBy } from "../../io/lists";
import { partsOf } from "../../network/cidr";
import type { GroupKey, RulePeer } from "../../network/peers";
import { describePeer } from "../../network/peers";
import { overlaps, type Traffic } from "../../network/traffic";
import { workloadsOf } from "../inventory/kubernetes/policies";
import { matchesLabels } from "../inventory/kubernetes/selectors";
import type { Inventory, Policy, SecurityGroupRule } from "../inventory/model";
import { once } from "../inventory/once";
import { rulesByGroup } from "../inventory/rule-index";
import { type Answering, clusterDns } from "./cluster-dns";
import { party, rolesOf } from "./interfaces";
import type { Estate, Need, Party } from "./model";
import { isNodes } from "./nodes";
import { isForeign, type Pods, podsWithGroups } from "./pods";

/** DNS asks over UDP, and over TCP where an answer is long: RFC 7766. */
export const DNS = { udp: dns("udp"), tcp: dns("tcp") } as const;

function dns(protocol: "tcp" | "udp"): Traffic {
  return { protocol, ports: { from: 53, to: 53 } };
}

/** Who asks and who answers; one of them is a group, and the first rule on port 53 between them. */
export interface DnsPair {
  readonly client: RulePeer;
  readonly server: RulePeer;
  readonly rule: SecurityGroupRule;
}

/** Pairs that a rule for port 53 and nothing else names: those are meant for DNS. */
export const dnsPairs: (inventory: Inventory) => readonly DnsPair[] = once(({ rules }) => {
  const result = new Map<string, DnsPair>();
  for (const rule of rules) {
    const { group, direction, peer } = rule;
    if (group === undefined || (peer.kind !== "group" && peer.kind !== "cidr") || !isForDns(rule)) continue;
    const own: RulePeer = { kind: "group", group };
    const [client, server] = direction === "egress" ? [own, peer] : [peer, own];
    const key = `${describePeer(client)} ${describePeer(server)}`;
    if (!result.has(key)) result.set(key, { client, server, rule });
  }
  return [...result.values()];
});

/** Whether a rule is for port 53 and nothing else. */
export function isForDns({ traffic }: SecurityGroupRule): boolean {
  if (traffic?.protocol !== "tcp" && traffic?.protocol !== "udp") return false;
  return traffic.ports.from === 53 && traffic.ports.to === 53;
}

/** Whether all pods of a policy that the input declares ask another DNS than the cluster's, and there are some. */
export function asksElsewhere(inventory: Inventory, policy: Policy): boolean {
  const pods = workloadsOf(inventory, policy);
  return pods.length > 0 && pods.every(({ dnsPolicy }) => dnsPolicy === "Default" || dnsPolicy === "None");
}

/**
 * DNS of pods with groups of their own: over both protocols, to what a rule for port 53 names, else to what is known to
 * answer. And of groups that are on nothing which is seen, where such a rule names the nodes: who but pods asks these?
 */
export function dnsNeeds(estate: Estate): Need[] {
  const ofPods = podsWithGroups(estate)
    .filter(
      ({ policies }) =>
        !policies.every((policy) => asksElsewhere(estate.inventory, policy)) && !policies.some(isDns),
    )
    .flatMap((pods) => needsOf(estate, pods));
  const given = new Set(
    estate.inventory.policies.flatMap(({ groups, meantGroups }) => [...groups, ...meantGroups]),
  );
  const ofOthers = dnsPairs(estate.inventory).flatMap(({ client, server }): Need[] => {
    if (client.kind !== "group" || server.kind !== "group" || given.has(client.group)) return [];
    if (isForeign(estate, client.group) || rolesOf(estate, client.group).size > 0) return [];
    if (isNodes(estate, client.group) || !isNodes(estate, server.group)) return [];
    return [need([party(estate, [client.group], "pods")], [party(estate, [server.group], "dns")])];
  });
  return [...ofPods, ...ofOthers];
}

function need(from: readonly Party[], to: readonly Party[]): Need {
  return { what: "dns", from, to, traffic: [DNS.udp, DNS.tcp] };
}

function needsOf(estate: Estate, { party: pods }: Pods): Need[] {
  const named = namedServers(estate, pods.mayCarry).filter(
    // All addresses say of no server where it is.
    (one) => !("cidr" in one && one.cidr.endsWith("/0")),
  );
  if (named.length > 0) return named.map((server) => need([pods], [server]));
  const servers = serversOf(estate);
  return servers.length === 0 || asksOthers(estate, pods.mayCarry, servers) ? [] : [need([pods], servers)];
}

/**
 * Who answers pods that ask the cluster's DNS, each of whom must be reached: what rules for port 53 name, where that may answer
 * and is nothing of which the input shows whether it does, else what is known to answer.
 *
 * @param groups those of the pods
 */
export function dnsServers(estate: Estate, groups: readonly GroupKey[]): Answering {
  const named = namedServers(estate, groups).filter((one) =>
    "cidr" in one ? !isNetwork(one.cidr) : one.groups.every((group) => mayAnswer(estate, group)),
  );
  const answering = clusterDns(estate);
  if (named.length === 0 || ("parties" in answering && named.every((one) => isOnShownNodes(estate, one)))) {
    return answering;
  }
  return { parties: named };
}

/** Whether an end is a group of nodes that the input shows: of these it is known which may run the cluster's DNS. */
function isOnShownNodes(estate: Estate, one: Party): boolean {
  return (
    "groups" in one &&
    one.groups.every((group) => !isForeign(estate, group) && rolesOf(estate, group).has("nodes"))
  );
}

/** What rules for port 53 name as the servers of some groups, in the order of the rules. */
function namedServers(estate: Estate, groups: readonly GroupKey[]): Party[] {
  return [...new Set(groups)]
    .flatMap((group) => placedPairs(estate.inventory).get(group) ?? [])
    .sort((a, b) => a.place - b.place)
    .flatMap(({ server }): Party[] => {
      if (server.kind === "group") return [party(estate, [server.group], "dns")];
      return server.kind === "cidr" ? [{ cidr: server.cidr }] : [];
    });
}

/** The pairs of each group that asks, with their places among all. */
const placedPairs: (inventory: Inventory) => ReadonlyMap<GroupKey, readonly (DnsPair & { place: number })[]> =
  once((inventory) =>
    groupedBy(
      dnsPairs(inventory).map((pair, place) => ({ ...pair, place })),
      ({ client }) => (client.kind === "group" ? client.group : undefined),
    ),
  );

/** Whether a group may be on what answers: on nodes, on pods, or on what is not seen. */
function mayAnswer(estate: Estate, group: GroupKey): boolean {
  const roles = rolesOf(estate, group);
  return isForeign(estate, group) || roles.size === 0 || roles.has("pods") || roles.has("nodes");
}

/** Who answers in a cluster, where that is known. */
function serversOf(estate: Estate): readonly Party[] {
  const answering = clusterDns(estate);
  return "parties" in answering ? answering.parties : [];
}

/** Whether a policy may give groups to the pods of a cluster's DNS, by its namespace. */
export function mayBeOfDns({ namespace }: Policy): boolean {
  return typeof namespace !== "string" || namespace === "kube-system";
}

/** Whether a CIDR is larger than what a few resolvers have. */
export function isNetwork(cidr: string): boolean {
  const { length } = partsOf(cidr);
  return length <= (cidr.includes(":") ? 64 : 24);
}

/** Whether a policy certainly matches the pods of a cluster's DNS: https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html */
function isDns({ namespace, matched }: Policy): boolean {
  return (
    namespace === "kube-system" &&
    matched !== undefined &&
    matchesLabels(matched, { pod: { labels: { "k8s-app": "kube-dns" } } })
  );
}

/** Whether rules let DNS out to a group or to a few addresses that may answer and are none of the servers. */
function asksOthers({ inventory }: Estate, pods: readonly GroupKey[], servers: readonly Party[]): boolean {
  const known = new Set([...pods, ...servers.flatMap((one) => ("groups" in one ? one.mayCarry : []))]);
  return pods.some((group) =>
    (rulesByGroup(inventory).egress.get(group) ?? []).some(
      ({ traffic, peer }) =>
        !(peer.kind === "cidr" && isNetwork(peer.cidr)) &&
        !(peer.kind === "group" && known.has(peer.group)) &&
        (traffic === undefined || overlaps(traffic, DNS.udp)),
    ),
  );
}
