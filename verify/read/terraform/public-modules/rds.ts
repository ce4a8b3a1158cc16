import { expression, type ModuleModel, outputs, type PublicModule, variables } from "./model";

/** https://registry.terraform.io/modules/terraform-aws-modules/rds/aws: versions 5 to 7. */
export const RDS: PublicModule = {
  name: "terraform-aws-modules/rds/aws",
  since: "5.0.0",
  newest: ["5.9.0", "6.13.1", "7.2.0"],
  unread: () => ({}),
  model,
};

/** Arguments that the module hands on as they are given. */
const HANDED_ON = [
  "identifier",
  "engine",
  "port",
  "vpc_security_group_ids",
  "replicate_source_db",
  "snapshot_identifier",
  "restore_to_point_in_time",
  "publicly_accessible",
  "network_type",
];

const OF_INSTANCE = variables({
  identifier: ["string", null],
  engine: ["string", null],
  port: ["string", null],
  vpc_security_group_ids: ["list(string)", []],
  replicate_source_db: ["string", null],
  snapshot_identifier: ["string", null],
  restore_to_point_in_time: ["any", null],
  publicly_accessible: ["bool", false],
  network_type: ["string", null],
});

function model(has: (version: string) => boolean): ModuleModel {
  const id = has("6.0.0") ? "db_instance_identifier" : "db_instance_id";
  const ofInstance = ["address", "arn", "endpoint", "engine", "port", "resource_id"].map(
    (name) => `db_instance_${name}`,
  );
  return {
    content: {
      variable: {
        ...OF_INSTANCE,
        ...variables({
          create_db_instance: ["bool", true],
          instance_use_identifier_prefix: ["bool", false],
          create_db_subnet_group: ["bool", false],
          db_subnet_group_name: ["string", null],
          db_subnet_group_use_name_prefix: ["bool", true],
          subnet_ids: ["list(string)", []],
        }),
      },
      module: {
        db_subnet_group: {
          source: "./modules/db_subnet_group",
          create: expression("var.create_db_subnet_group"),
          name: expression("coalesce(var.db_subnet_group_name, var.identifier)"),
          use_name_prefix: expression("var.db_subnet_group_use_name_prefix"),
          subnet_ids: expression("var.subnet_ids"),
        },
        db_instance: {
          source: "./modules/db_instance",
          create: expression("var.create_db_instance"),
          use_identifier_prefix: expression("var.instance_use_identifier_prefix"),
          db_subnet_group_name: expression(
            "var.create_db_subnet_group ? module.db_subnet_group.db_subnet_group_id : var.db_subnet_group_name",
          ),
          ...Object.fromEntries(HANDED_ON.map((name) => [name, expression(`var.${name}`)])),
        },
      },
      output: outputs({
        ...Object.fromEntries([...ofInstance, id].map((name) => [name, `module.db_instance.${name}`])),
        db_subnet_group_id: "module.db_subnet_group.db_subnet_group_id",
        db_subnet_group_arn: "module.db_subnet_group.db_subnet_group_arn",
      }),
    },
    calls: { db_subnet_group: SUBNET_GROUP, db_instance: instance(has) },
  };
}

const SUBNET_GROUP: ModuleModel = {
  content: {
    variable: variables({
      create: ["bool", true],
      name: ["string", ""],
      use_name_prefix: ["bool", true],
      subnet_ids: ["list(string)", []],
    }),
    resource: {
      aws_db_subnet_group: {
        this: {
          count: expression("var.create ? 1 : 0"),
          name: expression("var.use_name_prefix ? null : var.name"),
          name_prefix: expression('var.use_name_prefix ? "${var.name}-" : null'),
          subnet_ids: expression("var.subnet_ids"),
        },
      },
    },
    output: outputs({
      db_subnet_group_id: "try(aws_db_subnet_group.this[0].id, null)",
      db_subnet_group_arn: "try(aws_db_subnet_group.this[0].arn, null)",
    }),
  },
};

function instance(has: (version: string) => boolean): ModuleModel {
  const one = "aws_db_instance.this[0]";
  return {
    content: {
      variable: {
        ...OF_INSTANCE,
        ...variables({
          create: ["bool", true],
          use_identifier_prefix: ["bool", false],
          db_subnet_group_name: ["string", null],
        }),
      },
      resource: {
        aws_db_instance: {
          this: {
            count: expression("var.create ? 1 : 0"),
            identifier: expression("var.use_identifier_prefix ? null : var.identifier"),
            identifier_prefix: expression('var.use_identifier_prefix ? "${var.identifier}-" : null'),
            // A replica has the engine of its source.
            engine: expression("var.replicate_source_db != null ? null : var.engine"),
            port: expression("var.port"),
            vpc_security_group_ids: expression("var.vpc_security_group_ids"),
            db_subnet_group_name: expression("var.db_subnet_group_name"),
            replicate_source_db: expression("var.replicate_source_db"),
            snapshot_identifier: expression("var.snapshot_identifier"),
            publicly_accessible: expression("var.publicly_accessible"),
            network_type: expression("var.network_type"),
            dynamic: {
              restore_to_point_in_time: {
                for_each: expression(
                  "var.restore_to_point_in_time != null ? [var.restore_to_point_in_time] : []",
                ),
                content: {
                  source_db_instance_identifier: expression(
                    "try(restore_to_point_in_time.value.source_db_instance_identifier, null)",
                  ),
                },
              },
            },
          },
        },
      },
      output: outputs({
        ...Object.fromEntries(
          ["address", "arn", "endpoint", "engine", "port", "resource_id"].map((name) => [
            `db_instance_${name}`,
            `try(${one}.${name}, null)`,
          ]),
        ),
        ...(has("6.0.0")
          ? { db_instance_identifier: `try(${one}.identifier, null)` }
          : { db_instance_id: `try(${one}.id, null)` }),
      }),
    },
  };
}
