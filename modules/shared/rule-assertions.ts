import { all, equals, isNull, quoted } from "../../expression/conditions";
import { variablesOf } from "../../expression/variables";
import type { Json } from "../../io/json";
import type { Assertion, TestRun } from "../../synth/contract";
import type { PeerInput } from "./peers";
import type { RuleForm } from "./rule-form";

/*
 * What the tests of modules say of rules, whatever the form. Names of rules say their direction, as the article's do.
 */

/** A rule as AWS has it: `tcp 8000-8100`, for ICMP the type and the code. A group's own rule names the group. */
export interface ExpectedRule extends PeerInput {
  readonly group: string;
  readonly traffic: string;
  readonly description: string;
}

/**
 * What the tests of a module with tags say besides: the region, by the name that versions 5 and 6 of the provider both have.
 * OpenTofu takes no value for an attribute that the provider lacks, as version 5 lacks `region`.
 */
export const TAGGED_PLACE = {
  data: { aws_region: { name: "eu-west-1" } },
  variables: { platform: "shop" },
} as const;

/** The region of a tag in a test: with version 6 of the provider, what the mock makes up for its `region`. */
export const TAGGED_REGION = 'lookup(data.aws_region.current, "region", "eu-west-1")';

/** Rules by the keys of their map. */
export type ExpectedRules = Readonly<Record<string, ExpectedRule>>;

/** Asserts the rules of a module: those expected, by the names of their resources, and no others. */
export function rulesAre(
  form: RuleForm,
  names: readonly string[],
  expected: Readonly<Record<string, ExpectedRules>>,
): Assertion[] {
  const keys = Object.fromEntries(
    Object.entries(expected).map(([name, rules]) => [name, Object.keys(rules)]),
  );
  return [
    onlyRulesAre(form, names, keys),
    ...Object.entries(expected).map(([name, rules]) => theseRulesAre(form, name, rules)),
  ];
}

/** Asserts the keys of the rules that there are, by the names of their resources. */
export function onlyRulesAre(
  form: RuleForm,
  names: readonly string[],
  expected: Readonly<Record<string, readonly string[]>>,
): Assertion {
  const all = names.map((name) => `${name} = keys(${addressOf(form, name)})`).join(", ");
  const sorted = Object.fromEntries(Object.entries(expected).map(([name, keys]) => [name, [...keys].sort()]));
  return {
    condition: `jsonencode({ for name, keys in { ${all} } : name => keys if length(keys) > 0 }) == jsonencode(${JSON.stringify(sorted)})`,
    message: `There must be rules of ${Object.keys(expected).sort().join(", ")} alone.`,
  };
}

function theseRulesAre(form: RuleForm, name: string, expected: ExpectedRules): Assertion {
  const { actual, direction } = {
    classic: { actual: CLASSIC, direction: { direction: directionOf(name) } },
    "per-rule": { actual: PER_RULE, direction: {} },
  }[form];
  const rules = Object.fromEntries(
    Object.entries(expected).map(([key, rule]) => [key, { ...direction, ...rule }]),
  );
  return {
    condition: `jsonencode({ for key, rule in ${addressOf(form, name)} : key => ${actual} }) == jsonencode(${JSON.stringify(rules)})`,
    message: `Each of ${name} must have its group, peer, traffic and description.`,
  };
}

/**
 * Asserts the article's tags on every rule; the classic form has none.
 *
 * @param prefix what their names start with
 * @param expected the tags of a resource by its name, as an expression
 */
export function rulesAreTagged(
  form: RuleForm,
  names: readonly string[],
  prefix: string,
  expected: (name: string) => string = tags,
): Assertion[] {
  if (form === "classic") return [];
  const all = names.map((name) => `${name} = ${addressOf(form, name)}`).join(", ");
  return [
    {
      condition: `alltrue(flatten([for name, rules in { ${all} } : [for key, rule in rules : rule.tags == tomap(${expected(`${prefix}-$\{name}-$\{key}`)})]]))`,
      message: `Every rule must carry its tags, with a name that starts with ${prefix}-.`,
    },
  ];
}

