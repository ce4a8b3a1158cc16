import { groupedBy } from "../../../io/lists";
import type { Service } from "../kubernetes/services";
import type { Inventory } from "../model";
import { once } from "../once";
import { bindingTargets } from "./bindings";
import { ingressTargets } from "./ingresses";
import type { Target, Unmapped } from "./model";
import { manifestAddresses } from "./named-groups";
import { serviceTargets } from "./network-services";

const targets = once((inventory: Inventory): readonly Target[] => [
  ...ingressTargets(inventory),
  ...serviceTargets(inventory),
  ...bindingTargets(inventory),
]);

const byService = once((inventory: Inventory) =>
  groupedBy(targets(inventory), ({ namespace, service }) => keyOf(namespace, service)),
);

/** What annotations in manifests write for groups of load balancers, of which nobody says which are meant, each object once. */
export const unmappedInAnnotations: (of: Inventory) => readonly Unmapped[] = once((inventory) => {
  const isInManifest = ({ address }: Unmapped) => manifestAddresses(inventory).has(address);
  const found = targets(inventory).flatMap(({ unmapped }) =>
    unmapped && isInManifest(unmapped) ? [unmapped] : [],
  );
  return [...new Map(found.map((one) => [one.address, one])).values()];
});

/** The target groups of the AWS Load Balancer Controller behind which the pods of a Service are. */
export function targetsOf(inventory: Inventory, { namespace, name }: Service): readonly Target[] {
  return byService(inventory).get(keyOf(namespace, name)) ?? [];
}

/** What is not known is nothing else. */
function keyOf(namespace: Service["namespace"], name: Service["name"]): string {
  return [namespace, name].map((part) => (typeof part === "string" ? part : "?")).join("/");
}
