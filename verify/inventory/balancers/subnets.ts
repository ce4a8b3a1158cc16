import type { Value } from "../../../expression/value";
import { field } from "../../../expression/values";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { text } from "../values";
import { finder } from "./named";

const finders = once((inventory: Inventory) => {
  const subnets = resources(inventory, "aws_subnet");
  const named = subnets.map((one) => ({
    ...one,
    values: { Name: field(one.values["tags"], "Name") ?? null },
  }));
  const byTag = finder(named, ["Name"]);
  return {
    byId: finder(subnets, ["id"]),
    byTag: (value: Value) => subnets.find(({ address }) => address === byTag(value)?.address),
  };
});

/** The CIDRs of subnets that are named by ids or by their tags Name; undefined where the input does not show them all. */
export function cidrsOf(inventory: Inventory, subnets: readonly Value[]): readonly string[] | undefined {
  const { byId, byTag } = finders(inventory);
  const found = subnets.map((one) => text((byId(one) ?? byTag(one))?.values["cidr_block"]));
  return found.length > 0 && found.every((cidr) => cidr !== undefined) ? [...new Set(found)] : undefined;
}
