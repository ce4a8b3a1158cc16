import type { Workload } from "./workloads";

/** `Deployment shop/orders`: the workload in sentences. */
export function calledAs({ namespace, kind, name, address }: Workload): string {
  if (name === "") return address;
  return `${kind} ${typeof namespace === "string" ? `${namespace}/` : ""}${name}`;
}
