import type { Traffic } from "../../network/traffic";
import { coreDns } from "../inventory/cluster/coredns";
import { placeOf } from "../inventory/kubernetes/names";
import {
  type NetworkPolicy,
  type NetworkPort,
  type NetworkRule,
  networkPolicies,
  workloadsNamed,
} from "../inventory/kubernetes/network-policies";
import { portNumber, targetPortOf } from "../inventory/kubernetes/services";
import type { Workload } from "../inventory/kubernetes/workloads";
import { once } from "../inventory/once";
import type { Estate } from "../needs/model";
import { podEndpoint } from "./endpoints";
import type { Subject, Wanted } from "./model";
import { Unjudged } from "./unjudged";
import { groupsOf } from "./workload-groups";

/** What a NetworkPolicy lets one workload send to another. */
interface Connection {
  readonly client: Workload;
  readonly policy: NetworkPolicy;
  readonly rule: NetworkRule;
}

/** A rule that names more pairs of workloads than this speaks of kinds of pods, as one for a namespace does. */
const MOST_PAIRS = 400;

/** What is let through to a workload, by its address; and the rules that are for too many. */
const connections = once(({ inventory }: Estate) => {
  const byServer = new Map<string, Connection[]>();
  const wide: { readonly policy: NetworkPolicy; readonly servers: readonly Workload[] }[] = [];
  const open: { readonly policy: NetworkPolicy; readonly servers: readonly Workload[] }[] = [];
  for (const policy of networkPolicies(inventory)) {
    const selected = workloadsNamed(inventory, policy.selected);
    for (const rule of policy.rules) {
      const isOpen = rule.peers.some(
        ({ possible, matched }) => workloadsNamed(inventory, { namespaces: possible, matched }).length > 0,
      );
      if (isOpen) open.push({ policy, servers: selected });
      const peers = [...new Set(rule.peers.flatMap((peer) => workloadsNamed(inventory, peer)))];
      const [clients, servers] = rule.direction === "ingress" ? [peers, selected] : [selected, peers];
      if (clients.length * servers.length > MOST_PAIRS) {
        wide.push({ policy, servers });
        continue;
      }
      for (const server of servers) {
        const own = clients.map((client) => ({ client, policy, rule }));
        byServer.set(server.address, [...(byServer.get(server.address) ?? []), ...own]);
      }
    }
  }
  return { byServer, widePolicies: byWorkload(wide), openPolicies: byWorkload(open) };
});

function byWorkload(
  all: readonly { readonly policy: NetworkPolicy; readonly servers: readonly Workload[] }[],
): ReadonlyMap<string, readonly NetworkPolicy[]> {
  const result = new Map<string, NetworkPolicy[]>();
  for (const { policy, servers } of all) {
    for (const { address } of servers) {
      const before = result.get(address) ?? [];
      if (!before.includes(policy)) result.set(address, [...before, policy]);
    }
  }
  return result;
}

const clientsOf = once((estate: Estate) =>
  once((client: Workload) => {
    // What is not known of it is said where its own needs are.
    const groups = groupsOf(estate, client, new Unjudged());
    return groups.length === 0 ? undefined : podEndpoint(estate.inventory, client, groups);
  }),
);

/**
 * What other workloads with groups of their own send to a workload, as NetworkPolicies name them by their labels: whoever filters
 * in the cluster as well means that these reach it.
 */
export function networkPoliciesOf({ estate, workload, own: to, notes }: Subject): Wanted[] {
  const { inventory } = estate;
  // Of the cluster's DNS its own flows speak.
  if (workload === coreDns(inventory).workload) return [];
  const { byServer, widePolicies, openPolicies } = connections(estate);
  for (const { address } of openPolicies.get(workload.address) ?? []) {
    notes.add(
      workload,
      `${address} names namespaces by labels, and which of them have these is not known, so what it lets through there is not judged: give the Namespaces as well`,
    );
  }
  for (const { address } of widePolicies.get(workload.address) ?? []) {
    notes.add(
      workload,
      `${address} names too many workloads for flows between each two of them, so these are not judged`,
    );
  }
  return (byServer.get(workload.address) ?? []).flatMap(({ client, policy, rule }) => {
    const from = clientsOf(estate)(client);
    if (from === undefined) return [];
    const traffic = rule.ports.map((port) => trafficOf(port, workload));
    if (traffic.length === 0) {
      notes.add(workload, `${policy.address} names no ports, so what it lets through is not judged`);
    }
    if (traffic.includes(undefined)) {
      notes.add(
        workload,
        `a port that ${policy.address} names is not known, so it is not judged: a name must be among the ports of the containers`,
      );
    }
    return traffic
      .filter((one) => one !== undefined)
      .map((one) => ({
        id: `from/${placeOf(client)}/${portWords(one)}`,
        from,
        to,
        traffic: [one],
        words: `${rule.direction} of NetworkPolicy ${policy.name}`,
        at: { object: policy.object, part: rule.part },
      }));
  });
}

function trafficOf({ protocol, port, end }: NetworkPort, { spec }: Workload): Ported | undefined {
  if (protocol === "other") return undefined;
  const from = targetPortOf({ targetPort: port, protocol }, spec);
  const to = end === null ? from : portNumber(end);
  return from === undefined || to === undefined ? undefined : { protocol, ports: { from, to } };
}

type Ported = Extract<Traffic, { protocol: "tcp" | "udp" }>;

function portWords({ protocol, ports: { from, to } }: Ported): string {
  return `${protocol === "udp" ? "udp-" : ""}${from}${to === from ? "" : `-${to}`}`;
}
