import type { Cases } from "../support/case";
import { podPolicy } from "../support/pods";
import { A, B, GROUPS } from "../support/rules";

const TAG = { tags: { "kubernetes.io/cluster/main": "owned" } };
const BOTH = podPolicy(A, B);

export const cases: Cases = [
  {
    what: "two",
    resources: { "aws_security_group.a": TAG, "aws_security_group.b": TAG, "kubernetes_manifest.p": BOTH },
    found: [["kubernetes_manifest.p", "warning"]],
    says: "aws_security_group.a and aws_security_group.b are on one interface (kubernetes_manifest.p) and each has the tag kubernetes.io/cluster/main: the AWS Load Balancer Controller expects exactly one. Remove the tag from all but one.",
  },
  {
    what: "none of several",
    resources: { ...GROUPS, "kubernetes_manifest.p": BOTH },
    found: [["kubernetes_manifest.p", "warning"]],
  },
  {
    what: "one of several",
    resources: { ...GROUPS, "aws_security_group.a": TAG, "kubernetes_manifest.p": BOTH },
  },
  {
    what: "one for each of two clusters",
    resources: {
      "aws_security_group.a": TAG,
      "aws_security_group.b": { tags: { "kubernetes.io/cluster/other": "owned" } },
      "kubernetes_manifest.p": BOTH,
    },
  },
  { what: "none, on one group", resources: { ...GROUPS, "kubernetes_manifest.p": podPolicy(A) } },
  { what: "none that is seen", resources: { ...GROUPS, "kubernetes_manifest.p": podPolicy(A, "sg-1") } },
  {
    what: "tags that are not known",
    resources: { ...GROUPS, "aws_security_group.b": { tags: "${var.tags}" }, "kubernetes_manifest.p": BOTH },
  },
  {
    what: "two, on a load balancer",
    resources: {
      "aws_security_group.a": TAG,
      "aws_security_group.b": TAG,
      "aws_lb.l": { security_groups: [A, B] },
    },
  },
];
