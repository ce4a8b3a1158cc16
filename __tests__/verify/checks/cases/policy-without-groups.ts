import type { Cases } from "../support/case";
import { POLICY } from "../support/pods";
import { groups, labels, one } from "../support/policies";

export const cases: Cases = [
  {
    what: "no list",
    resources: one(labels({ a: "x" })),
    found: [[POLICY, "error"]],
    says: "kubernetes_manifest.p names no security groups: its pods keep the groups of their node. Add spec.securityGroups.groupIds.",
  },
  {
    what: "an empty list",
    resources: one({ ...labels({ a: "x" }), ...groups() }),
    found: [[POLICY, "error"]],
  },
  {
    what: "a list of nulls",
    resources: one({ ...labels({ a: "x" }), securityGroups: { groupIds: [null] } }),
    found: [[POLICY, "error"]],
  },
  {
    what: "a list that is not known",
    resources: one({ ...labels({ a: "x" }), securityGroups: { groupIds: "${var.ids}" } }),
  },
  { what: "a group that is not known", resources: one({ ...labels({ a: "x" }), ...groups("${var.id}") }) },
];
