import { Unknown, type Value } from "../../../expression/value";
import { isList } from "../../../expression/values";
import type { GroupKey } from "../../../network/peers";
import type { KubernetesObject } from "../../read/model";
import { showsAllRules } from "../groups";
import type { Inventory, Policy, Selector } from "../model";
import { once } from "../once";
import { elements, field, isObject } from "../values";
import { selectorProblems } from "./malformed";
import { isOneNamespace } from "./namespaces";
import { PolicyIndex } from "./policy-index";
import { POLICY_API, POLICY_KIND, shapeProblems } from "./policy-shape";
import {
  type AllLabels,
  both,
  type Matched,
  matchedBy,
  matchesLabels,
  matchesNothing,
  mayMatchLabels,
  NOTHING,
  type Requirement,
  requirementsOf,
} from "./selectors";
import { type Workload, workloads } from "./workloads";

/** The policies of the input, whose number is known. */
export function policies({ policies: possible }: Inventory): readonly Policy[] {
  return possible.filter(({ isUncertain }) => !isUncertain);
}

/** Whether an object gives pods groups of their own, or is meant to. */
export function isPodPolicy({ body }: KubernetesObject): boolean {
  const kind = field(body, "kind");
  const api = field(body, "apiVersion");
  const isOfApi = typeof api === "string" && api.startsWith(`${POLICY_API}/`);
  return kind === POLICY_KIND || (isOfApi && typeof kind === "string" && kind !== "CNINode");
}

/**
 * Reads a policy. One that Kubernetes refuses gives no groups.
 *
 * @param groupOf the group that a value of `groupIds` names, if it names one
 */
export function policyOf(
  { address, source, isUncertain = false, isManifest, body }: KubernetesObject,
  groupOf: (value: Value) => readonly GroupKey[],
): Policy {
  const spec = field(body, "spec");
  const podSelector = selectorOf(spec, "podSelector");
  const serviceAccountSelector = selectorOf(spec, "serviceAccountSelector");
  const malformed = [
    ...malformedIn("podSelector", podSelector),
    ...malformedIn("serviceAccountSelector", serviceAccountSelector),
  ];
  const problems = [...shapeProblems(body, isManifest === true), ...malformed];
  const groups = field(spec, "securityGroups");
  const ids = field(groups, "groupIds") ?? null;
  const isKnownList =
    isList(ids) || (ids === null && (groups === undefined || groups === null || isObject(groups)));
  // A list in the list, or one in the place of the map, still says which groups are meant.
  const given = isList(groups ?? null) ? groups : ids;
  const named = [
    ...new Set(
      elements(given)
        .flatMap((id) => elements(id))
        .flatMap(groupOf),
    ),
  ];
  return {
    address,
    source,
    isUncertain,
    problems,
    name: field(body, "metadata", "name") ?? null,
    namespace: field(body, "metadata", "namespace") ?? "default",
    podSelector,
    serviceAccountSelector,
    groupIds: isKnownList ? elements(ids).filter((id) => id !== null) : undefined,
    groups: problems.length > 0 ? [] : named,
    meantGroups: problems.length > 0 ? named : [],
    matched: malformed.length > 0 ? NOTHING : matchedByAll(podSelector, serviceAccountSelector),
  };
}

function selectorOf(spec: Value | undefined, name: string): Selector {
  if (spec instanceof Unknown) return { state: "unknown" };
  const selector = isObject(spec) ? (spec[name] ?? null) : null;
  if (selector === null) return { state: "absent" };
  const labels = field(selector, "matchLabels");
  const dropped = isObject(labels) ? Object.keys(labels).filter((key) => labels[key] === null) : [];
  const all = requirementsOf(selector);
  if (all === undefined) return { state: "unknown" };
  // Of an object whose kind is a custom one, the API server drops what is null, and the rest counts.
  const isLeft = ({ key, values }: Requirement) =>
    !(dropped.includes(String(key)) && values?.length === 1 && values[0] === null);
  return { state: "given", requirements: all.filter(isLeft), dropped };
}

function malformedIn(where: string, selector: Selector): string[] {
  if (selector.state !== "given") return [];
  return selectorProblems(selector.requirements).map((problem) => `${where}: ${problem}`);
}

/**
 * The policies on whose pods certainly no group opens something: neither their own groups, nor those of a policy that
 * may match the same pods. A group that the input does not declare may.
 */
export function policiesWithout(inventory: Inventory, opens: (group: GroupKey) => boolean): Policy[] {
  const mayOpen = (group: GroupKey) => !showsAllRules(inventory, group) || opens(group);
  const effective = inventory.policies.filter((policy) => policy.groups.length > 0 && maySelect(policy));
  const open = effective.filter(({ groups }) => groups.some(mayOpen));
  const closed = effective.filter(({ groups }) => !groups.some(mayOpen));
  const isOpen = new Set(open);
  return closed.filter((policy) => !policiesBeside(inventory, policy).some((other) => isOpen.has(other)));
}

