import type { Cases } from "../support/case";
import { POLICY } from "../support/pods";
import { labels, ONE, one } from "../support/policies";

export const cases: Cases = [
  {
    what: "both",
    resources: one({ ...ONE, ...labels({ a: "x" }), serviceAccountSelector: { matchLabels: { b: "y" } } }),
    found: [[POLICY, "information"]],
    says: "kubernetes_manifest.p has podSelector and serviceAccountSelector: it matches only pods that meet both. To match pods that meet either, write two policies.",
  },
  {
    what: "one, and null",
    resources: one({ ...ONE, ...labels({ a: "x" }), serviceAccountSelector: null }),
  },
  {
    what: "two of which nothing is known",
    resources: one({ ...ONE, podSelector: "${var.a}", serviceAccountSelector: "${var.b}" }),
  },
];
