import { Unknown, type Value } from "../../../expression/value";
import type { Inventory } from "../model";
import { resources } from "../resources";
import { text } from "../values";
import { isNamed } from "./named";

/** The CIDRs of subnets that are named by ids or by their tags Name; undefined where the input does not show them all. */
export function cidrsOf(inventory: Inventory, subnets: readonly Value[]): readonly string[] | undefined {
  const all = resources(inventory, "aws_subnet");
  const found = subnets.map((subnet) => {
    const named = all.filter(
      (one) =>
        isNamed(subnet, one, ["id"]) || (typeof subnet === "string" && tagOf(one.values["tags"]) === subnet),
    );
    const [only] = named;
    return only === undefined || named.length > 1 ? undefined : text(only.values["cidr_block"]);
  });
  return found.length > 0 && found.every((cidr) => cidr !== undefined) ? [...new Set(found)] : undefined;
}

function tagOf(tags: Value | undefined): Value | undefined {
  if (tags === undefined || tags === null || tags instanceof Unknown || typeof tags !== "object")
    return undefined;
  return (tags as { readonly [key: string]: Value })["Name"];
}
