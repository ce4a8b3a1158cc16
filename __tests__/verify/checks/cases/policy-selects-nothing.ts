import type { Cases } from "../support/case";
import { POLICY } from "../support/pods";
import { expressions, ONE, one } from "../support/policies";

export const cases: Cases = [
  {
    what: "no selector",
    resources: one(ONE),
    found: [[POLICY, "error"]],
    says: "kubernetes_manifest.p has neither podSelector nor serviceAccountSelector: Kubernetes accepts and ignores it, and pods keep the groups of their node. Add a selector with the labels of the pods.",
  },
  {
    what: "selectors that are null",
    resources: one({ ...ONE, podSelector: null, serviceAccountSelector: null }),
    found: [[POLICY, "error"]],
  },
  {
    what: "a label that must be there and must not",
    resources: one({
      ...ONE,
      ...expressions({ key: "a", operator: "Exists" }, { key: "a", operator: "DoesNotExist" }),
    }),
    found: [[POLICY, "error"]],
  },
  {
    what: "a label that must have a value that it must not have",
    resources: one({
      ...ONE,
      podSelector: {
        matchLabels: { a: "x" },
        matchExpressions: [{ key: "a", operator: "NotIn", values: ["x", "y"] }],
      },
    }),
    found: [[POLICY, "error"]],
  },
  { what: "a selector of service accounts", resources: one({ ...ONE, serviceAccountSelector: {} }) },
  {
    what: "a value that may be the wanted one",
    resources: one({
      ...ONE,
      podSelector: {
        matchLabels: { a: "x" },
        matchExpressions: [{ key: "a", operator: "In", values: ["${var.a}"] }],
      },
    }),
  },
  { what: "a selector that is not known", resources: one({ ...ONE, podSelector: "${var.selector}" }) },
  {
    what: "a selector that is malformed",
    resources: one({ ...ONE, ...expressions({ key: "a", operator: "In" }) }),
  },
  {
    what: "a spec that is not known",
    resources: { [POLICY]: { manifest: { kind: "SecurityGroupPolicy", spec: "${var.spec}" } } },
  },
];
