import { Unknown, type Value } from "../../../expression/value";
import { UNKNOWN_NAMESPACE } from "../../read/kubernetes/namespace";

/**
 * Whether two objects are in one namespace. Two that name the same expression are; of an object of manifests that names none
 * nobody knows.
 */
export function isOneNamespace(one: Value, other: Value): boolean | "unknown" {
  if (!(one instanceof Unknown || other instanceof Unknown)) return one === other;
  if (!(one instanceof Unknown && other instanceof Unknown)) return "unknown";
  return one.expression === other.expression && one.expression !== UNKNOWN_NAMESPACE ? true : "unknown";
}
