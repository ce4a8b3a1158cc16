import { Unknown } from "../../../expression/value";
import type { GroupKey } from "../../../network/peers";
import type { Inventory } from "../model";
import { items } from "./annotations";

/** The groups that an annotation names, or what of it is not known, in words. */
export type NamedGroups = readonly GroupKey[] | { readonly unknown: string };

/**
 * The groups that an annotation of a load balancer names, by their ids or by their tags Name.
 *
 * @param address of the object that has the annotation
 */
export function groupsNamed(inventory: Inventory, value: string | Unknown, address: string): NamedGroups {
  const found: GroupKey[] = [];
  for (const item of items(value)) {
    const keys = item instanceof Unknown ? byExpression(inventory, item, address) : byText(inventory, item);
    if (keys === undefined) {
      const words = item instanceof Unknown ? item.expression : item;
      return { unknown: `which group ${words} is` };
    }
    found.push(...keys);
  }
  return [...new Set(found)];
}

function byText(inventory: Inventory, item: string): readonly GroupKey[] | undefined {
  const { input, groups, resolveGroup } = inventory;
  const meaning = input.groupWords?.get(item);
  if (meaning !== undefined || /^sg-[0-9a-f]+$/.test(item)) {
    const key = resolveGroup(meaning ?? item);
    return key === null ? undefined : [key];
  }
  const tagged = [...groups.values()].filter(({ tags }) => tags["Name"] === item);
  const [only] = tagged;
  return only === undefined || tagged.length > 1 ? undefined : [only.key];
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
