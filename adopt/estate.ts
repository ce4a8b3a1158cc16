import { basename } from "node:path";
import { isSecurityGroupType } from "../aws/security-group-types";
import { formatAddress, parseAddress, withoutKeys } from "../expression/address";
import { Unknown, type Value } from "../expression/value";
import { isJson } from "../io/json";
import { byText, groupedBy } from "../io/lists";
import { DIRECTIONS, type Direction } from "../network/rules";
import type { SecurityGroupRule } from "../verify/inventory/model";
import type { Input, Resource } from "../verify/read/model";
import { GENERIC } from "./generic";
import { inventoryOf } from "./inventory";
import { ruleOwnerOf } from "./left";
import { meaningWords } from "./listings/meaning";
import type { Arguments, Estate, FoundGroup, FoundRule, Left, Plain, Undeclared } from "./model";

/** The arguments of a rule's resource besides its group: all that is read of it. */
const CLASSIC = [
  "type",
  "protocol",
  "from_port",
  "to_port",
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "prefix_list_ids",
  "source_security_group_id",
  "self",
  "description",
];
const PER_RULE = [
  "ip_protocol",
  "from_port",
  "to_port",
  "cidr_ipv4",
  "cidr_ipv6",
  "prefix_list_id",
  "referenced_security_group_id",
  "description",
  "tags",
];
/** Those of a block. */
const BLOCK = [
  "protocol",
  "from_port",
  "to_port",
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "prefix_list_ids",
  "security_groups",
  "self",
  "description",
];

const RULE_TYPES: Readonly<
  Record<
    string,
    { readonly form: FoundRule["form"]; readonly direction?: Direction; readonly names: readonly string[] }
  >
> = {
  aws_security_group_rule: { form: "classic", names: CLASSIC },
  aws_vpc_security_group_ingress_rule: { form: "per-rule", direction: "ingress", names: PER_RULE },
  aws_vpc_security_group_egress_rule: { form: "per-rule", direction: "egress", names: PER_RULE },
};

/**
 * The groups and rules of a state. A state holds secrets: of all else nothing is read, and of these the arguments alone.
 *
 * @param state what `readInput` makes of a state
 * @param configuration what the state is of: it tells blocks of a group from rules that others made
 * @param isWhole whether that is a folder: a plan records no `dynamic` blocks
 */
export function estateOf(state: Input, configuration?: Input, isWhole = configuration !== undefined): Estate {
  const managed = state.resources.filter(({ mode }) => mode === "managed");
  const configured = configuredIn(configuration);
  const { rules: meanings } = inventoryOf(state);
  const inline = groupedBy(
    meanings.filter(({ form }) => form === "inline"),
    ({ group }) => group ?? "",
  );
  const all = managed.flatMap((resource) => foundRule(resource, configured(resource.address)));
  const rules = all.filter((rule) => ownerOfRule(rule) === undefined);
  const others = groupedBy(
    all.filter((rule) => ownerOfRule(rule) !== undefined),
    ({ group }) => group,
  );
  const meaningsOf = groupedBy(meanings, ({ address }) => address);
  const groups = managed
    .filter(({ type }) => isSecurityGroupType(type))
    .map((resource): FoundGroup => {
      const written = configured(resource.address);
      const found = foundGroup(resource, written, inline.get(resource.address) ?? []);
      const controlled = (others.get(found.id) ?? []).flatMap(({ address }) =>
        (meaningsOf.get(address) ?? []).map((one): Undeclared => ({ ...undeclared(one), isHeld: true })),
      );
      return {
        ...found,
        undeclared: [...found.undeclared, ...controlled],
        isConfigured: isWhole && written !== undefined,
      };
    });
  const { relocations = [] } = configuration ?? {};
  return {
    groups: groups.sort((a, b) => byText(a.address, b.address)),
    rules: rules.sort((a, b) => byText(a.address, b.address)),
    calls: new Set(
      [
        ...[...state.modules, ...(configuration?.modules ?? [])].map(({ address }) => address),
        ...relocations.flatMap(({ from, to }) => [from, to ?? ""]),
      ].flatMap((address) => parseAddress(address)?.calls[0]?.name ?? []),
    ),
    moves: relocations.flatMap(({ from, to }) =>
      to === undefined ? [] : [{ from: canonical(from), to: canonical(to) }],
    ),
    otherCalls: new Set(
      configuration?.modules.flatMap(({ address, folder, passed }) =>
        basename(folder ?? textOf(passed?.["source"])) === GENERIC
          ? []
          : (parseAddress(address)?.calls[0]?.name ?? []),
      ),
    ),
  };
}

/** The rules that a state holds although somebody else makes them: they stay where they are. */
export function rulesOfOthers(state: Input): Left[] {
  return state.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap((resource) => foundRule(resource))
    .flatMap((rule): Left[] => {
      const owner = ownerOfRule(rule);
      return owner === undefined ? [] : [{ address: rule.address, reason: owner, isOthers: true }];
    });
}

function ownerOfRule({ values }: FoundRule): string | undefined {
  return ruleOwnerOf(textOf(values["description"]));
}

function undeclared(rule: SecurityGroupRule): Undeclared {
  const owner = ruleOwnerOf(rule.description ?? "");
  return {
    direction: rule.direction,
    words: meaningWords(rule),
    ...(owner !== undefined && { owner }),
  };
}

