import { Unknown, type Value } from "../../../expression/value";
import type { KubernetesObject } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { elements, field, isObject, text } from "../values";
import { type Matched, matchedBy, matchesLabels, mayMatchLabels, requirementsOf } from "./selectors";
import { type Workload, workloads } from "./workloads";

/**
 * A NetworkPolicy as far as it names pods by their labels: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export interface NetworkPolicy {
  readonly address: string;
  readonly name: string;
  readonly object: KubernetesObject;
  readonly selected: NamedPods;
  readonly rules: readonly NetworkRule[];
}

/** Pods by labels in some namespaces. */
export interface NamedPods {
  readonly namespaces: readonly string[];
  /** Namespaces that may be meant as well: whether they have the labels that are asked for, the input does not show. */
  readonly possible: readonly string[];
  readonly matched: Matched;
}

export interface NetworkRule {
  readonly direction: "ingress" | "egress";
  /** Those that it names by labels; not whole namespaces, addresses or everything. */
  readonly peers: readonly NamedPods[];
  /** Empty where it is for all ports. */
  readonly ports: readonly NetworkPort[];
  /** Where it stands in the policy. */
  readonly part: Value;
}

export interface NetworkPort {
  readonly protocol: "tcp" | "udp" | "other";
  /** A number, or the name that the pods to which traffic goes give a port. */
  readonly port: Value;
  /** The last one, where there are several. */
  readonly end: Value;
}

/** Those that certainly exist and select pods by labels: one that is for all pods of a namespace names none. */
export const networkPolicies: (of: Inventory) => readonly NetworkPolicy[] = once((inventory) =>
  inventory.objects.flatMap((object) => policyOf(inventory, object)),
);

function policyOf(inventory: Inventory, object: KubernetesObject): NetworkPolicy[] {
  const { address, body, isUncertain } = object;
  const namespace = field(body, "metadata", "namespace") ?? "default";
  const spec = field(body, "spec");
  if (field(body, "kind") !== "NetworkPolicy" || isUncertain || typeof namespace !== "string") return [];
  const matched = labelsOf(field(spec, "podSelector"));
  if (matched === undefined) return [];
  const [ingress, egress] = (["ingress", "egress"] as const).map((name) => elements(field(spec, name)));
  // Egress is filtered where there are rules for it, if nothing else is said.
  const stated = elements(field(spec, "policyTypes"));
  const types = stated.length > 0 ? stated : ["Ingress", ...(egress?.length ? ["Egress"] : [])];
  const rules = [
    ...(types.includes("Ingress") ? (ingress ?? []) : []).map((rule) =>
      ruleOf(inventory, "ingress", rule, namespace),
    ),
    ...(types.includes("Egress") ? (egress ?? []) : []).map((rule) =>
      ruleOf(inventory, "egress", rule, namespace),
    ),
  ];
  const name = text(field(body, "metadata", "name")) ?? address;
  const selected = { namespaces: [namespace], possible: [], matched };
  return [{ address, name: `${namespace}/${name}`, object, selected, rules }];
}

function ruleOf(
  inventory: Inventory,
  direction: NetworkRule["direction"],
  rule: Value,
  namespace: string,
): NetworkRule {
  const peers = elements(field(rule, direction === "ingress" ? "from" : "to"));
  return {
    direction,
    part: rule,
    peers: peers.flatMap((peer) => peerOf(inventory, peer, namespace)),
    ports: elements(field(rule, "ports")).map((port) => ({
      protocol: protocolOf(field(port, "protocol")),
      port: field(port, "port") ?? null,
      // In a state 0 stands for none.
      end: field(port, "endPort") || null,
    })),
  };
}

function peerOf(inventory: Inventory, peer: Value, own: string): NamedPods[] {
  const matched = labelsOf(field(peer, "podSelector"));
  if (matched === undefined) return [];
  const selector = field(peer, "namespaceSelector") ?? null;
  const { certain, possible } =
    selector === null ? { certain: [own], possible: [] } : namespacesBy(inventory, selector);
  return certain.length + possible.length === 0 ? [] : [{ namespaces: certain, possible, matched }];
}

/** Each namespace has it, with its name. */
const NAME_LABEL = "kubernetes.io/metadata.name";

