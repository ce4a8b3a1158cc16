import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { render, synthesize } from "../../compose/app";
import { expectCommitted } from "../../compose/committed";
import { Workload } from "../../compose/workload";
import { InputError } from "../../io/errors";
import { podGroup } from "../../modules/pod-group/contract";
import { ModuleCall } from "../../synth/module-call";
import { RootStack } from "../../synth/root-stack";
import type { Stacks } from "../../synth/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { ORDERS, Root, VALUES } from "../support/workloads";

const shop = (port: number): Stacks => ({
  shop: (app, id) =>
    new Root(app, id, (root) => new Workload(root, "orders", { ...ORDERS, probePorts: { http: port } })),
});

describe("render", () => {
  test("gives what synthesize writes, and touches no file", () => {
    const folder = temporaryFolder();
    synthesize(shop(8080), folder);
    const written = filesIn(folder);
    const before = process.cwd();
    process.chdir(temporaryFolder());
    try {
      expect(render(shop(8080))).toStrictEqual(written);
      expect(filesIn(process.cwd())).toStrictEqual({});
    } finally {
      process.chdir(before);
    }
  });

  test("says all that is wrong", () => {
    expect(() => render({ shop: (app, id) => new Root(app, id, () => fail()) })).toThrow(
      'stack "shop": no VPC',
    );
  });
});

function fail(): never {
  throw new Error("no VPC");
}

describe("expectCommitted", () => {
  const committed = () => {
    const folder = temporaryFolder();
    synthesize(shop(8080), folder);
    return folder;
  };
  const problem = (folder: string, stacks = shop(8080)): string => {
    const before = existsSync(folder) && filesIn(folder);
    try {
      expectCommitted(folder, stacks);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      expect(existsSync(folder) && filesIn(folder)).toStrictEqual(before);
      return (error as Error).message;
    }
    return "";
  };

  test("is content with what was synthesized, and with what deploying leaves behind", () => {
    const folder = committed();
    writeFileSync(join(folder, "stacks/shop/.terraform.lock.hcl"), "");
    writeFileSync(join(folder, "stacks/shop/prod.auto.tfvars.json"), "{}");
    expect(problem(folder)).toBe("");
  });

  test("shows what differs, and what to run", () => {
    const message = problem(committed(), shop(9090));
    expect(message).toContain("differs from the stacks: 1 path differs.");
    expect(message).toContain("stacks/shop/cdk.tf.json differs (- committed, + synthesized):");
    expect(message).toMatch(/^-\s+"http": 8080$/m);
    expect(message).toMatch(/^\+\s+"http": 9090$/m);
    expect(message).toContain("npx cdktf synth");
    expect(message.split("\n").length).toBeLessThan(15);
  });

  test("names what is missing and what is left over", () => {
    const folder = committed();
    synthesize({ ...shop(8080), old: (app, id) => new Root(app, id, () => {}) }, folder);
    rmSync(join(folder, "stacks/pod-group/README.md"));
    const message = problem(folder);
    expect(message).toContain("\nstacks/pod-group/README.md is missing.\n");
    expect(message).toContain("\nstacks/old is left over: no stack writes it.\n");
    expect(message).toContain("manifest.json differs");
  });

  test("of a folder that is not there, all is missing", () => {
    expect(problem(join(temporaryFolder(), "cdktf.out"))).toContain("manifest.json is missing.");
  });

  test("needs a folder", () => {
    expect(() => expectCommitted("", shop(8080))).toThrow("expectCommitted: needs the folder of the output");
  });
});

describe("cdktf's App", () => {
  class Shop extends RootStack {
    constructor(scope: Construct, id: string) {
      super(scope, id);
      new AwsProvider(this, "aws", { region: "eu-west-1" });
      new Workload(this, "orders", ORDERS);
    }
  }

  test("over a root says what to call instead, before it writes anything", () => {
    const outdir = join(temporaryFolder(), "out");
    const app = new App({ outdir });
    new TerraformStack(app, "first");
    new Shop(app, "shop");
    expect(() => app.synth()).toThrow(
      `stack "shop" cannot be written by cdktf's app.synth(), which would omit the modules that it calls, and write absolute paths and exact provider versions. Instead of new App() and app.synth(), call run({ "shop": YourClass })`,
    );
    expect(filesIn(outdir)).toStrictEqual({});
  });

  test.each<[string, (stack: TerraformStack) => void]>([
    ["a workload", (stack) => new Workload(stack, "orders", ORDERS)],
    ["a module call", (stack) => new ModuleCall(stack, "orders", podGroup, { name: "orders", ...VALUES })],
    ["a workload in a construct", (stack) => new Workload(new Construct(stack, "team"), "orders", ORDERS)],
  ])("with %s in a TerraformStack of cdktf says what to extend", (_what, build) => {
    const stack = () => new TerraformStack(new App({ outdir: temporaryFolder() }), "shop");
    expect(() => build(stack())).toThrow(InputError);
    expect(() => build(stack())).toThrow(
      'is in stack "shop", a TerraformStack of cdktf: app.synth() would write the call without its module. Let the stack extend RootStack, and call run({ "shop": YourClass })',
    );
  });
});

describe("a construct of the user's own, inside a root", () => {
  class Team extends Construct {
    constructor(scope: Construct, id: string) {
      super(scope, id);
      const orders = new Workload(this, "orders", ORDERS);
      const root = RootStack.of(this);
      const variable = root.addVariable("zone", { type: "string", description: "A zone.", example: "a" });
      root.addOutput("orders_pods", orders.podsSecurityGroupId, "For the policy.");
      root.addOutput("network", root.remoteState("network").output("vpc_id"), "The VPC.");
      root.addLocal("zone", variable.value);
    }
  }

  test("adds outputs, variables, locals and remote states to the root", () => {
    const files = render({
      network: (app, id) => {
        const root = new Root(app, id, () => {});
        root.addOutput("vpc_id", "vpc-0a1b2c3d", "The VPC.");
        return root;
      },
      shop: (app, id) => new Root(app, id, (root) => new Team(root, "team")),
    });
    const { output, data, variable, locals } = JSON.parse(files["stacks/shop/cdk.tf.json"] ?? "");
    expect(output.orders_pods.value).toBe("${module.orders.pods_security_group_id}");
    expect(output.network.value).toBe("${data.terraform_remote_state.network.outputs.vpc_id}");
    expect(data.terraform_remote_state.network.backend).toBe("local");
    expect(variable.zone.type).toBe("string");
    expect(locals).toStrictEqual({ zone: "${var.zone}" });
    expect(JSON.parse(files["manifest.json"] ?? "").stacks.shop.dependencies).toStrictEqual(["network"]);
  });

  test("is told when it is in no root", () => {
    const stack = new TerraformStack(new App({ outdir: temporaryFolder() }), "plain");
    expect(() => RootStack.of(new Construct(stack, "team"))).toThrow(
      '"plain/team" is in stack "plain", which is no root: extend RootStack instead of TerraformStack',
    );
  });
});
