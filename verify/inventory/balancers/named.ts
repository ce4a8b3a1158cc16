import { Unknown, type Value } from "../../../expression/value";
import type { Resource } from "../../read/model";

/**
 * Finds resources by values that name them: by a reference to one of some attributes, or by what that is. Undefined where none
 * is named, or several are.
 */
export function finder(
  resources: readonly Resource[],
  attributes: readonly string[],
): (value: Value | undefined) => Resource | undefined {
  const byName = new Map<string, Resource | undefined>();
  for (const resource of resources) {
    const { address, values } = resource;
    for (const attribute of attributes) {
      byName.set(`\${${address}.${attribute}}`, resource);
      const value = values[attribute];
      if (typeof value !== "string" || value === "") continue;
      const isFirst = !byName.has(value) || byName.get(value) === resource;
      byName.set(value, isFirst ? resource : undefined);
    }
  }
  return (value) =>
    byName.get(value instanceof Unknown ? `\${${value.expression}}` : typeof value === "string" ? value : "");
}
