import { takeInventory } from "../verify/inventory";
import { once } from "../verify/inventory/once";
import type { Input } from "../verify/read/model";

/** What the verifier reads of a state, once for each: its blocks, its carriers, its drift and the matching all ask for it. */
export const inventoryOf = once(takeInventory);

/** The ids of what a state has of some types, by the addresses under which the inventory names them. */
export function idsOf(state: Input, isOfType: (type: string) => boolean): Map<string, string> {
  return new Map(
    state.resources.flatMap(({ address, type, values: { id } }) =>
      typeof id === "string" && isOfType(type) ? [[address, id] as const] : [],
    ),
  );
}

export const isPrefixListType = (type: string) => type.endsWith("prefix_list");
