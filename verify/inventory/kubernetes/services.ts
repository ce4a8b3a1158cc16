import { Unknown, type Value } from "../../../expression/value";
import type { KubernetesObject, LineOf, Source } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { elements, field, isObject, text } from "../values";
import { type Matched, matchedBy, matchesLabels, mayMatchLabels } from "./selectors";
import type { Workload } from "./workloads";

/** A Service of Kubernetes: https://kubernetes.io/docs/concepts/services-networking/service/ */
export interface Service {
  readonly address: string;
  readonly source: Source;
  readonly lineOf?: LineOf;
  /** Whether it exists is not known. */
  readonly isUncertain: boolean;
  readonly namespace: Value;
  readonly name: Value;
  readonly annotations: Value;
  readonly spec: Value;
  /** The pods that it leads to; `nothing` where it has no selector, undefined where the input does not determine it. */
  readonly selected: Matched | "nothing" | undefined;
  /** Undefined where the input does not determine how many there are. */
  readonly ports: readonly ServicePort[] | undefined;
}

export interface ServicePort {
  readonly name: string | undefined;
  /** Undefined where it is not known. */
  readonly port: number | undefined;
  /** Undefined where it is not known. */
  readonly protocol: Protocol | undefined;
  /** The number or the name of a port of the pods. */
  readonly targetPort: Value;
  /** Undefined where the cluster chooses it, or it is not known. */
  readonly nodePort: number | undefined;
  /** Where it stands in the Service. */
  readonly part: Value;
}

