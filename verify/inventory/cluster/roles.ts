import { lastAttribute } from "../../../expression/resource-reference";
import { Unknown, type Value } from "../../../expression/value";
import type { Resource, Source } from "../../read/model";
import type { Inventory } from "../model";
import { resources } from "../resources";
import { elements } from "../values";

/** The policy that lets EKS make trunk and branch interfaces with the cluster's role. */
export const CONTROLLER_POLICY = "AmazonEKSVPCResourceController";
/** The policy that every cluster's role has. */
export const CLUSTER_POLICY = "AmazonEKSClusterPolicy";

/** Whether the input attaches a policy of a cluster to a role. */
export function hasClusterRole(inventory: Inventory): boolean {
  return [...policiesByRole(inventory).values()].some(
    ({ policies }) => hasPolicy(policies, CONTROLLER_POLICY) || hasPolicy(policies, CLUSTER_POLICY),
  );
}

export interface RolePolicies {
  /** The role's own address, or what attaches its first policy. */
  readonly address: string;
  readonly source: Source;
  readonly policies: Value[];
}

/** The policies of the roles of the input, by the role's address, name or expression. */
export function policiesByRole(inventory: Inventory): Map<string, RolePolicies> {
  const result = new Map<string, RolePolicies>();
  const byName = new Map<string, string>();
  for (const { address, source, values } of resources(inventory, "aws_iam_role")) {
    result.set(address, { address, source, policies: [...elements(values["managed_policy_arns"])] });
    if (typeof values["name"] === "string") byName.set(values["name"], address);
  }
  const add = ({ address, source }: Resource, role: Value | undefined, policies: readonly Value[]) => {
    const name = roleKey(role);
    if (name === undefined) return;
    const key = byName.get(name) ?? name;
    const entry = result.get(key) ?? { address, source, policies: [] };
    entry.policies.push(...policies);
    result.set(key, entry);
  };
  for (const resource of resources(inventory, "aws_iam_role_policy_attachment")) {
    add(resource, resource.values["role"], elements(resource.values["policy_arn"]));
  }
  for (const resource of resources(inventory, "aws_iam_role_policy_attachments_exclusive")) {
    add(resource, resource.values["role_name"], elements(resource.values["policy_arns"]));
  }
  for (const resource of resources(inventory, "aws_iam_policy_attachment")) {
    for (const role of elements(resource.values["roles"])) {
      add(resource, role, elements(resource.values["policy_arn"]));
    }
  }
  return result;
}

/** Attributes that each name the role. */
const NAMES = ["arn", "id", "name"];

/** A role by its address where the value refers to one, by its name where it is text or an ARN. */
export function roleKey(value: Value | undefined): string | undefined {
  if (value instanceof Unknown) {
    const attribute = lastAttribute(value.expression);
    return attribute && NAMES.includes(attribute.name) ? attribute.of : value.expression;
  }
  return typeof value === "string" ? value.replace(/^arn:.*\//, "") : undefined;
}

export function hasPolicy(policies: readonly Value[], name: string): boolean {
  return policies.some((policy) => words(policy).includes(`policy/${name}`));
}

/** Whether a policy may be any, or is none of AWS's own. */
export function isUnclear(policy: Value): boolean {
  return !words(policy).includes("iam::aws:policy/");
}

/** An ARN may be known but for its partition. */
function words(policy: Value): string {
  return policy instanceof Unknown ? policy.expression : String(policy);
}
