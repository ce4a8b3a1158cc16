import type { Cases } from "../support/case";
import { HAS_PODS } from "../support/pods";
import { A, B, GROUPS, PRIVATE, rule } from "../support/rules";

const DB = "aws_db_instance.d";
const LEFT = { ...HAS_PODS, [DB]: { engine: "postgres" } };

export const cases: Cases = [
  {
    what: "a database, beside pods",
    resources: LEFT,
    found: [[DB, "warning"]],
    says: "aws_db_instance.d names no security group, so it gets the default group of its VPC, which allows only its own members: connections from nodes and pods time out. Set its own group in vpc_security_group_ids, and allow the pod security group there.",
  },
  {
    what: "a mount target, beside nodes",
    resources: {
      "aws_eks_cluster.c": { name: "shop" },
      "aws_eks_node_group.n": { cluster_name: "shop" },
      "aws_efs_mount_target.m": { subnet_id: "subnet-1", security_groups: null },
    },
    found: [["aws_efs_mount_target.m", "warning"]],
  },
  {
    what: "a cache, without anybody who uses it",
    resources: { "aws_elasticache_replication_group.r": {} },
    found: [["aws_elasticache_replication_group.r", "information"]],
  },
  { what: "a database with a group", resources: { ...GROUPS, [DB]: { vpc_security_group_ids: [A, B] } } },
  {
    what: "a database whose groups are not known",
    resources: { ...LEFT, [DB]: { vpc_security_group_ids: "${var.groups}" } },
  },
  {
    what: "a replica",
    resources: { ...LEFT, [DB]: { replicate_source_db: "${aws_db_instance.first.identifier}" } },
  },
  {
    what: "a database on a default group that is opened",
    resources: {
      ...LEFT,
      "aws_default_security_group.g": {
        ingress: [{ protocol: "tcp", from_port: 5432, to_port: 5432, ...PRIVATE }],
      },
    },
  },
  { what: "a database of a state", resources: LEFT, kind: "state" },
  {
    what: "that a rule opens by its data source",
    resources: {
      "aws_db_instance.d": { engine: "mysql" },
      "data.aws_security_group.default": { name: "default" },
      "aws_security_group_rule.in": rule(
        "ingress",
        "${data.aws_security_group.default.id}",
        PRIVATE,
        "tcp",
        3306,
      ),
    },
  },
  {
    what: "that a rule opens by the attribute of its VPC",
    resources: {
      "aws_db_instance.d": { engine: "mysql" },
      "aws_vpc.v": {},
      "aws_security_group_rule.in": rule(
        "ingress",
        "${aws_vpc.v.default_security_group_id}",
        PRIVATE,
        "tcp",
        3306,
      ),
    },
  },
];