const PROTOCOLS = ["tcp", "udp", "sctp"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** The Services of the input, with those that may not exist. Those of other APIs, such as Knative's, are none. */
export const services: (of: Inventory) => readonly Service[] = once(({ objects }) =>
  objects.filter(isService).map(serviceOf),
);

function isService({ body }: KubernetesObject): boolean {
  return field(body, "kind") === "Service" && (field(body, "apiVersion") ?? "v1") === "v1";
}

function serviceOf({ address, source, lineOf, isUncertain = false, body }: KubernetesObject): Service {
  const spec = field(body, "spec") ?? null;
  return {
    address,
    source,
    ...(lineOf && { lineOf }),
    isUncertain,
    namespace: field(body, "metadata", "namespace") ?? "default",
    name: field(body, "metadata", "name") ?? null,
    annotations: field(body, "metadata", "annotations") ?? null,
    spec,
    selected: selectedBy(spec),
    ports: portsOf(field(spec, "ports") ?? null),
  };
}

function selectedBy(spec: Value): Service["selected"] {
  const selector = field(spec, "selector") ?? null;
  // An ExternalName leads to another name, whatever it selects.
  if (field(spec, "type") === "ExternalName" || selector === null) return "nothing";
  if (!isObject(selector)) return undefined;
  const labels = Object.entries(selector);
  if (labels.length === 0) return "nothing";
  return matchedBy(
    labels.map(([key, value]) => ({ key, operator: "In", values: [value] })),
    "pod",
  );
}

function portsOf(list: Value): readonly ServicePort[] | undefined {
  const ports = elements(list);
  if (!ports.every(isObject)) return undefined;
  return ports.map((part) => {
    const { name = null, port = null, protocol = null, targetPort = null, nodePort = null } = part;
    return {
      name: text(name),
      port: portNumber(port),
      protocol: protocolOf(protocol),
      targetPort: targetPort === null || targetPort === 0 || targetPort === "" ? port : targetPort,
      nodePort: portNumber(nodePort),
      part,
    };
  });
}

function protocolOf(value: Value): Protocol | undefined {
  if (value === null) return "tcp";
  return PROTOCOLS.find((one) => typeof value === "string" && value.toLowerCase() === one);
}

/** A port by its number, also as the text that Terraform and annotations have; undefined for anything else. */
export function portNumber(value: Value | undefined): number | undefined {
  const isNumber = typeof value === "number" || (typeof value === "string" && /^\d{1,5}$/.test(value));
  const port = isNumber ? Number(value) : 0;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

/**
 * The port of the pods that a port of a Service leads to: by its number, or by the name that one of their containers, or
 * of the init containers that go on running, gives to a port of this protocol. Undefined where the input does not
 * determine it, or no container has it.
 *
 * @param spec the pods'
 */
export function targetPortOf(
  { targetPort, protocol }: Pick<ServicePort, "targetPort" | "protocol">,
  spec: Value,
): number | undefined {
  const number = portNumber(targetPort);
  if (number !== undefined || typeof targetPort !== "string") return number;
  const containers = [
    ...elements(field(spec, "containers") ?? null),
    ...elements(field(spec, "initContainers") ?? null).filter(
      (one) => field(one, "restartPolicy") === "Always",
    ),
  ];
  const declared = containers.flatMap((one) => elements(field(one, "ports") ?? null));
  const named = declared.find(
    (one) => field(one, "name") === targetPort && protocolOf(field(one, "protocol") ?? null) === protocol,
  );
  return portNumber(field(named, "containerPort"));
}

/** Services by a label that all of their pods have: the namespace, the key, the value. */
type Shelves = Map<string, Map<string, Map<string, Service[]>>>;

/** So that a thousand workloads are not held against a thousand Services each. What is found is never too little. */
const shelvesOf = once((inventory: Inventory) => {
  const shelves: Shelves = new Map();
  const others: Service[] = [];
  for (const service of services(inventory)) {
    const { namespace, selected } = service;
    if (selected === "nothing") continue;
    const [key, allowed] = [...(selected ?? [])].find(([, { hasUnknown }]) => !hasUnknown) ?? [];
    const [value] = allowed?.values ?? [];
    if (typeof namespace !== "string" || key === undefined || value === undefined) {
      others.push(service);
      continue;
    }
    const byKey = shelves.get(namespace) ?? new Map<string, Map<string, Service[]>>();
    const byValue = byKey.get(key) ?? new Map<string, Service[]>();
    shelves.set(namespace, byKey.set(key, byValue.set(value, [...(byValue.get(value) ?? []), service])));
  }
  return { shelves, others };
});

function servicesNear(
  inventory: Inventory,
  { namespace, labels, addedLabels }: Workload,
): readonly Service[] {
  if (typeof namespace !== "string") return services(inventory);
  const { shelves, others } = shelvesOf(inventory);
  const own = [...(shelves.get(namespace) ?? [])].flatMap(([key, byValue]) => {
    const name = key.slice("pod ".length);
    const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (addedLabels.includes(name) || value instanceof Unknown) return [...byValue.values()].flat();
    return typeof value === "string" ? (byValue.get(value) ?? []) : [];
  });
  return [...own, ...others];
}

/** The Services that may lead to the pods of a workload, and those of them that certainly do. */
export interface Leading {
  readonly certain: readonly Service[];
  readonly possible: readonly Service[];
}

const leading = once((inventory: Inventory) =>
  once((workload: Workload): Leading => {
    const near = servicesNear(inventory, workload);
    const certain = near.filter((service) => leadsTo(service, workload));
    return {
      certain,
      possible: near.filter((service) => !certain.includes(service) && mayLeadTo(service, workload)),
    };
  }),
);

/** The Services that lead to the pods of a workload. */
export function servicesTo(inventory: Inventory, workload: Workload): Leading {
  return leading(inventory)(workload);
}

function labelled({ labels, addedLabels: open }: Workload) {
  return { pod: { labels, open } };
}

function isMatched(selected: Service["selected"]): selected is Matched {
  return selected !== undefined && selected !== "nothing";
}

function leadsTo({ selected, namespace, isUncertain }: Service, workload: Workload): boolean {
  if (!isMatched(selected) || isUncertain || namespace !== workload.namespace) return false;
  return matchesLabels(selected, labelled(workload));
}

function mayLeadTo({ selected, namespace }: Service, workload: Workload): boolean {
  if (selected === "nothing") return false;
  const isUnknown = namespace instanceof Unknown || workload.namespace instanceof Unknown;
  if (!isUnknown && namespace !== workload.namespace) return false;
  return selected === undefined || mayMatchLabels(selected, labelled(workload));
}

const byName = once((inventory: Inventory) => {
  const found = new Map<string, Service>();
  for (const service of services(inventory)) {
    const { namespace, name, isUncertain } = service;
    if (typeof namespace === "string" && typeof name === "string" && !isUncertain)
      found.set(`${namespace}/${name}`, service);
  }
  return found;
});

/** The Service that a namespace and a name mean; undefined where the input does not show it. */
export function serviceNamed(inventory: Inventory, namespace: Value, name: Value): Service | undefined {
  if (typeof namespace !== "string" || typeof name !== "string") return undefined;
  return byName(inventory).get(`${namespace}/${name}`);
}
