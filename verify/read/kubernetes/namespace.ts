import type { Value } from "../../../expression/value";

/** The expression of a namespace that an object of manifests does not name: that of two objects may be two namespaces. */
export const UNKNOWN_NAMESPACE = "NAMESPACE";

/** How an object of manifests is called: `NAMESPACE/KIND/NAME`, or `KIND/NAME` where it names no namespace. */
export function addressOf(namespace: Value, kind: string, name: string): string {
  return [...(typeof namespace === "string" ? [namespace] : []), kind, name].join("/");
}
