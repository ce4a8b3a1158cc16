import { groupedBy } from "../../io/lists";
import type { Resource } from "../read/model";
import type { Inventory } from "./model";
import { once } from "./once";

/** Managed resources by type. */
const byType = once(({ input }: Inventory) =>
  groupedBy(
    input.resources.filter(({ mode }) => mode === "managed"),
    ({ type }) => type,
  ),
);

/** The managed resources of some types. */
export function resources(inventory: Inventory, ...types: readonly string[]): readonly Resource[] {
  return types.flatMap((type) => byType(inventory).get(type) ?? []);
}
