import { Unknown } from "../../expression/value";
import type { GroupKey } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import type { Endpoint, Flow, Origin } from "../expect/model";
import { policiesOn } from "../inventory/kubernetes/policies";
import { probesOf } from "../inventory/kubernetes/probes";
import { type Workload, workloads } from "../inventory/kubernetes/workloads";
import type { Inventory } from "../inventory/model";
import { once } from "../inventory/once";
import { elements, field } from "../inventory/values";
import { statedAccess } from "../needs/data-access";
import { DNS, dnsServers } from "../needs/dns";
import { unmappedIn } from "../needs/mapping";
import type { Estate, Party } from "../needs/model";
import { nodeParties } from "../needs/nodes";
import { areFiltered, isFargate } from "../needs/probes";

/** What workloads need of each other and of the cluster. */
export interface Derived {
  readonly flows: readonly Flow[];
  /** What of a workload is not judged, and why, in sentences. */
  readonly notes: readonly string[];
}

/** A flow of one workload before it has its id: the rest of that, and what needs it. */
interface Wanted {
  readonly id: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly traffic: readonly Traffic[];
  readonly words: string;
}

/**
 * The flows that workloads with groups of their own need: DNS, the kubelet's probes, and the data services that rules on
 * either side name. Each has an id without lines, such as `shop/Deployment/orders/readiness/8080`, and what needs it.
 */
export function derivedFlows(estate: Estate): Derived {
  const notes = new Unjudged();
  const flows = new Map<string, Flow>();
  for (const workload of workloads(estate.inventory)) {
    const groups = groupsOf(estate, workload, notes);
    if (groups.length === 0) continue;
    const own = podEndpoint(estate.inventory, workload, groups);
    const wanted = [
      ...dnsOf(estate, workload, own, notes),
      ...probesFor(estate, workload, own, notes),
      ...dataOf(estate, own),
    ];
    for (const { id, words, ...rest } of wanted) {
      const name = `${placeOf(workload)}/${id}`;
      const origin: Origin = { words: `${calledAs(workload)}, ${words}`, source: workload.source };
      const before = flows.get(name);
      const origins = [...(before?.origins ?? []), origin];
      flows.set(name, { id: { module: "", name }, origins, expect: "allow", required: new Set(), ...rest });
    }
  }
  return { flows: [...flows.values()], notes: notes.sentences() };
}

const MOST_NAMED = 5;

/** What is not judged, by the reason: workloads with one reason are one sentence. */
class Unjudged {
  private readonly byReason = new Map<string, Set<string>>();

  add(workload: Workload, reason: string): void {
    const names = this.byReason.get(reason) ?? new Set();
    this.byReason.set(reason, names.add(calledAs(workload)));
  }

  sentences(): string[] {
    return [...this.byReason].map(([reason, names]) => {
      const more = names.size > MOST_NAMED ? ` and ${names.size - MOST_NAMED} more` : "";
      return `${[...names].slice(0, MOST_NAMED).join(", ")}${more}: ${reason}`;
    });
  }
}

/** The groups that the pods of a workload certainly get; none where that is not known. */
function groupsOf({ inventory }: Estate, workload: Workload, notes: Unjudged): readonly GroupKey[] {
  const { namespace } = workload;
  const matched = policiesOn(inventory, workload);
  const certain = matched.certain.filter(({ isUncertain }) => !isUncertain);
  const possible = [...matched.possible, ...matched.certain.filter(({ isUncertain }) => isUncertain)].filter(
    ({ groups }) => groups.length > 0,
  );
  if (possible.length > 0) {
    const policies = possible.map(({ address }) => address).join(" and ");
    const why =
      namespace instanceof Unknown ? ", since it names no namespace: give --manifests NAMESPACE=PATH" : "";
    notes.add(
      workload,
      `whether ${policies} selects its pods is not known, so what they need is not judged${why}`,
    );
    return [];
  }
  const unmapped = certain.flatMap((policy) => unmappedIn(inventory, policy));
  const isListKnown = certain.every(({ groupIds }) => groupIds !== undefined);
  if (unmapped.length > 0 || !isListKnown) {
    const what =
      unmapped.length > 0
        ? `the group that ${[...new Set(unmapped)].join(", ")} stands for`
        : "the groups of its pods";
    notes.add(workload, `${what} is not known, so what its pods need is not judged`);
    return [];
  }
  return [...new Set(certain.flatMap(({ groups }) => groups))];
}

/** `shop/Deployment/orders`: the workload in ids. */
function placeOf({ namespace, kind, name, address }: Workload): string {
  const parts = [...(typeof namespace === "string" ? [namespace] : []), kind, name];
  return name === "" ? address : parts.join("/");
}

/** `Deployment shop/orders`: the workload in sentences. */
function calledAs({ namespace, kind, name, address }: Workload): string {
  if (name === "") return address;
  return `${kind} ${typeof namespace === "string" ? `${namespace}/` : ""}${name}`;
}

