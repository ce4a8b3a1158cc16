import { Unknown, type Value } from "../../../expression/value";
import type { Resource } from "../../read/model";

/** Whether a value names a resource by one of its attributes: by a reference, or by what the attribute is. */
export function isNamed(
  value: Value | undefined,
  { address, values }: Resource,
  attributes: readonly string[],
): boolean {
  if (value instanceof Unknown) return attributes.some((one) => value.expression === `${address}.${one}`);
  return typeof value === "string" && value !== "" && attributes.some((one) => values[one] === value);
}
