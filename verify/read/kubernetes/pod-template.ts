import { Unknown, type Value } from "../../../expression/value";
import { isList, isObject } from "../../../expression/values";

/** What pods are made of: their labels stand in the metadata. */
export interface PodTemplate {
  readonly metadata: Value;
  readonly spec: Value;
}

const TEMPLATE = ["spec", "template"] as const;
const OF_JOBS = ["spec", "jobTemplate", "spec", "template"] as const;

/** Where the kinds of Kubernetes have the template of the pods that they make; a Pod is one itself. */
export const POD_KINDS: Readonly<Record<string, readonly string[]>> = {
  CronJob: OF_JOBS,
  DaemonSet: TEMPLATE,
  Deployment: TEMPLATE,
  Job: TEMPLATE,
  Pod: [],
  ReplicaSet: TEMPLATE,
  ReplicationController: TEMPLATE,
  StatefulSet: TEMPLATE,
};

/**
 * The template of the pods that an object makes: of the kinds of Kubernetes by their names, of others, such as Rollout, by its
 * shape. Undefined for an object that makes none.
 */
export function podTemplateOf(body: Value): PodTemplate | undefined {
  if (!isObject(body)) return undefined;
  const { kind = null } = body;
  const path = typeof kind === "string" && Object.hasOwn(POD_KINDS, kind) ? POD_KINDS[kind] : undefined;
  if (path !== undefined) return templateAt(body, path);
  return [TEMPLATE, OF_JOBS]
    .map((path) => templateAt(body, path))
    .find((template) => template !== undefined && hasContainers(template));
}

function templateAt(body: Value, path: readonly string[]): PodTemplate | undefined {
  const template = path.reduce<Value>(
    (current, key) =>
      isObject(current) ? (current[key] ?? null) : current instanceof Unknown ? current : null,
    body,
  );
  if (template instanceof Unknown) return { metadata: template, spec: template };
  if (!isObject(template)) return undefined;
  return { metadata: template["metadata"] ?? null, spec: template["spec"] ?? null };
}

function hasContainers({ spec }: PodTemplate): boolean {
  const containers = isObject(spec) ? (spec["containers"] ?? null) : null;
  return isList(containers) || containers instanceof Unknown;
}
