import { ingressTo, served } from "../support/balancers";
import type { Cases } from "../support/case";
import { labelled, podPolicy } from "../support/pods";
import { A, B } from "../support/rules";

const INLINE = { ingress: [{ protocol: "tcp", from_port: 80, to_port: 80, cidr_blocks: ["10.0.0.0/8"] }] };
const TAG = { tags: { "kubernetes.io/cluster/main": "owned" } };
const BEHIND = { ...served("orders"), ...ingressTo("orders") };
const POLICY = { "kubernetes_manifest.p": podPolicy(A) };
const ALB = "alb.ingress.kubernetes.io/";

export const cases: Cases = [
  {
    what: "blocks in the only group of the pods",
    resources: { "aws_security_group.a": INLINE, ...POLICY, ...BEHIND },
    found: [["aws_security_group.a", "error"]],
    says: "aws_security_group.a owns all of its ingress rules, and the AWS Load Balancer Controller adds those of Ingress shop/front to it: each apply removes them. Move its ingress blocks to separate resources, or add ingress to ignore_changes.",
  },
  {
    what: "an empty list of blocks",
    resources: { "aws_security_group.a": { ingress: [] }, ...POLICY, ...BEHIND },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "stated groups whose rules the controller manages, and an NLB",
    resources: {
      "aws_security_group.a": INLINE,
      ...POLICY,
      ...served(
        "orders",
        { loadBalancerClass: "service.k8s.aws/nlb" },
        {
          "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
          "service.beta.kubernetes.io/aws-load-balancer-security-groups": "sg-0123456789abcdef0",
          "service.beta.kubernetes.io/aws-load-balancer-manage-backend-security-group-rules": "true",
        },
      ),
    },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "the tagged one of the groups of two policies",
    resources: {
      "aws_security_group.a": { ...INLINE, ...TAG },
      "aws_security_group.b": {},
      ...POLICY,
      "kubernetes_manifest.q": labelled("orders", [B], { name: "second" }),
      ...BEHIND,
    },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "the other one of the groups of two policies",
    resources: {
      "aws_security_group.a": INLINE,
      "aws_security_group.b": TAG,
      ...POLICY,
      "kubernetes_manifest.q": labelled("orders", [B], { name: "second" }),
      ...BEHIND,
    },
  },
  {
    what: "separate rules",
    resources: {
      "aws_security_group.a": {},
      "aws_vpc_security_group_ingress_rule.r": {
        security_group_id: A,
        cidr_ipv4: "10.0.0.0/8",
        ip_protocol: "tcp",
        from_port: 80,
        to_port: 80,
      },
      ...POLICY,
      ...BEHIND,
    },
  },
  {
    what: "blocks of egress alone",
    resources: {
      "aws_security_group.a": {
        egress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }],
      },
      ...POLICY,
      ...BEHIND,
    },
  },
  {
    what: "stated groups, whose rule is the user's",
    resources: {
      "aws_security_group.a": INLINE,
      ...POLICY,
      ...served("orders"),
      ...ingressTo("orders", { [`${ALB}security-groups`]: "sg-0123456789abcdef0" }),
    },
  },
  {
    what: "instance targets: the rule is at the nodes",
    resources: {
      "aws_security_group.a": INLINE,
      ...POLICY,
      ...served("orders"),
      ...ingressTo("orders", { [`${ALB}target-type`]: "instance" }),
    },
  },
  {
    what: "pods that nothing leads to",
    resources: { "aws_security_group.a": INLINE, ...POLICY, ...served("orders"), ...ingressTo("payments") },
  },
  {
    what: "a state, which repeats rules as attributes",
    kind: "state",
    resources: { "aws_security_group.a": INLINE, ...POLICY, ...BEHIND },
  },
];
