/** An AWS data service, as far as security groups are concerned. */
export interface DataService {
  /** Short and an identifier: addresses and the group's name hold it. */
  readonly key: string;
  /** How documents name it. */
  readonly title: string;
  /** What its group is attached to. */
  readonly attachTo: string;
  /** The TCP ports on which it takes connections unless it is told otherwise, by stable keys. */
  readonly ports: Readonly<Record<string, number>>;
  /** AWS's page that names the ports. */
  readonly source: string;
}

const RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html";
const AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.CreateInstance.html";
const ELASTICACHE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/set-up.html";

const DB_INSTANCE = "the DB instance (`vpc_security_group_ids`)";
const DB_CLUSTER = "the DB cluster (`vpc_security_group_ids`)";
const CACHE = "the replication group or cache cluster (`security_group_ids`)";
const SERVERLESS_CACHE = "the serverless cache (`security_group_ids`)";

/**
 * Data services by the names of their modules. None of them needs rules between its own members: AWS carries their
 * replication apart from the groups of their customers.
 */
export const DATA_SERVICES = {
  mysql: {
    key: "mysql",
    title: "MySQL on RDS",
    attachTo: DB_INSTANCE,
    ports: { mysql: 3306 },
    source: RDS,
  },
  "rds-mariadb": {
    key: "mariadb",
    title: "MariaDB on RDS",
    attachTo: DB_INSTANCE,
    ports: { mariadb: 3306 },
    source: RDS,
  },
  "rds-postgres": {
    key: "postgres",
    title: "PostgreSQL on RDS",
    attachTo: DB_INSTANCE,
    ports: { postgres: 5432 },
    source: RDS,
  },
  "rds-oracle": {
    key: "oracle",
    title: "Oracle on RDS",
    attachTo: DB_INSTANCE,
    ports: { oracle: 1521 },
    source: RDS,
  },
  "rds-sqlserver": {
    key: "sqlserver",
    title: "SQL Server on RDS",
    attachTo: DB_INSTANCE,
    ports: { sqlserver: 1433 },
    source: RDS,
  },
  "aurora-mysql": {
    key: "aurora_mysql",
    title: "Aurora MySQL",
    attachTo: DB_CLUSTER,
    ports: { mysql: 3306 },
    source: AURORA,
  },
  "aurora-postgres": {
    key: "aurora_postgres",
    title: "Aurora PostgreSQL",
    attachTo: DB_CLUSTER,
    ports: { postgres: 5432 },
    source: AURORA,
  },
  "elasticache-redis": {
    key: "redis",
    title: "Redis OSS on ElastiCache",
    attachTo: CACHE,
    ports: { redis: 6379 },
    source: ELASTICACHE,
  },
  "elasticache-valkey": {
    key: "valkey",
    title: "Valkey on ElastiCache",
    attachTo: CACHE,
    ports: { valkey: 6379 },
    source: ELASTICACHE,
  },
  // Clients connect to both ports, also those that do not read from replicas.
  "elasticache-serverless-redis": {
    key: "redis",
    title: "Redis OSS on ElastiCache Serverless",
    attachTo: SERVERLESS_CACHE,
    ports: { redis: 6379, redis_reader: 6380 },
    source: ELASTICACHE,
  },
  "elasticache-serverless-valkey": {
    key: "valkey",
    title: "Valkey on ElastiCache Serverless",
    attachTo: SERVERLESS_CACHE,
    ports: { valkey: 6379, valkey_reader: 6380 },
    source: ELASTICACHE,
  },
  "elasticache-memcached": {
    key: "memcached",
    title: "Memcached on ElastiCache",
    attachTo: "the cache cluster (`security_group_ids`)",
    ports: { memcached: 11211 },
    source: ELASTICACHE,
  },
  documentdb: {
    key: "documentdb",
    title: "DocumentDB",
    attachTo: "the cluster (`vpc_security_group_ids`)",
    ports: { documentdb: 27017 },
    source: "https://docs.aws.amazon.com/documentdb/latest/developerguide/troubleshooting.connecting.html",
  },
  neptune: {
    key: "neptune",
    title: "Neptune",
    attachTo: "the cluster (`vpc_security_group_ids`)",
    ports: { neptune: 8182 },
    source: "https://docs.aws.amazon.com/neptune/latest/apiref/API_CreateDBCluster.html",
  },
  opensearch: {
    key: "opensearch",
    title: "OpenSearch Service",
    attachTo: "the domain (`vpc_options.security_group_ids`)",
    ports: { https: 443 },
    source: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html",
  },
  // Without ZooKeeper's 2181 and 2182: clients use the brokers, and newer clusters have none.
  msk: {
    key: "msk",
    title: "Managed Streaming for Apache Kafka (MSK)",
    attachTo: "the brokers (`broker_node_group_info.security_groups`)",
    ports: { plaintext: 9092, tls: 9094, sasl_scram: 9096, iam: 9098 },
    source: "https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html",
  },
  redshift: {
    key: "redshift",
    title: "Redshift",
    attachTo: "the cluster (`vpc_security_group_ids`)",
    ports: { redshift: 5439 },
    source: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html",
  },
  efs: {
    key: "efs",
    title: "EFS",
    attachTo: "the mount targets (`security_groups`)",
    ports: { nfs: 2049 },
    source: "https://docs.aws.amazon.com/efs/latest/ug/network-access.html",
  },
} as const satisfies Readonly<Record<string, DataService>>;

export type DataServiceName = keyof typeof DATA_SERVICES;
