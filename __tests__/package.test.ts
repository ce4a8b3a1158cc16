import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
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

function run(cwd: string, command: string, ...args: string[]): string {
  // Otherwise npm leaves its logs in the user's home.
  const env = { ...process.env, npm_config_cache: join(cwd, ".npm") };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", env });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} exited with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

test("a TypeScript user compiles an app against the package and runs it with node alone", {
  timeout: 120_000,
}, () => {
  const folder = temporaryFolder();
  const bin = (name: string) => join(PROJECT, "node_modules/.bin", name);

  // The package as `npm run package` makes it, installed beside the libraries that it asks for.
  const installed = join(folder, "node_modules/eks-pod-security-groups");
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  run(PROJECT, bin("tsc"), "-p", "tsconfig.build.json", "--outDir", join(installed, "dist"));
  cpSync(join(PROJECT, "package.json"), join(installed, "package.json"));
  for (const name of readdirSync(join(PROJECT, "node_modules"))) {
    symlinkSync(join(PROJECT, "node_modules", name), join(folder, "node_modules", name));
  }

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
  const folder = temporaryFolder();
  const others = [".git", "node_modules", "dist", "coverage"].map((name) => join(PROJECT, name));
  cpSync(PROJECT, folder, { recursive: true, filter: (path) => !others.includes(path) });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  const leftovers = [
    ".terraform/providers/x",
    ".terraform.lock.hcl",
    "terraform.tfstate",
    "terraform.tfstate.backup",
    "terraform.tfstate.d/prod/terraform.tfstate",
    "plan",
    "prod.auto.tfvars.json",
    "cdk.tf.json.old.7.tmp",
  ].map((path) => `cdktf.out/stacks/rds-mysql/${path}`);
  for (const path of [...leftovers, "dist/removed-long-ago.js", "terraform.example-aws.tfstate"]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "secret");
  }

  run(folder, "npm", "run", "build");
  const [{ files }] = JSON.parse(run(folder, "npm", "pack", "--dry-run", "--json", "--ignore-scripts"));
  const packed = (files as { path: string }[]).map(({ path }) => path);

  const synthesized = Object.keys(filesIn(join(PROJECT, "cdktf.out")))
    .filter((path) =>
      /(^(contract|manifest)|\/(cdk\.tf|[a-z]+\.tftest))\.json$|\/README\.md$|\/flows\.yaml$/.test(path),
    )
    .map((path) => `cdktf.out/${path}`);
  expect(packed.filter((path) => path.startsWith("cdktf.out/")).sort()).toStrictEqual(synthesized.sort());
  expect(packed).toEqual(
    expect.arrayContaining(["dist/index.js", "dist/index.d.ts", "docs/architecture.md", "CHANGELOG.md"]),
  );
  expect(packed).not.toContain("dist/removed-long-ago.js");
  expect(packed.filter((path) => /tfstate|\.terraform|\.tmp$/.test(path))).toStrictEqual([]);
});
