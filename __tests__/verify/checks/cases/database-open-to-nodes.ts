import type { Cases } from "../support/case";
import { PODS } from "../support/pods";
import { A, B, GROUPS, INGRESS, PRIVATE, rule, WORKER } from "../support/rules";

const DATABASE = {
  ...PODS,
  "aws_db_instance.d": { vpc_security_group_ids: [B] },
  "aws_security_group_rule.pods": rule("ingress", B, A, "tcp", 3306),
};

export const cases: Cases = [
  {
    what: "open to nodes, ingress, cluster and addresses",
    resources: {
      ...DATABASE,
      "aws_security_group_rule.n": rule("ingress", B, WORKER, "tcp", 3306),
      "aws_security_group_rule.i": rule("ingress", B, INGRESS, "tcp", 3306),
      "aws_security_group_rule.c": rule(
        "ingress",
        B,
        "${aws_eks_cluster.x.vpc_config[0].cluster_security_group_id}",
      ),
      "aws_security_group_rule.r": rule("ingress", B, PRIVATE, "tcp", 3306),
    },
    found: ["c", "i", "n", "r"].map((name) => [`aws_security_group_rule.${name}`, "warning"] as const),
    says: "aws_security_group_rule.c allows TCP 443 from aws_eks_cluster.x.vpc_config[0].cluster_security_group_id on the database group aws_security_group.b, although the pods that use it have their own group (aws_security_group_rule.pods). If nothing else needs that, remove the rule.",
  },
  {
    what: "open to pods and nodes by one block",
    resources: {
      ...PODS,
      "aws_security_group.b": {
        ingress: [{ protocol: "tcp", from_port: 3306, to_port: 3306, security_groups: [A, WORKER] }],
      },
      "aws_db_instance.d": { vpc_security_group_ids: [B] },
    },
    found: [["aws_security_group.b.ingress[0]", "warning"]],
    says: 'aws_security_group.b.ingress[0] allows TCP 3306 from var.security_groups["k8s_worker"] on the database group aws_security_group.b, although the pods that use it have their own group (aws_security_group.b.ingress[0]). If nothing else needs that, remove var.security_groups["k8s_worker"] from it and keep its other peers.',
  },
  {
    what: "open to the pods and another group",
    resources: { ...DATABASE, "aws_security_group_rule.x": rule("ingress", B, "sg-1") },
  },
  {
    what: "open to the pods and a host to log in",
    resources: {
      ...DATABASE,
      "aws_security_group.bastion": {},
      "aws_instance.bastion": { vpc_security_group_ids: ["${aws_security_group.bastion.id}"] },
      "aws_security_group_rule.x": rule("ingress", B, "${aws_security_group.bastion.id}", "tcp", 3306),
    },
  },
  {
    what: "another data service, open to nodes",
    resources: {
      ...PODS,
      "aws_msk_cluster.m": { broker_node_group_info: [{ security_groups: [B] }] },
      "aws_security_group_rule.pods": rule("ingress", B, A, "tcp", 9098),
      "aws_security_group_rule.n": rule("ingress", B, WORKER, "tcp", 9098),
    },
    found: [["aws_security_group_rule.n", "warning"]],
  },
  {
    what: "open to nodes, without pods",
    resources: {
      ...GROUPS,
      "aws_db_instance.d": { vpc_security_group_ids: [B] },
      "aws_security_group_rule.n": rule("ingress", B, WORKER),
    },
  },
  {
    what: "open to nodes, as a flow says",
    resources: { ...DATABASE, "aws_security_group_rule.n": rule("ingress", B, WORKER, "tcp", 3306) },
    flows: {
      backup: {
        from: { name: "nodes", groups: ['var.security_groups["k8s_worker"]'] },
        to: { name: "database", groups: ["aws_security_group.b"] },
        traffic: [{ protocol: "tcp", ports: { from: 3306, to: 3306 } }],
      },
    },
  },
];
