import { all, every, hasAtLeast, hasAtMost, matches, orTrue } from "../../expression/conditions";
import { variableNamed, variablesOf } from "../../expression/variables";
import type { Rules } from "../../network/rules";
import type { VariableSpec } from "../../synth/contract";
import { everyNameCharacter, hasNameCharacters, MOST, nameCharacters } from "./names";
import { MOST_TAGS, type TagsInput, tagValidations } from "./tags";
import { listed } from "./words";

/*
 * What groups and rules that exist have of their own. With these variables a module holds them as they are, instead of
 * changing them to what it would create; without them it creates what it always did.
 */

/** The inputs of every module whose groups and rules may have existed before it. */
export interface ExistingVariables {
  /** In place of the tags that the module sets itself. */
  own_tags?: TagsInput | null;
  /** In place of the module's descriptions, by the names of groups and rules. An empty one of a rule: none. */
  descriptions?: Readonly<Record<string, string>>;
}

/** Those of a module whose rules have tags. */
export interface ExistingRuleVariables extends ExistingVariables {
  /** In place of all tags of the rules, by their names. A rule without an entry has none. */
  rule_tags?: Readonly<Record<string, TagsInput>> | null;
}

const variable = variablesOf<ExistingRuleVariables>();
const DESCRIPTIONS = variable("descriptions");

/** What descriptions and tags are given for. */
interface Named {
  /** The names of the groups' resources. */
  readonly groups: readonly string[];
  readonly rules: Rules<string>;
}

/** What names a rule: its resource, and the key of its element where there is one for each of a map. */
export function ruleKey(name: string, forEach: string | undefined): string {
  return forEach === undefined ? name : `${name}-\${each.key}`;
}

/** A regular expression of the names. */
function namesPattern({ groups, rules }: Named): string {
  const named = (isEach: boolean) =>
    Object.keys(rules).filter((name) => (rules[name]?.forEach !== undefined) === isEach);
  const each = named(true);
  const choices = [
    ...groups,
    ...named(false),
    ...(each.length === 0 ? [] : [`(${each.join("|")})-[a-z][a-z0-9_]{0,31}`]),
  ];
  return `^(${choices.join("|")})$`;
}

/** A name for examples and tests: that of the first rule. */
function exampleName({ rules }: Named): string {
  const [name = "", rule] = Object.entries(rules)[0] ?? [];
  return rule?.forEach === undefined ? name : `${name}-http`;
}

const namesWords = (named: Named) =>
  listed([...named.groups, `names of rules such as ${exampleName(named)}`]);

/** The variables of a module whose rules have no tags. */
export function existingVariables(named: Named) {
  return { own_tags: ownTagsVariable(), descriptions: descriptionsVariable(named) };
}

/** The variables of a module whose rules have tags. */
export function existingRuleVariables(named: Named) {
  return { ...existingVariables(named), rule_tags: ruleTagsVariable({ ...named, groups: [] }) };
}

/**
 * Tags in place of the module's own.
 *
 * @param name the variable's
 * @param description where it is not that of `own_tags`
 */
export function ownTagsVariable(name = "own_tags", description?: string): VariableSpec<TagsInput | null> {
  const own = variableNamed(name);
  return {
    type: "map(string)",
    description:
      description ??
      "Replaces the tags that the module sets itself (Name, Region, Platform and so on), for what existed before with its own tags; {} for none. Null (the default): the module's.",
    default: null,
    example: { Team: "orders" },
    accepted: { [`nothing_in_${name}`]: {} },
    validations: tagValidations<TagsInput | null>(name, {
      keys: `try(keys(${own}), [])`,
      values: `try(values(${own}), [])`,
      most: { condition: `try(length(${own}), 0) <= ${MOST_TAGS}`, count: MOST_TAGS },
      of: (tags) => tags,
    }),
  };
}

function ruleTagsVariable(named: Named): VariableSpec<Readonly<Record<string, TagsInput>> | null> {
  const tags = variable("rule_tags");
  const each = (list: "keys" | "values") => `try(flatten([for one in values(${tags}) : ${list}(one)]), [])`;
  const key = exampleName(named);
  return {
    type: "map(map(string))",
    description: `Replaces all tags of the rules, by names of rules such as ${key}; a rule without an entry has none. Null (the default): own_tags, else the module's.`,
    default: null,
    example: { [key]: { Team: "orders" } },
    accepted: { no_rule_tags: {} },
    validations: [
      {
        condition: every("name", `try(keys(${tags}), [])`, (name) => matches(name, namesPattern(named))),
        message: `The keys of rule_tags must be ${namesWords(named)}.`,
        refused: { tags_of_an_unknown_rule: { nothing: { Team: "orders" } } },
      },
      ...tagValidations<Readonly<Record<string, TagsInput>> | null>("rule_tags", {
        keys: each("keys"),
        values: each("values"),
        most: {
          condition: `try(alltrue([for one in values(${tags}) : length(one) <= ${MOST_TAGS}]), true)`,
          count: MOST_TAGS,
        },
        of: (one) => ({ [key]: one }),
      }),
    ],
  };
}

function descriptionsVariable(named: Named): VariableSpec<Readonly<Record<string, string>>> {
  const key = exampleName(named);
  const [group] = named.groups;
  const groups = JSON.stringify(named.groups).replaceAll(",", ", ");
  return {
    type: "map(string)",
    description: `Replaces descriptions of the module, for what existed before with its own, by ${namesWords(named)}. An empty one: the rule has none.`,
    default: {},
    example: { [key]: "As it was" },
    accepted: {
      the_longest_description: { [key]: "d".repeat(MOST) },
      a_rule_without_a_description: { [key]: "" },
      every_character_of_a_description: { [key]: everyNameCharacter("&") },
      ...(group !== undefined && { a_description_of_the_group: { [group]: "As it was" } }),
    },
    validations: [
      {
        condition: every("name", `keys(${DESCRIPTIONS})`, (name) => matches(name, namesPattern(named))),
        message: `The keys of descriptions must be ${namesWords(named)}.`,
        refused: { a_description_of_nothing: { nothing: "As it was" } },
      },
      {
        condition: every("text", `values(${DESCRIPTIONS})`, (text) =>
          all(hasNameCharacters(text, "&"), orTrue(hasAtMost(MOST, text))),
        ),
        message: `The descriptions must have at most ${MOST} characters of those that AWS allows: ${nameCharacters("&")}.`,
        refused: {
          a_description_of_256_characters: { [key]: "d".repeat(MOST + 1) },
          a_description_with_an_umlaut: { [key]: "für alle" },
          a_null_description: { [key]: null as never },
        },
      },
      ...(group === undefined
        ? []
        : [
            {
              condition: every("name", groups, (name) => orTrue(hasAtLeast(1, `${DESCRIPTIONS}[${name}]`))),
              message: "The description of a group must not be empty: AWS requires one.",
              refused: { an_empty_description_of_a_group: { [group]: "" } },
            },
          ]),
    ],
  };
}

/** The local that the descriptions of resources are taken from. */
export const EXISTING_LOCALS = {
  // To the provider an empty description is another one than none.
  descriptions: `{ for name, text in ${DESCRIPTIONS} : name => text == "" ? null : text }`,
};

/** The description of a group or a rule, as an expression. @param text the module's, a template of Terraform */
export function descriptionOf(name: string, text: string): string {
  return `lookup(local.descriptions, "${name}", "${text}")`;
}
