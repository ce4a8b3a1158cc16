import { Unknown } from "../../expression/value";
import { isSlip } from "../../io/nearest";
import { policiesOn } from "../inventory/kubernetes/policies";
import {
  DEFAULT_ACCOUNT,
  type ServiceAccount,
  serviceAccounts,
} from "../inventory/kubernetes/service-accounts";
import { type Workload, workloads } from "../inventory/kubernetes/workloads";
import type { Inventory } from "../inventory/model";
import { once } from "../inventory/once";
import { field } from "../inventory/values";
import type { Check, Observation } from "./check";

export const check: Check = {
  id: "service-account-not-declared",
  severity: "error",
  title: "The service account of pods with security groups is not there",
  why: "Kubernetes rejects a pod whose service account does not exist, and so does the controller's webhook. It is an error where a dump of the cluster shows all accounts of the namespace; a warning where an account of nearly the same name is declared, or one of this name in another namespace that nothing there uses; and information where other accounts of the namespace are declared, because tools such as eksctl create accounts, too.",
  reference:
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#use-multiple-service-accounts",
  run: ({ inventory }) =>
    workloads(inventory).flatMap((workload) => {
      const { account, address, source } = workload;
      if (account.state === "declared" || typeof account.name !== "string") return [];
      if (typeof workload.namespace !== "string" || !mayHaveGroups(inventory, workload)) return [];
      const said =
        account.state === "missing"
          ? {
              message: `${missing(workload, account.name)}, and the cluster has no such account: its pods are rejected.${meant(inventory, workload, account.name)}`,
            }
          : notDeclared(inventory, workload, account.name);
      return said === undefined ? [] : [{ address, source, ...said }];
    }),
};

function mayHaveGroups(inventory: Inventory, workload: Workload): boolean {
  return Object.values(policiesOn(inventory, workload)).some(({ length }) => length > 0);
}

function missing({ address, namespace }: Workload, name: string): string {
  return `${address} runs as service account ${name} of namespace ${String(namespace)}`;
}

function meant(inventory: Inventory, { namespace }: Workload, name: string): string {
  const near = ofNamespace(inventory, namespace).find((one) => isSlip(String(one.name), name));
  return near ? ` Its name is nearly that of ${near.address}: write the same in both.` : " Create it first.";
}

function notDeclared(
  inventory: Inventory,
  workload: Workload,
  name: string,
): Pick<Observation, "message" | "severity"> | undefined {
  const { all } = serviceAccounts(inventory);
  // One whose name or namespace is not known may be it, and the cluster makes this one.
  const mayBeIt = ({ name, namespace }: ServiceAccount) =>
    [name, namespace].some((one) => one instanceof Unknown);
  if (name === DEFAULT_ACCOUNT || all.some(mayBeIt) || hasUncertain(inventory)) return undefined;
  const beginning = `${missing(workload, name)}, which is not declared here`;
  const own = ofNamespace(inventory, workload.namespace);
  const near = own.find((one) => isSlip(String(one.name), name));
  if (near) {
    return {
      severity: "warning",
      message: `${beginning}; ${near.address} has nearly the same name. Pods of an account that does not exist are rejected: write the same in both.`,
    };
  }
  const elsewhere = all.find((one) => one.name === name && !isUsed(inventory).has(one));
  if (elsewhere) {
    return {
      severity: "warning",
      message: `${beginning}; ${elsewhere.address} is in another namespace, ${String(elsewhere.namespace)}, where no workload here uses it. Pods of an account that does not exist are rejected: put it into the namespace of the pods.`,
    };
  }
  // Charts and modules that are not read may create it.
  const { releases, input } = inventory;
  if (own.length === 0 || releases.length > 0 || input.modules.some(({ passed }) => passed !== undefined))
    return undefined;
  return {
    severity: "information",
    message: `${beginning}, though other accounts of the namespace are. If nothing else creates it, the pods are rejected: declare it.`,
  };
}

/** The accounts that a namespace has besides the one that is always there. */
function ofNamespace(inventory: Inventory, namespace: Workload["namespace"]): readonly ServiceAccount[] {
  return serviceAccounts(inventory).all.filter(
    (one) => one.namespace === namespace && one.name !== DEFAULT_ACCOUNT,
  );
}

const isUsed: (of: Inventory) => ReadonlySet<ServiceAccount> = once((inventory) => {
  const used = new Set(
    workloads(inventory).map(({ namespace, account }) => JSON.stringify([namespace, account.name])),
  );
  return new Set(
    serviceAccounts(inventory).all.filter((one) => used.has(JSON.stringify([one.namespace, one.name]))),
  );
});

/** Whether the input may declare accounts besides those that it certainly does. */
function hasUncertain({ objects }: Inventory): boolean {
  return objects.some(({ isUncertain, body }) => isUncertain && field(body, "kind") === "ServiceAccount");
}
