import { parseAddress } from "../expression/address";
import { byText, groupedBy } from "../io/lists";
import type { Arguments, Call, Found, FoundGroup, FoundRule, Move, Plain, Taken } from "./model";
import { Names } from "./names";

/** Blocks of Terraform's JSON. */
export type Block = Readonly<Record<string, unknown>>;

/** All that calls take over, in their order. */
export function takenBy(calls: readonly Call[]): Taken[] {
  return calls.flatMap(({ takes }) => takes);
}

/** Whether an object gets another form, or no state has it: then it is imported under its new address, and does not move. */
export function isConverted({ from }: Taken): boolean {
  return from.isListed === true || (from.kind === "rule" && from.origins !== undefined);
}

/** The objects as a state has them today. What gets another form is released there, and not one of those that are taken. */
export function today(taken: readonly Taken[]): Found[] {
  const all = [...taken.filter((one) => !isConverted(one)).map(({ from }) => from), ...released(taken)];
  return all.filter(({ isListed }) => !isListed);
}

/**
 * The rules that are resources today and go where they are taken over in another form: those of their group, and of a group that is
 * not taken over those that are.
 */
export function released(taken: readonly Taken[]): FoundRule[] {
  const all = taken.flatMap(({ from }): readonly Found[] =>
    from.kind === "group" ? (from.releases ?? []) : (from.origins ?? []),
  );
  const rules = all.filter((one): one is FoundRule => one.kind === "rule" && !one.isListed);
  return [...new Set(rules)];
}

/** Those that keep their form and get another address. */
function moving(taken: readonly Taken[]): Taken[] {
  return taken.filter((one) => !isConverted(one) && one.from.address !== one.to);
}

/** Blocks that move objects inside one state. */
export function movedBlocks(taken: readonly Taken[]): Block[] {
  return moving(taken).map(({ from, to }) => ({ from: from.address, to }));
}

/**
 * The same reversed.
 *
 * Terraform takes one statement of where an object came from: with the configuration come its own `moved` blocks back, and an
 * object that one of them has moved cannot come from a module call as well ("Ambiguous move statements"). It goes to where
 * the first of them starts, and from there as they say. They are repeated, so that it gets back without them, too.
 *
 * @param earlier what `moved` blocks of the configuration say
 */
export function movedBackBlocks(taken: readonly Taken[], earlier: readonly Move[]): Block[] {
  const before = new Map(earlier.map((move) => [move.to, move]));
  const repeated = new Set<Move>();
  const startOf = (address: string): string => {
    const move = before.get(address);
    if (move === undefined || repeated.has(move)) return address;
    repeated.add(move);
    return startOf(move.from);
  };
  const back = moving(taken).map(({ from, to }) => ({ from: to, to: startOf(from.address) }));
  return [...back, ...[...repeated].map(({ from, to }) => ({ from, to }))];
}

/** Blocks that take objects into a state under their new addresses. */
export function importBlocks(taken: readonly Taken[]): Block[] {
  return taken.map(({ from, to }) => ({ to, id: importId(from) }));
}

/** Blocks that take objects into a state under the addresses that they had. */
export function importBackBlocks(found: readonly Found[]): Block[] {
  return found.map((one) => ({ to: one.address, id: importId(one) }));
}

/**
 * Blocks by which a state lets objects go that stay as they are. `removed` takes no keys of instances, so that each object
 * moves to an address of its own first.
 *
 * @param addresses where the objects are in that state, each with its type
 */
export function removedBlocks(addresses: readonly { readonly address: string; readonly type: string }[]): {
  readonly moved: readonly Block[];
  readonly removed: readonly Block[];
} {
  const names = new Names();
  const steps = addresses.map(({ address, type }) => ({
    from: address,
    to: `${type}.${names.next(`released_${parseAddress(address)?.resource?.name ?? ""}`)}`,
  }));
  return {
    moved: steps,
    removed: steps.map(({ to }) => ({ from: to, lifecycle: { destroy: false } })),
  };
}

