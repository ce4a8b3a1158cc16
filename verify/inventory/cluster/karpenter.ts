import { canCategoryTrunk, canFamilyTrunk, canTrunk } from "../../../aws/instance-types";
import type { Value } from "../../../expression/value";
import type { GroupKey } from "../../../network/peers";
import type { KubernetesObject, Source } from "../../read/model";
import { elements, field, isObject, text } from "../values";

/** One condition on groups. Those of one term must all be met; a value may have wildcards, `*` and `?`. */
export type GroupTerm =
  | { readonly kind: "ids"; readonly values: readonly Value[] }
  | { readonly kind: "name"; readonly value: Value }
  /** Each tag by one of its values. */
  | { readonly kind: "tags"; readonly tags: readonly (readonly [key: string, values: readonly Value[]])[] };

/**
 * A class of nodes that Karpenter makes, or Auto Mode: it finds the groups of its nodes by terms, of which any may match.
 * https://karpenter.sh/docs/concepts/nodeclasses/#specsecuritygroupselectorterms
 */
export interface NodeClass {
  readonly address: string;
  readonly source: Source;
  readonly kind: string;
  readonly name: string | undefined;
  readonly isUncertain: boolean;
  /** Whether a manifest has it, in which text may stand for an id. */
  readonly isManifest: boolean;
  /** Undefined where the input does not determine them, or a launch template has the groups. */
  readonly terms: readonly GroupTerm[] | undefined;
}

/** The groups of the nodes of a class, or why they are not known, as a part of a sentence. */
export type NodeClassGroups = { readonly groups: readonly GroupKey[] } | { readonly unknown: string };

/** A pool of nodes of one class, with what decides about the pods that run there: https://karpenter.sh/docs/concepts/nodepools/ */
export interface NodePool {
  readonly address: string;
  readonly source: Source;
  readonly name: string | undefined;
  readonly isUncertain: boolean;
  /** Undefined where the input does not determine it. */
  readonly of: { readonly kind: string; readonly name: string } | undefined;
  readonly taints: Value;
  readonly labels: Value;
  readonly requirements: Value;
}

/** The classes among objects; those of version 1alpha5 with their selectors as terms. */
export function nodeClassesIn(objects: readonly KubernetesObject[]): readonly NodeClass[] {
  return objects.flatMap((object): NodeClass[] => {
    const { address, source, body, isUncertain = false, isManifest = false } = object;
    const kind = text(field(body, "kind")) ?? "";
    const spec = field(body, "spec") ?? null;
    const terms = termsOf(kind, body, spec);
    if (terms === "none") return [];
    const name = text(field(body, "metadata", "name"));
    return [{ address, source, kind, name, isUncertain, isManifest, terms }];
  });
}

/** The pools among objects. */
export function nodePoolsIn(objects: readonly KubernetesObject[]): readonly NodePool[] {
  return objects.flatMap(({ address, source, body, isUncertain = false }): NodePool[] => {
    const kind = field(body, "kind");
    const name = text(field(body, "metadata", "name"));
    const place = { address, source, name, isUncertain };
    const spec = field(body, "spec") ?? null;
    if (kind === "NodePool" && isOf(body, "karpenter.sh")) {
      const template = field(spec, "template");
      const nodes = field(template, "spec") ?? null;
      const reference = field(nodes, "nodeClassRef");
      const called = text(field(reference, "name"));
      return [
        {
          ...place,
          of:
            called === undefined
              ? undefined
              : { kind: text(field(reference, "kind")) ?? "EC2NodeClass", name: called },
          taints: field(nodes, "taints") ?? null,
          labels: field(template, "metadata", "labels") ?? {},
          requirements: field(nodes, "requirements") ?? null,
        },
      ];
    }
    if (kind !== "Provisioner" || !isOf(body, "karpenter.sh")) return [];
    const called = text(field(spec, "providerRef", "name"));
    const own = name === undefined ? undefined : { kind: "Provisioner", name };
    return [
      {
        ...place,
        of: called === undefined ? own : { kind: "AWSNodeTemplate", name: called },
        taints: field(spec, "taints") ?? null,
        labels: field(spec, "labels") ?? {},
        requirements: field(spec, "requirements") ?? null,
      },
    ];
  });
}

/** Whether an object is of an API group, or its group is not known. */
function isOf(body: Value, group: string): boolean {
  const version = field(body, "apiVersion");
  return typeof version !== "string" || version.startsWith(`${group}/`);
}

