import { parseAddress } from "../expression/address";
import { groupedBy } from "../io/lists";
import { plural } from "../io/plural";
import type { Direction } from "../network/rules";
import type { Input, Resource } from "../verify/read/model";
import { FORM_WORDS, type Form, type FormChoice } from "./forms";
import { ruleName } from "./generic";
import { isIcmp } from "./icmp";
import { ownerOf, ruleOwnerOf } from "./left";
import type { ListedRule } from "./listings";
import type { Estate, FoundGroup, FoundRule } from "./model";
import { Names } from "./names";
import {
  asBlocks,
  asResource,
  type DeclaredRule,
  type SingleRule,
  singleKey,
  singleOf,
  singlesOfBlocks,
  singlesOfRule,
} from "./single-rules";

const DIRECTIONS = ["ingress", "egress"] as const satisfies readonly Direction[];

/** The id of a rule in AWS (`sgr-…`), where it is known. */
export type RuleIds = (rule: SingleRule) => string | undefined;

export interface ConvertOptions {
  /** By the ids of groups; see `formChoices`. */
  readonly choices: ReadonlyMap<string, FormChoice>;
  /** Absent where nothing was given to read ids from. */
  readonly ruleIds?: RuleIds;
  /** Whether rules may get the tags that the provider adds to every resource. */
  readonly acceptsTags?: boolean;
}

/** The ids of rules as AWS lists them, by their groups. */
export function ruleIdsOf(listed: ReadonlyMap<string, readonly ListedRule[]>): RuleIds {
  const ids = new Map([...listed.values()].flat().map((rule) => [singleKey(singleOf(rule)), rule.id]));
  return (rule) => ids.get(singleKey(rule));
}

/** What becomes of the rules of one group. */
export interface Conversion {
  readonly group: Pick<FoundGroup, "address" | "id">;
  readonly from: readonly Form[];
  readonly to: Form;
  /** How many rules get another form, each with one peer. */
  readonly rules: number;
  /** What is to be known, in sentences. */
  readonly notes: readonly string[];
}

export interface Converted {
  readonly estate: Estate;
  readonly conversions: readonly Conversion[];
  /** Why nothing may be written, in sentences; empty where it may. */
  readonly rejected: readonly string[];
}

/**
 * An estate with the rules of groups in the form that is asked for. The rules in force stay the same ones: those that get another
 * form are to be imported under it, and what declares them today is to be released in the same apply, so that two forms never
 * claim a rule.
 */
export function convert(estate: Estate, options: ConvertOptions): Converted {
  const byGroup = groupedBy(estate.rules, ({ group }) => group);
  const names = new ConvertedNames(estate);
  const outcomes = estate.groups.map((group): Outcome => {
    const rules = byGroup.get(group.id) ?? [];
    const choice = options.choices.get(group.id);
    if (choice?.form === undefined) return unchanged(group, rules);
    const owner = ownerOf(group);
    if (owner !== undefined)
      return unchanged(group, rules, choice.isOwn ? [`${shown(group)} is not converted: ${owner}.`] : []);
    const foreign = rules.filter(({ form }) => form !== choice.form);
    const hasBlocks = Object.keys(group.inline).length > 0;
    if (foreign.length === 0 && (choice.form === "inline" || !hasBlocks))
      return unchanged(group, rules.map(inThisForm));
    return choice.form === "inline"
      ? toBlocks(group, rules)
      : toResources(group, rules, { ...choice, form: choice.form }, names, options);
  });
  const outside = outsideIds(estate).map((id) =>
    ofOutside(id, byGroup.get(id) ?? [], estate, options.choices.get(id), names, options),
  );
  const all = [...outcomes, ...outside];
  return {
    estate: {
      ...estate,
      groups: outcomes.map(({ group }) => group),
      rules: all.flatMap(({ rules }) => rules),
    },
    conversions: all.flatMap(({ conversion }) => conversion ?? []),
    rejected: [
      ...all.flatMap(({ rejected }) => rejected),
      ...idsMissing(
        all.flatMap(({ withoutId }) => withoutId),
        all.map(({ group }) => group),
        options.ruleIds !== undefined,
      ),
    ],
  };
}

