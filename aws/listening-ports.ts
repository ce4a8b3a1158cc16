import { DATA_SERVICES, type DataServiceName } from "./data-services";

/** On which TCP ports a kind of data service takes connections. */
export interface Listening {
  /** The argument that names another port, where there is one. */
  readonly port?: string;
  /** The argument that names the engine, where that decides. */
  readonly engine?: string;
  /** The ports unless another one is named: by how the engine begins, `""` for any. */
  readonly byEngine: Readonly<Record<string, readonly number[]>>;
  /** Whether clients need one of the ports, or all of them. */
  readonly needs: "one" | "all";
}

const portsOf = (name: DataServiceName): readonly number[] => Object.values(DATA_SERVICES[name].ports);

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, Port */
const RDS = {
  "aurora-mysql": portsOf("aurora-mysql"),
  "aurora-postgresql": portsOf("aurora-postgres"),
  "custom-oracle": portsOf("rds-oracle"),
  "custom-sqlserver": portsOf("rds-sqlserver"),
  "db2-": [50000],
  mariadb: portsOf("rds-mariadb"),
  mysql: portsOf("mysql"),
  "oracle-": portsOf("rds-oracle"),
  postgres: portsOf("rds-postgres"),
  "sqlserver-": portsOf("rds-sqlserver"),
};
const CACHES = {
  memcached: portsOf("elasticache-memcached"),
  redis: portsOf("elasticache-redis"),
  valkey: portsOf("elasticache-valkey"),
};
const always = (name: DataServiceName) => ({ "": portsOf(name) });
const one = "one" as const;

/**
 * Arguments by which a data service is made from another one, whose port it has unless it names its own.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html, Port, and those of
 * CreateDBInstanceReadReplica, RestoreDBClusterFromSnapshot and Redshift's RestoreFromClusterSnapshot
 */
export const PORT_FROM_SOURCE: readonly string[] = [
  "replicate_source_db",
  "restore_to_point_in_time",
  "snapshot_identifier",
  "snapshot_arn",
  "global_replication_group_id",
];

/** By the type of the resource. The pages are those of `DATA_SERVICES`, where none stands here. */
export const LISTENING: Readonly<Record<string, Listening>> = {
  aws_db_instance: { port: "port", engine: "engine", byEngine: RDS, needs: one },
  aws_rds_cluster: { port: "port", engine: "engine", byEngine: RDS, needs: one },
  aws_docdb_cluster: { port: "port", byEngine: always("documentdb"), needs: one },
  aws_neptune_cluster: { port: "port", byEngine: always("neptune"), needs: one },
  aws_redshift_cluster: { port: "port", byEngine: always("redshift"), needs: one },
  aws_redshiftserverless_workgroup: { port: "port", byEngine: always("redshift"), needs: one },
  aws_elasticache_cluster: { port: "port", engine: "engine", byEngine: CACHES, needs: one },
  // The default engine is redis: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/elasticache_replication_group
  aws_elasticache_replication_group: { port: "port", byEngine: always("elasticache-redis"), needs: one },
  aws_elasticache_serverless_cache: {
    engine: "engine",
    byEngine: {
      redis: portsOf("elasticache-serverless-redis"),
      valkey: portsOf("elasticache-serverless-valkey"),
    },
    needs: "all",
  },
  // https://docs.aws.amazon.com/memorydb/latest/APIReference/API_CreateCluster.html
  aws_memorydb_cluster: { port: "port", byEngine: { "": [6379] }, needs: one },
  aws_efs_mount_target: { byEngine: always("efs"), needs: one },
  // From the internet, brokers take TLS, SASL/SCRAM and IAM on ports of their own.
  aws_msk_cluster: { byEngine: { "": [...portsOf("msk"), 9194, 9196, 9198] }, needs: one },
  // https://docs.aws.amazon.com/msk/latest/developerguide/serverless.html: IAM alone.
  aws_msk_serverless_cluster: { byEngine: { "": [9098] }, needs: one },
};