/** What is tagged: groups by their addresses, each with its name, and rules. */
interface Tagged {
  readonly groups: Readonly<Record<string, string>>;
  readonly form: RuleForm;
  readonly rules: readonly string[];
  readonly prefix: string;
  /** Variables that make rules. */
  readonly variables?: Json;
  /** Tags besides, as the end of an object's expression. */
  readonly further?: string;
}

/** Runs that try tags of the caller: the module's own win, and without a platform there is no such tag. */
export function tagRuns({ groups, form, rules, prefix, variables = {}, further = "" }: Tagged): TestRun[] {
  const expected = (name: string) =>
    `{ Name = "${name}", Region = ${TAGGED_REGION}, CreatedBy = "Terraform", CostCenter = "4711" }`;
  const assert = [
    ...Object.entries(groups).map(([address, name]) => ({
      condition: equals(`${address}.tags`, `tomap(merge(${expected(name)}, {${further}}))`),
      message: `The group ${name} must carry the caller's tags under its own.`,
    })),
    ...rulesAreTagged(form, rules, prefix, expected),
  ];
  if (assert.length === 0) return [];
  return [
    {
      name: "tags_of_the_caller_lie_under_the_modules_own",
      command: "plan",
      variables: { ...variables, platform: null, tags: { CostCenter: "4711", Name: "x", CreatedBy: "x" } },
      assert,
    },
  ];
}

/** What may have existed before: groups by their addresses, and two rules of one map. */
interface Existing {
  readonly groups: readonly string[];
  readonly form: RuleForm;
  /** All rules. */
  readonly rules: readonly string[];
  readonly rule: { readonly name: string; readonly keys: readonly [string, string] };
  /** Variables that make these rules. */
  readonly variables?: Json;
}

/** Runs that try tags and descriptions of what existed before, and the variable for a group's name if there is a group. */
export function existingRuns({ groups, form, rules, rule, variables = {} }: Existing): TestRun[] {
  const [first, second] = rule.keys.map((key) => `${addressOf(form, rule.name)}["${key}"]`) as [
    string,
    string,
  ];
  const named = (address: string) => address.replace(/.*\./, "");
  const key = `${rule.name}-${rule.keys[0]}`;
  return [
    {
      name: "what_existed_before_keeps_its_tags_descriptions_and_name",
      command: "plan",
      variables: {
        ...variables,
        own_tags: { Team: "a" },
        rule_tags: { [key]: { Team: "b" } },
        descriptions: {
          ...Object.fromEntries(groups.map((address) => [named(address), "As it was"])),
          [key]: "Of old & good",
          [`${rule.name}-${rule.keys[1]}`]: "",
        },
        ...(groups.length > 0 && { group_name: "legacy" }),
      },
      assert: [
        ...groups.map((address) => ({
          condition: argumentsAre(address, {
            name: quoted("legacy"),
            description: quoted("As it was"),
            tags: 'tomap({ Team = "a" })',
          }),
          message: "The group must have the name, the description and the tags that are given.",
        })),
        {
          condition: all(
            argumentsAre(first, { description: quoted("Of old & good") }),
            isNull(`${second}.description`),
          ),
          message: "A rule must have the description that is given, and none where that is empty.",
        },
        ...(form === "classic"
          ? []
          : [
              {
                condition: all(
                  argumentsAre(first, { tags: 'tomap({ Team = "b" })' }),
                  isNull(`${second}.tags`),
                ),
                message: "A rule must have the tags that are given for it, and no others.",
              },
            ]),
      ],
    },
    {
      name: "own_tags_are_in_place_of_the_modules",
      command: "plan",
      variables: { ...variables, own_tags: { Team: "a" }, tags: { CostCenter: "4711" } },
      assert: [
        ...groups.map((address) => ({
          condition: equals(`${address}.tags`, 'tomap({ Team = "a", CostCenter = "4711" })'),
          message: "The group must have its own tags and the caller's.",
        })),
        ...rulesAreTagged(form, rules, "", () => '{ Team = "a", CostCenter = "4711" }'),
      ],
    },
  ].filter(({ assert }) => assert.length > 0) as TestRun[];
}

