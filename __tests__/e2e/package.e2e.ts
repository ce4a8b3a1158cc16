import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesIn, temporaryFolder } from "../support/folders";
import { blocksIn, PAGES } from "../support/pages";
import { PROJECT } from "../support/project";
import { buildProject, installPackage, run } from "./support/build";

let folder = "";
let built = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-package-"));
  built = join(folder, "built");
  buildProject(built);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tsc = join(PROJECT, "node_modules/.bin/tsc");

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

test("a TypeScript user compiles an app against the package and runs it with node alone", () => {
  const folder = temporaryFolder();

  installPackage(built, folder);
  writeFileSync(join(folder, "app.ts"), USERS_APP);
  run(folder, tsc, "--strict", "--target", "es2022", "--module", "node16", "--types", "node", "app.ts");
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

test("the package holds what was built and synthesized, and nothing that deploying or an older build has left", () => {
  const [{ files }] = JSON.parse(run(built, "npm", "pack", "--dry-run", "--json", "--ignore-scripts"));
  const packed = (files as { path: string }[]).map(({ path }) => path);

  const synthesized = Object.keys(filesIn(join(PROJECT, "cdktf.out")))
    .filter((path) =>
      /(^(contract|manifest)|\/(cdk\.tf|[a-z]+\.tftest))\.json$|\/README\.md$|\/flows\.yaml$/.test(path),
    )
    .map((path) => `cdktf.out/${path}`);
  expect(packed.filter((path) => path.startsWith("cdktf.out/")).sort()).toStrictEqual(synthesized.sort());
  expect(packed).toEqual(
    expect.arrayContaining([
      "bin/eks-pod-security-groups.cjs",
      "dist/command.js",
      "dist/THIRD-PARTY-LICENSES.txt",
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

/** What stands around a block that is no file of its own: the names that the pages say they use. */
const around = (block: string) => `
import type { Construct } from "constructs";
import * as project from "eks-pod-security-groups";
import {
  connect, eksClusterRole, ModuleCall, moduleStacks, podBaseline, podToPod, RootStack, securityGroupPolicy, vpcCni,
  vpcCniAddon, Workload,
} from "eks-pod-security-groups";

interface Given {
  place: { vpc_id: string; platform: string };
  groups: { k8s_worker: string; k8s_ingress: string };
  baseline: ModuleCall<project.PodBaselineVariables, project.PodBaselineOutput>;
  orders: Workload;
}

export abstract class Page extends RootStack {
  build({ place, groups, baseline, orders }: Given): void {
    {
${block}
    }
  }
}
`;

test("the TypeScript of the pages compiles", () => {
  const folder = temporaryFolder();
  installPackage(built, folder);
  // As their readers compile them: against the package, not against the project's sources.
  const options = { paths: {}, noUnusedLocals: false, noUnusedParameters: false };
  const config = { extends: join(PROJECT, "tsconfig.json"), compilerOptions: options, include: ["*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  for (const page of PAGES) {
    for (const [index, block] of blocksIn(page, "ts").entries()) {
      writeFileSync(join(folder, `${page}-${index + 1}.ts`), around(block));
    }
  }
  expect(run(folder, tsc, "-p", folder)).toBe("");
});