/** The groups that an estate does not have, and rules on them it has: another state has the group, or none. */
export function outsideIds({ groups, rules }: Estate): string[] {
  const known = new Set(groups.map(({ id }) => id));
  return [...new Set(rules.map(({ group }) => group))].filter((id) => !known.has(id)).sort();
}

/**
 * The rules on a group that the estate does not have: those with one peer, which is a group of the estate, follow what is asked, so
 * that whatever holds their peer can hold them. All else on it is not taken over, and stays.
 */
function ofOutside(
  id: string,
  rules: readonly FoundRule[],
  { groups }: Estate,
  choice: FormChoice | undefined,
  names: ConvertedNames,
  options: ConvertOptions,
): Outcome {
  const own = new Map(groups.map((group) => [group.id, group]));
  const peerOf = ({ peers }: FoundRule) => own.get(peers[0] ?? "");
  const near = rules.flatMap((rule) => peerOf(rule) ?? [])[0];
  // Only its region and the tags of its provider are asked for: those of the group beside it.
  const group = { ...(near as FoundGroup), address: id, id, name: id, inline: {}, undeclared: [] };
  if (choice?.form === undefined || near === undefined || id === "") return unchanged(group, rules);
  const { form } = choice;
  if (form === "inline")
    return unchanged(
      group,
      rules,
      choice.isOwn ? [`${id} is in no state that is given: its rules cannot become blocks of it.`] : [],
    );
  const there = new Set(
    rules
      .filter((rule) => rule.form === form)
      .flatMap(singlesOfRule)
      .map(singleKey),
  );
  const isConverted = (rule: FoundRule) => {
    const [single, ...more] = singlesOfRule(rule);
    const peer = peerOf(rule);
    return (
      rule.form !== form &&
      single !== undefined &&
      more.length === 0 &&
      !there.has(singleKey(single)) &&
      peer !== undefined &&
      ownerOf(peer) === undefined
    );
  };
  const converted = rules.filter(isConverted);
  if (converted.length === 0) return unchanged(group, rules);
  const outcome = toResources(group, converted, { ...choice, form }, names, options);
  return {
    ...outcome,
    rules: [...rules.filter((rule) => !converted.includes(rule)), ...outcome.rules],
    ...(outcome.conversion !== undefined && {
      conversion: {
        ...outcome.conversion,
        notes: [
          `${id} is in no state that is given, and two forms on one group conflict: if its other rules are ${FORM_WORDS[form === "classic" ? "per-rule" : "classic"]} or blocks, keep these with --rules ${id}=keep.`,
          ...outcome.conversion.notes,
        ],
      },
    }),
  };
}

/** What becomes of rules, without those that no call holds, which stay as they are. */
export function heldConversions(
  conversions: readonly Conversion[],
  left: ReadonlySet<string>,
  { rules }: Estate,
): Conversion[] {
  return conversions.flatMap((conversion) => {
    const isLeft = ({ group, origins = [] }: FoundRule) =>
      group === conversion.group.id && origins.some(({ address }) => left.has(address));
    const count = conversion.rules - rules.filter(isLeft).length;
    return count === 0 && conversion.rules > 0 ? [] : [{ ...conversion, rules: count }];
  });
}

/** A state with the rules that get another form as well, for whoever looks for what they mean by their addresses. */
export function withConverted(state: Input, estate: Estate): Input {
  return withRules(
    state,
    estate.rules.filter(({ origins }) => origins !== undefined),
  );
}

/** A state with these rules as they are here. */
export function withRules(state: Input, rules: readonly FoundRule[]): Input {
  if (rules.length === 0) return state;
  const addresses = new Set(rules.map(({ address }) => address));
  return {
    ...state,
    resources: [
      ...state.resources.filter(({ address }) => !addresses.has(address)),
      ...rules.map(
        ({ address, type, group, values }): Resource => ({
          address,
          module: "",
          mode: "managed",
          type,
          name: address,
          values: { security_group_id: group, ...(values as Resource["values"]) },
          source: { file: "" },
        }),
      ),
    ],
  };
}

