import { Unknown, type Value } from "../../../expression/value";
import { field, isList, isObject, type ValueObject } from "../../../expression/values";
import { groupedBy } from "../../../io/lists";
import type { KubernetesObject } from "../model";
import { addedLabels } from "./added-labels";
import { addressOf } from "./namespace";
import { type PodTemplate, podTemplateOf } from "./pod-template";

/** What makes pods, or what makes that. */
interface Owner {
  readonly apiVersion: Value;
  readonly kind: string;
  readonly name: string;
}

/** Kinds whose pods are all made from one template, besides those that make these kinds. */
const OF_ONE_TEMPLATE: ReadonlySet<string> = new Set([
  "DaemonSet",
  "Job",
  "ReplicaSet",
  "ReplicationController",
  "StatefulSet",
]);

/** The labels by which pods of a ReplicaSet tell who made it: its name ends with their value. */
const HASHES = [
  ["pod-template-hash", "Deployment", "apps/v1"],
  ["rollouts-pod-template-hash", "Rollout", "argoproj.io/v1alpha1"],
] as const;

/**
 * A CronJob calls its Jobs by the minute for which they are scheduled, since 1970: eight digits, which are no date.
 * https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 */
const SCHEDULED = /^(.+)-((?:2[6-9]|[3-9]\d)\d{6})$/;

/**
 * The objects with each workload once. What another one of them makes is left out, such as the ReplicaSets and Pods of a
 * Deployment in a live dump; where that is not among them, as in `kubectl get pods`, what it made stands for it: the newest, as
 * pods of an earlier revision may still run.
 */
export function asOwners(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const makers = new Set(objects.filter(makesOthers).map(({ body }) => keyOf(body, partsOf(body))));
  const owned = new Map<KubernetesObject, Owner>();
  const left = objects.filter((object) => {
    const { body } = object;
    const template = podTemplateOf(body);
    const controller = template && controllerOf(body);
    // A node makes nothing: it owns its CNINode, and pods that are declared on it.
    if (controller === undefined || controller.kind === "Node") return true;
    const maker = makerOf(body, controller);
    if ([controller, ...(maker ? [maker] : [])].some((one) => makers.has(keyOf(body, one)))) return false;
    if (maker !== undefined) owned.set(object, maker);
    return true;
  });
  if (owned.size === 0) return left;
  const newest = new Map(
    [...groupedBy(owned.keys(), (object) => keyOf(object.body, owned.get(object) as Owner))].map(
      ([key, [first, ...others]]) => [key, others.reduce(newerOf, first as KubernetesObject)],
    ),
  );
  return left.flatMap((object): KubernetesObject[] => {
    const owner = owned.get(object);
    if (owner === undefined) return [object];
    return newest.get(keyOf(object.body, owner)) === object ? [standingFor(owner, object)] : [];
  });
}

/** A Pod may own others, such as a driver its executors, and says nothing of what these are. */
function makesOthers({ body }: KubernetesObject): boolean {
  return podTemplateOf(body) !== undefined && partsOf(body).kind !== "Pod";
}

function keyOf(body: Value, { kind, name }: { readonly kind: Value; readonly name: Value }): string {
  const { namespace } = partsOf(body);
  return `${namespace instanceof Unknown ? "" : namespace} ${kind} ${name}`;
}

function partsOf(body: Value) {
  const part = (...path: string[]) => field(body, ...path) ?? null;
  return { kind: part("kind"), name: part("metadata", "name"), namespace: part("metadata", "namespace") };
}

/** The one of an object's owners that makes and keeps it. */
function controllerOf(body: Value): Owner | undefined {
  const owners = field(body, "metadata", "ownerReferences") ?? null;
  const controller = isList(owners)
    ? owners.filter(isObject).find(({ controller }) => controller === true)
    : undefined;
  const { apiVersion = null, kind = null, name = null } = controller ?? {};
  return typeof kind === "string" && typeof name === "string" ? { apiVersion, kind, name } : undefined;
}

/** The workload that an object is a part of, as far as that can be told; undefined where its owner may make pods of many kinds. */
function makerOf(body: Value, controller: Owner): Owner | undefined {
  const { kind } = partsOf(body);
  if (kind === "ReplicaSet" || (kind === "Job" && controller.kind === "CronJob")) return controller;
  if (kind !== "Pod" || !OF_ONE_TEMPLATE.has(controller.kind)) return undefined;
  if (controller.kind === "ReplicaSet") {
    const labels = field(body, "metadata", "labels") ?? null;
    for (const [label, kind, apiVersion] of HASHES) {
      const end = `-${field(labels, label)}`;
      if (end.length > 1 && controller.name.endsWith(end))
        return { apiVersion, kind, name: controller.name.slice(0, -end.length) };
    }
  }
  const scheduled = controller.kind === "Job" ? SCHEDULED.exec(controller.name)?.[1] : undefined;
  return scheduled === undefined
    ? controller
    : { apiVersion: controller.apiVersion, kind: "CronJob", name: scheduled };
}

/** The one of a later revision, or that was made later. */
function newerOf(one: KubernetesObject, other: KubernetesObject): KubernetesObject {
  const revision = ({ body }: KubernetesObject) =>
    Number(field(body, "metadata", "annotations", "deployment.kubernetes.io/revision") ?? 0);
  const made = ({ body }: KubernetesObject) => String(field(body, "metadata", "creationTimestamp") ?? "");
  const [a, b] = [revision(one), revision(other)];
  return b > a || (b === a && made(other) > made(one)) ? other : one;
}

/** An owner, as far as something that it made shows it. */
function standingFor({ apiVersion, kind, name }: Owner, object: KubernetesObject): KubernetesObject {
  const { namespace } = partsOf(object.body);
  const template = withoutAdded(podTemplateOf(object.body) as PodTemplate, kind);
  const spec = kind === "CronJob" ? { jobTemplate: { spec: { template } } } : { template };
  const body = { apiVersion, kind, metadata: { name, namespace }, spec };
  return { ...object, address: addressOf(namespace, kind, name), body };
}

/** A template as its owner has it: without the labels that differ from pod to pod. */
function withoutAdded({ metadata, spec }: PodTemplate, kind: string): ValueObject {
  const { labels = null, annotations = null } = isObject(metadata) ? metadata : {};
  const added = addedLabels(kind);
  const own = isObject(labels)
    ? Object.fromEntries(Object.entries(labels).filter(([key]) => !added.includes(key)))
    : labels;
  return { metadata: { labels: own, annotations }, spec };
}
