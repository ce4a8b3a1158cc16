import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtProject, installPackage, run } from "./support/build";
import { filesIn, temporaryFolder } from "./support/folders";
import { PROJECT } from "./support/project";

/** What a TypeScript user writes: a root of their own that calls the module for two workloads. */
const USERS_APP = `
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { ModuleCall, RdsMysql, RootStack, rdsMysql, synthesize } from "eks-pod-security-groups";

class Workloads extends RootStack {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      backend: { type: "s3", bucket: "states", key: "workloads.tfstate", region: "eu-west-1" },
    });
    new AwsProvider(this, "aws", { region: "eu-west-1" });
    for (const name of ["orders", "payments"]) {
      const workload = new ModuleCall(this, name, rdsMysql, {
        name,
        vpc_id: "vpc-0a1b2c3d4e5f60000",
        platform: "shop",
        security_groups: { k8s_worker: "sg-0a1b2c3d4e5f60001", k8s_ingress: "sg-0a1b2c3d4e5f60002" },
      });
      this.addOutput(\`\${name}_pods\`, workload.output("pods_security_group_id"), "Id of the pods' group.");
    }
  }
}

synthesize(
  {
    "rds-mysql": (app, id) => new RdsMysql(app, id),
    workloads: (app, id) => new Workloads(app, id),
  },
  "out",
);
`;

test("a TypeScript user compiles an app against the package and runs it with node alone", {
  timeout: 120_000,
}, () => {
  const folder = temporaryFolder();
  const bin = (name: string) => join(PROJECT, "node_modules/.bin", name);

  installPackage(folder);
  writeFileSync(join(folder, "app.ts"), USERS_APP);
  run(
    folder,
    bin("tsc"),
    "--strict",
    "--target",
    "es2022",
    "--module",
    "node16",
    "--types",
    "node",
    "app.ts",
  );
  run(folder, process.execPath, "app.js");

  const written = filesIn(join(folder, "out"));
  const root = JSON.parse(written["stacks/workloads/cdk.tf.json"] ?? "");
  expect(root.module.payments).toMatchObject({ source: "../rds-mysql", name: "payments" });
  expect(root.output.orders_pods.value).toBe("${module.orders.pods_security_group_id}");
  expect(root.terraform.backend.s3.use_lockfile).toBe(true);
  const { "cdk.tf.json": committed } = filesIn(join(PROJECT, "cdktf.out/stacks/rds-mysql"));
  expect(written["stacks/rds-mysql/cdk.tf.json"]).toBe(committed);
  expect(existsSync(join(folder, "cdktf.out"))).toBe(false);
});

test("the package holds what was built and synthesized, and nothing that deploying or an older build has left", {
  timeout: 120_000,
}, () => {
  const [{ files }] = JSON.parse(
    run(builtProject(), "npm", "pack", "--dry-run", "--json", "--ignore-scripts"),
  );
  const packed = (files as { path: string }[]).map(({ path }) => path);

  const synthesized = Object.keys(filesIn(join(PROJECT, "cdktf.out")))
    .filter((path) =>
      /(^(contract|manifest)|\/(cdk\.tf|[a-z]+\.tftest))\.json$|\/README\.md$|\/flows\.yaml$/.test(path),
    )
    .map((path) => `cdktf.out/${path}`);
  expect(packed.filter((path) => path.startsWith("cdktf.out/")).sort()).toStrictEqual(synthesized.sort());
  expect(packed).toEqual(
    expect.arrayContaining([
      "dist/index.js",
      "dist/index.d.ts",
      "docs/architecture.md",
      "schemas/flows.json",
      "schemas/report.json",
      "CHANGELOG.md",
    ]),
  );
  expect(packed.filter((path) => path.startsWith("schemas/") && !path.endsWith(".json"))).toStrictEqual([]);
  expect(packed).not.toContain("dist/removed-long-ago.js");
  expect(packed.filter((path) => /tfstate|\.terraform|\.tmp$/.test(path))).toStrictEqual([]);
});
