import { Unknown } from "../../expression/value";
import { resolversOf } from "../inventory/cluster/dhcp-options";
import { isLinkLocal } from "../inventory/cluster/node-local-dns";
import { DNS, dnsServers } from "../needs/dns";
import type { Party } from "../needs/model";
import { asksItsNode, nameserversOf } from "../needs/node-dns";
import { endpointsOf } from "./endpoints";
import type { Subject, Wanted } from "./model";

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy */
export function dnsOf(subject: Subject): Wanted[] {
  const { estate, workload, own, notes } = subject;
  const { dnsPolicy = "ClusterFirst" } = workload;
  if (dnsPolicy instanceof Unknown) {
    notes.add(workload, "its dnsPolicy is not known, so its DNS is not judged");
    return [];
  }
  if (dnsPolicy === "Default") return ofVpc(subject);
  if (dnsPolicy === "None") {
    const servers = nameserversOf(workload).filter((address) => !isLinkLocal(address));
    return asked(subject, servers.map(hostOf), "dnsConfig.nameservers");
  }
  const isLocal = asksItsNode(estate.inventory, workload);
  if (isLocal === "unknown") {
    notes.add(
      workload,
      "whether a cache on its node answers it (NodeLocal DNSCache) is not known, so its DNS is not judged",
    );
  }
  if (isLocal !== false) return [];
  const answering = dnsServers(estate, own.groups);
  if ("unknown" in answering) {
    notes.add(
      workload,
      `which groups the pods of CoreDNS carry is not known here, so its DNS is not judged: ${answering.unknown}`,
    );
    return [];
  }
  return asked(subject, answering.parties, `dnsPolicy ${dnsPolicy}`);
}

/** Of the resolver of the VPC, which no group filters, unless the VPC names others. */
function ofVpc(subject: Subject): Wanted[] {
  const { estate, workload, own, notes } = subject;
  const { inventory } = estate;
  const vpcs = own.groups.map((group) => inventory.groups.get(group)?.vpc);
  const resolvers = resolversOf(inventory, vpcs);
  if (resolvers === "unknown") {
    notes.add(
      workload,
      "which resolvers the DHCP options of its VPC name is not known, so its DNS (dnsPolicy Default) is not judged",
    );
    return [];
  }
  return asked(subject, resolvers.map(hostOf), "dnsPolicy Default, resolvers of the VPC's DHCP options");
}

function asked({ estate, own: from }: Subject, parties: readonly Party[], words: string): Wanted[] {
  return endpointsOf(estate, parties, "dns").map(({ suffix, endpoint: to }) => ({
    id: `dns${suffix}`,
    from,
    to,
    traffic: [DNS.udp, DNS.tcp],
    words,
  }));
}

function hostOf(address: string): Party {
  return { cidr: `${address}/${address.includes(":") ? 128 : 32}` };
}