/** What the configuration has at an address: instances differ, such as in their blocks. Where they are not known, the resource. */
function configuredIn(configuration: Input | undefined): (address: string) => Resource | undefined {
  const resources = configuration?.resources ?? [];
  const exact = new Map(resources.map((one) => [canonical(one.address), one]));
  const all = new Map(resources.map((one) => [withoutKeys(one.address), one]));
  return (address) => exact.get(canonical(address)) ?? all.get(withoutKeys(address));
}

/** An address as Terraform writes it, which has one text for each. */
function canonical(address: string): string {
  const parsed = parseAddress(address);
  return parsed === undefined ? address : formatAddress(parsed);
}

function foundGroup(
  { address, type, values, recorded = values }: Resource,
  configured: Resource | undefined,
  live: readonly SecurityGroupRule[],
): Omit<FoundGroup, "isConfigured"> {
  const tags = textsOf(values["tags"]);
  const all = textsOf(values["tags_all"]);
  const { values: written = {}, ignoredChanges: ignored = [] } = configured ?? {};
  const isIgnored = (direction: Direction) => ignored.includes(direction) || ignored.includes("all");
  // Blocks whose changes are ignored only made the first rules: whatever is there since then stays.
  const isInline = (direction: Direction) => direction in written && !isIgnored(direction);
  const leaves = DIRECTIONS.filter((direction) => direction in written && isIgnored(direction));
  return {
    kind: "group",
    address,
    type,
    id: textOf(values["id"]),
    name: textOf(values["name"]),
    description: textOf(values["description"]),
    vpcId: textOf(values["vpc_id"]),
    region: textOf(values["arn"]).split(":")[3] ?? "",
    account: textOf(values["arn"]).split(":")[4] ?? "",
    tags,
    defaultTags: Object.fromEntries(Object.entries(all).filter(([key, value]) => tags[key] !== value)),
    revokesRulesOnDelete: values["revoke_rules_on_delete"] === true,
    inline: Object.fromEntries(
      DIRECTIONS.filter(isInline).map((direction) => [direction, blocksOf(recorded[direction])]),
    ),
    undeclared: live.filter(({ direction }) => !isInline(direction)).map((rule) => undeclared(rule)),
    ...(leaves.length > 0 && { leaves }),
    ...lifecycleOf(configured, (argument) => /^(all$|tags)/.test(argument)),
    ...(configured?.provider !== undefined && { provider: configured.provider }),
  };
}

/** What `lifecycle` says that no module does. @param isOf whether it matters that changes of an argument are ignored */
function lifecycleOf(
  configured: Resource | undefined,
  isOf: (argument: string) => boolean,
): Pick<FoundGroup, "lifecycle"> {
  const ignored = configured?.ignoredChanges?.filter(isOf) ?? [];
  const lifecycle = [
    ...(configured?.preventsDestroy ? ["prevent_destroy = true"] : []),
    ...(ignored.length > 0
      ? [`ignore_changes = ${ignored.includes("all") ? "all" : `[${ignored.join(", ")}]`}`]
      : []),
  ];
  return lifecycle.length === 0 ? {} : { lifecycle };
}

function foundRule({ address, type, values, recorded }: Resource, configured?: Resource): FoundRule[] {
  const known = Object.hasOwn(RULE_TYPES, type) ? RULE_TYPES[type] : undefined;
  if (known === undefined) return [];
  const direction = known.direction ?? (values["type"] === "egress" ? "egress" : "ingress");
  const isSelf = values["self"] === true;
  // Of a rule for the group itself the provider may note the group as the source, which is none beside `self`.
  const names = isSelf ? known.names.filter((name) => name !== "source_security_group_id") : known.names;
  const picked = pick(values, names);
  const group = textOf(values["security_group_id"]);
  const ruleId = textOf(values["security_group_rule_id"]);
  const peers = ["source_security_group_id", "referenced_security_group_id"].map((name) =>
    textOf(picked[name]),
  );
  return [
    {
      kind: "rule",
      address,
      type,
      form: known.form,
      direction,
      id: textOf(values["id"]),
      group,
      peers: [...peers.filter((id) => id !== ""), ...(isSelf ? [group] : [])],
      values: picked,
      ...(recorded !== undefined && { spelled: pick(recorded, names) }),
      ...(ruleId !== "" && { ruleId }),
      ...lifecycleOf(configured, () => true),
    },
  ];
}

function blocksOf(value: Value | undefined): Arguments[] {
  const blocks = Array.isArray(value) ? (value as readonly Value[]) : [];
  return blocks.flatMap((block) =>
    isJson(block) && !(block instanceof Unknown) ? [pick(block as Resource["values"], BLOCK)] : [],
  );
}

/** The arguments of those names that say something: an empty list or text is as none. */
function pick(values: Resource["values"], names: readonly string[]): Arguments {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = values[name];
      const isNothing =
        value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
      return isNothing || (name === "self" && value === false) ? [] : [[name, value as Plain]];
    }),
  );
}

function textOf(value: Value | Plain | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The texts of a map, such as tags. */
export function textsOf(value: Value | undefined): Record<string, string> {
  if (!isJson(value) || value instanceof Unknown) return {};
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string")) as Record<
    string,
    string
  >;
}
