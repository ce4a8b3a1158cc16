import { LIMITS } from "../../aws/limits";
import type { Value } from "../../expression/value";
import { groupedBy } from "../../io/lists";
import { policies, policiesBeside, policiesOn } from "../inventory/kubernetes/policies";
import { both, implies, type Matched, matchesNothing } from "../inventory/kubernetes/selectors";
import { type Workload, workloads } from "../inventory/kubernetes/workloads";
import type { Inventory, Policy } from "../inventory/model";
import type { Check, CheckContext, Observation } from "./check";
import { listed } from "./words";

const QUOTA = LIMITS.groupsPerInterface;
const MOST = LIMITS.mostGroupsPerInterface;

export const check: Check = {
  id: "groups-per-interface",
  severity: "error",
  title: "Too many groups on one interface",
  why: "An interface has at most five security groups unless the quota was raised, and 16 in any case. Set a raised quota as `groups_per_interface` in flows.yaml; pods on Fargate have at most five in any case. Applying a policy with too many groups for a pod reports no error: the pods stay in ContainerCreating. The groups of all policies of a namespace that match a pod add up. An error if every pod of one policy also matches the others, or if the input declares pods that several policies match; a warning if a pod may match several. If policies overlap in too many ways to examine all of them, the check stops and says so, as information.",
  reference:
    "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups",
  run: (context) => {
    const quota = context.groupsPerInterface ?? QUOTA;
    const namespaceOf = ({ namespace }: { readonly namespace: Value }) => JSON.stringify(namespace);
    const namespaces = groupedBy(policies(context.inventory).filter(isSelecting), namespaceOf);
    const declared = groupedBy(workloads(context.inventory), namespaceOf);
    return [
      ...alone(context, quota),
      ...[...namespaces].flatMap(([namespace, all]) =>
        together(
          context,
          all.filter(({ groups }) => groups.length <= quota),
          declared.get(namespace) ?? [],
          quota,
        ),
      ),
    ];
  },
};

type Selecting = Policy & { readonly matched: Matched };

function isSelecting(policy: Policy): policy is Selecting {
  return policy.matched !== undefined && !matchesNothing(policy.matched) && policy.groups.length > 0;
}

function alone({ inventory }: CheckContext, quota: number): Observation[] {
  return inventory.attachments
    .filter(({ groups }) => groups.length > quota)
    .map(({ address, groups, source }) => ({
      address,
      source,
      about: groups,
      message: `${address} puts ${groups.length} groups on one interface: ${listed(groups)}. ${limit(quota)}`,
    }));
}

function limit(quota: number): string {
  return quota === QUOTA
    ? `AWS allows ${QUOTA} unless the quota was raised (${MOST} at most). Merge groups, or have the quota raised and set groups_per_interface in flows.yaml.`
    : `flows.yaml sets a quota of ${quota}. Merge groups.`;
}

/** What policies of one namespace, each within the quota, make together. */
function together(
  { inventory }: CheckContext,
  all: readonly Selecting[],
  pods: readonly Workload[],
  quota: number,
): Observation[] {
  const told = new Set<Policy>();
  const selecting: ReadonlySet<Policy> = new Set(all);
  const observe = (
    { address, source }: Selecting | Workload,
    members: readonly Selecting[],
    words: string,
    severity: "error" | "warning",
  ): Observation => {
    const groups = unionOf(members);
    for (const member of members) told.add(member);
    const message = `${words} has ${groups.size} groups: ${listed(groups)}. ${limit(quota)}`;
    return { address, source, severity, about: [...groups], message };
  };
  const found: Observation[] = [];
  for (const policy of all) {
    const others = policiesBeside(inventory, policy)
      .filter((one) => selecting.has(one))
      .filter(isSelecting)
      .filter((one) => implies(policy.matched, one.matched));
    const certain = [policy, ...others];
    if (unionOf(certain).size <= quota || certain.every((one) => told.has(one))) continue;
    const words = `Every pod of ${policy.address} also matches ${named(others)}, and then`;
    found.push(observe(policy, certain, words, "error"));
  }
  for (const workload of pods) {
    const members = policiesOn(inventory, workload)
      .certain.filter((policy) => selecting.has(policy))
      .filter(isSelecting);
    if (unionOf(members).size <= quota || members.every((one) => told.has(one))) continue;
    const words = `${named(members)} match the pods of ${workload.address}, each of which then`;
    found.push(observe(workload, members, words, "error"));
  }
  const others = all.filter((one) => !told.has(one));
  const search: Search = { quota, exclusive: exclusiveSets(inventory, others), stepsLeft: STEPS };
  if (atMost(new Set(), others, search) <= quota) return found;
  for (const [index, policy] of others.entries()) {
    if (told.has(policy)) continue;
    const members = overlapping([policy], policy.matched, others.slice(index + 1), search);
    if (members)
      found.push(observe(policy, members, `${named(members)} may match one pod, which then`, "warning"));
    if (search.stepsLeft > 0) continue;
    found.push(unfinished(policy, others.length, quota));
    break;
  }
  return found;
}

