import {
  all,
  any,
  differs,
  every,
  hasAtLeast,
  hasAtMost,
  isGiven,
  isNull,
  orFalse,
  quoted,
} from "../../expression/conditions";
import { variablesOf } from "../../expression/variables";
import type { Validation, VariableSpec } from "../../synth/contract";

/** Tags by their keys. */
export type TagsInput = Readonly<Record<string, string>>;

/** The inputs of every module whose resources have tags. */
export interface TagVariables {
  /** Value of the tag `Platform`. Null: no such tag. */
  platform?: string | null;
  /** Further tags. The module's own win. */
  tags?: TagsInput;
}

const variable = variablesOf<TagVariables>();
const PLATFORM = variable("platform");
const TAGS = variable("tags");
const OWN_TAGS = variablesOf<{ own_tags: unknown }>()("own_tags");

/**
 * A resource has at most 50 tags, with keys of 1 to 128 characters and values of at most 256; keys that begin with `aws:`
 * in whatever case are AWS's own.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 */
const MOST = { tags: 50, key: 128, value: 256 };

/** So many tags a resource has at most. */
export const MOST_TAGS = MOST.tags;

/** The article's. */
export const ARTICLE_TAGS = ["Name", "Region", "Platform", "CreatedBy"];

/** @param of what carries the tag, such as `both security groups` */
export function platformVariable(of: string): VariableSpec<string | null> {
  return {
    type: "string",
    description: `Value of the tag Platform of ${of}. Null (the default): no such tag.`,
    default: null,
    example: "shop",
    accepted: { the_longest_platform: "p".repeat(MOST.value) },
    validations: [
      {
        condition: any(
          isNull(PLATFORM),
          orFalse(all(hasAtLeast(1, `trimspace(${PLATFORM})`), hasAtMost(MOST.value, PLATFORM))),
        ),
        message: `The platform must not be blank and have at most ${MOST.value} characters, as AWS allows in tags.`,
        refused: {
          an_empty_platform: "",
          a_blank_platform: "  ",
          a_platform_of_257_characters: "p".repeat(MOST.value + 1),
        },
      },
    ],
  };
}

/**
 * @param of what carries the tags, such as `both security groups`
 * @param own the tags that the module sets itself
 */
export function tagsVariable(of: string, own: readonly string[] = ARTICLE_TAGS): VariableSpec<TagsInput> {
  const most = MOST.tags - own.length;
  return {
    type: "map(string)",
    description:
      own.length > 0
        ? `Additional tags of ${of}. The module's own (${own.join(", ")}) take precedence.`
        : `Tags of ${of}.`,
    default: {},
    example: { CostCenter: "4711" },
    accepted: {
      the_longest_tag: { ["k".repeat(MOST.key)]: "v".repeat(MOST.value) },
      a_tag_without_a_value: { Backup: "" },
      the_most_tags: numbered(most),
    },
    validations: tagValidations<TagsInput>("tags", {
      keys: `keys(${TAGS})`,
      values: `values(${TAGS})`,
      most: {
        condition: hasAtMost(most, TAGS),
        count: most,
        why: own.length > 0 ? `, and the module adds ${own.length}` : "",
      },
      of: (tags) => tags,
    }),
  };
}

interface TagValidations<T> {
  /** The keys and values, as expressions of lists. */
  readonly keys: string;
  readonly values: string;
  readonly most: { readonly condition: string; readonly count: number; readonly why?: string };
  /** A value of the variable with these tags. */
  readonly of: (tags: TagsInput) => T;
}

const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index + 1}`, "value"]));

/** What AWS allows in tags. @param name the variable's */
export function tagValidations<T>(
  name: string,
  { keys, values, most, of }: TagValidations<T>,
): Validation<T>[] {
  const end = name === "tags" ? "" : `_in_${name}`;
  const refused = (tags: Readonly<Record<string, TagsInput>>) =>
    Object.fromEntries(Object.entries(tags).map(([what, value]) => [`${what}${end}`, of(value)]));
  return [
    {
      condition: every("key", keys, (key) => all(hasAtLeast(1, key), hasAtMost(MOST.key, key))),
      message: `The keys of ${name} must have 1 to ${MOST.key} characters, as AWS allows.`,
      refused: refused({
        an_empty_tag_key: { "": "x" },
        a_tag_key_of_129_characters: { ["k".repeat(MOST.key + 1)]: "x" },
      }),
    },
    {
      condition: every("key", keys, (key) => differs(`substr(lower(${key}), 0, 4)`, quoted("aws:"))),
      message: `The keys of ${name} must not start with aws:, which AWS reserves.`,
      refused: refused({
        a_tag_key_of_aws: { "aws:owner": "x" },
        a_tag_key_of_aws_in_capitals: { "AWS:owner": "x" },
      }),
    },
    {
      condition: every("value", values, (value) =>
        all(isGiven(value), orFalse(hasAtMost(MOST.value, value))),
      ),
      message: `The values of ${name} must have at most ${MOST.value} characters and must not be null; leave such a tag out.`,
      refused: refused({
        a_tag_value_of_257_characters: { Owner: "v".repeat(MOST.value + 1) },
        a_null_tag_value: { Owner: null as never },
      }),
    },
    {
      condition: most.condition,
      message: `There must be at most ${most.count} ${name === "tags" ? "tags" : `tags in ${name}`}: AWS allows ${MOST.tags} on a resource${most.why ?? ""}.`,
      refused: refused({ too_many_tags: numbered(most.count + 1) }),
    },
  ];
}

/**
 * The locals of a module with tags: the region's name, and the tags that all its resources have.
 *
 * Version 6 of the provider deprecates `name` of a region in favour of `region`, which version 5 lacks. A reference to
 * either attribute warns in the one or fails in the other when Terraform validates; `lookup` takes what there is.
 */
export const TAG_LOCALS = {
  region: 'lookup(data.aws_region.current, "region", lookup(data.aws_region.current, "name", null))',
  tags: `merge(${TAGS}, ${isNull(OWN_TAGS)} ? { Region = local.region, CreatedBy = "Terraform" } : {}, ${isNull(PLATFORM)} || ${isGiven(OWN_TAGS)} ? {} : { Platform = ${PLATFORM} })`,
};

/** The tags that a resource has of its own, as an expression. @param named the module's, by the entries of an object */
export const ownTags = (named: string) =>
  `merge(local.tags, ${isNull(OWN_TAGS)} ? { ${named} } : ${OWN_TAGS})`;
