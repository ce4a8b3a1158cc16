import { Unknown, type Value } from "../../../expression/value";
import type { KubernetesObject, Source } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { field, isObject, text } from "../values";

/** A service account that the input certainly declares, with all of its labels. */
export interface ServiceAccount {
  readonly address: string;
  readonly source: Source;
  readonly namespace: Value;
  readonly name: Value;
  /** Undefined where the input does not determine them. */
  readonly labels: Readonly<Record<string, Value>> | undefined;
  /** Whether it was read from a cluster. */
  readonly isLive: boolean;
}

/** The service account of some pods. */
export type Account =
  | { readonly state: "declared"; readonly name: Value; readonly labels: ServiceAccount["labels"] }
  /** Nothing of the input declares it, though it may be there. */
  | { readonly state: "unknown"; readonly name: Value }
  /** It is not there: Kubernetes and the controller reject the pods. */
  | { readonly state: "missing"; readonly name: string };

/** The name of the account that Kubernetes gives to pods that name none, and that it makes in each namespace. */
export const DEFAULT_ACCOUNT = "default";

/** The service accounts of the input, with the keys that find them. */
export interface ServiceAccounts {
  readonly all: readonly ServiceAccount[];
  /** The account of pods in a namespace. */
  readonly of: (namespace: Value, spec: Value) => Account;
}

export const serviceAccounts: (of: Inventory) => ServiceAccounts = once(({ objects }) => {
  const all = objects.flatMap((object) => accountOf(object) ?? []);
  const byKey = new Map(all.map((one) => [keyOf(one.namespace, one.name), one]));
  // What was read from a cluster holds all accounts of a namespace where it holds the one that is always there.
  const isWhole = (namespace: Value) => byKey.get(keyOf(namespace, DEFAULT_ACCOUNT))?.isLive === true;
  return {
    all,
    of: (namespace, spec) => {
      const name = accountName(spec);
      const found = byKey.get(keyOf(namespace, name));
      if (found) return { state: "declared", name, labels: found.labels };
      return typeof name === "string" && isWhole(namespace)
        ? { state: "missing", name }
        : { state: "unknown", name };
    },
  };
});

/** An empty name is none, and the name of old comes after the one of today. */
function accountName(spec: Value): Value {
  if (spec instanceof Unknown) return spec;
  const names = [field(spec, "serviceAccountName"), field(spec, "serviceAccount")];
  return names.find((name) => name !== undefined && name !== null && name !== "") ?? DEFAULT_ACCOUNT;
}

function accountOf({ address, source, body, isUncertain }: KubernetesObject): ServiceAccount | undefined {
  if (isUncertain || text(field(body, "kind")) !== "ServiceAccount") return undefined;
  const labels = field(body, "metadata", "labels") ?? {};
  return {
    address,
    source,
    namespace: field(body, "metadata", "namespace") ?? "default",
    name: field(body, "metadata", "name") ?? null,
    labels: isObject(labels) ? labels : undefined,
    isLive: field(body, "metadata", "uid") !== undefined,
  };
}

/** A name that is not known is its expression. */
function keyOf(namespace: Value, name: Value): string {
  return JSON.stringify(
    [namespace, name].map((part) => (part instanceof Unknown ? [part.expression] : part)),
  );
}
