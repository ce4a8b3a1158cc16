import type { GroupKey } from "../../network/peers";
import { DIRECTIONS, type Direction } from "../../network/rules";
import { once } from "../inventory/once";
import { resources } from "../inventory/resources";
import { rulesByGroup } from "../inventory/rule-index";
import type { CheckContext } from "./check";

/**
 * Whether Terraform owns all rules of a group in one direction, so that each apply removes every other one: by inline blocks,
 * by an empty list of them, or as aws_default_security_group. Only in a configuration: a state repeats all rules as
 * attributes of the group.
 */
export function ownsRules(context: CheckContext, group: GroupKey, direction: Direction): boolean {
  if (context.inventory.input.kind !== "configuration") return false;
  if (owners(context).has(`${direction} ${group}`)) return true;
  const rules = rulesByGroup(context.inventory)[direction].get(group) ?? [];
  return rules.some(({ form }) => form === "inline");
}

const owners: (context: CheckContext) => ReadonlySet<string> = once(({ inventory }) => {
  const all = resources(inventory, "aws_default_security_group").flatMap(({ address }) => [
    `ingress ${address}`,
    `egress ${address}`,
  ]);
  const empty = resources(inventory, "aws_security_group").flatMap(({ address, values }) =>
    DIRECTIONS.flatMap((direction) => {
      const blocks = values[direction];
      return Array.isArray(blocks) && blocks.length === 0 ? [`${direction} ${address}`] : [];
    }),
  );
  return new Set([...all, ...empty]);
});
