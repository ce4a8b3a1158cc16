import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { LocalBackend, S3Backend } from "cdktf";
import { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { InputError } from "../../io/errors";
import { RdsMysqlStack } from "../../modules/rds-mysql";
import type { RootStackOptions } from "../../synth/root-stack";
import { type StackFactory, type Stacks, synthesize } from "../../synth/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { appWith, configurationOf, TestRoot } from "../support/stacks";

function problemsOf(stacks: Stacks): readonly string[] {
  try {
    synthesize(stacks, temporaryFolder());
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems;
  }
  throw new Error("it was synthesized");
}

const S3 = { bucket: "states", key: "a", region: "eu-west-1" };

describe("the options of a root", () => {
  const problemsOfOptions = (options: unknown) => problemsOf(appWith(() => {}, options as RootStackOptions));

  test.each<[string, unknown, string[]]>([
    [
      "an unknown one",
      { backed: {} },
      ['options: does not know "backed"; accepted: backend, dependsOn, externalCni (given: '],
    ],
    ["null", null, ["options: must be an object with backend, dependsOn, externalCni (given: null)"]],
    [
      "a name alone",
      { dependsOn: "first" },
      ['dependsOn: must be a list of names of stacks (given: "first")'],
    ],
    ["no name", { dependsOn: ["rds-mysql", 5] }, ["dependsOn.1: must be the name of a stack (given: 5)"]],
    [
      "everything wrong at once",
      { backend: { type: "s3" }, dependsOn: [null], backed: 1 },
      [
        "backend.bucket: must be a string",
        "backend.key: must be a string",
        "backend.region: must be a string",
        "dependsOn.0: must be the name of a stack",
        'options: does not know "backed"',
      ],
    ],
  ])("%s is refused", (_what, options, messages) => {
    expect(problemsOfOptions(options)).toStrictEqual(
      messages.map((message) => expect.stringContaining(`stack "root": ${message}`)),
    );
  });

  test("a stack where a name belongs is refused", () => {
    const stacks: Stacks = {
      "rds-mysql": (app, id) => new RdsMysqlStack(app, id),
      root: (app, id) => {
        const module = app.node.tryFindChild("rds-mysql");
        return new TestRoot(app, id, { dependsOn: [module as unknown as string] });
      },
    };
    expect(problemsOf(stacks)).toStrictEqual([
      expect.stringContaining('stack "root": dependsOn.0: must be the name of a stack'),
    ]);
  });
});

describe("cdktf's addDependency", () => {
  test("is honoured, once", () => {
    const outdir = temporaryFolder();
    const roots: Record<string, TestRoot> = {};
    const root =
      (...after: string[]): StackFactory =>
      (app, id) => {
        const stack = new TestRoot(app, id);
        roots[id] = stack;
        for (const name of [...after, ...after]) stack.addDependency(roots[name] as TestRoot);
        return stack;
      };
    synthesize({ first: root(), second: root("first") }, outdir);
    const manifest = JSON.parse(filesIn(outdir)["manifest.json"] ?? "");
    expect(manifest.stacks.second.dependencies).toStrictEqual(["first"]);
  });

  test("is refused on a module, which is not deployed", () => {
    expect(
      problemsOf({
        module: (app, id) => {
          const module = new RdsMysqlStack(app, id);
          module.addDependency(module);
          return module;
        },
      }),
    ).toStrictEqual([
      expect.stringContaining('stack "module": a module is not deployed and cannot depend on'),
    ]);
  });
});

describe("versions of providers", () => {
  const aws = (override?: unknown) =>
    configurationOf((root) => {
      if (override !== undefined) root.addOverride("terraform.required_providers.aws.version", override);
    }).terraform["required_providers"];

  test("a user's override wins", () => {
    expect(aws("~> 6.25")).toStrictEqual({ aws: { source: "hashicorp/aws", version: "~> 6.25" } });
  });

  test("and stays in its stack", () => {
    aws("~> 6.25");
    expect(aws()).toStrictEqual({ aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" } });
  });
});

describe("where no provider and no backend may be", () => {
  const moduleWith = (add: (module: RdsMysqlStack) => void) =>
    problemsOf({
      module: (app, id) => {
        const module = new RdsMysqlStack(app, id);
        add(module);
        return module;
      },
    });

  test("a provider in a module", () => {
    expect(moduleWith((module) => new AwsProvider(module, "aws", { alias: "x" }))).toStrictEqual([
      'stack "module": a module configures no provider, but it has provider.aws.x: that is for the root',
    ]);
  });

  test.each<[string, (module: RdsMysqlStack) => void]>([
    ["a backend of cdktf", (module) => new S3Backend(module, S3)],
    ["a backend as an override", (module) => module.addOverride("terraform.backend.s3", S3)],
    ["a cloud block", (module) => module.addOverride("terraform.cloud", { organization: "a" })],
  ])("%s in a module", (_what, add) => {
    expect(moduleWith(add)).toStrictEqual([
      'stack "module": a module has no backend: that is for the root that calls it',
    ]);
  });

  test("a backend of cdktf in a root, beside other problems", () => {
    const problems = problemsOf(
      appWith((root) => {
        new LocalBackend(root, {});
        for (const scope of ["one", "two"]) {
          new SecurityGroup(new Construct(root, scope), "group", {}).overrideLogicalId("same");
        }
      }),
    );
    expect(problems).toStrictEqual([
      expect.stringContaining("aws_security_group.same is declared twice"),
      'stack "root": root/backend is a backend of cdktf: use the option "backend" of RootStack instead',
    ]);
  });
});

describe("names inside a stack", () => {
  test.each(["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"])(
    "a variable cannot be named %s",
    (name) => {
      expect(
        problemsOf(appWith((root) => root.variable(name, { type: "string", description: "d", example: "" }))),
      ).toStrictEqual([
        expect.stringContaining(`stack "root": a variable cannot be named "${name}": Terraform reserves`),
      ]);
    },
  );

  test("an output cannot be named __proto__", () => {
    expect(problemsOf(appWith((root) => root.output("__proto__", 1)))).toStrictEqual([
      expect.stringContaining("the name of a output"),
    ]);
  });

  test("constructs may be named as a user likes", () => {
    const { resource } = configurationOf((root) => {
      root.local("a", 1);
      root.output("a", 1);
      root.variable("a", { type: "string", description: "d", example: "" });
      for (const id of ["variables", "locals", "outputs"]) root.resource(id, id);
    });
    expect(Object.keys(resource["aws_security_group"] ?? {})).toStrictEqual([
      "locals",
      "outputs",
      "variables",
    ]);
  });
});
