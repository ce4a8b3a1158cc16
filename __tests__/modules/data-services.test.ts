import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DATA_SERVICES, type DataServiceName } from "../../aws/data-services";
import { DataServiceStack } from "../../modules/data-service";
import { dataService } from "../../modules/data-service/contract";
import { COMMITTED_MODULE_NAMES } from "../../modules/registry";
import { synthesize } from "../../synth/synthesize";
import { type Configuration, committedStack } from "../support/project";
import { described, FROM, moreTrafficRows, perRule, type RuleRow, rulesOf, TO, tags } from "../support/rules";

// AWS's default ports, written here a second time on purpose: the table must not come from the code under test.
// name, key, ports, AWS's page
type Row = [DataServiceName, string, Record<string, number>, string];

const SERVICES: Row[] = [
  ["mysql", "mysql", { mysql: 3306 }, "AmazonRDS/latest/APIReference/API_CreateDBInstance.html"],
  ["rds-mariadb", "mariadb", { mariadb: 3306 }, "AmazonRDS/latest/APIReference/API_CreateDBInstance.html"],
  ["rds-postgres", "postgres", { postgres: 5432 }, "AmazonRDS/latest/APIReference/API_CreateDBInstance.html"],
  ["rds-oracle", "oracle", { oracle: 1521 }, "AmazonRDS/latest/APIReference/API_CreateDBInstance.html"],
  [
    "rds-sqlserver",
    "sqlserver",
    { sqlserver: 1433 },
    "AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
  ],
  [
    "aurora-mysql",
    "aurora_mysql",
    { mysql: 3306 },
    "AmazonRDS/latest/AuroraUserGuide/Aurora.CreateInstance.html",
  ],
  [
    "aurora-postgres",
    "aurora_postgres",
    { postgres: 5432 },
    "AmazonRDS/latest/AuroraUserGuide/Aurora.CreateInstance.html",
  ],
  ["elasticache-redis", "redis", { redis: 6379 }, "AmazonElastiCache/latest/dg/set-up.html"],
  ["elasticache-valkey", "valkey", { valkey: 6379 }, "AmazonElastiCache/latest/dg/set-up.html"],
  [
    "elasticache-serverless-redis",
    "redis",
    { redis: 6379, redis_reader: 6380 },
    "AmazonElastiCache/latest/dg/set-up.html",
  ],
  [
    "elasticache-serverless-valkey",
    "valkey",
    { valkey: 6379, valkey_reader: 6380 },
    "AmazonElastiCache/latest/dg/set-up.html",
  ],
  ["elasticache-memcached", "memcached", { memcached: 11211 }, "AmazonElastiCache/latest/dg/set-up.html"],
  [
    "documentdb",
    "documentdb",
    { documentdb: 27017 },
    "documentdb/latest/developerguide/troubleshooting.connecting.html",
  ],
  ["neptune", "neptune", { neptune: 8182 }, "neptune/latest/apiref/API_CreateDBCluster.html"],
  ["opensearch", "opensearch", { https: 443 }, "opensearch-service/latest/developerguide/vpc.html"],
  [
    "msk",
    "msk",
    { plaintext: 9092, tls: 9094, sasl_scram: 9096, iam: 9098 },
    "msk/latest/developerguide/port-info.html",
  ],
  ["redshift", "redshift", { redshift: 5439 }, "redshift/latest/APIReference/API_CreateCluster.html"],
  ["efs", "efs", { nfs: 2049 }, "efs/latest/ug/network-access.html"],
];

