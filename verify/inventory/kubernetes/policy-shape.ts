import { isSecurityGroupType } from "../../../aws/security-group-types";
import { isCertainlyList } from "../../../expression/kinds";
import { resourceReference } from "../../../expression/resource-reference";
import { Unknown, type Value } from "../../../expression/value";
import { isList } from "../../../expression/values";
import { given } from "../../../io/errors";
import type { Input } from "../../read/model";
import { NO_IDS } from "../ids";
import { isObject } from "../values";

/** The API of policies: it has this version alone. */
export const POLICY_API = "vpcresources.k8s.aws";
export const POLICY_API_VERSION = `${POLICY_API}/v1beta1`;
export const POLICY_KIND = "SecurityGroupPolicy";

/** Text, a map from any key to text, a list, or a map with keys of its own. */
type Shape = "text" | "labels" | readonly [Shape] | { readonly [key: string]: Shape };

const SELECTOR: Shape = {
  matchLabels: "labels",
  matchExpressions: [{ key: "text", operator: "text", values: ["text"] }],
};

/**
 * The spec of a policy as its CRD has it
 * (https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/config/crd/bases/vpcresources.k8s.aws_securitygrouppolicies.yaml).
 * A value of another type is refused; a field that it does not have is dropped.
 */
const SPEC: Shape = {
  podSelector: SELECTOR,
  serviceAccountSelector: SELECTOR,
  securityGroups: { groupIds: ["text"] },
};

/**
 * What is wrong with a policy so that Kubernetes refuses it, or drops what matters, in words.
 *
 * @param isManifest whether text that is no id of a group may be filled in before the policy is applied
 */
export function shapeProblems(body: Value, isManifest = false): string[] {
  if (!isObject(body)) return [];
  const { apiVersion = null, kind = null, spec = null } = body;
  return [
    ...(typeof kind === "string" && kind !== POLICY_KIND
      ? [`kind must be ${POLICY_KIND} (${given(kind)})`]
      : []),
    ...(apiVersion instanceof Unknown || apiVersion === POLICY_API_VERSION
      ? []
      : [
          `apiVersion must be ${POLICY_API_VERSION}, the only one that the cluster knows (${given(apiVersion ?? undefined)})`,
        ]),
    ...problemsIn(spec, SPEC, "spec"),
    ...groupProblems(spec, isManifest),
  ];
}

function problemsIn(value: Value, shape: Shape, path: string): string[] {
  if (value === null) return [];
  if (typeof shape === "string") return textProblems(value, shape, path);
  if (isShapeOfList(shape)) {
    const of = shape[0];
    if (isList(value))
      return of === "text"
        ? itemProblems(value, path)
        : value.flatMap((item, index) => problemsIn(item, of, `${path}[${index}]`));
    const isCertain = !(value instanceof Unknown) || groupAttribute(value) === "id";
    return isCertain ? [`${path} must be a list (${shown(value)})`] : [];
  }
  if (isCertainlyList(value) || typeof value === "string") {
    const keys = Object.keys(shape);
    return [`${path} must be a map with ${keys.join(", ")} (${shown(value)})`];
  }
  if (value instanceof Unknown) return [];
  if (!isObject(value)) return [`${path} must be a map (${shown(value)})`];
  return Object.entries(value).flatMap(([key, item]) => {
    if (Object.hasOwn(shape, key)) return problemsIn(item, shape[key] as Shape, `${path}.${key}`);
    return [`${path}.${key} is not a field of a ${POLICY_KIND}, and is dropped${meant(key)}`];
  });
}

function isShapeOfList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function textProblems(value: Value, shape: "text" | "labels", path: string): string[] {
  if (shape === "text")
    return isCertainlyList(value) || isObject(value) ? [`${path} must be a string (${shown(value)})`] : [];
  // Values of labels have a check of their own.
  const isMap = isObject(value) || (value instanceof Unknown && !isCertainlyList(value));
  return isMap ? [] : [`${path} must be a map of labels (${shown(value)})`];
}

/** Items of a list of text; those that are lists are said together. */
function itemProblems(items: readonly Value[], path: string): string[] {
  const lists = items.flatMap((item, index) => (isCertainlyList(item) ? [index] : []));
  const others = items.flatMap((item, index) =>
    isObject(item) ? [`${path}[${index}] must be a string (${shown(item)})`] : [],
  );
  const [first, ...rest] = lists;
  if (first === undefined) return others;
  const places = [`${path}[${first}]`, ...rest.map((index) => `[${index}]`)];
  const named =
    places.length < 2 ? places.join("") : `${places.slice(0, -1).join(", ")} and ${places.at(-1)}`;
  return [
    `${named} ${lists.length === 1 ? "is a list, but must be a string" : "are lists, but must be strings"}: remove one pair of brackets; concat() joins lists`,
    ...others,
  ];
}

/** What names a group by something else than its id. */
function groupProblems(spec: Value, isManifest: boolean): string[] {
  const groups = isObject(spec) ? spec["securityGroups"] : undefined;
  const ids = groups !== undefined && isObject(groups) ? groups["groupIds"] : undefined;
  if (ids === undefined || !isList(ids)) return [];
  return ids.flatMap((id, index) => {
    const path = `spec.securityGroups.groupIds[${index}]`;
    if (typeof id === "number" || typeof id === "boolean") return [`${path} must be a string (${given(id)})`];
    if (typeof id === "string" && !/^sg-[^\s,]+$/.test(id) && !(isManifest && isPlaceholder(id))) {
      const several = id.includes(",") ? "; each id must be its own item" : "";
      return [
        `${path} must be the id of a security group, such as sg-0123456789abcdef0 (${given(id)})${several}`,
      ];
    }
    const attribute = groupAttribute(id);
    if (attribute === undefined || !NO_IDS.includes(attribute)) return [];
    return [`${path} must be the id of the group: use .id instead of .${attribute}`];
  });
}

/** Whether text in the place of a group's id stands for one: any that is none, however spelt. */
export function isPlaceholder(id: string): boolean {
  return id.trim() !== "" && !/^sg-[0-9a-f]{8,17}$/.test(id);
}

/** What a manifest has in the place of ids of groups, of which nobody says which group is meant. */
export function openPlaceholders(ids: readonly Value[], { groupWords }: Pick<Input, "groupWords">): string[] {
  return ids.filter((id) => typeof id === "string").filter((id) => isPlaceholder(id) && !groupWords?.has(id));
}

/** The one attribute that a reference to a group names of it: `id`. */
function groupAttribute(value: Value): string | undefined {
  const reference = value instanceof Unknown ? resourceReference(value.expression) : undefined;
  if (reference === undefined || !isSecurityGroupType(reference.type)) return undefined;
  const [only, ...more] = reference.rest;
  return only !== undefined && "name" in only && more.length === 0 ? only.name : undefined;
}

const MEANT: Readonly<Record<string, string>> = {
  groupIds: "spec.securityGroups.groupIds",
  securityGroupIds: "spec.securityGroups.groupIds",
  groups: "spec.securityGroups.groupIds",
  selector: "spec.podSelector",
  labels: "matchLabels",
  matchNames: "matchLabels, which are labels of the service account",
};

function meant(key: string): string {
  return Object.hasOwn(MEANT, key) ? `: use ${MEANT[key]}` : "";
}

function shown(value: Value): string {
  if (value instanceof Unknown) return `given: ${value.expression}`;
  if (isList(value)) return "given: a list";
  return isObject(value) ? "given: a map" : given(value);
}
