import { ingressTo, served } from "../support/balancers";
import type { Cases } from "../support/case";
import { labelled, podPolicy } from "../support/pods";
import { A, B, GROUPS } from "../support/rules";

const TAG = { tags: { "kubernetes.io/cluster/main": "owned" } };
const BOTH = podPolicy(A, B);

const SECOND = { "kubernetes_manifest.q": labelled("orders", [B], { name: "second" }) };
const TWO_POLICIES = { "kubernetes_manifest.p": podPolicy(A), ...SECOND };
const BEHIND = { ...served("orders"), ...ingressTo("orders") };

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
  {
    what: "none of the groups of two policies, behind a load balancer",
    resources: { ...GROUPS, ...TWO_POLICIES, ...BEHIND },
    found: [["kubernetes_manifest.pods", "warning"]],
    says: "None of aws_security_group.a and aws_security_group.b, which are on one interface (pods of kubernetes_manifest.pods), has a tag kubernetes.io/cluster/<name>: the AWS Load Balancer Controller, which writes the rules for Ingress shop/front, expects exactly one. Tag one of them.",
  },
  {
    what: "one of the groups of two policies, behind a load balancer",
    resources: { ...GROUPS, "aws_security_group.b": TAG, ...TWO_POLICIES, ...BEHIND },
  },
  {
    what: "the groups of two policies, behind a load balancer whose rules are the user's",
    resources: {
      ...GROUPS,
      ...TWO_POLICIES,
      ...served("orders"),
      ...ingressTo("orders", { "alb.ingress.kubernetes.io/security-groups": "sg-0123456789abcdef0" }),
    },
  },
  {
    what: "none of a policy, whose pods get a tagged one by another",
    resources: {
      ...GROUPS,
      "aws_security_group.c": TAG,
      "kubernetes_manifest.p": BOTH,
      "kubernetes_manifest.q": labelled("orders", ["${aws_security_group.c.id}"], { name: "second" }),
      ...served("orders"),
    },
  },
  {
    what: "one policy with none, behind a load balancer: once",
    resources: { ...GROUPS, "kubernetes_manifest.p": BOTH, ...BEHIND },
    found: [["kubernetes_manifest.p", "warning"]],
  },
];
