import { Unknown, type Value } from "../../../expression/value";
import type { GroupKey } from "../../../network/peers";
import type { Inventory } from "../model";
import { once } from "../once";
import { isRule } from "../rules";
import { isObject } from "../values";
import { INTERFACES } from "./table";

/** Groups that something names which is neither a rule nor known to have interfaces: it may attach them. */
export const groupNames: (of: Inventory) => ReadonlySet<GroupKey> = once(({ input, groups }) => {
  const declared = [...groups.values()].filter(({ declaredAt }) => declaredAt !== undefined);
  const words = input.resources
    .filter((resource) => resource.mode === "managed" && !isRule(resource))
    .filter(({ type }) => !(type in INTERFACES) && type !== "aws_security_group")
    .flatMap(({ values }) => Object.values(values).flatMap(expressionsIn));
  return new Set(
    declared.filter(({ key }) => words.some((one) => one.includes(`${key}.`))).map(({ key }) => key),
  );
});

function expressionsIn(value: Value): string[] {
  if (value instanceof Unknown) return [value.expression];
  if (Array.isArray(value)) return value.flatMap(expressionsIn);
  return isObject(value) ? Object.values(value).flatMap(expressionsIn) : [];
}
