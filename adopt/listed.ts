import type { Value } from "../expression/value";
import { InputError } from "../io/errors";
import { byText } from "../io/lists";
import { plural } from "../io/plural";
import { describeTraffic } from "../network/traffic";
import type { Input, Resource } from "../verify/read/model";
import { isIcmp } from "./icmp";
import { ownerOf, ruleOwnerOf } from "./left";
import { type ListedGroup, type ListedRule, type Listings, rulesCommand } from "./listings";
import { meaningOf, meaningWords } from "./listings/meaning";
import { ownTags } from "./live";
import type { Arguments, Estate, FoundGroup, FoundRule, Left } from "./model";
import { asResource, singleOf } from "./single-rules";

const GROUP = "aws_security_group";

/** What AWS lists, in the shapes of what a state holds. */
export interface ListedEstate {
  readonly estate: Estate;
  /** The same as the verifier reads it. */
  readonly input: Input;
  readonly left: readonly Left[];
}

/**
 * The estate that lists of AWS hold, with no state of Terraform: its addresses are the ids of groups and rules.
 *
 * @throws InputError where a list is missing that imports need, with the command that prints it
 */
export function listedEstate({ groups, rules = new Map() }: Listings): ListedEstate {
  if (groups === undefined) {
    throw new InputError([
      `without a state the groups themselves are needed as well: \`aws ec2 describe-security-groups${rules.size === 0 ? "" : ` --group-ids ${[...rules.keys()].join(" ")}`} --output json\`.`,
    ]);
  }
  const all = [...groups.values()].sort((a, b) => byText(a.id, b.id));
  const own = all.filter((group) => ownerOf({ ...group, type: GROUP }) === undefined);
  const controllerOf = ({ description, otherDescription = "" }: ListedRule) =>
    ruleOwnerOf(description) ?? ruleOwnerOf(otherDescription);
  const isControllers = (rule: ListedRule) => controllerOf(rule) !== undefined;
  const unknown = own.filter(({ id }) =>
    rules.get(id)?.some((rule) => rule.id === undefined && !isControllers(rule)),
  );
  if (unknown.length > 0) {
    throw new InputError([
      `rules are imported by their ids, which describe-security-groups does not list (${plural(unknown.length, "group")}). Give besides what this prints: \`${rulesCommand(unknown.map(({ id }) => id))}\`.`,
    ]);
  }
  const some = all.flatMap(({ id }) => rules.get(id) ?? []);
  const listed = some.filter((rule) => rule.id !== undefined && !isControllers(rule));
  const owned = new Set(own.map(({ id }) => id));
  const forms = new Map(
    [...rules].map(([id, all]) => [id, formOf(all.filter((rule) => !isControllers(rule)))]),
  );
  return {
    estate: {
      groups: all.map(listedGroup),
      rules: listed.map((rule) => listedRule(rule, forms.get(rule.group) ?? formOf([]), groups)),
      calls: new Set(),
      otherCalls: new Set(),
      moves: [],
    },
    input: listedInput(all, listed),
    left: [
      ...some.flatMap((rule): Left[] =>
        isControllers(rule) && owned.has(rule.group)
          ? [
              {
                address: rule.id ?? rule.group,
                reason: `${meaningWords(meaningOf(rule))} on ${rule.group}: ${controllerOf(rule)}`,
                isOthers: true,
              },
            ]
          : [],
      ),
      ...[...rules].flatMap(([id, some]): Left[] =>
        groups.has(id)
          ? []
          : [
              {
                address: id,
                reason: `${plural(some.length, "rule")} of it ${some.length === 1 ? "is" : "are"} listed, and the group is not: describe-security-groups says what is taken over`,
                isOthers: true,
              },
            ],
      ),
    ],
  };
}

/** Lists as the verifier reads a state: each group and each rule is a resource under its id. */
export function listedInput(groups: readonly ListedGroup[], rules: readonly ListedRule[]): Input {
  const resource = (address: string, type: string, values: Readonly<Record<string, Value>>): Resource => ({
    address,
    module: "",
    mode: "managed",
    type,
    name: address,
    values,
    source: { file: "aws" },
  });
  return {
    kind: "state",
    path: "aws",
    resources: [
      ...groups.map(({ id, name, description, vpcId, tags }) =>
        resource(id, GROUP, { id, name, description, vpc_id: vpcId, tags }),
      ),
      ...rules.map((rule) =>
        resource(rule.id ?? "", typeOf(rule), {
          security_group_id: rule.group,
          ...(perRuleValues(rule) as Readonly<Record<string, Value>>),
        }),
      ),
    ],
    modules: [],
    evaluate: () => null,
    notes: [],
  };
}

function listedGroup({ id, name, description, vpcId, region, owner, tags }: ListedGroup): FoundGroup {
  return {
    kind: "group",
    address: id,
    type: GROUP,
    id,
    name,
    description,
    vpcId,
    region,
    account: owner,
    tags,
    defaultTags: {},
    revokesRulesOnDelete: false,
    inline: {},
    undeclared: [],
    isConfigured: false,
    isListed: true,
  };
}

/** The form in which rules of a group are imported: by their ids, but for a group with a rule for ICMP (`importLoses`). */
export function formOf(rules: readonly ListedRule[]): FoundRule["form"] {
  return rules.some(({ protocol }) => isIcmp(protocol)) ? "classic" : "per-rule";
}

/** A rule that no state holds, in a form; where that is not fixed, `other` is the same in the other one. */
export function listedRule(
  rule: ListedRule,
  form: FoundRule["form"],
  groups: ReadonlyMap<string, ListedGroup> = new Map(),
): FoundRule {
  const name = nameOf(rule, groups);
  const base = {
    kind: "rule",
    address: rule.id ?? `${rule.group} ${name}`,
    direction: rule.direction,
    id: rule.id ?? "",
    group: rule.group,
    peers: rule.peer.argument === "referenced_security_group_id" ? [rule.peer.value] : [],
    name,
    isListed: true,
  } as const;
  const classic: FoundRule = {
    ...base,
    type: "aws_security_group_rule",
    form: "classic",
    values: asResource(singleOf(rule), "classic"),
  };
  if (form === "classic") return classic;
  return { ...base, type: typeOf(rule), form: "per-rule", values: perRuleValues(rule), other: classic };
}

function typeOf({ direction }: ListedRule): string {
  return `aws_vpc_security_group_${direction}_rule`;
}

function perRuleValues(rule: ListedRule): Arguments {
  const tags = ownTags(rule.tags, {});
  return { ...asResource(singleOf(rule), "per-rule"), ...(Object.keys(tags).length > 0 && { tags }) };
}

/** What a rule is called after what it admits: `tcp_443_from_orders`. */
function nameOf(rule: ListedRule, groups: ReadonlyMap<string, ListedGroup>): string {
  const { traffic } = meaningOf(rule);
  const { value } = rule.peer;
  const peer = value === rule.group ? "self" : (groups.get(value)?.name ?? value);
  const what = traffic === undefined ? rule.protocol : describeTraffic(traffic);
  return `${what} ${rule.direction === "ingress" ? "from" : "to"} ${peer}`;
}
