import { groupedBy } from "../../../io/lists";
import type { Service } from "../kubernetes/services";
import type { Inventory } from "../model";
import { once } from "../once";
import { bindingTargets } from "./bindings";
import { ingressTargets } from "./ingresses";
import type { Target } from "./model";
import { serviceTargets } from "./network-services";

const byService = once((inventory: Inventory) =>
  groupedBy(
    [...ingressTargets(inventory), ...serviceTargets(inventory), ...bindingTargets(inventory)],
    ({ namespace, service }) => keyOf(namespace, service),
  ),
);

/** The target groups of the AWS Load Balancer Controller behind which the pods of a Service are. */
export function targetsOf(inventory: Inventory, { namespace, name }: Service): readonly Target[] {
  return byService(inventory).get(keyOf(namespace, name)) ?? [];
}

/** What is not known is nothing else. */
function keyOf(namespace: Service["namespace"], name: Service["name"]): string {
  return [namespace, name].map((part) => (typeof part === "string" ? part : "?")).join("/");
}
