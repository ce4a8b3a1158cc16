import { isSecurityGroupType } from "../../aws/security-group-types";
import { stringify } from "../../io/json";
import { groupedBy } from "../../io/lists";
import { plural } from "../../io/plural";
import type { RulePeer } from "../../network/peers";
import { DIRECTIONS } from "../../network/rules";
import type { SecurityGroupRule } from "../../verify/inventory/model";
import type { Input } from "../../verify/read/model";
import { textsOf } from "../estate";
import { importLoses } from "../icmp";
import { idsOf, inventoryOf, isPrefixListType } from "../inventory";
import { ruleOwnerOf } from "../left";
import { formOf, listedRule } from "../listed";
import { type ListedGroup, type ListedRule, type Listings, rulesCommand } from "../listings";
import { meaningKey, meaningOf, meaningWords, type RuleMeaning, ruleKey } from "../listings/meaning";
import { isOfAws, liveBlocks, liveRule, ownTags } from "../live";
import type { Estate, FoundGroup, FoundRule, Left } from "../model";
import { asBlocks, singleOf } from "../single-rules";

/** A rule with one source that Terraform declares. */
interface Declared {
  readonly meaning: RuleMeaning;
  readonly key: string;
  readonly description: string;
  /** The resource that it is of; absent for a block of the group. */
  readonly rule?: FoundRule;
}

/** What differs of a group, and what would become of it. */
export interface Compared {
  readonly differences: readonly string[];
  /** How many rules are declared that AWS does not have. */
  readonly gone: number;
  /** The address of a classic rule of which AWS has some sources and lacks others. */
  readonly partial: string | undefined;
  /** Rules that a controller made. */
  readonly others: readonly Left[];
  /** What becomes of rules made by hand where the configuration is right. */
  readonly byHand: readonly Left[];
  /** Why what Terraform knows cannot be written: the plan would take rules away. */
  readonly unkeepable: string | undefined;
  /** Why what AWS has cannot be written. */
  readonly unwritable: string | undefined;
  readonly live: () => {
    readonly group: FoundGroup;
    readonly rules: readonly FoundRule[];
    readonly left: readonly Left[];
  };
}

/** The two sides of each group. */
export class Sides {
  private readonly meanings: ReadonlyMap<string, readonly SecurityGroupRule[]>;
  private readonly blocks: ReadonlyMap<string, readonly SecurityGroupRule[]>;
  private readonly rulesOn: ReadonlyMap<string, readonly FoundRule[]>;
  /** Of groups and prefix lists the ids, by the addresses under which the state has them. */
  private readonly ids: ReadonlyMap<string, string>;
  private readonly allTags: ReadonlyMap<string, Readonly<Record<string, string>>>;

  constructor(
    estate: Estate,
    state: Input,
    private readonly listings: Listings,
  ) {
    const { rules } = inventoryOf(state);
    this.meanings = groupedBy(rules, ({ address }) => address);
    this.blocks = groupedBy(
      rules.filter(({ form }) => form === "inline"),
      ({ group }) => group,
    );
    this.rulesOn = groupedBy(estate.rules, ({ group }) => group);
    this.ids = idsOf(state, (type) => isSecurityGroupType(type) || isPrefixListType(type));
    this.allTags = new Map(
      state.resources.map(({ address, values }) => [address, textsOf(values["tags_all"] ?? values["tags"])]),
    );
  }

  /** Whether the lists have a group: one without rules is in the list of groups alone. */
  isListed(id: string): boolean {
    return this.listings.groups?.has(id) === true || (this.listings.rules?.get(id)?.length ?? 0) > 0;
  }

  /** What is in force and nobody declares, apart from what is drift and from rules of others, which the lists have. */
  undeclared({ undeclared, isConfigured, leaves = [] }: FoundGroup): FoundGroup["undeclared"] {
    return undeclared.filter(
      ({ direction, owner }) => owner === undefined && (!isConfigured || leaves.includes(direction)),
    );
  }