function podEndpoint(
  { hasIpv6Pods, familiesOn }: Inventory,
  { name, address }: Workload,
  groups: readonly GroupKey[],
): Endpoint {
  const families = hasIpv6Pods ? (["ipv6"] as const) : familiesOn(groups);
  return {
    name: name === "" ? address : name,
    groups,
    isOnNodes: true,
    ...(families && { families }),
    ...(hasIpv6Pods && { isIpv6Pod: true }),
  };
}

/** Ends of one kind, each with what tells it from the others in an id. */
function endpointsOf(
  { inventory }: Estate,
  parties: readonly Party[],
  called: string,
): { readonly suffix: string; readonly endpoint: Endpoint }[] {
  const isOne = parties.length === 1;
  return parties.map((party) => {
    if ("cidr" in party) {
      const { cidr } = party;
      return { suffix: isOne ? "" : `/${cidr}`, endpoint: { name: cidr, groups: [], cidrs: [cidr] } };
    }
    const { groups } = party;
    const label = groups.map((key) => inventory.groups.get(key)?.label ?? key).join("+");
    const families = inventory.familiesOn(groups);
    const name = isOne ? called : label;
    return {
      suffix: isOne ? "" : `/${label}`,
      endpoint: { name, groups, isOnNodes: true, ...(families && { families }) },
    };
  });
}

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy */
function dnsOf(estate: Estate, workload: Workload, from: Endpoint, notes: Unjudged): Wanted[] {
  const { dnsPolicy = "ClusterFirst", spec } = workload;
  const traffic = [DNS.udp, DNS.tcp];
  const asked = (parties: readonly Party[], words: string) =>
    endpointsOf(estate, parties, "dns").map(({ suffix, endpoint: to }) => ({
      id: `dns${suffix}`,
      from,
      to,
      traffic,
      words,
    }));
  // The resolver of the VPC, which no group filters.
  if (dnsPolicy === "Default") return [];
  if (dnsPolicy === "None") {
    const servers = elements(field(spec, "dnsConfig", "nameservers")).filter(
      (one) => typeof one === "string",
    );
    const parties = servers.map((address) => ({ cidr: `${address}/${address.includes(":") ? 128 : 32}` }));
    return asked(parties, "dnsConfig.nameservers");
  }
  if (dnsPolicy instanceof Unknown) {
    notes.add(workload, "its dnsPolicy is not known, so its DNS is not judged");
    return [];
  }
  const servers = dnsServers(estate, from.groups);
  if (servers.length === 0) {
    notes.add(
      workload,
      "which groups the pods of CoreDNS carry is not known here, so its DNS is not judged: the input shows neither the groups of the cluster's nodes nor a rule for port 53",
    );
  }
  return asked(servers, `dnsPolicy ${dnsPolicy}`);
}

const nodesWithKubelets = once((estate: Estate) => nodeParties(estate, (address) => !isFargate(address)));

function probesFor(estate: Estate, workload: Workload, to: Endpoint, notes: Unjudged): Wanted[] {
  // On one node nothing is filtered in the mode standard.
  if (!areFiltered(estate)) return [];
  const probes = probesOf(workload.spec);
  if (probes === undefined) {
    notes.add(workload, "its containers are not known, so its probes are not judged");
    return [];
  }
  const own = probes.filter(({ host }) => host === undefined);
  for (const { container, kind } of own.filter(({ port }) => port === undefined)) {
    notes.add(
      workload,
      `the port of ${PROBE_WORDS[kind]} of container ${container} is not known, so it is not judged: a name must be among the ports of the container`,
    );
  }
  const known = own.flatMap((probe) => (probe.port === undefined ? [] : [{ ...probe, port: probe.port }]));
  const nodes = known.length === 0 ? [] : nodesWithKubelets(estate);
  if (known.length > 0 && nodes.length === 0) {
    notes.add(
      workload,
      "which groups the cluster's nodes carry is not known here, so its probes are not judged",
    );
  }
  return known.flatMap(({ container, kind, port }) =>
    endpointsOf(estate, nodes, "nodes").map(({ suffix, endpoint: from }) => ({
      id: `${kind}/${port}${suffix}`,
      from,
      to,
      traffic: [{ protocol: "tcp", ports: { from: port, to: port } } as const],
      words: `${PROBE_WORDS[kind]} of container ${container}`,
    })),
  );
}

const PROBE_WORDS = {
  startup: "startupProbe",
  readiness: "readinessProbe",
  liveness: "livenessProbe",
  postStart: "lifecycle.postStart",
  preStop: "lifecycle.preStop",
} as const;

function dataOf(estate: Estate, from: Endpoint): Wanted[] {
  return statedAccess(estate, from.groups).map(({ service, traffic }) => {
    const { address } = service.resource;
    const { groups } = service.attachment;
    const families = estate.inventory.familiesOn(groups);
    return {
      id: `data/${address}`,
      from,
      to: { name: address, groups, ...(families && { families }) },
      traffic,
      words: `rules for ${address}`,
    };
  });
}
