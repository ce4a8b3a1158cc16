import { Unknown } from "../../expression/value";
import type { Endpoint } from "../expect/model";
import { isOnFargate } from "../inventory/cluster/fargate";
import { mayRunAt, placementOf } from "../inventory/cluster/nodes";
import { type Probe, probesOf as probesIn } from "../inventory/kubernetes/probes";
import type { Workload } from "../inventory/kubernetes/workloads";
import { once } from "../inventory/once";
import { hasSeveralClusters } from "../needs/cluster-dns";
import type { Estate, Party } from "../needs/model";
import { nodeParties, unknownNodes } from "../needs/nodes";
import { areFiltered, isFargate } from "../needs/probes";
import { endpointsOf } from "./endpoints";
import type { Subject, Wanted } from "./model";

/**
 * The nodes that are instances: those of Fargate have no port of their own, and probe pods from beside them. None where the input
 * has those of several clusters, and does not say of which.
 */
export const nodesWithKubelets = once((estate: Estate) => nodesBut(estate, new Set()));

function nodesBut(estate: Estate, others: ReadonlySet<string>): readonly Party[] {
  const nodes = nodeParties(estate, (address) => !isFargate(address) && !others.has(address));
  return nodes.length > 1 && hasSeveralClusters(estate.inventory) ? [] : nodes;
}

/** Of these, the nodes on which pods may run, by taints and labels. Most pods may run on all, or on the same ones as others. */
const nodesFor = once((estate: Estate) => {
  const known = new Map<string, readonly Party[]>();
  const addresses = [
    ...new Set(estate.inventory.attachments.flatMap((one) => (one.role === "nodes" ? [one.address] : []))),
  ];
  return ({ spec }: Workload): readonly Party[] => {
    const pods = placementOf(spec);
    const others = addresses.filter((address) => mayRunAt(estate.inventory, address, pods) === false);
    if (others.length === 0) return nodesWithKubelets(estate);
    const key = others.join("\n");
    const before = known.get(key);
    const nodes = before ?? nodesBut(estate, new Set(others));
    known.set(key, nodes);
    return nodes;
  };
});

const NONE_FIT = "its nodeSelector and its tolerations fit none of those that the input shows";
const NO_NODES = "the input shows neither nodes nor a group that is called after them";

const PROBE_WORDS = {
  startup: "startupProbe",
  readiness: "readinessProbe",
  liveness: "livenessProbe",
  postStart: "lifecycle.postStart",
  preStop: "lifecycle.preStop",
} as const;

/** The kubelet's probes and HTTP hooks, on their exact ports. */
export function probesOf(subject: Subject): Wanted[] {
  const { estate, workload, notes } = subject;
  const onFargate = isOnFargate(estate.inventory, workload);
  // There the kubelet runs on the pod's own machine.
  if (onFargate === true) return [];
  const probes = probesIn(workload.spec);
  if (probes === undefined) {
    if (areFiltered(estate)) {
      notes.add(workload, "its containers are not known, so its probes are not judged");
    }
    return [];
  }
  const asked = [...toPods(subject, probes), ...toHosts(subject, probes)];
  if (asked.length === 0) return [];
  if (onFargate === "unknown") {
    notes.add(
      workload,
      "whether a Fargate profile selects it, so that no node probes it, is not known, so its probes are not judged",
    );
    return [];
  }
  const nodes = nodesFor(estate)(workload);
  if (nodes.length === 0) {
    notes.add(
      workload,
      hasSeveralClusters(estate.inventory)
        ? "the input has several clusters, and which of them runs it is not known, so its probes are not judged"
        : `which groups the cluster's nodes carry is not known here, so its probes are not judged: ${unknownNodes(estate.inventory) ?? (nodesWithKubelets(estate).length > 0 ? NONE_FIT : NO_NODES)}`,
    );
  }
  return asked.flatMap(({ probe: { container, kind, part }, to, at, port }) =>
    // The kubelet is no pod: what it sends carries the groups of the node in either mode.
    endpointsOf(estate, nodes, "nodes").map(({ suffix, endpoint: { isOnNodes: _, ...from } }) => ({
      id: `${kind}/${at}${port}${suffix}`,
      from,
      to,
      traffic: [{ protocol: "tcp", ports: { from: port, to: port } } as const],
      words: `${PROBE_WORDS[kind]} of container ${container}`,
      at: { object: workload, part },
    })),
  );
}

/** A connection from a node; `at` is where it leads in its id, if not to the pods. */
interface Asked {
  readonly probe: Probe;
  readonly to: Endpoint;
  readonly at: string;
  readonly port: number;
}

function toPods({ estate, workload, own: to, notes }: Subject, probes: readonly Probe[]): Asked[] {
  // On one node nothing is filtered in the mode standard.
  if (!areFiltered(estate)) return [];
  const own = probes.filter(({ host }) => host === undefined);
  for (const { container, kind } of own.filter(({ port }) => port === undefined)) {
    notes.add(
      workload,
      `the port of ${PROBE_WORDS[kind]} of container ${container} is not known, so it is not judged: a name must be among the ports of the container`,
    );
  }
  return own.flatMap((probe) => (probe.port === undefined ? [] : [{ probe, to, at: "", port: probe.port }]));
}

/** What the kubelet asks elsewhere. At the loopback address it asks the node itself, which no group filters. */
function toHosts({ workload, notes }: Subject, probes: readonly Probe[]): Asked[] {
  return probes.flatMap((probe) => {
    const { host, port, kind, container } = probe;
    if (host === undefined || LOOPBACK.test(String(host))) return [];
    if (host instanceof Unknown || port === undefined || !/^[\d.]+$|:/.test(host)) {
      notes.add(
        workload,
        `the address and port of ${PROBE_WORDS[kind]} of container ${container}, which has a host, are not known, so it is not judged`,
      );
      return [];
    }
    const to = { name: host, groups: [], cidrs: [`${host}/${host.includes(":") ? 128 : 32}`] };
    return [{ probe, to, at: `${host}/`, port }];
  });
}

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[?::1\]?)$/i;