interface Outcome {
  readonly group: FoundGroup;
  readonly rules: readonly FoundRule[];
  readonly conversion?: Conversion;
  readonly rejected: readonly string[];
  /** Rules whose ids are not known and needed. */
  readonly withoutId: readonly SingleRule[];
}

function unchanged(
  group: FoundGroup,
  rules: readonly FoundRule[],
  rejected: readonly string[] = [],
): Outcome {
  return { group, rules, rejected, withoutId: [] };
}

/** A rule of which no other form will do. */
function inThisForm({ other: _, ...rule }: FoundRule): FoundRule {
  return rule;
}

/** Rules with resources become blocks of their group, in each direction in which it has rules. */
function toBlocks(group: FoundGroup, rules: readonly FoundRule[]): Outcome {
  const singles = rules.flatMap(singlesOfRule);
  const inline = { ...group.inline };
  for (const direction of DIRECTIONS) {
    const own = singles.filter((single) => single.direction === direction);
    const blocks = group.inline[direction] ?? [];
    const there = new Set(singlesOfBlocks(group, direction).map(singleKey));
    const more = [...byKey(own)].flatMap(([key, [first]]) => (there.has(key) || !first ? [] : [first]));
    if (own.length > 0) inline[direction] = [...blocks, ...asBlocks(more)];
  }
  // Blocks are all that a group has in a direction: Terraform would remove the rules of others.
  const revoked = group.undeclared.filter(({ direction }) => inline[direction] !== undefined);
  const after = { ...group, inline, releases: rules };
  return {
    group: after,
    rules: [],
    conversion: {
      group: after,
      from: formsOf(group, rules, "inline"),
      to: "inline",
      rules: byKey(singles).size,
      notes: lostTags(rules),
    },
    rejected: revoked.map(({ words, owner }) =>
      owner === undefined
        ? `${shown(group)} cannot have blocks: its rule ${words} is in no resource, and blocks would remove it. Declare it first, or remove it.`
        : `${shown(group)} cannot have blocks, because they would remove its rule ${words}: ${owner}.`,
    ),
    withoutId: [],
  };
}

/** Rules become resources of one form, each with one peer. */
function toResources(
  group: FoundGroup,
  rules: readonly FoundRule[],
  { form, reason }: { readonly form: Exclude<Form, "inline">; readonly reason?: string },
  names: ConvertedNames,
  { ruleIds, acceptsTags = false }: ConvertOptions,
): Outcome {
  const kept = rules.filter((rule) => rule.form === form).map(inThisForm);
  const released = rules.filter((rule) => rule.form !== form);
  const there = new Set(kept.flatMap(singlesOfRule).map(singleKey));
  const ofBlocks = [...singlesOfBlocks(group, "ingress"), ...singlesOfBlocks(group, "egress")];
  // What a controller makes is left to it.
  const others = ofBlocks.filter(({ description }) => ruleOwnerOf(description) !== undefined);
  const declared = [...ofBlocks.filter((one) => !others.includes(one)), ...released.flatMap(singlesOfRule)];
  const wanted = [...byKey(declared)].filter(([key]) => !there.has(key)).map(([, all]) => all);
  const idOf = (all: readonly DeclaredRule[]) => all.flatMap((one) => ruleIds?.(one) ?? one.ruleId ?? [])[0];
  const made = wanted.map((all): FoundRule => {
    const first = all[0] as DeclaredRule;
    const type =
      form === "classic" ? "aws_security_group_rule" : `aws_vpc_security_group_${first.direction}_rule`;
    const ruleId = idOf(all);
    return {
      kind: "rule",
      address: names.next(type, first),
      type,
      form,
      direction: first.direction,
      id: form === "per-rule" ? (ruleId ?? "") : "",
      group: group.id,
      peers: first.peer.kind === "group" ? [first.peer.value] : [],
      values: asResource(first, form),
      ...(ruleId !== undefined && { ruleId }),
      origins: [...new Set(all.map(({ origin }) => origin))],
    };
  });
  const after = { ...group, inline: {}, releases: released };
  const isPerRule = form === "per-rule";
  const icmp = isPerRule ? wanted.flatMap(([first]) => (first && isIcmp(first.protocol) ? [first] : [])) : [];
  return {
    group: after,
    rules: [...kept, ...made],
    conversion: {
      group: after,
      from: formsOf(group, rules, form),
      to: form,
      rules: made.length,
      notes: [
        ...(reason === undefined ? [] : [`${shown(group)}: ${reason}.`]),
        ...lostTags(released),
        ...others.map(
          (rule) => `${shown(group)}: ${ruleWords(rule)} is in no call: ${ruleOwnerOf(rule.description)}.`,
        ),
      ],
    },
    rejected: [
      ...(icmp.length > 0 ? [icmpWords(group, icmp)] : []),
      ...(isPerRule && made.length > 0 && !acceptsTags ? defaultTagsWords(group) : []),
    ],
    withoutId:
      isPerRule && icmp.length === 0
        ? wanted.flatMap((all) => (idOf(all) === undefined ? all.slice(0, 1) : []))
        : [],
  };
}

