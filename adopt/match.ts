import { join } from "node:path";
import { isSecurityGroupType } from "../aws/security-group-types";
import { parseAddress } from "../expression/address";
import { Unknown, type Value } from "../expression/value";
import { isJson, type Json, stringify } from "../io/json";
import { groupedBy } from "../io/lists";
import { withTemporaryFolder } from "../io/temporary";
import { copyFiles, replaceFiles } from "../io/write";
import { takeInventory } from "../verify/inventory";
import { peerKey, trafficKey } from "../verify/inventory/meaning";
import type { SecurityGroupRule } from "../verify/inventory/model";
import { readInput } from "../verify/read";
import type { Resource } from "../verify/read/model";
import type { Candidate, IsFree } from "./candidates";
import { literal } from "./literal";
import type { Arguments, Found, FoundGroup, FoundRule, InPlace, Taken } from "./model";
import type { Refusals } from "./refusals";
import type { Seen } from "./seen";

/** A module that holds groups exactly as they are; or why it does not, in words. */
export type Match =
  | {
      readonly candidate: Candidate;
      /** The values of the call, with ids of groups as they are. */
      readonly inputs: Json;
      /** With the new addresses inside the module: `aws_security_group.rds`. */
      readonly takes: readonly Taken[];
      /** What would change in place, because it is accepted. */
      readonly changes: readonly InPlace[];
      readonly reason?: undefined;
    }
  | { readonly candidate: Candidate; readonly takes?: undefined; readonly reason: string };

/** What may change in place. */
export interface Accepted {
  readonly tags: boolean;
  readonly descriptions: boolean;
}

interface Context {
  readonly seen: Seen;
  readonly accepted: Accepted;
  /** Whether no other call holds a rule. */
  readonly isFree: IsFree;
  /** The folder with the committed modules. */
  readonly stacks: string;
  readonly refusals: Refusals;
}

/**
 * Compares what modules would make with what is there. What they make is read of their committed JSON with the values of the
 * candidate, by the reader of the verifier: there is no second table of their rules. Names, meanings and forms must be the same;
 * other tags and descriptions become values of the call. That a module takes them is read once more, for one call of each module
 * and each set of such values. Values that the module refuses are no match: Terraform could not plan such a call.
 */
export async function matchesOf(candidates: readonly Candidate[], context: Context): Promise<Match[]> {
  const drafts = await draftsOf(candidates, context);
  const changed = drafts.flatMap((draft) =>
    draft.takes !== undefined && draft.inputs !== draft.candidate.inputs ? [draft] : [],
  );
  const alike = [...groupedBy(changed, shapeOf).values()];
  const first = await refusedOf(
    alike.flatMap(([one]) => one ?? []),
    context,
  );
  const others = alike.filter(([one]) => one !== undefined && first.has(one)).flatMap(([, ...more]) => more);
  const refused = new Map([...first, ...(await refusedOf(others, context))]);
  return drafts.map((draft) => accepted(refused.get(draft) ?? draft, context));
}

function accepted(match: Match, { refusals }: Context): Match {
  if (match.takes === undefined) return match;
  const { candidate, inputs } = match;
  const [reason] = refusals(candidate.module, literal(inputs) as Json);
  return reason === undefined ? match : { candidate, reason };
}

type Exact = Extract<Match, { readonly reason?: undefined }>;

/** What is alike in calls to which tags and descriptions are given: the module, and the variables. */
function shapeOf({ candidate: { module }, inputs }: Exact): string {
  const given = Object.keys(inputs).filter((name) => /(^|_)(own_tags|rule_tags|descriptions)$/.test(name));
  return [module, ...given.sort()].join(" ");
}

/** The calls after which tags or descriptions still differ, each with what is said of it. */
async function refusedOf(calls: readonly Exact[], context: Context): Promise<Map<Match, Match>> {
  const again = await draftsOf(
    calls.map(({ candidate, inputs }) => ({ ...candidate, inputs })),
    context,
  );
  const refused = calls.flatMap((draft, index): [Match, Match][] => {
    const other = again[index];
    if (other?.takes !== undefined && other.inputs === other.candidate.inputs) return [];
    const reason = other?.reason ?? "its tags and descriptions cannot be given to the module";
    return [[draft, { candidate: draft.candidate, reason }]];
  });
  return new Map(refused);
}

const nameOf = (index: number) => `candidate_${index}`;