function named(policies: readonly Policy[]): string {
  return listed(policies.map(({ address }) => address));
}

function unfinished({ address, source }: Policy, number: number, quota: number): Observation {
  const message = `The check stopped at ${address}: the ${number} policies of the namespace may match one pod in too many ways, so it is not known whether a pod may have more than ${quota} groups. Selectors that exclude each other, such as different values of one label, reduce the number of ways.`;
  return { address, source, severity: "information", about: ["not looked at wholly"], message };
}

/** How often a policy is looked at in the search of one namespace before that stops: about half a second. */
const STEPS = 250_000;

interface Search {
  readonly quota: number;
  /** The set of each policy: a pod can match one policy of a set alone. */
  readonly exclusive: ReadonlyMap<Policy, number>;
  stepsLeft: number;
}

/** Sets of policies of which each two exclude each other: each policy is in the first that takes it. */
function exclusiveSets(inventory: Inventory, all: readonly Selecting[]): ReadonlyMap<Policy, number> {
  const result = new Map<Policy, number>();
  for (const policy of all) {
    const taken = new Set(policiesBeside(inventory, policy).map((other) => result.get(other)));
    let index = 0;
    while (taken.has(index)) index += 1;
    result.set(policy, index);
  }
  return result;
}

/** Policies that one pod may match and that have more groups than the quota, those given among them. */
function overlapping(
  members: readonly Selecting[],
  matched: Matched,
  candidates: readonly Selecting[],
  search: Search,
): readonly Selecting[] | undefined {
  const groups = unionOf(members);
  if (groups.size > search.quota) return members;
  search.stepsLeft -= candidates.length;
  if (search.stepsLeft <= 0) return undefined;
  const next = candidates.flatMap((policy) => {
    const common = policy.groups.some((group) => !groups.has(group))
      ? both(matched, policy.matched)
      : undefined;
    return common ? [{ policy, common }] : [];
  });
  for (const [index, { policy, common }] of next.entries()) {
    const left = next.slice(index).map((one) => one.policy);
    if (atMost(groups, left, search) <= search.quota) return undefined;
    const found = overlapping([...members, policy], common, left.slice(1), search);
    if (found) return found;
  }
  return undefined;
}

/** No pod that has some groups can have more than this, whichever of the candidates match it. */
function atMost(groups: ReadonlySet<string>, candidates: readonly Selecting[], search: Search): number {
  search.stepsLeft -= candidates.length;
  const added = new Map<number | undefined, number>();
  for (const policy of candidates) {
    const set = search.exclusive.get(policy);
    const own = policy.groups.filter((group) => !groups.has(group)).length;
    added.set(set, Math.max(added.get(set) ?? 0, own));
  }
  const sum = [...added.values()].reduce((total, own) => total + own, groups.size);
  return Math.min(sum, new Set([...groups, ...unionOf(candidates)]).size);
}

function unionOf(members: readonly Policy[]): Set<string> {
  return new Set(members.flatMap(({ groups }) => groups));
}