/** Rules that mean the same are one rule. */
function byKey(rules: readonly DeclaredRule[]): Map<string, DeclaredRule[]> {
  return groupedBy(rules, singleKey);
}

/** The forms that the rules of a group have today and not afterwards. */
function formsOf({ inline }: FoundGroup, rules: readonly FoundRule[], to: Form): Form[] {
  const forms = new Set<Form>(rules.map(({ form }) => form));
  if (Object.keys(inline).length > 0) forms.add("inline");
  return [...forms].filter((form) => form !== to);
}

/** Only rules of the per-rule form can have tags in Terraform. They stay in AWS. */
function lostTags(released: readonly FoundRule[]): string[] {
  return released
    .filter(({ values }) => values["tags"] !== undefined)
    .map(
      ({ address }) =>
        `The tags of ${address} stay in AWS, and are no longer in the configuration: its new form has no tags.`,
    );
}

/** Groups of a rule of ICMP stay classic: `importLoses`. */
function icmpWords(group: FoundGroup, rules: readonly SingleRule[]): string {
  return `${shown(group)} cannot become per-rule, because it has ${plural(rules.length, "rule")} of ICMP, which the provider does not import reliably as ${FORM_WORDS["per-rule"]} (terraform-provider-aws#44935), and two forms on one group conflict. Keep it classic as a whole: --rules ${group.id}=classic.`;
}

function defaultTagsWords(group: FoundGroup): string[] {
  const tags = Object.keys(group.defaultTags);
  if (tags.length === 0) return [];
  return [
    `${shown(group)} cannot become per-rule without a change: its provider adds tags to every resource (default_tags: ${tags.join(", ")}), which rules get in the per-rule form only. --accept tags lets the plan add them in place.`,
  ];
}