async function draftsOf(candidates: readonly Candidate[], context: Context): Promise<Match[]> {
  if (candidates.length === 0) return [];
  const made = await withTemporaryFolder(async (folder) => {
    for (const module of new Set(candidates.map((one) => one.module)))
      copyFiles([join(context.stacks, module, "cdk.tf.json")], join(folder, "modules", module));
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
  const meanings = groupedBy(takeInventory(made).rules, ({ address }) => address);
  const resources = groupedBy(
    made.resources.filter(({ mode }) => mode === "managed"),
    ({ module }) => module,
  );
  return candidates.map((candidate, index) => {
    const call = `module.${nameOf(index)}`;
    return new Comparison(candidate, call, context, meanings).of(resources.get(call) ?? []);
  });
}

/** What a candidate's module would make, beside what is there. */
class Comparison {
  private readonly takes: Taken[] = [];
  private readonly changes: InPlace[] = [];
  private readonly descriptions: Record<string, string> = {};
  private readonly ruleTags: Record<string, Arguments> = {};
  private hasOwnTags = false;
  private hasOwnRuleTags = false;
  /** The ids of the groups that there are, by the addresses of those that the module would make. */
  private readonly ids = new Map<string, string>();
  private readonly own: ReadonlySet<string>;

  constructor(
    private readonly candidate: Candidate,
    private readonly call: string,
    private readonly context: Context,
    private readonly made: ReadonlyMap<string, readonly SecurityGroupRule[]>,
  ) {
    this.own = new Set(Object.values(candidate.groups).map(({ id }) => id));
  }

  of(resources: readonly Resource[]): Match {
    const reason =
      this.groupsProblem(resources.filter(({ type }) => isSecurityGroupType(type))) ??
      this.rulesProblem(resources.filter(({ type }) => !isSecurityGroupType(type)));
    const { candidate, takes, changes } = this;
    return reason === undefined
      ? { candidate, inputs: this.inputs(), takes, changes }
      : { candidate, reason };
  }

  private relative(address: string): string {
    return address.slice(this.call.length + 1);
  }

  private groupsProblem(resources: readonly Resource[]): string | undefined {
    for (const resource of resources) {
      const to = this.relative(resource.address);
      const group = this.candidate.groups[resource.name];
      if (group === undefined) return `there is no group like its ${to}`;
      const difference = groupDifference(resource, group);
      if (difference !== undefined) return `${to} ${difference}`;
      if (resource.values["description"] !== group.description)
        // Another description would replace the group, so that it is nothing to accept.
        this.descriptions[resource.name] = group.description;
      const tags = withRegion(resource.values["tags"], group.region);
      if (!sameTags(tags, group.tags)) {
        if (this.context.accepted.tags) this.changed(group, to, "tags", group.tags, tags);
        else this.hasOwnTags = true;
      }
      this.ids.set(resource.address, group.id);
      this.takes.push({ from: group, to });
    }
    return undefined;
  }

  private rulesProblem(resources: readonly Resource[]): string | undefined {
    const { seen, isFree, accepted } = this.context;
    // Those of the groups themselves, and those of others that name them: the module may have either.
    const near = seen.near(this.own).filter(isFree);
    const free = groupedBy(
      // What a module makes is spelled as AWS does: "tcp" in place of "6" would be a change.
      near
        .filter(({ spelled }) => spelled === undefined)
        .flatMap((rule) => (rule.other === undefined ? [rule] : [rule, rule.other])),
      (rule) => `${rule.type} ${this.key(seen.meaningsOf(rule.address))}`,
    );
    /** Their addresses: a rule whose form nothing fixes is there in both. */
    const taken = new Set<string>();
    const region = Object.values(this.candidate.groups)[0]?.region ?? "";
    const tagged: {
      readonly key: string;
      readonly rule: FoundRule;
      readonly isSame: boolean;
      readonly made: Value;
    }[] = [];
    for (const resource of resources) {
      const to = this.relative(resource.address);
      const meanings = this.made.get(resource.address) ?? [];
      const rule = free.get(`${resource.type} ${this.key(meanings)}`)?.find((one) => !taken.has(one.address));
      if (rule === undefined) return `there is no rule like its ${to}`;
      taken.add(rule.address);
      this.takes.push({ from: rule, to });
      const key = keyOf(resource);
      const description = meanings[0]?.description ?? "";
      const found = String(rule.values["description"] ?? "");
      if (description !== found) {
        if (accepted.descriptions) this.changed(rule, to, "description", found, description);
        else this.descriptions[key] = found;
      }
      if (rule.form !== "per-rule") continue;
      const tags = withRegion(resource.values["tags"], region);
      tagged.push({ key, rule, isSame: sameTags(tags, rule.values["tags"]), made: tags });
    }
    const more = near.find((rule) => this.own.has(rule.group) && !taken.has(rule.address));
    if (more !== undefined) return `it has no rule like ${more.address}`;
    // Tags of its own for one rule, or for the group, are those of all rules.
    if (tagged.every(({ isSame }) => isSame) && !this.hasOwnTags) return undefined;
    if (accepted.tags) {
      for (const { rule, isSame, made } of tagged)
        if (!isSame) {
          const to = this.takes.find(({ from }) => from === rule)?.to ?? "";
          this.changed(rule, to, "tags", rule.values["tags"], made);
        }
      return undefined;
    }
    for (const { key, rule } of tagged) {
      this.hasOwnRuleTags = true;
      const tags = rule.values["tags"];
      if (isJson(tags) && Object.keys(tags).length > 0) this.ruleTags[key] = tags as Arguments;
    }
    return undefined;
  }

  private changed(from: Found, to: string, argument: InPlace["argument"], before: unknown, after: unknown) {
    this.changes.push({ from: from.address, to, argument, before: words(before), after: words(after) });
  }

  /** The values with those for tags and descriptions; the same object where there are none. */
  private inputs(): Json {
    const { inputs, groups } = this.candidate;
    const { platform, tags, ...others } = inputs;
    const hasDescriptions = Object.keys(this.descriptions).length > 0;
    if (!hasDescriptions && !this.hasOwnTags && !this.hasOwnRuleTags) return inputs;
    return {
      ...others,
      ...(this.hasOwnTags
        ? ownTags(groups)
        : { ...(platform !== undefined && { platform }), ...(tags !== undefined && { tags }) }),
      ...(this.hasOwnRuleTags && { rule_tags: this.ruleTags }),
      ...(hasDescriptions && { descriptions: { ...(inputs["descriptions"] ?? {}), ...this.descriptions } }),
    };
  }

  /** What a resource of a rule means, as a word; a part that is not known is in it as such. */
  private key(rules: readonly SecurityGroupRule[]): string {
    const idOf = (key: string) => this.ids.get(key) ?? this.context.seen.idOf(key);
    return rules
      .map(({ direction, group, traffic, peer }) =>
        [
          direction,
          idOf(group ?? "?"),
          traffic === undefined ? "?" : trafficKey(traffic),
          peer.kind === "group" ? `group ${idOf(peer.group)}` : peerKey(peer),
        ].join(" "),
      )
      .sort()
      .join("\n");
  }
}

/** The variables for the tags of groups: `own_tags` for the first, and for another one that has others one of its own. */
function ownTags(groups: Candidate["groups"]): Json {
  const [[, first] = [], ...others] = Object.entries(groups);
  return {
    own_tags: first?.tags ?? {},
    ...Object.fromEntries(
      others
        .filter(([, { tags }]) => !sameTags(tags, first?.tags))
        .map(([name, { tags }]) => [`${name}_own_tags`, tags]),
    ),
  };
}

/** How `descriptions` and `rule_tags` name a rule: by its resource and the key of its instance. */
function keyOf({ name, address }: Resource): string {
  const key = parseAddress(address)?.resource?.key;
  return key === undefined ? name : `${name}-${key}`;
}

/** In what a group that there is differs from what a module would make, and no value can change it. */
function groupDifference({ values }: Resource, group: FoundGroup): string | undefined {
  if (values["name"] !== group.name) return `has another name than ${group.address}`;
  if (values["vpc_id"] !== group.vpcId) return `is in another VPC than ${group.address}`;
  if (Object.keys(group.inline).length > 0) return `has no blocks of rules, and ${group.address} has`;
  if (group.revokesRulesOnDelete)
    return `does not remove rules before it is deleted, and ${group.address} does`;
  return undefined;
}

/** Tags that would be made: of them the region is not known, and is that of the group. */
function withRegion(made: Value | undefined, region: string): Value {
  if (made === undefined || made === null) return null;
  if (!isJson(made) || made instanceof Unknown) return made;
  const { Region } = made as Record<string, Value>;
  return Region instanceof Unknown ? { ...(made as Record<string, Value>), Region: region } : made;
}

/** Whether tags are the same; none and no tags are. */
function sameTags(made: Value, found: unknown): boolean {
  if (made instanceof Unknown) return false;
  const one = isJson(made) ? (made as Record<string, unknown>) : {};
  const other = isJson(found) ? found : {};
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

/** A value in words: tags as `Name = x, Team = y`. */
function words(value: unknown): string {
  if (!isJson(value) || value instanceof Unknown) return String(value ?? "");
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${key} = ${String(one)}`)
    .join(", ");
}
