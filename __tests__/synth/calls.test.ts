import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { InputError } from "../../io/errors";
import { EksClusterRoleStack } from "../../modules/eks-cluster-role";
import { eksClusterRole } from "../../modules/eks-cluster-role/contract";
import { RdsMysqlStack } from "../../modules/rds-mysql";
import { rdsMysql } from "../../modules/rds-mysql/contract";
import { ModuleCall } from "../../synth/module-call";
import { synthesize } from "../../synth/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { configurationOf, RDS_MYSQL_VALUES, TestRoot } from "../support/stacks";

function problemsOf(build: (root: TestRoot) => void): readonly string[] {
  try {
    configurationOf(build);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems;
  }
  throw new Error("it was synthesized");
}

describe("the options of a module call", () => {
  test("`stack` names the module's stack where it is not the contract's", () => {
    const outdir = temporaryFolder();
    synthesize(
      {
        "mysql-groups": (app, id) => new RdsMysqlStack(app, id),
        root: (app, id) => {
          const root = new TestRoot(app, id);
          new ModuleCall(root, "orders", rdsMysql, RDS_MYSQL_VALUES, { stack: "mysql-groups" });
          return root;
        },
      },
      outdir,
    );
    const written = JSON.parse(filesIn(outdir)["stacks/root/cdk.tf.json"] ?? "");
    expect(written.module.orders.source).toBe("../mysql-groups");
  });

  test("`dependsOn` takes resources and other calls", () => {
    const { module } = configurationOf((root) => {
      const group = root.resource("group", "group");
      const first = root.call("first");
      new ModuleCall(root, "second", rdsMysql, RDS_MYSQL_VALUES, { dependsOn: [group, first] });
    });
    expect(module["second"]?.["depends_on"]).toStrictEqual(["aws_security_group.group", "module.first"]);
  });

  test("`providers` passes another configuration on", () => {
    const { module, provider } = configurationOf((root) => {
      const other = new AwsProvider(root, "other", { alias: "other", region: "us-east-1" });
      new ModuleCall(root, "orders", rdsMysql, RDS_MYSQL_VALUES, { providers: [other] });
    });
    expect(module["orders"]?.["providers"]).toStrictEqual({ aws: "aws.other" });
    expect(provider["aws"]).toHaveLength(2);
  });
});

describe("the address of a module call is its id", () => {
  test("below another construct too", () => {
    const configuration = configurationOf((root) => {
      const call = new ModuleCall(new Construct(root, "shop"), "orders", rdsMysql, RDS_MYSQL_VALUES);
      root.output("id", call.output("pods_security_group_id"));
    });
    expect(Object.keys(configuration.module)).toStrictEqual(["orders"]);
    expect(configuration.output["id"]?.value).toBe("${module.orders.pods_security_group_id}");
  });

  test.each(["a.b", "1a", "a b", "a/b", "ä", "__proto__"])("%j is refused", (id) => {
    expect(problemsOf((root) => root.call(id))).toStrictEqual([
      expect.stringContaining('stack "root": the id of a module call starts with a letter or "_"'),
    ]);
  });
});

describe("the values of a module call", () => {
  const call = (values: unknown) => (root: TestRoot) =>
    new ModuleCall(root, "orders", rdsMysql, values as typeof RDS_MYSQL_VALUES);

  test("what is no plain data is named with its path, beside what is missing", () => {
    const { vpc_id, ...values } = RDS_MYSQL_VALUES;
    const problems = problemsOf(call({ ...values, name: 10n, security_groups: { k8s_worker: Number.NaN } }));
    expect(problems).toStrictEqual([
      'stack "root": module call "orders": module "rds-mysql" needs a value for "vpc_id"',
      expect.stringMatching(/^stack "root": module call "orders": values.name: must be .* BigInt 10\)$/),
      expect.stringMatching(/: values.security_groups.k8s_worker: must be .*\(given: NaN\)$/),
    ]);
  });

  test("null is no value, unless it is the variable's default", () => {
    expect(problemsOf(call({ ...RDS_MYSQL_VALUES, name: null }))).toStrictEqual([
      'stack "root": module call "orders": module "rds-mysql" needs a value for "name"',
    ]);
    const nullable = {
      ...eksClusterRole,
      variables: { cluster_role_name: { ...eksClusterRole.variables.cluster_role_name, default: null } },
    };
    const outdir = temporaryFolder();
    synthesize(
      {
        "eks-cluster-role": (app, id) => new EksClusterRoleStack(app, id),
        root: (app, id) => {
          const root = new TestRoot(app, id);
          new ModuleCall(root, "role", nullable as unknown as typeof eksClusterRole, {
            cluster_role_name: null as unknown as string,
          });
          return root;
        },
      },
      outdir,
    );
    const written = JSON.parse(filesIn(outdir)["stacks/root/cdk.tf.json"] ?? "");
    expect(written.module.role.cluster_role_name).toBeNull();
  });

  test("what every object has is no variable and no output", () => {
    expect(problemsOf(call({ ...RDS_MYSQL_VALUES, toString: "x" }))).toStrictEqual([
      expect.stringContaining('module "rds-mysql" has no variable "toString"; it has name, '),
    ]);
    expect(problemsOf((root) => root.call("orders").output("constructor"))).toStrictEqual([
      expect.stringContaining('module "rds-mysql" has no output "constructor"'),
    ]);
  });

  test("no object at all", () => {
    expect(problemsOf(call(null))).toStrictEqual([
      'stack "root": module call "orders": its values must be an object',
    ]);
  });
});
