import { isPodPolicy } from "../inventory/attachments";
import { at, elements, isObject } from "../inventory/values";
import { type GroupKey, type Source, Unknown, type Value } from "../model";
import type { CheckContext } from "./check";
import { both, type Matched, matchedBy, matchesLabels, type Requirement, requirementsOf } from "./selectors";
import { resources } from "./subjects";
import type { Workload } from "./workloads";

/** A label selector of a policy. */
export type Selector =
  /** It is not there: it says nothing. */
  | { readonly state: "absent" }
  /** The input does not determine it. */
  | { readonly state: "unknown" }
  | { readonly state: "given"; readonly requirements: readonly Requirement[] };

/** A SecurityGroupPolicy of the input. */
export interface Policy {
  readonly address: string;
  readonly source: Source;
  readonly name: Value;
  /** Of one that names none: `default`, as for kubectl. */
  readonly namespace: Value;
  readonly podSelector: Selector;
  readonly serviceAccountSelector: Selector;
  /** As they are written; undefined where the input does not determine the list. */
  readonly groupIds: readonly Value[] | undefined;
  /** The groups that these are, each once. */
  readonly groups: readonly GroupKey[];
  /** What it matches; undefined where the input does not determine it, or it has no selector. */
  readonly matched: Matched | undefined;
}

/** The policies of the input, whose number is known. */
export function policies(context: CheckContext): Policy[] {
  const groups = new Map(context.inventory.attachments.map((one) => [one.address, one.groups]));
  return resources(context, "kubernetes_manifest")
    .filter((resource) => isPodPolicy(resource) && !resource.isUncertain)
    .map(({ address, source, values: { manifest = null } }): Policy => {
      const spec = at(manifest, "spec");
      const podSelector = selectorOf(spec, "podSelector");
      const serviceAccountSelector = selectorOf(spec, "serviceAccountSelector");
      const ids = at(spec, "securityGroups", "groupIds");
      return {
        address,
        source,
        name: at(manifest, "metadata", "name") ?? null,
        namespace: at(manifest, "metadata", "namespace") ?? "default",
        podSelector,
        serviceAccountSelector,
        groupIds: ids instanceof Unknown ? undefined : elements(ids).filter((id) => id !== null),
        groups: groups.get(address) ?? [],
        matched: matchedByAll(podSelector, serviceAccountSelector),
      };
    });
}

function selectorOf(spec: Value | undefined, name: string): Selector {
  if (spec instanceof Unknown) return { state: "unknown" };
  const selector = isObject(spec) ? (spec[name] ?? null) : null;
  if (selector === null) return { state: "absent" };
  const requirements = requirementsOf(selector);
  return requirements ? { state: "given", requirements } : { state: "unknown" };
}

/** Whether a policy certainly matches the pods of a workload of its namespace. */
export function matchesWorkload({ matched }: Policy, { labels }: Workload): boolean {
  return matched !== undefined && matchesLabels(matched, labels, "pod");
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
