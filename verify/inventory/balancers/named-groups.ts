import { Unknown } from "../../../expression/value";
import { groupedBy } from "../../../io/lists";
import type { GroupKey } from "../../../network/peers";
import type { Inventory } from "../model";
import { once } from "../once";
import { text } from "../values";
import { items } from "./annotations";
import type { Unmapped } from "./model";

/** The groups that an annotation names, or the words of which it is not known which group they stand for. */
export type NamedGroups = readonly GroupKey[] | { readonly unknown: readonly string[] };

/**
 * The groups that an annotation of a load balancer names, by their ids or by their tags Name.
 *
 * @param address of the object that has the annotation
 */
export function groupsNamed(inventory: Inventory, value: string | Unknown, address: string): NamedGroups {
  const found = items(value).map((item) => ({
    words: item instanceof Unknown ? item.expression : item,
    keys: item instanceof Unknown ? byExpression(inventory, item, address) : byText(inventory, item, address),
  }));
  const unknown = found.filter(({ keys }) => keys === undefined).map(({ words }) => words);
  return unknown.length > 0 ? { unknown } : [...new Set(found.flatMap(({ keys = [] }) => keys))];
}

/** The addresses of what manifests have. */
export const manifestAddresses = once(
  ({ input }: Inventory) => new Set((input.manifests ?? []).map(({ address }) => address)),
);

const byNameTag = once(({ groups }: Inventory) =>
  groupedBy([...groups.values()], ({ tags }) => text(tags["Name"])),
);

/** An id in a manifest may be that of any group whose id is not known before apply: only a state knows them all. */
function byText(inventory: Inventory, item: string, address: string): readonly GroupKey[] | undefined {
  const { input, groups, resolveGroup } = inventory;
  const meaning = input.groupWords?.get(item);
  if (meaning !== undefined || /^sg-[0-9a-f]+$/.test(item)) {
    const key = resolveGroup(meaning ?? item);
    if (key === null) return undefined;
    const isElsewhere = meaning === undefined && groups.get(key)?.declaredAt === undefined;
    const mayBeHere = input.kind !== "state" && manifestAddresses(inventory).has(address);
    return isElsewhere && mayBeHere ? undefined : [key];
  }
  const [only, ...others] = byNameTag(inventory).get(item) ?? [];
  return only === undefined || others.length > 0 ? undefined : [only.key];
}

/** A reference names one group; of a call, such as `join`, what it names is known by what the input attaches. */
function byExpression(
  { attachments, resolveGroup }: Inventory,
  { expression }: Unknown,
  address: string,
): readonly GroupKey[] | undefined {
  if (!/^\w+\(/.test(expression)) {
    const key = resolveGroup(expression);
    return key === null ? undefined : [key];
  }
  return attachments.find((one) => one.address === address && one.role === "load-balancer")?.groups;
}

/** What is not known of the groups that an object states; undefined where they are known. */
export function unmappedIn(
  named: NamedGroups | undefined,
  { address, source }: Pick<Unmapped, "address" | "source">,
): Unmapped | undefined {
  return named !== undefined && "unknown" in named ? { address, source, words: named.unknown } : undefined;
}

/** That it is not known, as a subject. */
export function wordsOf(unmapped: Unmapped | undefined): string | undefined {
  return unmapped && `the group that ${unmapped.words.join(", ")} stands for`;
}
