import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Annotations, Aspects, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { RdsMysql } from "../../modules/rds-mysql";
import { rdsMysql } from "../../modules/rds-mysql/contract";
import { InputError } from "../../terraform/errors";
import { ModuleCall } from "../../terraform/module-call";
import { type StackFactory, type Stacks, synthesize } from "../../terraform/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { appWith, configurationOf, RDS_MYSQL_VALUES, TestRoot } from "../support/stacks";

const rdsMysqlStack: StackFactory = (app, id) => new RdsMysql(app, id);

/** The problems of an app that must not synthesize; nothing on disk may have changed. */
function problemsOf(stacks: Stacks): readonly string[] {
  const outdir = temporaryFolder();
  synthesize({ "rds-mysql": rdsMysqlStack }, outdir);
  const before = filesIn(outdir);
  try {
    synthesize(stacks, outdir);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(filesIn(outdir)).toStrictEqual(before);
    return (error as InputError).problems;
  }
  throw new Error("it was synthesized");
}

/** The problem of a root that is built by a function. */
const problemsOfRoot = (build: (root: TestRoot) => void) => problemsOf(appWith(build));

describe("a stack that cannot be synthesized is named with the cause, and nothing is written", () => {
  test("its constructor throws", () => {
    const broken: StackFactory = () => {
      throw new Error("no VPC for stage prod");
    };
    expect(problemsOf({ "rds-mysql": rdsMysqlStack, broken })).toStrictEqual([
      'stack "broken": no VPC for stage prod',
    ]);
  });

  test("it throws what is no error", () => {
    const broken: StackFactory = () => {
      throw "just text";
    };
    expect(problemsOf({ broken })).toStrictEqual(['stack "broken": just text']);
  });

  test("several at once, each with its own cause", () => {
    expect(
      problemsOf({
        "rds-mysql": rdsMysqlStack,
        one: (app, id) => new TestRoot(app, id, { backend: { type: "local", path: "/a" } }),
        two: (app, id) => new TestRoot(app, id, { dependsOn: ["three"] }),
        Four: rdsMysqlStack,
      }),
    ).toStrictEqual([
      expect.stringMatching(/^stack "one": backend.path: must be relative/),
      expect.stringMatching(/^stack "Four": the name of a stack .*\(given: "Four"\)$/),
      'stack "two": dependsOn: there is no stack "three" in the app; it has rds-mysql, one, two, Four',
    ]);
  });

  test("a validation of one of its constructs fails", () => {
    const [problem] = problemsOfRoot((root) =>
      root.node.addValidation({ validate: () => ["only two stages are allowed"] }),
    );
    expect(problem).toMatch(/^stack "root": [\s\S]*only two stages are allowed/);
  });

  test("it carries an error annotation, which the cdktf CLI would report after the files have changed", () => {
    expect(problemsOfRoot((root) => Annotations.of(root).addError("not in this region"))).toStrictEqual([
      'stack "root": root: not in this region',
    ]);
  });

  test("an app without stacks", () => {
    expect(problemsOf({})).toStrictEqual(["the app has no stacks"]);
  });

  test("a stack of plain cdktf, which would bring an absolute path and exact versions", () => {
    const plain = ((app: Construct, id: string) => new TerraformStack(app, id)) as unknown as StackFactory;
    expect(problemsOf({ plain })).toStrictEqual(['stack "plain": it must be a ModuleStack or a RootStack']);
  });

  test("a factory that ignores the name", () => {
    expect(problemsOf({ a: (app) => new RdsMysql(app, "b") })).toStrictEqual([
      'stack "a": its factory made "b": pass the given app and id on to the constructor',
    ]);
  });
});

describe("names of stacks are names of folders", () => {
  test.each(["a.b", "a b", "../a", "", "A", "1a", "a/b", "a*", "ä", "a".repeat(64)])(
    "%j is refused",
    (name) => {
      const [problem] = problemsOf({ [name]: rdsMysqlStack });
      expect(problem).toContain(`stack "${name}": the name of a stack is also the name of its folder`);
    },
  );

  test.each(["a", "rds-mysql", "team_a-aws", "a1", "a".repeat(63)])("%j is accepted", (name) => {
    const outdir = temporaryFolder();
    synthesize({ [name]: rdsMysqlStack }, outdir);
    expect(Object.keys(filesIn(outdir))).toContain(`stacks/${name}/cdk.tf.json`);
  });
});