/** `none` for an object that is no class. */
function termsOf(kind: string, body: Value, spec: Value): NodeClass["terms"] | "none" {
  switch (kind) {
    case "EC2NodeClass":
      return newTerms(field(spec, "securityGroupSelectorTerms"));
    case "NodeClass": {
      // Without terms, the nodes of Auto Mode carry the group that EKS makes.
      const given = field(spec, "securityGroupSelectorTerms");
      return isOf(body, "eks.amazonaws.com") && given !== undefined ? newTerms(given) : "none";
    }
    case "AWSNodeTemplate":
      return oldTerms(spec);
    case "Provisioner": {
      const provider = field(spec, "provider") ?? null;
      return isOf(body, "karpenter.sh") && provider !== null ? oldTerms(provider) : "none";
    }
    default:
      return "none";
  }
}

function newTerms(given: Value | undefined): NodeClass["terms"] {
  const terms = elements(given).map((term): GroupTerm | undefined => {
    if (!isObject(term)) return undefined;
    const { id = null, name = null, tags = null } = term;
    // Karpenter looks at the first of these that is given.
    if (id !== null) return { kind: "ids", values: [id] };
    if (name !== null) return { kind: "name", value: name };
    if (!isObject(tags)) return undefined;
    return { kind: "tags", tags: Object.entries(tags).map(([key, value]) => [key, [value]] as const) };
  });
  return terms.length === 0 ? undefined : allKnown(terms);
}

/**
 * Version 1alpha5: a map of tags, each perhaps with several values and commas between, and ids by a key of their own.
 * https://karpenter.sh/docs/upgrading/v1beta1-migration/ has both versions
 */
function oldTerms(spec: Value): NodeClass["terms"] {
  const selector = field(spec, "securityGroupSelector") ?? null;
  if (!isObject(selector) || (field(spec, "launchTemplate") ?? null) !== null) return undefined;
  const ids = ID_KEYS.flatMap((key) => (selector[key] === undefined ? [] : separated(selector[key] ?? null)));
  const tags = Object.entries(selector).filter(([key]) => !ID_KEYS.includes(key));
  if (ids.length > 0) return tags.length > 0 ? undefined : [{ kind: "ids", values: ids }];
  if (tags.length === 0) return undefined;
  return [{ kind: "tags", tags: tags.map(([key, value]) => [key, separated(value)] as const) }];
}

const ID_KEYS = ["aws-ids", "aws::ids"];

function separated(value: Value): readonly Value[] {
  return typeof value === "string" ? value.split(",").map((one) => one.trim()) : [value];
}

function allKnown(terms: readonly (GroupTerm | undefined)[]): readonly GroupTerm[] | undefined {
  const known = terms.filter((term) => term !== undefined);
  return known.length === terms.length ? known : undefined;
}

/** The classes that some pool has nodes of, as far as the input shows pools. */
export function classesInUse(
  classes: readonly NodeClass[],
  pools: readonly NodePool[],
): readonly NodeClass[] {
  if (pools.length === 0) return classes;
  return classes.filter((one) => poolsOf(one, pools).length > 0);
}

/** The pools that have, or may have, nodes of a class. */
export function poolsOf(
  { kind, name }: Pick<NodeClass, "kind" | "name">,
  pools: readonly NodePool[],
): readonly NodePool[] {
  return pools.filter(
    ({ of }) => of === undefined || name === undefined || (of.kind === kind && of.name === name),
  );
}

/**
 * What a pool may start, as far as it cannot carry branch interfaces: types, families or categories by which one of its
 * requirements names nothing else. Empty where it may start another.
 * https://karpenter.sh/docs/concepts/nodepools/#instance-types
 */
export function trunklessIn({ requirements }: NodePool): readonly string[] {
  for (const requirement of elements(requirements)) {
    const can = CAN_TRUNK[text(field(requirement, "key")) ?? ""];
    const values = elements(field(requirement, "values"));
    if (can === undefined || field(requirement, "operator") !== "In" || values.length === 0) continue;
    const known = values.filter((value) => typeof value === "string");
    if (known.length === values.length && !known.some(can)) return known;
  }
  return [];
}

const CAN_TRUNK: Readonly<Record<string, (value: string) => boolean>> = {
  "node.kubernetes.io/instance-type": canTrunk,
  "karpenter.k8s.aws/instance-family": canFamilyTrunk,
  "karpenter.k8s.aws/instance-category": canCategoryTrunk,
};
