import { join } from "node:path";
import { isSecurityGroupType } from "../aws/security-group-types";
import { Unknown, type Value } from "../expression/value";
import { isJson, stringify } from "../io/json";
import { withTemporaryFolder } from "../io/temporary";
import { copyFiles, replaceFiles } from "../io/write";
import { takeInventory } from "../verify/inventory";
import { peerKey, trafficKey } from "../verify/inventory/meaning";
import type { SecurityGroupRule } from "../verify/inventory/model";
import { readInput } from "../verify/read";
import type { Input, Resource } from "../verify/read/model";
import type { Candidate } from "./candidates";
import { literal } from "./literal";
import type { Estate, FoundGroup, FoundRule, Taken } from "./model";

/** A module that holds groups exactly as they are; or why it does not, in words. */
export type Match =
  | { readonly candidate: Candidate; readonly takes: readonly Taken[]; readonly reason?: undefined }
  | { readonly candidate: Candidate; readonly takes?: undefined; readonly reason: string };

/**
 * Compares what modules would make with what is there. What they make is read of their committed JSON with the values of the
 * candidate, by the reader of the verifier: there is no second table of their rules.
 *
 * @param stacks the folder with the committed modules
 * @returns the new addresses inside the module: `aws_security_group.rds`
 */
export async function matchesOf(
  candidates: readonly Candidate[],
  estate: Estate,
  live: Input,
  stacks: string,
): Promise<Match[]> {
  if (candidates.length === 0) return [];
  const made = await madeBy(candidates, stacks);
  const meanings = meaningsOf(live);
  const madeMeanings = meaningsOf(made);
  return candidates.map((candidate, index) => {
    const call = `module.${nameOf(index)}`;
    const resources = made.resources.filter(({ mode, module }) => mode === "managed" && module === call);
    return compared(candidate, call, resources, estate, (address) => meanings.get(address), madeMeanings);
  });
}

const nameOf = (index: number) => `candidate_${index}`;

async function madeBy(candidates: readonly Candidate[], stacks: string): Promise<Input> {
  return withTemporaryFolder(async (folder) => {
    for (const module of new Set(candidates.map((one) => one.module)))
      copyFiles([join(stacks, module, "cdk.tf.json")], join(folder, "modules", module));
    const module = Object.fromEntries(
      candidates.map(({ module, inputs }, index) => [
        nameOf(index),
        { source: `./modules/${module}`, ...(literal(inputs) as object) },
      ]),
    );
    const file = "main.tf.json";
    replaceFiles(folder, { [file]: stringify({ module }) }, [file], []);
    return readInput(folder);
  });
}

/** What each resource of a rule means, by its address. */
function meaningsOf(input: Input): Map<string, readonly SecurityGroupRule[]> {
  const meanings = new Map<string, SecurityGroupRule[]>();
  for (const rule of takeInventory(input).rules) {
    const known = meanings.get(rule.address);
    if (known) known.push(rule);
    else meanings.set(rule.address, [rule]);
  }
  return meanings;
}

function compared(
  candidate: Candidate,
  call: string,
  resources: readonly Resource[],
  estate: Estate,
  live: (address: string) => readonly SecurityGroupRule[] | undefined,
  made: ReadonlyMap<string, readonly SecurityGroupRule[]>,
): Match {
  const relative = (address: string) => address.slice(call.length + 1);
  const takes: Taken[] = [];
  /** The ids of the groups that there are, by the addresses of those that the module would make. */
  const ids = new Map<string, string>();
  for (const resource of resources.filter(({ type }) => isSecurityGroupType(type))) {
    const group = candidate.groups.find(({ name }) => name === resource.values["name"]);
    const difference = group === undefined ? "has another name" : groupDifference(resource, group);
    if (group === undefined || difference !== undefined)
      return { candidate, reason: `${relative(resource.address)} ${difference}` };
    ids.set(resource.address, group.id);
    takes.push({ from: group, to: relative(resource.address) });
  }
  const addresses = new Map(estate.groups.map(({ address, id }) => [address, id]));
  const idOf = (key: string) => ids.get(key) ?? addresses.get(key) ?? key;
  const own = new Set(candidate.groups.map(({ id }) => id));
  // Those of the groups themselves, and those of others that name them: the module may have either.
  const free = new Set(
    estate.rules.filter(({ group, peers }) => own.has(group) || peers.some((id) => own.has(id))),
  );
  for (const resource of resources.filter(({ type }) => !isSecurityGroupType(type))) {
    const wanted = rulesKey(made.get(resource.address), idOf);
    const isLike = (rule: FoundRule) =>
      // What a module makes is spelled as AWS does: "tcp" in place of "6" would be a change.
      rule.spelled === undefined &&
      inForm(rule, resource.type) !== undefined &&
      rulesKey(live(rule.address), idOf) === wanted;
    const like = [...free].find(isLike);
    const found = like && inForm(like, resource.type);
    if (like === undefined || found === undefined)
      return { candidate, reason: `there is no rule like its ${relative(resource.address)}` };
    if (!sameTags(resource.values["tags"], found.values["tags"], ""))
      return { candidate, reason: `the tags of ${found.address} differ` };
    free.delete(like);
    takes.push({ from: found, to: relative(resource.address) });
  }
  const more = [...free].find(({ group }) => own.has(group));
  return more === undefined
    ? { candidate, takes }
    : { candidate, reason: `it has no rule like ${more.address}` };
}

/** A rule as a resource of this type, where it is one or may become one. */
function inForm(rule: FoundRule, type: string): FoundRule | undefined {
  return rule.type === type ? rule : rule.other?.type === type ? rule.other : undefined;
}

/** In what a group that there is differs from what a module would make. */
function groupDifference({ values }: Resource, group: FoundGroup): string | undefined {
  if (values["description"] !== group.description) return `has another description than ${group.address}`;
  if (values["vpc_id"] !== group.vpcId) return `is in another VPC than ${group.address}`;
  if (Object.keys(group.inline).length > 0) return `has no blocks of rules, and ${group.address} has`;
  if (group.revokesRulesOnDelete)
    return `does not remove rules before it is deleted, and ${group.address} does`;
  if (!sameTags(values["tags"], group.tags, group.region)) return `has other tags than ${group.address}`;
  return undefined;
}

/** Whether tags are the same; of what is made the region is not known, and is that of the group. */
function sameTags(made: Value | undefined, found: unknown, region: string): boolean {
  if (made === undefined || made === null) return found === undefined;
  if (!isJson(made) || made instanceof Unknown || !isJson(found)) return false;
  const names = new Set([...Object.keys(made), ...Object.keys(found)]);
  return [...names].every((name) => {
    const value = (made as Record<string, Value>)[name];
    return name === "Region" && value instanceof Unknown ? found[name] === region : value === found[name];
  });
}

/** What a resource of a rule means, with its description, as a word; a part that is not known is in it as such. */
function rulesKey(rules: readonly SecurityGroupRule[] | undefined, idOf: (key: string) => string): string {
  return (rules ?? [])
    .map(({ direction, group, traffic, peer, description = "" }) =>
      [
        direction,
        idOf(group ?? "?"),
        traffic === undefined ? "?" : trafficKey(traffic),
        peer.kind === "group" ? `group ${idOf(peer.group)}` : peerKey(peer),
        description,
      ].join("\n"),
    )
    .sort()
    .join("\n\n");
}