/**
 * The namespaces that a selector names by their labels: by the one that each of them has with its name, and by those of the
 * Namespaces that the input shows.
 */
function namespacesBy(
  inventory: Inventory,
  selector: Value,
): { readonly certain: readonly string[]; readonly possible: readonly string[] } {
  const known = namespacesOf(inventory);
  const requirements = requirementsOf(selector);
  const matched = requirements && matchedBy(requirements, "namespace");
  if (requirements === undefined || matched === undefined) {
    return { certain: [], possible: known.map(({ name }) => name) };
  }
  const [only, ...others] = requirements;
  if (others.length === 0 && only?.key === NAME_LABEL && only.operator === "In") {
    return { certain: (only.values ?? []).filter((value) => typeof value === "string"), possible: [] };
  }
  const keys = requirements.flatMap(({ key }) =>
    typeof key === "string" && key !== NAME_LABEL ? [key] : [],
  );
  const certain: string[] = [];
  const possible: string[] = [];
  for (const { name, labels, isShown } of known) {
    const all = { namespace: { labels, open: isShown ? [] : keys } };
    if (matchesLabels(matched, all)) certain.push(name);
    else if (mayMatchLabels(matched, all)) possible.push(name);
  }
  return { certain, possible };
}

/** The namespaces that the workloads are in, with their labels: of one that the input does not show, the one with its name. */
const namespacesOf = once((inventory: Inventory) => {
  const labels = new Map(
    inventory.objects.flatMap(({ body, isUncertain }) => {
      const name = field(body, "metadata", "name");
      const own = field(body, "metadata", "labels") ?? {};
      if (field(body, "kind") !== "Namespace" || typeof name !== "string") return [];
      return isUncertain || !isObject(own) ? [] : [[name, own] as const];
    }),
  );
  const named = workloads(inventory).flatMap(({ namespace }) =>
    typeof namespace === "string" ? [namespace] : [],
  );
  return [...new Set(named)].map((name) => ({
    name,
    labels: { ...labels.get(name), [NAME_LABEL]: name },
    isShown: labels.has(name),
  }));
});

/** What a selector with at least one requirement matches; undefined for one that matches everything, or is not known. */
function labelsOf(selector: Value | undefined): Matched | undefined {
  const requirements = selector === undefined || !isObject(selector) ? undefined : requirementsOf(selector);
  return requirements && requirements.length > 0 ? matchedBy(requirements, "pod") : undefined;
}

function protocolOf(value: Value | undefined): NetworkPort["protocol"] {
  const name = text(value ?? "TCP")?.toLowerCase();
  return name === "tcp" || name === "udp" ? name : "other";
}

/** Workloads by namespace, label and value, so that a thousand policies are not held against a thousand workloads each. */
const shelvesOf = once((inventory: Inventory) => {
  const byNamespace = new Map<string, Workload[]>();
  const byLabel = new Map<string, Workload[]>();
  const put = (shelf: Map<string, Workload[]>, key: string, one: Workload) => {
    const before = shelf.get(key);
    if (before) before.push(one);
    else shelf.set(key, [one]);
  };
  for (const workload of workloads(inventory)) {
    const { namespace, labels } = workload;
    if (namespace instanceof Unknown) continue;
    put(byNamespace, String(namespace), workload);
    for (const [key, value] of Object.entries(labels)) put(byLabel, `${namespace} ${key} ${value}`, workload);
  }
  return { byNamespace, byLabel };
});

/** The workloads whose pods are certainly meant. */
export function workloadsNamed(
  inventory: Inventory,
  { namespaces, matched }: Pick<NamedPods, "namespaces" | "matched">,
): readonly Workload[] {
  const { byNamespace, byLabel } = shelvesOf(inventory);
  const [key, allowed] = [...matched].find(([, one]) => !one.isExcluding && !one.hasUnknown) ?? [];
  const near = namespaces.flatMap((namespace) =>
    key === undefined || allowed === undefined || allowed.mayBeMissing
      ? (byNamespace.get(namespace) ?? [])
      : [...allowed.values].flatMap(
          (value) => byLabel.get(`${namespace} ${key.slice("pod ".length)} ${value}`) ?? [],
        ),
  );
  return near.filter(({ labels, addedLabels: open }) => matchesLabels(matched, { pod: { labels, open } }));
}
