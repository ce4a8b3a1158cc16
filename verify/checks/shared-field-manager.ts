import { Unknown, type Value } from "../../expression/value";
import { groupedBy } from "../../io/lists";
import { cniSources, patchesOfOneVariable } from "../inventory/cluster/cni";
import { resources } from "../inventory/resources";
import { at } from "../inventory/values";
import type { Resource } from "../read/model";
import type { Check } from "./check";
import { listed } from "./words";

/** What the provider takes when none is given. */
const DEFAULT = "Terraform";

export const check: Check = {
  id: "shared-field-manager",
  severity: "error",
  title: "Two kubernetes_env share a field manager on one object",
  why: 'Kubernetes removes what a field manager no longer applies: two kubernetes_env on one object with one field_manager erase each other\'s variables at every apply. The default is "Terraform" for both.',
  reference: "https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management",
  run: (context) => {
    // Of those that set the same variable of the CNI, `cni-configured-twice` speaks.
    const same = [...patchesOfOneVariable(cniSources(context.inventory)).values()].map(
      (list) => new Set(list.map(({ address }) => address)),
    );
    return [...groupedBy(resources(context.inventory, "kubernetes_env"), managedObject).values()].flatMap(
      (shared) => {
        const [first] = shared;
        if (first === undefined || shared.length < 2) return [];
        if (same.some((all) => shared.every(({ address }) => all.has(address)))) return [];
        const { values, source } = first;
        const addresses = shared.map(({ address }) => address).sort();
        const manager = values["field_manager"] ? words(values["field_manager"]) : `${DEFAULT}, the default`;
        return [
          {
            address: addresses[0] as string,
            source,
            about: addresses,
            message: `${listed(addresses)} change one object with one field manager (${manager}): they erase each other's variables. Give each its own field_manager.`,
          },
        ];
      },
    );
  },
};

/** Equal for resources that certainly change one object under one name. */
function managedObject({ values, provider = "" }: Resource): string {
  const metadata = (key: string) =>
    words(at(values["metadata"], key) ?? (key === "namespace" ? "default" : null));
  const manager = words(values["field_manager"] || DEFAULT);
  return [words(values["kind"]), metadata("namespace"), metadata("name"), manager, provider].join(" ");
}

function words(value: Value | undefined): string {
  return value instanceof Unknown ? value.expression : String(value ?? "");
}
