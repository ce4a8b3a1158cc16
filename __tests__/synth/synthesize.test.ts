import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Annotations, App, Aspects, Lazy, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { InputError } from "../../io/errors";
import { RdsMysqlStack } from "../../modules/rds-mysql";
import { rdsMysql } from "../../modules/rds-mysql/contract";
import { VpcCniStack } from "../../modules/vpc-cni";
import type { Backend } from "../../synth/backend";
import type { AnyModuleContract } from "../../synth/contract";
import { ModuleCall } from "../../synth/module-call";
import { ModuleStack } from "../../synth/module-stack";
import { type StackClass, type StackFactory, type Stacks, synthesize } from "../../synth/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { appWith, configurationOf, RDS_MYSQL_VALUES, TestRoot } from "../support/stacks";

const rdsMysqlStack: StackFactory = (app, id) => new RdsMysqlStack(app, id);

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

  const throwing = {
    get message(): string {
      throw new Error("no message");
    },
  };
  const nameless = Object.assign(Object.create(null), { code: 7 });
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;

  test.each([
    ["an object without a prototype", nameless, '{"code":7}'],
    ["a plain object", { code: 7 }, '{"code":7}'],
    ["an error without a message", new RangeError(), "RangeError"],
    [
      "an error whose message throws",
      Object.defineProperties(new Error(), Object.getOwnPropertyDescriptors(throwing)),
      "Error",
    ],
    ["nothing", undefined, "undefined"],
    ["an empty text", "", '""'],
    ["an object that holds itself", cyclic, "[object Object]"],
    ["an InputError that names no problem", new InputError([]), "InputError"],
  ])("it throws %s", (_what, thrown, words) => {
    const broken: StackFactory = () => {
      throw thrown;
    };
    expect(problemsOf({ "rds-mysql": rdsMysqlStack, broken })).toStrictEqual([`stack "broken": ${words}`]);
  });

  test.each([
    ["a BigInt", 1n, /BigInt/],
    ["an object that holds itself", cyclic, /call stack|circular/i],
  ])("an override of it is %s, which JSON cannot hold", (_what, value, words) => {
    const problems = problemsOfRoot((root) => root.addOverride("locals.x", value));
    expect(problems).toStrictEqual([expect.stringMatching(/^stack "root": /)]);
    expect(problems[0]).toMatch(words);
  });

  test("its document or its tests cannot be made", () => {
    const contract = (more: object) => ({ ...rdsMysql, ...more }) as unknown as typeof rdsMysql;
    class Module extends ModuleStack {
      constructor(app: Construct, id: string, more: object) {
        super(app, id, contract(more) as unknown as AnyModuleContract);
      }
    }
    expect(
      problemsOf({
        readme: (app, id) => new Module(app, id, { requirements: [{}] }),
        tests: (app, id) => new Module(app, id, { tests: { plan: {} } }),
      }),
    ).toStrictEqual([expect.stringMatching(/^stack "readme": /), expect.stringMatching(/^stack "tests": /)]);
  });

  test("cdktf's list of places where a token was made stays out of the message", () => {
    const value = Lazy.anyValue({
      produce: () => {
        throw new Error("not known");
      },
    });
    const problems = problemsOfRoot((root) => root.output("x", value));
    expect(problems.join("\n")).toMatch(/^stack "root": .*not known/);
    expect(problems.join("\n")).not.toMatch(/creation stack|\n| at \//);
  });

  test("its factory returns a promise", () => {
    const later = (async () => {
      throw new Error("too late");
    }) as unknown as StackFactory;
    expect(problemsOf({ later })).toStrictEqual([
      'stack "later": its factory returned a promise: await it before, and return the stack',
    ]);
  });

  test("its factory makes other stacks too", () => {
    expect(
      problemsOf({
        root: (app, id) => {
          new TestRoot(app, "beside");
          const root = new TestRoot(app, id);
          new TestRoot(root, "inside");
          return root;
        },
      }),
    ).toStrictEqual([
      'stack "root": creating it also created the stack "beside": give every stack its own entry',
      'stack "root": creating it also created the stack "root/inside": give every stack its own entry',
    ]);
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
    expect(problemsOf({ plain, class: TerraformStack as unknown as StackClass })).toContain(
      'stack "class": it must be a RootStack or a ModuleStack: extend RootStack instead of TerraformStack',
    );
    expect(problemsOf({ plain })).toStrictEqual([
      'stack "plain": it must be a RootStack or a ModuleStack: extend RootStack instead of TerraformStack',
    ]);
  });

  test.each<[string, unknown, string]>([
    ["a stack that is made already", new TestRoot(new App(), "made"), '"'],
    ["text", "rds-mysql", '(given: "rds-mysql")'],
    ["nothing", undefined, "(nothing was given)"],
  ])("%s instead of its class", (_what, stack, given) => {
    const [problem, ...others] = problemsOf({ stack: stack as StackFactory });
    expect(problem).toContain(
      'stack "stack": it must be a class that extends RootStack or ModuleStack, or a function that creates a stack',
    );
    expect(problem).toContain(given);
    expect(others).toStrictEqual([]);
  });

  test("a factory that ignores the name", () => {
    expect(problemsOf({ a: (app) => new RdsMysqlStack(app, "b") })).toStrictEqual([
      'stack "a": its factory created "b": pass the given app and id on to the constructor',
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

  test("a call leads to the stack of its own module, and to no other", () => {
    const caller =
      (stack: string): StackFactory =>
      (app, id) => {
        const root = new TestRoot(app, id);
        new ModuleCall(root, "orders", rdsMysql, RDS_MYSQL_VALUES, { stack });
        return root;
      };
    expect(
      problemsOf({
        "rds-mysql": rdsMysqlStack,
        cni: (app, id) => new VpcCniStack(app, id),
        other: caller("cni"),
        root: caller("other"),
        self: caller("self"),
        right: caller("rds-mysql"),
      }),
    ).toStrictEqual([
      'stack "other": module call "orders": stack "cni" is the module "vpc-cni", not "rds-mysql"',
      'stack "root": module call "orders": stack "other" is a root, and only modules can be called',
      'stack "self": module call "orders": it calls its own stack',
    ]);
  });

  test("missing and unknown variables are named, all at once", () => {
    const values = { name: "orders", vpc: "vpc-0a1b2c3d", vpc_id: undefined };
    const problems = problemsOfRoot(
      (root) => new ModuleCall(root, "orders", rdsMysql, values as unknown as typeof RDS_MYSQL_VALUES),
    );
    expect(problems).toStrictEqual([
      'stack "root": module call "orders": module "rds-mysql" needs a value for "vpc_id"',
      'stack "root": module call "orders": module "rds-mysql" needs a value for "security_groups"',
      'stack "root": module call "orders": module "rds-mysql" has no variable "vpc"; it has name, vpc_id, platform, tags, pods_group_name, pods_own_tags, own_tags, descriptions, security_groups',
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

  test("a module is an error: it is not deployed", () => {
    expect(problemsOf({ "rds-mysql": rdsMysqlStack, a: root("rds-mysql") })).toStrictEqual([
      'stack "a": dependsOn: stack "rds-mysql" is a module, and modules are not deployed by themselves',
    ]);
  });

  test("a circle is an error", () => {
    expect(problemsOf({ a: root("b"), b: root("c"), c: root("b") })).toStrictEqual([
      'stack "b": dependsOn: it depends on itself',
      'stack "c": dependsOn: it depends on itself',
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
      /^stack "two": .*it refers to aws_security_group.shared.id of stack "one": pass values between stacks as outputs and variables/,
    );
  });
});

describe("two roots with one state would destroy each other's resources", () => {
  const rootsWith = (...backends: Backend[]): Stacks =>
    Object.fromEntries(
      backends.map((backend, index): [string, StackFactory] => [
        `root-${index}`,
        (app, id) => new TestRoot(app, id, { backend }),
      ]),
    );
  const s3 = { type: "s3", bucket: "states", key: "a.tfstate", region: "eu-west-1" } as const;
  const cloud = { type: "cloud", organization: "my-org", workspaces: { name: "a" } } as const;

  test.each<[string, Backend, Backend, string]>([
    [
      "file, however it is written",
      { type: "local", path: "../../../terraform.tfstate" },
      { type: "local", path: "../x/../../../terraform.tfstate" },
      "the file ../terraform.tfstate",
    ],
    [
      "file, which is the other's default",
      { type: "local" },
      { type: "local", path: "../../../terraform.root-0.tfstate" },
      "the file ../terraform.root-0.tfstate",
    ],
    ["object in S3", s3, { ...s3, region: "eu-central-1" }, "s3://states/a.tfstate"],
    [
      "workspace",
      cloud,
      { ...cloud, hostname: "app.terraform.io", workspaces: { name: "a", project: "p" } },
      "workspace a of my-org at app.terraform.io",
    ],
  ])("the same %s", (_what, first, second, place) => {
    expect(problemsOf(rootsWith(first, second))).toStrictEqual([
      `stack "root-1": its state is also the state of stack "root-0": ${place}`,
    ]);
  });

  test("others are their own", () => {
    const backends: Backend[] = [
      { type: "local" },
      { type: "local" },
      s3,
      { ...s3, key: "b.tfstate" },
      { ...s3, bucket: "others" },
      cloud,
      { ...cloud, organization: "other-org" },
      { ...cloud, workspaces: { name: "b" } },
      { ...cloud, workspaces: { tags: ["a"] } },
      { ...cloud, workspaces: { tags: ["a"] } },
    ];
    expect(synthesize(rootsWith(...backends), temporaryFolder()).stacks).toHaveLength(backends.length);
  });
});

test("warnings of constructs and of aspects are part of the result", () => {
  const stacks = appWith((root) => {
    Annotations.of(root.resource("a", "a")).addWarning("soon gone");
    Annotations.of(root).addInfo("by the way");
    Aspects.of(root).add({
      visit: (node) => {
        if (node === root) Annotations.of(node).addWarning("no tags");
      },
    });
  });
  expect(synthesize(stacks, temporaryFolder()).warnings).toStrictEqual([
    'stack "root": root: no tags',
    'stack "root": root/a: soon gone',
  ]);
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