/** The call of a module, with the values of its variables. */
export function moduleBlock({ module, inputs, provider }: Call): Block {
  return {
    source: `./modules/${module}`,
    ...inputs,
    ...(provider !== undefined && { providers: { aws: provider } }),
  };
}

/**
 * What `import` takes for an object.
 *
 * A classic rule has no id in AWS: the provider finds it by its meaning.
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group_rule#import
 */
export function importId(found: Found): string {
  if (found.kind === "group" || found.form === "per-rule") return found.id;
  const { direction, group, spelled: values = found.values } = found;
  const protocol = values["protocol"] === "-1" ? "all" : values["protocol"];
  const sources = [
    ...(values["self"] === true ? ["self"] : []),
    ...listed(values, "cidr_blocks"),
    ...listed(values, "ipv6_cidr_blocks"),
    ...listed(values, "prefix_list_ids"),
    ...listed(values, "source_security_group_id"),
  ];
  const parts = [group, direction, protocol, values["from_port"] ?? 0, values["to_port"] ?? 0, ...sources];
  return parts.map(String).join("_");
}

function listed(values: Arguments, name: string): readonly Plain[] {
  const value = values[name];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Plain[]) : [value];
}

/** The provider of a region, as groups show it. */
export interface RegionProvider {
  readonly region: string;
  /** Absent where all groups are in one account. */
  readonly account?: string;
  /** What the root calls it, but for the first, which is the default one. */
  readonly alias: string;
  readonly groups: readonly FoundGroup[];
  /** The tags that it adds to all groups; undefined where it does not add the same to each. */
  readonly defaultTags: Readonly<Record<string, string>> | undefined;
}

/** The providers that groups need: one for each of their regions and accounts. */
export function providersOf(groups: readonly FoundGroup[]): RegionProvider[] {
  const areInOne = new Set(groups.map(({ account }) => account)).size < 2;
  const places = [...groupedBy(groups, ({ region, account }) => `${region} ${account}`)];
  return places
    .sort(([a], [b]) => byText(a, b))
    .map(([, own]) => {
      const [{ region, account } = { region: "", account: "" }] = own;
      const words = [region, ...(areInOne ? [] : ["account", account])].filter((word) => word !== "");
      return {
        region,
        ...(!areInOne && { account }),
        alias: words.join("_").replaceAll("-", "_"),
        groups: own,
        defaultTags: defaultTagsOf(own),
      };
    });
}

/** A tag of its own that a group has as the provider adds it does not show that it does. */
function defaultTagsOf(groups: readonly FoundGroup[]): RegionProvider["defaultTags"] {
  const all = Object.assign({}, ...groups.map(({ defaultTags }) => defaultTags)) as Record<string, string>;
  const isAdded = ({ tags, defaultTags }: FoundGroup) =>
    Object.entries(all).every(([key, value]) => Object.hasOwn(tags, key) || defaultTags[key] === value);
  return groups.every(isAdded) ? all : undefined;
}

/** The arguments of a block that list peers. */
const PEER_LISTS = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"];

/**
 * Blocks with the same traffic and description as one: AWS does not know how they were divided, and import reads them so.
 *
 * @param blocks with the names of arguments as in a block `ingress`
 */
export function joinedBlocks(blocks: readonly Arguments[]): Arguments[] {
  const keyOf = ({ protocol, from_port = 0, to_port = 0, description = "" }: Arguments) =>
    JSON.stringify([protocol, from_port, to_port, description]);
  return [...groupedBy(blocks, keyOf).values()].map((same) => ({
    ...same[0],
    ...Object.fromEntries(
      PEER_LISTS.flatMap((name) => {
        const all = [...new Set(same.flatMap((block) => listed(block, name)))];
        return all.length === 0 ? [] : [[name, all]];
      }),
    ),
    ...(same.some(({ self }) => self === true) && { self: true }),
  }));
}
