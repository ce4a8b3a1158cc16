import { ingressTo, served } from "../support/balancers";
import type { Cases } from "../support/case";
import { PODS } from "../support/pods";

const LOCAL = { type: "LoadBalancer", externalTrafficPolicy: "Local" };
const NLB = { loadBalancerClass: "service.k8s.aws/nlb" };
const SERVICE = "kubernetes_manifest.service";
const PREFIX = "service.beta.kubernetes.io/aws-load-balancer-";

export const cases: Cases = [
  {
    what: "an NLB",
    mode: "strict",
    resources: { ...PODS, ...served("orders", { ...LOCAL, ...NLB }) },
    found: [[SERVICE, "error"]],
    says: "kubernetes_manifest.service has instance targets and externalTrafficPolicy: Local, and leads to pods with their own security groups (kubernetes_manifest.pods): in strict mode they are not reached. Use ip targets, or externalTrafficPolicy: Cluster.",
  },
  {
    what: "an ALB",
    mode: "strict",
    resources: {
      ...PODS,
      ...served("orders", { ...LOCAL, type: "NodePort" }),
      ...ingressTo("orders", { "alb.ingress.kubernetes.io/target-type": "instance" }),
    },
    found: [[SERVICE, "error"]],
  },
  {
    what: "the cloud provider's",
    mode: "strict",
    resources: { ...PODS, ...served("orders", LOCAL) },
    found: [[SERVICE, "warning"]],
  },
  {
    what: "in standard mode",
    mode: "standard",
    resources: { ...PODS, ...served("orders", { ...LOCAL, ...NLB }) },
  },
  {
    what: "targets that are pods",
    mode: "strict",
    resources: {
      ...PODS,
      ...served("orders", { ...LOCAL, ...NLB }, { [`${PREFIX}nlb-target-type`]: "ip" }),
    },
  },
  {
    what: "pods without groups of their own",
    mode: "strict",
    resources: { ...PODS, ...served("payments", { ...LOCAL, ...NLB }) },
  },
  {
    what: "a policy of the cluster",
    mode: "strict",
    resources: { ...PODS, ...served("orders", { ...LOCAL, ...NLB, externalTrafficPolicy: "Cluster" }) },
  },
  {
    what: "another class",
    mode: "strict",
    resources: { ...PODS, ...served("orders", { ...LOCAL, loadBalancerClass: "tailscale" }) },
  },
];
