import { Unknown, type Value } from "../../../expression/value";
import type { Resource } from "../../read/model";
import type { GroupRegister } from "../groups";
import { blocks, isObject, text, textOrExpression } from "../values";

/**
 * Annotations of Services and Ingresses that name the groups of a load balancer which the cluster's controller makes, by
 * their ids or names, joined with commas.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ and
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
 */
const ANNOTATIONS = [
  "service.beta.kubernetes.io/aws-load-balancer-security-groups",
  "service.beta.kubernetes.io/aws-load-balancer-extra-security-groups",
  "alb.ingress.kubernetes.io/security-groups",
];
/** Resources that hold Kubernetes objects, or values of charts that make them. */
const HOLDERS = /^(?:helm_release|kubernetes_|kubectl_|argocd_application|flux_)/;

/** The groups that a resource gives to load balancers by annotations. */
export function annotatedGroups({ mode, type, values }: Resource, register: GroupRegister): string[] {
  if (mode !== "managed" || !HOLDERS.test(type)) return [];
  // Helm escapes the dots of a key, because its own separate keys.
  const set = ["set", "set_list", "set_sensitive"].flatMap((name) => blocks(values[name]));
  const named = set.filter(({ name }) => isAnnotation((text(name) ?? "").replace(/\\\./g, "."), true));
  const found = named.map(({ value = null }) => value);
  return [
    ...new Set([...found.flatMap((value) => groupsIn(value, register)), ...groupsGiven(values, register)]),
  ];
}

/** The groups that annotations name anywhere below a value, such as what a module is given that was not read. */
export function groupsGiven(value: Value, register: GroupRegister): string[] {
  return [...new Set(annotationsIn(value).flatMap((found) => groupsIn(found, register)))];
}

function isAnnotation(key: string, isPath = false): boolean {
  return ANNOTATIONS.some((one) => key === one || (isPath && key.endsWith(`.${one}`)));
}

/** What annotations say, anywhere below a value; of text that holds one: what stands behind its key. */
function annotationsIn(value: Value): Value[] {
  if (typeof value === "string") return annotatedText(value);
  if (value instanceof Unknown)
    return annotatedText(value.expression).map((part) => new Unknown(String(part)));
  if (Array.isArray(value)) return value.flatMap(annotationsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    isAnnotation(key) ? [inner] : annotationsIn(inner),
  );
}

/** The rest of the line, or of the entry of an object, behind each annotation in YAML, JSON or an expression. */
function annotatedText(words: string): Value[] {
  return ANNOTATIONS.flatMap((key) =>
    words
      .split(key)
      .slice(1)
      .map((rest) => rest.split(/\n|\\n|, ?\\?"| }/, 1)[0] ?? ""),
  );
}

function groupsIn(value: Value, register: GroupRegister): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => groupsIn(one, register));
  const words = textOrExpression(value);
  if (words === undefined) return [];
  // What a manifest has in the place of an id, which somebody says what it means.
  const called = words.split(",").flatMap((one) => register.declaredBy(one.trim()) ?? []);
  return [...new Set([...register.namedIn(words), ...called])];
}