describe("an address that stands twice is an error: cdktf would merge the two silently", () => {
  // Constructs in different scopes may have one logical id.
  const twice = (make: (scope: Construct) => { overrideLogicalId(id: string): void }) => (root: TestRoot) => {
    make(new Construct(root, "first")).overrideLogicalId("same");
    make(new Construct(root, "second")).overrideLogicalId("same");
  };

  test("a resource", () => {
    expect(problemsOfRoot(twice((scope) => new SecurityGroup(scope, "group", { name: "a" })))).toStrictEqual([
      'stack "root": aws_security_group.same is declared twice, by root/first/group and root/second/group',
    ]);
  });

  test("a module call", () => {
    const call = (scope: Construct) => new ModuleCall(scope, "call", rdsMysql, RDS_MYSQL_VALUES);
    expect(problemsOfRoot(twice(call))).toStrictEqual([
      'stack "root": module.same is declared twice, by root/first/call and root/second/call',
    ]);
  });

  test("all of them at once", () => {
    const problems = problemsOfRoot((root) => {
      twice((scope) => new SecurityGroup(scope, "group", { name: "a" }))(root);
      new SecurityGroup(new Construct(root, "third"), "group", { name: "a" }).overrideLogicalId("same");
    });
    expect(problems).toHaveLength(2);
  });

  test("a variable, a local, an output and a resource of one name are four addresses", () => {
    const configuration = configurationOf((root) => {
      root.variable("name", { type: "string", description: "A name.", example: "" });
      root.local("name", "a");
      root.output("name", "a");
      root.resource("name", "a");
    });
    expect(Object.keys(configuration.variable)).toStrictEqual(["name"]);
    expect(Object.keys(configuration.locals)).toStrictEqual(["name"]);
    expect(Object.keys(configuration.output)).toStrictEqual(["name"]);
    expect(Object.keys(configuration.resource["aws_security_group"] ?? {})).toStrictEqual(["name"]);
  });
});

describe("a root calls modules of its app", () => {
  test("two roots and two calls may share one module", () => {
    const outdir = temporaryFolder();
    const root =
      (calls: string[]): StackFactory =>
      (app, id) => {
        const stack = new TestRoot(app, id);
        for (const call of calls) stack.call(call);
        return stack;
      };
    synthesize(
      { "rds-mysql": rdsMysqlStack, "team-a": root(["orders", "payments"]), "team-b": root(["search"]) },
      outdir,
    );
    const written = filesIn(outdir);
    expect(Object.keys(JSON.parse(written["stacks/team-a/cdk.tf.json"] ?? "").module)).toStrictEqual([
      "orders",
      "payments",
    ]);
    expect(JSON.parse(written["stacks/team-b/cdk.tf.json"] ?? "").module.search.source).toBe("../rds-mysql");
  });

  test("its outputs are references", () => {
    const configuration = configurationOf((root) => {
      root.output("id", root.call("orders").output("pods_security_group_id"));
    });
    expect(configuration.output["id"]?.value).toBe("${module.orders.pods_security_group_id}");
  });

  test("a module that is not in the app is an error", () => {
    expect(
      problemsOf({
        root: (app, id) => {
          const root = new TestRoot(app, id);
          root.call("orders");
          return root;
        },
      }),
    ).toStrictEqual([
      'stack "root": module call "orders": there is no stack "rds-mysql" in the app; it has root',
    ]);
  });

  test("missing and unknown variables are named, all at once", () => {
    const values = { name: "orders", vpc: "vpc-0a1b2c3d", platform: undefined };
    const problems = problemsOfRoot(
      (root) => new ModuleCall(root, "orders", rdsMysql, values as unknown as typeof RDS_MYSQL_VALUES),
    );
    expect(problems).toStrictEqual([
      'stack "root": module call "orders": module "rds-mysql" needs a value for "vpc_id"',
      'stack "root": module call "orders": module "rds-mysql" needs a value for "platform"',
      'stack "root": module call "orders": module "rds-mysql" needs a value for "security_groups"',
      'stack "root": module call "orders": module "rds-mysql" has no variable "vpc"; it has name, vpc_id, platform, security_groups',
    ]);
  });

  test("an output that the module does not have is an error", () => {
    expect(problemsOfRoot((root) => root.call("orders").output("id"))).toStrictEqual([
      expect.stringMatching(
        /^stack "root": module "rds-mysql" has no output "id"; it has pods_security_group_arn, /,
      ),
    ]);
  });
});