/** The cluster ignores a policy without any selector. */
export function maySelect({ podSelector, serviceAccountSelector, matched }: Policy): boolean {
  const isAbsent = podSelector.state === "absent" && serviceAccountSelector.state === "absent";
  return !isAbsent && !(matched && matchesNothing(matched));
}

/** Whether some pods may be matched by both policies. */
export function mayMatchTogether(a: Policy, b: Policy): boolean {
  if (isOneNamespace(a.namespace, b.namespace) === false) return false;
  if ([a, b].some(({ matched }) => matched !== undefined && matchesNothing(matched))) return false;
  return a.matched === undefined || b.matched === undefined || both(a.matched, b.matched) !== undefined;
}

/** Whether a policy certainly matches the pods of a workload of its namespace. */
export function matchesWorkload({ matched }: Policy, workload: Workload): boolean {
  if (matched === undefined || workload.passedOver !== undefined) return false;
  return matchesLabels(matched, labelsOf(workload));
}

/** Whether a policy would match the pods of a workload, were they in its namespace and not passed over. */
export function fitsWorkload({ matched }: Policy, workload: Workload): boolean {
  return matched !== undefined && matchesLabels(matched, labelsOf(workload));
}

/** Whether a policy may match the pods of a workload. */
export function mayMatchWorkload(policy: Policy, workload: Workload): boolean {
  const { namespace, matched } = policy;
  if (isOneNamespace(namespace, workload.namespace) === false) return false;
  if (workload.passedOver !== undefined && workload.passedOver !== "unknown") return false;
  return matched === undefined ? maySelect(policy) : mayMatchLabels(matched, labelsOf(workload));
}

/** All labels by which policies select the pods of a workload. */
export function labelsOf({ labels, addedLabels: open, account }: Workload): AllLabels {
  return {
    pod: { labels, open },
    ...(account.state === "declared" && account.labels && { "service account": { labels: account.labels } }),
  };
}

const indexOf = once((inventory: Inventory) => new PolicyIndex(inventory.policies));

/** Policies by what is known of whether they match some pods. */
interface Matching {
  readonly certain: readonly Policy[];
  readonly possible: readonly Policy[];
}

const matching = once((inventory: Inventory) => {
  const index = indexOf(inventory);
  return once((workload: Workload): Matching => {
    const near = index.forLabels(workload.namespace, labelsOf(workload));
    const certain = near.filter(
      (policy) =>
        isOneNamespace(policy.namespace, workload.namespace) === true && matchesWorkload(policy, workload),
    );
    return {
      certain,
      possible: near.filter((policy) => !certain.includes(policy) && mayMatchWorkload(policy, workload)),
    };
  });
});

/** The policies that may match the pods of a workload, and those of them that certainly do. */
export function policiesOn(inventory: Inventory, workload: Workload): Matching {
  return matching(inventory)(workload);
}

const beside = once((inventory: Inventory) => {
  const index = indexOf(inventory);
  return once((policy: Policy): readonly Policy[] =>
    index
      .forMatched(policy.namespace, policy.matched)
      .filter((other) => other !== policy && mayMatchTogether(policy, other)),
  );
});

/** The policies of the input that may match the same pods as one, without itself. */
export function policiesBeside(inventory: Inventory, policy: Policy): readonly Policy[] {
  return beside(inventory)(policy);
}

const workloadsByPolicy = once((inventory: Inventory) => {
  const found = new Map<Policy, Workload[]>();
  for (const workload of workloads(inventory)) {
    for (const policy of policiesOn(inventory, workload).certain)
      found.set(policy, [...(found.get(policy) ?? []), workload]);
  }
  return found;
});

/** The workloads of the input that a policy certainly matches. */
export function workloadsOf(inventory: Inventory, policy: Policy): readonly Workload[] {
  return workloadsByPolicy(inventory).get(policy) ?? [];
}

/** A pod must match both, where both are there. */
function matchedByAll(pod: Selector, serviceAccount: Selector): Matched | undefined {
  if (pod.state === "unknown" || serviceAccount.state === "unknown") return undefined;
  const given = [
    ...(pod.state === "given" ? [matchedBy(pod.requirements, "pod")] : []),
    ...(serviceAccount.state === "given" ? [matchedBy(serviceAccount.requirements, "service account")] : []),
  ];
  const [first, second] = given;
  if (first === undefined || given.includes(undefined)) return undefined;
  // Keys of pods and of service accounts never exclude each other, unless one selector excludes itself.
  return second === undefined ? first : (both(first, second) ?? second);
}
