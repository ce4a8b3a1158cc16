import type { Value } from "../../../expression/value";
import { field } from "../../../expression/values";
import type { KubernetesObject, ObjectPart } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { elements, text } from "../values";
import { portNumber, type Service } from "./services";

/** A Service that the API server calls. */
export interface CalledService {
  /** As ids name it: a webhook, or an API that the Service answers for. */
  readonly as: "webhook" | "api";
  /** What names it, such as `ValidatingWebhookConfiguration pod-policy`. */
  readonly by: string;
  /** The port of the Service; undefined where it is not known. */
  readonly port: number | undefined;
  /** Where it names the Service. */
  readonly at: ObjectPart;
}

/** Where the objects of a kind name Services. */
interface Caller {
  readonly as: CalledService["as"];
  readonly services: (body: Value) => readonly (Value | undefined)[];
}

const ofWebhooks: Caller = {
  as: "webhook",
  services: (body) =>
    elements(field(body, "webhooks") ?? null).map((webhook) => field(webhook, "clientConfig", "service")),
};

/**
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#service-reference,
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/ and
 * https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/
 */
const CALLERS: Readonly<Record<string, Caller>> = {
  APIService: { as: "api", services: (body) => [field(body, "spec", "service")] },
  CustomResourceDefinition: {
    as: "webhook",
    services: (body) =>
      field(body, "spec", "conversion", "strategy") === "Webhook"
        ? [
            field(body, "spec", "conversion", "webhook", "clientConfig", "service"),
            // The form of v1beta1.
            field(body, "spec", "conversion", "webhookClientConfig", "service"),
          ]
        : [],
  },
  MutatingWebhookConfiguration: ofWebhooks,
  ValidatingWebhookConfiguration: ofWebhooks,
};

/** The port that the API server calls where none is named. */
const DEFAULT_PORT = 443;

const byService = once(({ objects }: Inventory) => {
  const found = new Map<string, CalledService[]>();
  for (const object of objects) {
    for (const { service, called } of calledBy(object))
      found.set(service, [...(found.get(service) ?? []), called]);
  }
  return found;
});

function calledBy(object: KubernetesObject): { service: string; called: CalledService }[] {
  const { body, address, isUncertain } = object;
  const kind = text(field(body, "kind"));
  const caller = kind !== undefined && Object.hasOwn(CALLERS, kind) ? CALLERS[kind] : undefined;
  if (caller === undefined || isUncertain) return [];
  const name = text(field(body, "metadata", "name"));
  return caller.services(body).flatMap((service) => {
    const [namespace, own] = ["namespace", "name"].map((key) => field(service, key));
    if (typeof namespace !== "string" || typeof own !== "string") return [];
    const port = field(service, "port") ?? DEFAULT_PORT;
    const by = name === undefined ? address : `${kind} ${name}`;
    const at = { object, part: service ?? null };
    return [{ service: `${namespace}/${own}`, called: { as: caller.as, by, port: portNumber(port), at } }];
  });
}

/** What of the API server calls a Service: admission webhooks, conversions and APIs that it answers for. */
export function callsOf(inventory: Inventory, { namespace, name }: Service): readonly CalledService[] {
  return byService(inventory).get(`${String(namespace)}/${String(name)}`) ?? [];
}
