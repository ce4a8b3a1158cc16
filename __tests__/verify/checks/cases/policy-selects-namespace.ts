import type { Cases } from "../support/case";
import { POLICY } from "../support/pods";
import { labels, ONE, one } from "../support/policies";

export const cases: Cases = [
  {
    what: "an empty selector of pods",
    resources: one({ ...ONE, podSelector: {} }),
    found: [[POLICY, "warning"]],
    says: "kubernetes_manifest.p has an empty selector: it matches every pod of its namespace. Select the intended pods by their labels, or suppress this finding.",
  },
  {
    what: "selectors with empty lists",
    resources: one({
      ...ONE,
      podSelector: { matchLabels: {}, matchExpressions: [] },
      serviceAccountSelector: { matchLabels: null },
    }),
    found: [[POLICY, "warning"]],
  },
  {
    what: "a label without a value, which Kubernetes drops",
    resources: one({ ...ONE, ...labels({ app: null }) }),
    found: [[POLICY, "warning"]],
  },
  {
    what: "an empty selector beside one that is not",
    resources: one({ ...ONE, podSelector: {}, serviceAccountSelector: { matchLabels: { a: "x" } } }),
  },
  { what: "a label", resources: one({ ...ONE, ...labels({ a: "x" }) }) },
  { what: "labels that are not known", resources: one({ ...ONE, podSelector: { matchLabels: "${var.l}" } }) },
  { what: "no selector", resources: one(ONE) },
];
