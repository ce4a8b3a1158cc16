import { lastAttribute } from "../../../expression/resource-reference";
import { Unknown, type Value } from "../../../expression/value";
import type { Resource, Source } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { blocks, elements } from "../values";
import { mayCreateInterfaces, policyNamed } from "./policy-documents";

/** The policy that lets EKS make trunk and branch interfaces with the cluster's role. */
export const CONTROLLER_POLICY = "AmazonEKSVPCResourceController";
/** The policy that every cluster's role has. */
export const CLUSTER_POLICY = "AmazonEKSClusterPolicy";
/** A policy that the roles of clusters in Auto Mode have. */
export const AUTO_MODE_POLICY = "AmazonEKSComputePolicy";

/** Whether the input attaches a policy of a cluster to a role. */
export function hasClusterRole(inventory: Inventory): boolean {
  return [...rolesOf(inventory).byKey.values()].some(
    ({ policies }) => hasPolicy(policies, CONTROLLER_POLICY) || hasPolicy(policies, CLUSTER_POLICY),
  );
}

export interface RolePolicies {
  /** The role's own address, or what attaches its first policy. */
  readonly address: string;
  readonly source: Source;
  readonly policies: Value[];
}

export interface Roles {
  /** By the role's address, or by its name where the input does not declare it. */
  readonly byKey: ReadonlyMap<string, RolePolicies>;
  /** The key of the role that a name, an ARN or a reference names, where the input determines that. */
  readonly keyOf: (role: Value | undefined) => string | undefined;
  /** The policies of roles that are not known. */
  readonly floating: readonly Value[];
}

/** Attributes that each name the role. */
const NAMES = ["arn", "id", "name"];

/** The roles of the input with their policies. */
export const rolesOf: (of: Inventory) => Roles = once((inventory) => {
  const byKey = new Map<string, RolePolicies>();
  const byName = new Map<string, string>();
  const floating: Value[] = [];
  /** An inline policy, if it may let EKS make network interfaces: it counts as one that is not known. */
  const granting = (document: Value | undefined): Value[] =>
    mayCreateInterfaces(document, inventory) ? [new Unknown("inline policy")] : [];
  /** Without policies that the input declares and that say of something else. */
  const attached = (arns: Value | undefined): Value[] =>
    elements(arns).filter((arn) => {
      const policy = policyNamed(arn, inventory);
      return policy === undefined || mayCreateInterfaces(policy.values["policy"], inventory);
    });
  for (const { address, source, values } of resources(inventory, "aws_iam_role")) {
    const inline = blocks(values["inline_policy"]).flatMap(({ policy }) => granting(policy));
    const policies = [...attached(values["managed_policy_arns"]), ...inline];
    byKey.set(address, { address, source, policies });
    const { name } = values;
    if (name !== undefined) byName.set(knownText(name), address);
  }
  const keyOf = (role: Value | undefined): string | undefined => {
    if (role === undefined || role === null) return undefined;
    const name = roleName(role);
    const attribute = role instanceof Unknown ? lastAttribute(name) : undefined;
    const address = attribute && NAMES.includes(attribute.name) ? attribute.of : name;
    const declared = byName.get(name) ?? (byKey.has(address) ? address : undefined);
    return declared ?? (role instanceof Unknown ? undefined : name);
  };
  const add = ({ address, source }: Resource, role: Value | undefined, policies: readonly Value[]) => {
    const key = keyOf(role);
    if (key === undefined) {
      floating.push(...policies);
      return;
    }
    const entry = byKey.get(key) ?? { address, source, policies: [] };
    entry.policies.push(...policies);
    byKey.set(key, entry);
  };
  for (const resource of resources(inventory, "aws_iam_role_policy_attachment")) {
    add(resource, resource.values["role"], attached(resource.values["policy_arn"]));
  }
  for (const resource of resources(inventory, "aws_iam_role_policy_attachments_exclusive")) {
    add(resource, resource.values["role_name"], attached(resource.values["policy_arns"]));
  }
  for (const resource of resources(inventory, "aws_iam_role_policy")) {
    add(resource, resource.values["role"], granting(resource.values["policy"]));
  }
  for (const resource of resources(inventory, "aws_iam_policy_attachment")) {
    for (const role of elements(resource.values["roles"])) {
      add(resource, role, attached(resource.values["policy_arn"]));
    }
  }
  return { byKey, keyOf, floating };
});

/** A role's name, of an ARN too: known text, text that is known in part, or the expression that it is. */
function roleName(role: Value): string {
  const words = knownText(role);
  const ofArn = /^arn:.*:role\/(?:[^$]*\/)?([^/]+|.*\$\{.*\}.*)$/s.exec(words)?.[1];
  const name = ofArn ?? words;
  return /^\$\{([^{}]*)\}$/.exec(name)?.[1] ?? name;
}

export function hasPolicy(policies: readonly Value[], name: string): boolean {
  return policies.some((policy) => knownText(policy).endsWith(`:policy/${name}`));
}

/** Whether a policy may be any, or is none of AWS's own. */
export function isUnclear(policy: Value): boolean {
  return !/iam::aws:policy\/(?:[\w-]+\/)*[\w-]+$/.test(knownText(policy));
}

/** What is known of text, with `${…}` for what is not: an ARN may be known but for its partition. */
function knownText(value: Value): string {
  if (!(value instanceof Unknown)) return String(value);
  if (value.parts === undefined) return value.expression;
  return value.parts.map((part) => (typeof part === "string" ? part : `\${${part.expression}}`)).join("");
}