/** Asks for the ids of rules, by the command that prints them. */
function idsMissing(
  missing: readonly SingleRule[],
  converted: readonly FoundGroup[],
  isGiven: boolean,
): string[] {
  if (missing.length === 0) return [];
  const ids = new Set(missing.map(({ group }) => group));
  const groups = converted.filter(({ id }) => ids.has(id));
  const byRegion = groupedBy(groups, ({ region }) => region);
  const commands = [...byRegion].map(
    ([region, own]) =>
      `aws ec2 describe-security-group-rules${region === "" ? "" : ` --region ${region}`} --filters Name=group-id,Values=${own.map(({ id }) => id).join(",")} --output json > rules${byRegion.size > 1 ? `-${region}` : ""}.json`,
  );
  return groups.map((group, index) => {
    const own = missing.filter((rule) => rule.group === group.id);
    const why = isGiven
      ? `the rules that are given have none like ${own.map(ruleWords).join("; ")}. What is declared and what is in force may differ: ask again, and settle what the plan says`
      : `the state has no ids of ${plural(own.length, "rule")} (${own.map(ruleWords).join("; ")}), and import needs them`;
    const how =
      index < groups.length - 1
        ? ""
        : ` Give what this prints beside the state: ${commands.map((command) => `\`${command}\``).join(" and ")}. Or convert to classic first, which needs no ids: once that is applied, the state has them.`;
    return `${shown(group)} cannot become per-rule: ${why}.${how}`;
  });
}

function ruleWords(rule: SingleRule): string {
  return `${rule.direction} ${trafficWords(rule).join(" ")} ${rule.direction === "ingress" ? "from" : "to"} ${rule.peer.value}`;
}

function shown({ address, id }: FoundGroup): string {
  return address === id ? id : `${address} (${id})`;
}

/** Names for what gets another form: like those of the resources that they come from, or by what they mean. */
class ConvertedNames {
  private readonly names = new Map<string, Names>();
  private readonly groups: ReadonlyMap<string, string>;

  constructor(estate: Estate) {
    for (const [type, rules] of groupedBy(estate.rules, (rule) => rule.type))
      this.names.set(
        type,
        new Names(rules.flatMap(({ address }) => parseAddress(address)?.resource?.name ?? [])),
      );
    this.groups = new Map(estate.groups.map(({ id, name }) => [id, name]));
  }

  /** An address that nothing has. */
  next(type: string, rule: DeclaredRule): string {
    const names = this.names.get(type) ?? new Names();
    this.names.set(type, names);
    return `${type}.${names.next(this.nameOf(rule))}`;
  }

  private nameOf(rule: DeclaredRule): string {
    const { origin, peer, group } = rule;
    const peerName =
      peer.kind !== "group"
        ? peer.value
        : peer.value === group
          ? "self"
          : (this.groups.get(peer.value) ?? peer.value);
    if (origin.kind === "group") return [...trafficWords(rule), peerName].join("_");
    const name = ruleName(origin.address);
    return singlesOfRule(origin).length === 1 ? name : `${name}_${peerName}`;
  }
}

/** Traffic in words that names can have: `tcp 443`. */
function trafficWords({ protocol, from, to }: SingleRule): string[] {
  if (protocol === "-1") return ["all"];
  const name = /^\d/.test(protocol) ? `protocol ${protocol}` : protocol;
  if (from === undefined || to === undefined) return [name];
  if (from === -1) return [name, "all"];
  return from === to ? [name, String(from)] : [name, `${from}-${to}`];
}

/** Groups whose rules of a direction are declared in more than one form, or by a controller as well, and stay so: each takes rules from the other. */
export function mixedGroups(
  { groups, rules }: Estate,
  conversions: readonly Conversion[],
): { readonly address: string; readonly words: string }[] {
  const converted = new Set(conversions.map(({ group }) => group.id));
  const byGroup = groupedBy(rules, ({ group }) => group);
  return groups.flatMap((group) => {
    const isKept = !converted.has(group.id) && ownerOf(group) === undefined;
    if (!isKept) return [];
    const rules = byGroup.get(group.id) ?? [];
    const faults = DIRECTIONS.flatMap((direction) => [
      ...mixedForms(group, rules, direction),
      ...blocksOfOthers(group, direction),
    ]);
    return faults.map((words) => ({ address: group.address, words }));
  });
}

/** Blocks are all rules of their direction, and no others: apart from them another direction is nobody's. */
function mixedForms(group: FoundGroup, rules: readonly FoundRule[], direction: Direction): string[] {
  const forms = new Set<Form>(rules.filter((rule) => rule.direction === direction).map(({ form }) => form));
  if (group.inline[direction] !== undefined) forms.add("inline");
  if (forms.size < 2) return [];
  const words = [...forms].map((form) => FORM_WORDS[form]).join(" and ");
  const harm = forms.has("inline")
    ? "every apply may remove what the others declare"
    : "the provider does not find where they conflict";
  return [
    `its ${direction} rules have ${forms.size} forms (${words}): ${harm}. --rules ${group.id}=${[...forms].at(0)} would settle it`,
  ];
}

function blocksOfOthers(group: FoundGroup, direction: Direction): string[] {
  return singlesOfBlocks(group, direction).flatMap((rule) => {
    const owner = ruleOwnerOf(rule.description);
    return owner === undefined
      ? []
      : [
          `its blocks have ${ruleWords(rule)}, but ${owner}: an apply may undo that. --rules ${group.id}=per-rule would leave it alone`,
        ];
  });
}
