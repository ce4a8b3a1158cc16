import { Unknown } from "../../expression/value";
import { elements, field } from "../inventory/values";
import { DNS, dnsServers } from "../needs/dns";
import type { Party } from "../needs/model";
import { endpointsOf } from "./endpoints";
import type { Subject, Wanted } from "./model";

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy */
export function dnsOf({ estate, workload, own: from, notes }: Subject): Wanted[] {
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
