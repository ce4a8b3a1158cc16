import type { Value } from "../model";
import type { Check, CheckContext, Observation } from "./check";
import { matchesWorkload, type Policy, policies } from "./policies";
import { both, implies, type Matched, matchesNothing } from "./selectors";
import { groupBy } from "./subjects";
import { listed } from "./words";
import { type Workload, workloads } from "./workloads";

/** AWS's default; it can be raised to 16. */
const QUOTA = 5;

export const check: Check = {
  id: "groups-per-interface",
  severity: "error",
  title: "Too many groups on one interface",
  why: "An interface carries five security groups unless the quota was raised, and 16 at most. `groups_per_interface` in flows.yaml states a raised quota; pods on Fargate have five in any case. For pods nothing is said when the policy is applied: they stay in ContainerCreating. The groups of all policies of a namespace that match a pod add up. Where every pod of one policy is matched by the others as well, or the input declares pods that several match, that is an error; where a pod may be matched by several, a warning.",
  reference:
    "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups",
  run: (context) => {
    const quota = context.groupsPerInterface ?? QUOTA;
    const namespaceOf = ({ namespace }: { readonly namespace: Value }) => JSON.stringify(namespace);
    const namespaces = groupBy(policies(context).filter(isSelecting), namespaceOf);
    const declared = groupBy(workloads(context), namespaceOf);
    return [
      ...alone(context, quota),
      ...[...namespaces].flatMap(([namespace, all]) =>
        together(
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
      message: `${address} puts ${groups.length} groups on one interface: ${listed(groups)}. ${limit(quota)}`,
    }));
}

function limit(quota: number): string {
  return quota === QUOTA
    ? `AWS allows ${QUOTA} unless the quota was raised (16 at most). Merge groups, or have the quota raised and state it as groups_per_interface in flows.yaml.`
    : `flows.yaml states a quota of ${quota}. Merge groups.`;
}

/** What policies of one namespace, each within the quota, make together. */
function together(all: readonly Selecting[], pods: readonly Workload[], quota: number): Observation[] {
  const told = new Set<Policy>();
  const observe = (
    { address, source }: Selecting | Workload,
    members: readonly Selecting[],
    words: string,
    severity: "error" | "warning",
  ) => {
    const groups = unionOf(members);
    for (const member of members) told.add(member);
    return {
      address,
      source,
      severity,
      message: `${listed(members.map((one) => one.address))} ${words}, which then has ${groups.size} groups: ${listed(groups)}. ${limit(quota)}`,
    };
  };
  const found: Observation[] = [];
  for (const policy of all) {
    const certain = [policy, ...all.filter((one) => one !== policy && implies(policy.matched, one.matched))];
    if (unionOf(certain).size <= quota || certain.every((one) => told.has(one))) continue;
    found.push(observe(policy, certain, `all match every pod that ${policy.address} matches`, "error"));
  }
  for (const workload of pods) {
    const members = all.filter((policy) => matchesWorkload(policy, workload));
    if (unionOf(members).size <= quota || members.every((one) => told.has(one))) continue;
    found.push(observe(workload, members, `all match the pods of ${workload.address}`, "error"));
  }
  const others = all.filter((one) => !told.has(one));
  for (const [index, policy] of others.entries()) {
    if (told.has(policy)) continue;
    const members = overlapping([policy], policy.matched, others.slice(index + 1), quota);
    if (members) found.push(observe(policy, members, "may match one pod", "warning"));
  }
  return found;
}

/** Policies that one pod may match and that have more groups than the quota, those given among them. */
function overlapping(
  members: readonly Selecting[],
  matched: Matched,
  candidates: readonly Selecting[],
  quota: number,
): readonly Selecting[] | undefined {
  const groups = unionOf(members);
  if (groups.size > quota) return members;
  const next = candidates.flatMap((policy) => {
    const common = policy.groups.some((group) => !groups.has(group))
      ? both(matched, policy.matched)
      : undefined;
    return common ? [{ policy, common }] : [];
  });
  for (const [index, { policy, common }] of next.entries()) {
    const rest = next.slice(index + 1).map((one) => one.policy);
    const found = overlapping([...members, policy], common, rest, quota);
    if (found) return found;
  }
  return undefined;
}

function unionOf(members: readonly Policy[]): Set<string> {
  return new Set(members.flatMap(({ groups }) => groups));
}