  /** Compares a group; undefined for one that is not listed. */
  of(group: FoundGroup): Compared | undefined {
    if (!this.isListed(group.id)) return undefined;
    const all = this.listings.rules?.get(group.id) ?? [];
    const declared = this.declared(group);
    const keys = new Set(declared.map(({ key }) => key));
    const others = all.filter(
      (rule) => !keys.has(ruleKey(rule)) && ruleOwnerOf(rule.description) !== undefined,
    );
    const live = new Map(all.filter((rule) => !others.includes(rule)).map((rule) => [ruleKey(rule), rule]));
    // Without the configuration, what a state has of a group beyond its rules may be blocks: that is said elsewhere.
    const noted = group.isConfigured
      ? new Set<string>()
      : new Set((this.blocks.get(group.address) ?? []).map((rule) => this.keyOf(rule)));
    const gone = declared.filter(({ key }) => !live.has(key));
    const fresh = [...live.values()].filter(
      (rule) =>
        !keys.has(ruleKey(rule)) &&
        !noted.has(ruleKey(rule)) &&
        // What others may change did not drift.
        !group.leaves?.includes(rule.direction),
    );
    const renamed = declared.filter(({ key, description }) => {
      const rule = live.get(key);
      return rule !== undefined && description !== rule.description && description !== rule.otherDescription;
    });
    const retagged = declared.flatMap(({ key, rule }) => {
      const found = live.get(key);
      if (rule?.form !== "per-rule" || found?.id === undefined) return [];
      return sameTags(this.allTags.get(rule.address) ?? {}, found.tags) ? [] : [{ rule, found }];
    });
    const listed = this.listings.groups?.get(group.id);
    const differences = [
      ...(listed === undefined ? [] : this.groupDifferences(group, listed)),
      ...gone.map(({ meaning }) => `${meaningWords(meaning)} is gone`),
      ...fresh.map((rule) => `${meaningWords(meaningOf(rule))} is new${rule.id ? ` (${rule.id})` : ""}`),
      ...renamed.map(({ key, meaning, description }) => {
        const now = live.get(key)?.description ?? "";
        return `${meaningWords(meaning)} has the description ${quoted(now)}, not ${quoted(description)}`;
      }),
      ...retagged.map(({ rule, found }) => `${found.id} (${rule.address}) has other tags`),
    ];
    return {
      differences,
      gone: gone.length,
      partial: (this.rulesOn.get(group.id) ?? []).find(({ address }) => {
        const found = (this.meanings.get(address) ?? []).map((one) => live.has(this.keyOf(one)));
        return found.includes(true) && found.includes(false);
      })?.address,
      others: others.map((rule) => ({
        address: rule.id ?? group.address,
        reason: `${meaningWords(meaningOf(rule))} on ${group.address}: ${ruleOwnerOf(rule.description)}`,
        isOthers: true,
      })),
      byHand: fresh.map((rule) => ({
        address: rule.id ?? group.address,
        reason: `${meaningWords(meaningOf(rule))} on ${group.address} was made by hand, and the configuration is right: it stays in AWS, and nothing manages it`,
        isOthers: true,
      })),
      unkeepable: unkeepable(group, fresh, renamed),
      unwritable: this.unwritable(group, live),
      live: () => this.live(group, listed, live, fresh),
    };
  }

  private declared(group: FoundGroup): Declared[] {
    const ofRules = (this.rulesOn.get(group.id) ?? []).flatMap((rule) =>
      (this.meanings.get(rule.address) ?? []).map((meaning) => ({ meaning, rule })),
    );
    const ofBlocks = (this.blocks.get(group.address) ?? [])
      .filter(({ direction }) => group.inline[direction] !== undefined)
      .map((meaning) => ({ meaning }));
    return [...ofRules, ...ofBlocks].map(({ meaning, ...rest }) => ({
      meaning: this.named(meaning),
      key: this.keyOf(meaning),
      description: meaning.description ?? "",
      ...rest,
    }));
  }

  /** A rule of the state with ids in the place of addresses. */
  private named({ direction, traffic, peer }: SecurityGroupRule): RuleMeaning {
    return { direction, traffic, peer: this.peer(peer) };
  }

  private peer(peer: RulePeer): RulePeer {
    if (peer.kind === "group") return { ...peer, group: this.ids.get(peer.group) ?? peer.group };
    return peer.kind === "prefix-list" ? { ...peer, id: this.ids.get(peer.id) ?? peer.id } : peer;
  }

  private keyOf(rule: SecurityGroupRule): string {
    return meaningKey(this.named(rule));
  }

  private groupDifferences(group: FoundGroup, live: ListedGroup): string[] {
    const differs = (what: string, known: string, now: string) =>
      known === now ? [] : [`its ${what} is ${quoted(now)}, not ${quoted(known)}`];
    const known = this.allTags.get(group.address) ?? {};
    const names = [...new Set([...Object.keys(known), ...Object.keys(live.tags)])].filter(
      (key) => !isOfAws(key),
    );
    return [
      ...differs("name", group.name, live.name),
      ...differs("description", group.description, live.description),
      ...differs("VPC", group.vpcId, live.vpcId),
      ...names
        .filter((key) => known[key] !== live.tags[key])
        .map((key) =>
          live.tags[key] === undefined
            ? `its tag ${key} is gone`
            : known[key] === undefined
              ? `its tag ${key} is new, or one that the provider ignores (ignore_tags)`
              : `its tag ${key} is ${quoted(live.tags[key])}, not ${quoted(known[key])}`,
        ),
    ];
  }