describe("stacks depend on each other by name", () => {
  const root =
    (...dependsOn: string[]): StackFactory =>
    (app, id) =>
      new TestRoot(app, id, { dependsOn });

  test("also on one that is declared later; the manifest has the order", () => {
    const outdir = temporaryFolder();
    synthesize({ second: root("first"), first: root() }, outdir);
    const manifest = JSON.parse(filesIn(outdir)["manifest.json"] ?? "");
    expect(manifest.stacks.second.dependencies).toStrictEqual(["first"]);
    expect(manifest.stacks.first).toStrictEqual({
      annotations: [],
      constructPath: "first",
      dependencies: [],
      name: "first",
      stackMetadataPath: "stacks/first/metadata.json",
      synthesizedStackPath: "stacks/first/cdk.tf.json",
      workingDirectory: "stacks/first",
    });
  });

  test("a circle is an error", () => {
    expect(problemsOf({ a: root("b"), b: root("c"), c: root("b") })).toStrictEqual([
      'stack "b": dependsOn: it waits for itself',
      'stack "c": dependsOn: it waits for itself',
    ]);
  });

  test("a reference into another stack is refused: cdktf would add outputs with unreadable names", () => {
    let group: SecurityGroup | undefined;
    const problems = problemsOf({
      one: (app, id) => {
        const stack = new TestRoot(app, id);
        group = stack.resource("shared", "shared");
        return stack;
      },
      two: (app, id) => {
        const stack = new TestRoot(app, id);
        stack.output("id", group?.id);
        return stack;
      },
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^stack "two": .*it refers to aws_security_group.shared.id of stack "one": values go from stack to stack as outputs and variables/,
    );
  });
});

describe("what cdktf users expect still works", () => {
  test("aspects are invoked", () => {
    const configuration = configurationOf((root) => {
      root.resource("a", "a");
      Aspects.of(root).add({
        visit: (node) => {
          if (node instanceof SecurityGroup) node.tags = { Team: "shop" };
        },
      });
    });
    expect(configuration.resource["aws_security_group"]?.["a"]?.["tags"]).toStrictEqual({ Team: "shop" });
  });

  test("overrides of elements and of the stack are kept: moved, import and removed blocks are lists", () => {
    const configuration = configurationOf((root) => {
      root.resource("a", "a").addOverride("lifecycle.prevent_destroy", true);
      root.addOverride("moved", [{ from: "aws_security_group.old", to: "aws_security_group.a" }]);
    });
    expect(configuration.resource["aws_security_group"]?.["a"]).toStrictEqual({
      lifecycle: { prevent_destroy: true },
      name: "a",
    });
    expect(configuration).toMatchObject({
      moved: [{ from: "aws_security_group.old", to: "aws_security_group.a" }],
    });
  });

  test("a provider has its full source and a range, not the exact version of the bindings", () => {
    expect(configurationOf(() => {}).terraform["required_providers"]).toStrictEqual({
      aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" },
    });
  });

  test("names of variables, locals and outputs are Terraform's identifiers", () => {
    expect(
      problemsOfRoot((root) => root.variable("a b", { type: "string", description: "x", example: "" })),
    ).toStrictEqual([
      'stack "root": the name of a variable starts with a letter or "_" and holds letters, digits, "_" and "-" (given: "a b")',
    ]);
  });
});
