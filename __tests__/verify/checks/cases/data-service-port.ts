import type { Cases } from "../support/case";
import { A, B, GROUPS, PRIVATE, rule, WORKER } from "../support/rules";

const DB = "aws_db_instance.d";
const opened = (port: number, to = port) => ({
  ...GROUPS,
  "aws_security_group_rule.in": rule("ingress", B, A, "tcp", port, to),
});
const db = (values: object) => ({ [DB]: { vpc_security_group_ids: [B], ...values } });
const cache = { engine: "valkey", security_group_ids: [B] };

export const cases: Cases = [
  {
    what: "of another engine",
    resources: { ...opened(3306), ...db({ engine: "postgres" }) },
    found: [[DB, "error"]],
    says: "aws_db_instance.d listens on TCP 5432 (engine postgres), but no ingress rule of its groups allows TCP 5432: aws_security_group_rule.in is for TCP 3306. Connections time out. Change these rules, and the egress rules to it, to TCP 5432, or set the port of aws_db_instance.d.",
  },
  {
    what: "of the engine, though the database has another",
    resources: { ...opened(3306), ...db({ engine: "mysql", port: 3307 }) },
    found: [[DB, "error"]],
  },
  {
    what: "of PostgreSQL, for Redis",
    resources: { ...opened(5432), "aws_elasticache_replication_group.r": { security_group_ids: [B] } },
    found: [["aws_elasticache_replication_group.r", "error"]],
  },
  {
    what: "of MySQL, for SQL Server, by addresses",
    resources: {
      ...GROUPS,
      ...db({ engine: "sqlserver-se" }),
      "aws_security_group_rule.in": rule("ingress", B, PRIVATE, "tcp", 3306),
    },
    found: [[DB, "error"]],
  },
  {
    what: "of a serverless cache, without the one for reading",
    resources: { ...opened(6379), "aws_elasticache_serverless_cache.s": cache },
    found: [["aws_elasticache_serverless_cache.s", "warning"]],
  },
  {
    what: "of a serverless cache, both",
    resources: { ...opened(6379, 6380), "aws_elasticache_serverless_cache.s": cache },
  },
  {
    what: "one of Kafka's",
    resources: {
      ...opened(9098),
      "aws_msk_cluster.m": { broker_node_group_info: [{ security_groups: [B] }] },
    },
  },
  { what: "the engine's", resources: { ...opened(5432), ...db({ engine: "postgres" }) } },
  {
    what: "another that is named",
    resources: { ...opened(5433), ...db({ engine: "postgres", port: "5433" }) },
  },
  { what: "of a replica, whose engine is the source's", resources: { ...opened(3306), ...db({}) } },
  {
    what: "that is not known",
    resources: { ...opened(3306), ...db({ engine: "postgres", port: "${var.port}" }) },
  },
  {
    what: "of rules that are not known",
    resources: {
      ...GROUPS,
      ...db({ engine: "postgres" }),
      "aws_security_group_rule.in": { ...rule("ingress", B, WORKER), from_port: "${var.port}" },
    },
  },
  { what: "without any rules", resources: { ...GROUPS, ...db({ engine: "postgres" }) } },
  {
    what: "of a group whose rules are elsewhere",
    resources: { ...opened(3306), ...db({ engine: "postgres", vpc_security_group_ids: [B, "sg-1"] }) },
  },
  ...[
    { replicate_source_db: "arn:aws:rds:eu-west-1:111122223333:db:orders" },
    { snapshot_identifier: "orders-2026" },
    {
      restore_to_point_in_time: [
        { source_db_instance_identifier: "orders", use_latest_restorable_time: true },
      ],
    },
  ].map((from) => ({
    what: `of the source of a database, by ${Object.keys(from)}`,
    resources: { ...opened(13306), ...db({ engine: "mysql", ...from }) },
  })),
  {
    what: "of another engine, though the database, a restored one, names its port",
    resources: { ...opened(13306), ...db({ engine: "mysql", snapshot_identifier: "s", port: 3306 }) },
    found: [[DB, "error"]],
  },
  {
    what: "of brokers that are open to the public",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.in": rule("ingress", B, { cidr_blocks: ["203.0.113.0/24"] }, "tcp", 9198),
      "aws_msk_cluster.k": { broker_node_group_info: [{ security_groups: [B] }] },
    },
  },
];
