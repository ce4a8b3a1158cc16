import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { synthesize } from "../../compose/app";
import { Workload } from "../../compose/workload";
import { InputError } from "../../io/errors";
import { moduleStacks } from "../../modules";
import { podGroup } from "../../modules/pod-group/contract";
import { VpcCniStack } from "../../modules/vpc-cni";
import { ModuleCall } from "../../synth/module-call";
import { RootStack } from "../../synth/root-stack";
import type { StackClass, Stacks } from "../../synth/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { committedStack } from "../support/project";
import { ORDERS, Root, VALUES } from "../support/workloads";

/** A root as a user writes it. */
class Shop extends RootStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-west-1" });
    new Workload(this, "orders", {
      ...ORDERS,
      services: { events: { module: "msk" }, db: { module: "mysql" } },
    });
  }
}

function written(stacks: Stacks, options?: Parameters<typeof synthesize>[2]): Record<string, string> {
  const outdir = temporaryFolder();
  synthesize(stacks, outdir, options);
  return filesIn(outdir);
}

function problemsOf(stacks: Stacks): readonly string[] {
  try {
    written(stacks);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems;
  }
  throw new Error("it was synthesized");
}

const namesOf = (files: Record<string, string>) =>
  Object.keys(JSON.parse(files["manifest.json"] ?? "").stacks);
const parsed = (files: Record<string, string>, stack: string) =>
  JSON.parse(files[`stacks/${stack}/cdk.tf.json`] ?? "");

describe("an app of classes", () => {
  test("has the modules that its roots call, and no others", () => {
    const files = written({ shop: Shop });
    expect(namesOf(files)).toStrictEqual(["msk", "mysql", "pod-group", "shop"]);
    expect(parsed(files, "shop").module.orders.source).toBe("../pod-group");
  });

  test("has these modules as they are committed", () => {
    const files = written({ shop: Shop });
    for (const name of ["mysql", "pod-group"]) {
      expect(parsed(files, name)).toStrictEqual(committedStack(name));
    }
  });

  test("may have functions beside them, for what needs more than its name", () => {
    const files = written({
      shop: Shop,
      other: (app, id) => new Root(app, id, (root) => new Workload(root, "payments", ORDERS)),
      // biome-ignore lint/complexity/useArrowFunction: a function that could be called with new, and is not
      old: function (app, id) {
        return new Root(app, id, () => {});
      },
    });
    expect(namesOf(files)).toStrictEqual(["msk", "mysql", "old", "other", "pod-group", "shop"]);
  });

  test("says of a class that throws what it said", () => {
    class Broken extends RootStack {
      constructor(scope: Construct, id: string) {
        super(scope, id);
        throw new Error("no VPC for prod");
      }
    }
    expect(problemsOf({ broken: Broken })).toStrictEqual(['stack "broken": no VPC for prod']);
  });

  test("says of a class that makes no stack what to extend", () => {
    expect(problemsOf({ shop: class {} as unknown as StackClass })).toStrictEqual([
      'stack "shop": it must be a RootStack or a ModuleStack: extend RootStack instead of TerraformStack',
    ]);
  });
});

describe("a module that is called", () => {
  test("is the one that the app lists, where it lists it", () => {
    const files = written({ ...moduleStacks(["mysql"], { ruleForm: "classic" }), shop: Shop });
    expect(namesOf(files)).toStrictEqual(["msk", "mysql", "pod-group", "shop"]);
    expect(Object.keys(parsed(files, "mysql").resource)).toContain("aws_security_group_rule");
    expect(Object.keys(parsed(files, "msk").resource)).not.toContain("aws_security_group_rule");
  });

  test("has its rules in the form that the app says", () => {
    const files = written({ shop: Shop }, { ruleForm: "classic" });
    for (const name of ["msk", "mysql", "pod-group"]) {
      expect(Object.keys(parsed(files, name).resource)).toContain("aws_security_group_rule");
    }
  });

  test("and listed as something else is refused", () => {
    expect(problemsOf({ "pod-group": VpcCniStack, shop: Shop })).toStrictEqual([
      'stack "shop": module call "orders": stack "pod-group" is the module "vpc-cni", not "pod-group"',
    ]);
  });

  const calling =
    (contract: typeof podGroup, options = {}) =>
    (app: Construct, id: string) =>
      new Root(
        app,
        id,
        (root) => new ModuleCall(root, "orders", contract, { name: "orders", ...VALUES }, options),
      );

  test("under another name must be listed: nobody knows what that is", () => {
    expect(problemsOf({ shop: calling(podGroup, { stack: "pods" }) })).toStrictEqual([
      'stack "shop": module call "orders": there is no stack "pods" in the app; it has shop',
    ]);
  });

  test("by a contract of the user's own must be listed, whatever its name", () => {
    expect(problemsOf({ shop: calling({ ...podGroup }) })).toStrictEqual([
      'stack "shop": module call "orders": there is no stack "pod-group" in the app; it has shop',
    ]);
    expect(problemsOf({ shop: calling({ ...podGroup, name: "toString" }) })).toStrictEqual([
      'stack "shop": module call "orders": there is no stack "toString" in the app; it has shop',
    ]);
  });
});
