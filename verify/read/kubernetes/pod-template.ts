import { Unknown, type Value } from "../../../expression/value";
import { isList, isObject } from "../../../expression/values";

/** What pods are made of: their labels stand in the metadata. */
export interface PodTemplate {
  readonly metadata: Value;
  readonly spec: Value;
}

/** Where objects have the template of the pods that they make; a Pod is one itself. */
const TEMPLATES: readonly (readonly string[])[] = [
  ["spec", "template"],
  ["spec", "jobTemplate", "spec", "template"],
];

/**
 * The template of the pods that an object makes, whatever kind it is of: Deployment, CronJob, Rollout and their like.
 * Undefined for one that makes none.
 */
export function podTemplateOf(body: Value): PodTemplate | undefined {
  if (!isObject(body)) return undefined;
  if (body["kind"] === "Pod") return templateIn(body);
  return TEMPLATES.map((path) => templateIn(valueAt(body, path))).find((template) => template !== undefined);
}

/** A template has containers, or a spec that is not known. */
function templateIn(value: Value): PodTemplate | undefined {
  if (!isObject(value)) return undefined;
  const { metadata = null, spec = null } = value;
  if (spec instanceof Unknown) return { metadata, spec };
  const containers = isObject(spec) ? (spec["containers"] ?? null) : null;
  return isList(containers) || containers instanceof Unknown ? { metadata, spec } : undefined;
}

function valueAt(value: Value, path: readonly string[]): Value {
  return path.reduce<Value>((current, key) => (isObject(current) ? (current[key] ?? null) : null), value);
}
