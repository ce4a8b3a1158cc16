import { referencesIn } from "../../expression/references";
import { Unknown, type Value } from "../../expression/value";
import { isList } from "../../expression/values";
import type { Workload } from "../inventory/kubernetes/workloads";
import { once } from "../inventory/once";
import { isObject, text } from "../inventory/values";
import { type DataService, dataServices, reaches } from "./data-services";
import { rolesOf } from "./interfaces";
import type { Estate } from "./model";

/** Attributes of data services that clients connect to, as the provider calls them. */
const HOSTS = [
  "address",
  "cluster_address",
  "configuration_endpoint",
  "configuration_endpoint_address",
  "dns_name",
  "endpoint",
  "primary_endpoint_address",
  "reader_endpoint",
  "reader_endpoint_address",
] as const;

/** Data services by how pods name them: by an attribute of the resource, or by a host name that the input knows. */
interface Names {
  readonly byAddress: ReadonlyMap<string, readonly DataService[]>;
  readonly byHost: ReadonlyMap<string, readonly DataService[]>;
}

const namesOf = once((estate: Estate): Names => {
  const byAddress = new Map<string, readonly DataService[]>();
  const byHost = new Map<string, readonly DataService[]>();
  const add = (map: Map<string, readonly DataService[]>, name: string, service: DataService) =>
    map.set(name, [...(map.get(name) ?? []), service]);
  for (const service of dataServices(estate)) {
    const { address, values } = service.resource;
    add(byAddress, address, service);
    // An endpoint may have its port behind the name.
    const hosts = HOSTS.flatMap((key) => text(values[key])?.replace(/:\d+$/, "") ?? []);
    for (const host of new Set(hosts)) if (host.includes(".")) add(byHost, host, service);
  }
  return { byAddress, byHost };
});

/** The data services that the pods of a workload name, such as by an address in an environment variable. */
export function servicesNamedBy(estate: Estate, { spec }: Workload): readonly DataService[] {
  const names = namesOf(estate);
  return names.byAddress.size === 0 ? [] : [...new Set(named(spec, names))];
}

function named(value: Value, names: Names): DataService[] {
  if (value instanceof Unknown) {
    return referencesIn(value.expression).flatMap((path) => {
      let name = "";
      return path.flatMap((part) => {
        name += typeof part === "number" ? `[${part}]` : name === "" ? part : `.${part}`;
        return names.byAddress.get(name) ?? [];
      });
    });
  }
  if (typeof value === "string") {
    if (names.byHost.size === 0) return [];
    return (value.match(/[\w-]+(?:\.[\w-]+)+/g) ?? []).flatMap((host) => names.byHost.get(host) ?? []);
  }
  if (isList(value)) return value.flatMap((item) => named(item, names));
  return isObject(value) ? Object.values(value).flatMap((item) => named(item, names)) : [];
}

/**
 * The data services that pods without groups of their own name, and that admit pods of policies alone: no node and nothing
 * that may be one.
 */
export function servicesOfOtherPods(estate: Estate, workload: Workload): readonly DataService[] {
  const closed = closedToNodes(estate);
  return closed.size === 0 ? [] : servicesNamedBy(estate, workload).filter((service) => closed.has(service));
}

const closedToNodes = once((estate: Estate): ReadonlySet<DataService> => {
  const closed = reaches(estate).filter(({ service, admitted, nodes }) => {
    const peers = service.ingress.flatMap(({ peer }) => (peer.kind === "group" ? [peer.group] : []));
    const areForPods = peers.every((group) => {
      const roles = rolesOf(estate, group);
      return roles.has("pods") && !roles.has("nodes") && !roles.has("cluster");
    });
    return admitted.length > 0 && nodes.length === 0 && areForPods;
  });
  return new Set(closed.map(({ service }) => service));
});
