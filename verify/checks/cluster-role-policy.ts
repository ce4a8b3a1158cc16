import { Unknown, type Value } from "../../expression/value";
import { elements } from "../inventory/values";
import type { Resource, Source } from "../read/model";
import type { Check, CheckContext } from "./check";
import { hasPodGroups, resources } from "./subjects";

const WANTED = "AmazonEKSVPCResourceController";
const CLUSTER_POLICY = "AmazonEKSClusterPolicy";

export const check: Check = {
  id: "cluster-role-policy",
  severity: "error",
  title: `The cluster's role lacks ${WANTED}`,
  why: `EKS makes the trunk and branch interfaces with the cluster's role, which needs the policy ${WANTED}. Without it no node gets a trunk and pods with groups of their own stay pending. A warning where the input does not show such pods. A cluster's role is one that an aws_eks_cluster names, or that has AmazonEKSClusterPolicy.`,
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html",
  run: (context) => {
    const roles = policiesByRole(context);
    const named = resources(context, "aws_eks_cluster").flatMap(
      ({ values }) => roleKey(values["role_arn"]) ?? [],
    );
    const clusters = new Set([
      ...named.filter((role) => roles.has(role)),
      ...[...roles].filter(([, { policies }]) => has(policies, CLUSTER_POLICY)).map(([role]) => role),
    ]);
    return [...clusters].flatMap((role) => {
      const { policies = [], address = role } = roles.get(role) ?? {};
      // A policy that is not known may be the one, and one of the user's own may grant the same.
      if (has(policies, WANTED) || policies.some(isUnclear)) return [];
      return [
        {
          address,
          severity: hasPodGroups(context) ? ("error" as const) : ("warning" as const),
          source: roles.get(role)?.source,
          message: `The cluster's role ${role} has no policy ${WANTED}: no node gets a trunk interface, and pods with security groups of their own stay pending. Attach arn:aws:iam::aws:policy/${WANTED} to it.`,
        },
      ];
    });
  },
};

/** Whether the input attaches a policy of a cluster to a role. */
export function hasClusterRole(context: CheckContext): boolean {
  return [...policiesByRole(context).values()].some(
    ({ policies }) => has(policies, WANTED) || has(policies, CLUSTER_POLICY),
  );
}

interface RolePolicies {
  /** The role's own address, or what attaches its first policy. */
  readonly address: string;
  readonly source: Source;
  readonly policies: Value[];
}

/** The policies of the roles of the input, by the role's address, name or expression. */
function policiesByRole(context: CheckContext): Map<string, RolePolicies> {
  const result = new Map<string, RolePolicies>();
  const byName = new Map<string, string>();
  for (const { address, source, values } of resources(context, "aws_iam_role")) {
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
  for (const resource of resources(context, "aws_iam_role_policy_attachment")) {
    add(resource, resource.values["role"], elements(resource.values["policy_arn"]));
  }
  for (const resource of resources(context, "aws_iam_role_policy_attachments_exclusive")) {
    add(resource, resource.values["role_name"], elements(resource.values["policy_arns"]));
  }
  for (const resource of resources(context, "aws_iam_policy_attachment")) {
    for (const role of elements(resource.values["roles"])) {
      add(resource, role, elements(resource.values["policy_arn"]));
    }
  }
  return result;
}

/** A role by its address where the value refers to one, by its name where it is text or an ARN. */
function roleKey(value: Value | undefined): string | undefined {
  if (value instanceof Unknown) return value.expression.replace(/\.(?:name|id|arn)$/, "");
  return typeof value === "string" ? value.replace(/^arn:.*\//, "") : undefined;
}

function has(policies: readonly Value[], name: string): boolean {
  return policies.some((policy) => words(policy).includes(`policy/${name}`));
}

function isUnclear(policy: Value): boolean {
  return !words(policy).includes("iam::aws:policy/");
}

/** An ARN may be known but for its partition. */
function words(policy: Value): string {
  return policy instanceof Unknown ? policy.expression : String(policy);
}