/** Whether a resource has arguments, each a Terraform expression. */
export function argumentsAre(address: string, expected: Readonly<Record<string, string>>): string {
  return all(...Object.entries(expected).map(([name, value]) => equals(`${address}.${name}`, value)));
}

/** Whether a group has a name, and what follows from it: the article's description, the VPC of the tests. */
export function groupIsNamed(address: string, name: string): string {
  return argumentsAre(address, {
    name: quoted(name),
    description: quoted(`Default security group for ${name}.`),
    vpc_id: variablesOf<{ vpc_id: string }>()("vpc_id"),
  });
}

/** Whether the three outputs for a group are those of the group. @param output what their names start with */
export function outputsAre(
  output: string,
  { address, id, name }: { readonly address: string; readonly id: string; readonly name: string },
): string {
  return all(
    equals(`output.${output}_id`, quoted(id)),
    equals(`output.${output}_name`, quoted(name)),
    equals(`output.${output}_arn`, `${address}.arn`),
  );
}

/** The article's tags as an expression, in the region and on the platform of the tests. */
export function tags(name: string, further = ""): string {
  return `{ Name = "${name}", Region = ${TAGGED_REGION}, Platform = "shop", CreatedBy = "Terraform"${further} }`;
}

function directionOf(name: string): "ingress" | "egress" {
  return name.includes("_ingress_") ? "ingress" : "egress";
}

function addressOf(form: RuleForm, name: string): string {
  const type =
    form === "classic" ? "aws_security_group_rule" : `aws_vpc_security_group_${directionOf(name)}_rule`;
  return `${type}.${name}`;
}

/** A rule as an object like `ExpectedRule`: of the four peers the one that there is. */
function ruleObject(
  fields: Readonly<Record<string, string>>,
  peers: Required<Record<keyof PeerInput, string>>,
) {
  const list = (entries: Readonly<Record<string, string>>) =>
    Object.entries(entries)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", ");
  return `merge({ ${list(fields)} }, { for kind, peer in { ${list(peers)} } : kind => peer if peer != null })`;
}

const PER_RULE = ruleObject(
  {
    group: "rule.security_group_id",
    traffic: '"${rule.ip_protocol} ${rule.from_port}-${rule.to_port}"',
    description: "rule.description",
  },
  {
    cidr_ipv4: "rule.cidr_ipv4",
    cidr_ipv6: "rule.cidr_ipv6",
    prefix_list_id: "rule.prefix_list_id",
    security_group_id: "rule.referenced_security_group_id",
  },
);

/** The only element of a list that may be null. */
const element = (list: string) => `one(${list} == null ? [] : ${list})`;

const CLASSIC = ruleObject(
  {
    direction: "rule.type",
    group: "rule.security_group_id",
    traffic: '"${rule.protocol} ${rule.from_port}-${rule.to_port}"',
    description: "rule.description",
  },
  {
    cidr_ipv4: element("rule.cidr_blocks"),
    cidr_ipv6: element("rule.ipv6_cidr_blocks"),
    prefix_list_id: element("rule.prefix_list_ids"),
    // A mocked provider makes one up where there is another peer: it is an attribute that AWS may fill in.
    security_group_id:
      "rule.cidr_blocks != null || rule.ipv6_cidr_blocks != null || rule.prefix_list_ids != null ? null : rule.self == true ? rule.security_group_id : rule.source_security_group_id",
  },
);