/** Both halves of the access to a service, and both halves among its members. */
function expectedRules(key: string): Configuration["resource"] {
  const service = `aws_security_group.${key}.id`;
  const pods = "var.pods_security_group_id";
  const fromPods = "Ingress: Allow ${each.key} from the pods of ${var.name}.";
  const toService = `Egress: Allow \${each.key} to \${aws_security_group.${key}.name}.`;
  const among = (direction: string) => `${direction}: Allow \${each.key} among members.`;
  const rows: RuleRow[] = [
    [`${key}_ingress_from_pods`, service, pods, "tcp", FROM, TO, "var.ports", fromPods],
    [`pods_egress_to_${key}`, pods, service, "tcp", FROM, TO, "var.ports", toService],
    [`${key}_ingress_from_self`, service, service, "tcp", FROM, TO, "var.member_ports", among("Ingress")],
    [`${key}_egress_to_self`, service, service, "tcp", FROM, TO, "var.member_ports", among("Egress")],
    ...moreTrafficRows(key, service),
  ];
  return perRule(rows, "${var.name}-${var.service_name}");
}

/** What synthesis writes for modules of data services: the JSON and the document. */
function synthesized(names: readonly DataServiceName[]): Record<string, Written> {
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-"));
  try {
    synthesize(
      Object.fromEntries(names.map((name) => [name, (app, id) => new DataServiceStack(app, id, name)])),
      folder,
    );
    const read = (name: string, file: string) => readFileSync(join(folder, "stacks", name, file), "utf8");
    return Object.fromEntries(
      names.map((name) => [
        name,
        { json: JSON.parse(read(name, "cdk.tf.json")), document: read(name, "README.md") },
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Written {
  readonly json: Configuration;
  readonly document: string;
}

describe("a data service by its name", () => {
  const modules = synthesized(SERVICES.map(([name]) => name));

  test("is one of the table", () => {
    expect(Object.keys(DATA_SERVICES).sort()).toStrictEqual(SERVICES.map(([name]) => name).sort());
  });

  test.each(SERVICES)("%s has the ports that AWS documents, and cites the page", (name, key, ports, page) => {
    const { json, document } = modules[name] as Written;
    expect(json.variable["ports"]?.["default"]).toStrictEqual(ports);
    expect(document).toContain(`https://docs.aws.amazon.com/${page}`);
    expect(json.variable["service_name"]?.["default"]).toBe(key.replace("_", "-"));
    expect(Object.keys(json.output)).toStrictEqual([
      `${key}_security_group_arn`,
      `${key}_security_group_id`,
      `${key}_security_group_name`,
    ]);
  });

  test.each(SERVICES)("%s has both halves, and lets members talk only where it is told to", (name, key) => {
    const { json } = modules[name] as Written;
    expect(rulesOf(json)).toStrictEqual(expectedRules(key));
    expect(json.variable["member_ports"]?.["default"]).toStrictEqual({});
    expect(json.resource["aws_security_group"]).toStrictEqual({
      [key]: {
        name: "${local.group_name}",
        description: described(key, "Default security group for ${local.group_name}."),
        vpc_id: "${var.vpc_id}",
        tags: tags("${local.group_name}"),
      },
    });
  });

  test("has names that no two services of one workload share, unless they are of one kind", () => {
    const groups = SERVICES.map(([, key]) => key.replace("_", "-")).filter(
      (key) => !/^(redis|valkey)$/.test(key),
    );
    expect(new Set(groups).size).toBe(groups.length);
  });

  test("is committed as it is synthesized", () => {
    const names = COMMITTED_MODULE_NAMES.filter((name) => Object.hasOwn(DATA_SERVICES, name));
    expect(names).not.toHaveLength(0);
    for (const name of names) expect(committedStack(name)).toStrictEqual(modules[name]?.json);
  });
});

describe("tcp-service", () => {
  const json = committedStack("tcp-service");

  test("asks for the name and the ports of the service: it knows none", () => {
    expect(json.variable["ports"]).not.toHaveProperty("default");
    expect(json.variable["service_name"]).not.toHaveProperty("default");
  });

  test("has the rules of a data service", () => {
    expect(rulesOf(json)).toStrictEqual(expectedRules("service"));
  });
});

test("a contract by name is the one that a call takes", () => {
  expect(dataService("msk").contract.name).toBe("msk");
});
