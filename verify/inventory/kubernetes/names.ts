import type { Workload } from "./workloads";

/** `Deployment shop/orders`: the workload in sentences. */
export function calledAs({ namespace, kind, name, address }: Workload): string {
  if (name === "") return address;
  return `${kind} ${typeof namespace === "string" ? `${namespace}/` : ""}${name}`;
}

/** `shop/Deployment/orders`: the workload in ids. */
export function placeOf({ namespace, kind, name, address }: Workload): string {
  const parts = [...(typeof namespace === "string" ? [namespace] : []), kind, name];
  return name === "" ? address : parts.join("/");
}