  /** A classic rule has one description for all of its sources. */
  private unwritable(group: FoundGroup, live: ReadonlyMap<string, ListedRule>): string | undefined {
    const mixed = (this.rulesOn.get(group.id) ?? []).find(({ address }) => {
      const found = (this.meanings.get(address) ?? []).flatMap((one) => live.get(this.keyOf(one)) ?? []);
      return new Set(found.map(({ description }) => description)).size > 1;
    });
    return mixed && `the sources of ${mixed.address} have several descriptions in AWS, and it can hold one`;
  }

  /** A group as AWS has it, in the forms that its rules have. */
  private live(
    group: FoundGroup,
    listed: ListedGroup | undefined,
    live: ReadonlyMap<string, ListedRule>,
    fresh: readonly ListedRule[],
  ): ReturnType<Compared["live"]> {
    const left: Left[] = [];
    const rules = (this.rulesOn.get(group.id) ?? []).flatMap((rule): FoundRule[] => {
      const found = (this.meanings.get(rule.address) ?? []).map((one) => live.get(this.keyOf(one)));
      const kept = found.flatMap((one) => one ?? []);
      if (kept.length > 0) return [liveRule(rule, kept, found.length > kept.length, group.defaultTags)];
      left.push({
        address: rule.address,
        reason: "AWS has it no more: delete its block with the others",
        isOthers: true,
      });
      return [];
    });
    const inline = Object.fromEntries(
      DIRECTIONS.flatMap((direction) => {
        const blocks = group.inline[direction];
        if (blocks === undefined) return [];
        const more = fresh.filter((rule) => rule.direction === direction);
        return [
          [
            direction,
            [
              ...liveBlocks(blocks, direction, group.id, live),
              ...more.flatMap((rule) => asBlocks([singleOf(rule)])),
            ],
          ],
        ];
      }),
    );
    const apart = fresh.filter(({ direction }) => group.inline[direction] === undefined);
    const form = rules[0]?.form ?? formOf([...live.values()]);
    for (const rule of apart) {
      const reason = whyNotApart(rule, form);
      if (reason === undefined) rules.push(listedRule(rule, form, this.listings.groups));
      else left.push({ address: rule.id ?? group.address, reason, isOthers: false });
    }
    return {
      group: {
        ...group,
        inline,
        undeclared: this.undeclared(group),
        ...(listed !== undefined && {
          name: listed.name,
          description: listed.description,
          vpcId: listed.vpcId,
          tags: ownTags(listed.tags, group.defaultTags),
        }),
      },
      rules,
      left,
    };
  }
}

/** Blocks are all rules of a direction: Terraform removes what was made by hand, and a rule for another description as well. */
function unkeepable(
  { inline }: FoundGroup,
  fresh: readonly ListedRule[],
  renamed: readonly Declared[],
): string | undefined {
  const apart = "settle it first, or give --accept drift=live";
  const byHand = fresh.filter(({ direction }) => inline[direction] !== undefined);
  if (byHand.length > 0)
    return `its blocks would remove ${plural(byHand.length, "rule")} made by hand: ${apart}`;
  const again = renamed.filter(({ rule }) => rule === undefined);
  return again.length === 0
    ? undefined
    : `Terraform would remove ${plural(again.length, "rule")} of its blocks and add ${again.length === 1 ? "it" : "them"} again, for another description: ${apart}`;
}

/** Why a rule made by hand cannot become a resource in the form of its group's rules. */
function whyNotApart(rule: ListedRule, form: FoundRule["form"]): string | undefined {
  const words = meaningWords(meaningOf(rule));
  if (form === "classic") return undefined;
  if (rule.id === undefined)
    return `${words} on ${rule.group} is imported by its id. Give besides what this prints: \`${rulesCommand([rule.group])}\``;
  if (importLoses(rule.protocol, rule.from, rule.to))
    return `${words} on ${rule.group}: the import of its form loses -1 (hashicorp/terraform-provider-aws#44935)`;
  return undefined;
}

function sameTags(known: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): boolean {
  return stringify(ownTags(known, {})) === stringify(ownTags(now, {}));
}

function quoted(text: string): string {
  return text === "" ? "none" : JSON.stringify(text);
}
