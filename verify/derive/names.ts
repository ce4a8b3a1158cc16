export { calledAs } from "../inventory/kubernetes/names";

import type { Workload } from "../inventory/kubernetes/workloads";

/** `shop/Deployment/orders`: the workload in ids. */
export function placeOf({ namespace, kind, name, address }: Workload): string {
  const parts = [...(typeof namespace === "string" ? [namespace] : []), kind, name];
  return name === "" ? address : parts.join("/");
}
