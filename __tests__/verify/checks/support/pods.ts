import type { Arguments } from "../../support/input";
import type { Case } from "./case";
import { A, GROUPS } from "./rules";

/** A policy with a spec, in the namespace `shop`. */
export function policy(spec: Arguments, metadata: Arguments = {}): Arguments {
  return {
    manifest: {
      apiVersion: "vpcresources.k8s.aws/v1beta1",
      kind: "SecurityGroupPolicy",
      metadata: { name: "orders", namespace: "shop", ...metadata },
      spec,
    },
  };
}

/** A policy for pods with one label. */
export function labelled(app: unknown, groupIds: readonly string[], metadata: Arguments = {}): Arguments {
  return policy({ podSelector: { matchLabels: { app } }, securityGroups: { groupIds } }, metadata);
}

/** A policy that gives the pods of an app groups of their own. */
export function podPolicy(...groupIds: readonly string[]): Arguments {
  return labelled("orders", groupIds);
}

/** Where the policy stands. */
export const POLICY = "kubernetes_manifest.p";

/** Pods with a group that the input does not declare. */
export const HAS_PODS = { [POLICY]: podPolicy("sg-1") };

/** Pods with the first of two declared groups. */
export const PODS = { ...GROUPS, [POLICY]: podPolicy(A) };

export const C = "${aws_security_group.c.id}";
export const THREE = { ...GROUPS, "aws_security_group.c": {} };

/** A flow to pods, stated by their groups. */
export function endpointPods(...groups: readonly string[]): NonNullable<Case["flows"]> {
  return { f: { from: { name: "x", cidrs: ["10.0.0.0/8"] }, to: { name: "pods", groups }, traffic: [] } };
}
