import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import * as Module from "node:module";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { CALLED } from "../../compose/calls/description";
import { DECLARED, inOptionNames } from "../../compose/options/all";
import { variableName } from "../../compose/options/names";
import { type Options, WORDS } from "../../compose/options/schema";
import { WORKLOAD } from "../../compose/workload/description";
import { filesIn, temporaryFolder } from "../support/folders";
import { blocksFor } from "../support/pages";
import { PROJECT } from "../support/project";
import { installPackage, run } from "./support/build";
import { documentationOf } from "./support/hover";
import { installOffline, offline, packProject } from "./support/package";

const { folder, built, tarball } = packProject();

const tsc = join(PROJECT, "node_modules/.bin/tsc");

/** What a TypeScript user writes: a root of their own that calls the module for two workloads. */
const USERS_APP = `
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { ModuleCall, RootStack, rdsMysql, synthesize } from "eks-pod-security-groups";

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

synthesize({ workloads: Workloads }, "out");
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

test("editors show what each option of a construct means", () => {
  const folder = temporaryFolder();
  installPackage(built, folder);
  const objects = new Map(DECLARED.map((one) => [one.name, one]));
  /** All options at every depth, with values that fit. */
  const written = ({ options }: Options): string =>
    `{ ${Object.entries(options)
      .map(([name, schema]) => `${name}: ${fitting(WORDS.get(schema)?.type ?? "")}`)
      .join(", ")} }`;
  const fitting = (type: string): string => {
    if (type === "Readonly<Record<string, WorkloadService>>") {
      return `{ aws: ${fitting("WorkloadDataService")}, tcp: ${fitting("WorkloadTcpService")} }`;
    }
    const inside = /^Readonly<Record<string, (\w+)>>$/.exec(type)?.[1];
    if (inside !== undefined) return `{ one: ${fitting(inside)} }`;
    const object = objects.get(type.replace(" | null", ""));
    return object ? written(object) : (VALUES[type] ?? "undefined as never");
  };
  const VALUES: Record<string, string> = {
    DataServiceName: '"msk"',
    '"tcp-service"': '"tcp-service"',
    Ports: "{}",
  };
  const constructs = [WORKLOAD, ...Object.values(CALLED).map(({ options }) => options)];
  const names = constructs.map(({ name }) => name);
  const head = `
import type { ${names.join(", ")}, Workload } from "eks-pod-security-groups";
declare const orders: Workload;
`;
  const source = `${head}
export const all: { ${names.map((name) => `${name}: ${name}`).join("; ")} } = {
  ${constructs.map((one) => `${one.name}: ${written(one)}`).join(",\n  ")}
};
orders.connectTo(orders, { ports: undefined, udpPorts: undefined });
`;
  const shown = documentationOf(folder, source, head.length);
  const paths = Object.keys(shown).filter((path) => !/\.(one|aws|tcp)$/.test(path) && !names.includes(path));
  expect(paths).toEqual(
    expect.arrayContaining([
      "WorkloadOptions.vpcId",
      "WorkloadOptions.egressTargets.one.icmpCode",
      "WorkloadOptions.services.tcp.ports",
      "SecurityGroupPolicyOptions.check.serviceAccountName",
      "VpcCniAddonOptions.dependsOn",
      "udpPorts",
    ]),
  );
  expect(paths.filter((path) => !/^[A-Z`].*[.}]$/s.test(shown[path] ?? ""))).toStrictEqual([]);
  for (const { name, options } of constructs) {
    for (const [option, schema] of Object.entries(options)) {
      const words = inOptionNames(WORDS.get(schema)?.description ?? "");
      expect(oneLine(shown[`${name}.${option}`]), `${name}.${option}`).toBe(words);
    }
  }
  // The names of variables and their attributes, as their modules have them: names of tags and the like stay.
  const variables = DECLARED.flatMap(({ options }) => Object.keys(options)).map(variableName);
  const snake = variables.filter((name) => name.includes("_"));
  expect(Object.values(shown).join("\n")).not.toMatch(new RegExp(`\\b(${snake.join("|")})\\b`));
});

/** Documentation is broken where a line is full. */
const oneLine = (text = "") => text.replaceAll("\n", " ");

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

describe("installed from the tarball in an empty folder, without a registry", () => {
  const project = join(folder, "project");
  const environment = () => offline(project);
  /** Runs the command as `npx` does, on a node of its own choice. */
  const command = (...words: string[]) => {
    const bin = join(project, "node_modules/.bin/ekspsg");
    const { status, stdout, stderr } = spawnSync(bin, words, {
      cwd: project,
      encoding: "utf8",
      env: environment(),
    });
    return { status, stdout, stderr };
  };

  beforeAll(() => {
    mkdirSync(join(project, "infra"), { recursive: true });
    for (const name of ["main.tf", "variables.tf"])
      cpSync(
        join(PROJECT, "__tests__/e2e/fixtures/article/modules/rds-mysql", name),
        join(project, "infra", name),
      );
    installOffline(tarball, project);
  });

  test("takes at most 15 packages and 20 MB", () => {
    const installed = readdirSync(join(project, "node_modules"), { recursive: true, withFileTypes: true });
    const packages = installed.filter(
      ({ name, parentPath }) =>
        name === "package.json" && /node_modules\/(@[^/]+\/)?[^/]+$/.test(parentPath.replaceAll("\\", "/")),
    );
    expect(packages.length).toBeLessThanOrEqual(15);
    const bytes = installed
      .filter((entry) => entry.isFile())
      .reduce((sum, { name, parentPath }) => sum + statSync(join(parentPath, name)).size, 0);
    expect(bytes).toBeLessThan(20e6);
  });

  test("brings the licences of what is built in", () => {
    const path = join(project, "node_modules/eks-pod-security-groups/dist/THIRD-PARTY-LICENSES.txt");
    const text = readFileSync(path, "utf8");
    for (const name of [
      "commander",
      "js-yaml",
      "ipaddr.js",
      "yaml",
      "zod",
      "@cdktf/hcl2json",
      "fs-extra",
      "graceful-fs",
    ])
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.`, "m"));
    expect(text).toContain("Mozilla Public License Version 2.0");
  });

  test("judges a folder of HCL, by default the one that it is called in", () => {
    const { status, stdout, stderr } = command("verify", "infra");
    expect(stderr).toBe("");
    expect(stdout).toContain("infra  (configuration, enforcing mode strict)");
    expect(status).toBe(0);
    expect(command("init", "infra").stdout).toMatch(/^wrote infra\/flows\.yaml/);
    expect(command("explain", "dead-rule").stdout).toContain("dead-rule: ");
  });

  test.each(blocksFor("package"))("$page:$line runs", ({ text }) => {
    const reader = temporaryFolder();
    cpSync(join(project, "infra"), join(reader, "infra"), { recursive: true });
    cpSync(tarball, join(reader, basename(tarball)));
    // Without these npm asks the registry for advice, again and again, and waits between.
    const quiet = { npm_config_offline: "true", npm_config_audit: "false", npm_config_yes: "true" };
    const env = { ...environment(), ...quiet, npm_config_cache: join(reader, ".npm") };
    const words = ["-euo", "pipefail", "-c", text];
    const { status, stdout, stderr } = spawnSync("bash", words, { cwd: reader, encoding: "utf8", env });
    expect(status, stderr).toBe(0);
    const reports = stdout.match(/^infra {2}\(configuration, enforcing mode strict\)$/gm);
    expect(reports).toHaveLength(text.match(/verify infra/g)?.length ?? 0);
  });

  test("synth names the packages that it lacks, and the line that installs them", () => {
    const { status, stdout, stderr } = command("synth");
    expect(status).toBe(2);
    expect(stdout).toBe("");
    for (const name of ["cdktf", "constructs", "@cdktf/provider-aws", "@cdktf/provider-kubernetes"])
      expect(stderr).toMatch(new RegExp(`^  npm install .*${name}@\\^\\d`, "m"));
  });

  test("synth writes the committed modules where its packages are", () => {
    for (const name of ["cdktf", "constructs", "@cdktf"])
      symlinkSync(join(PROJECT, "node_modules", name), join(project, "node_modules", name));
    const { status, stderr } = command("synth", "--outdir", "out");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(filesIn(join(project, "out"))["stacks/rds-mysql/cdk.tf.json"]).toBe(
      filesIn(join(PROJECT, "cdktf.out/stacks/rds-mysql"))["cdk.tf.json"],
    );
  });
});

describe("the command of a clone", () => {
  const explain = () =>
    run(built, process.execPath, "bin/eks-pod-security-groups.cjs", "explain", "dead-rule");
  const kept = (ending: string) => readdirSync(join(built, ".build")).filter((name) => name.endsWith(ending));

  test("is built again of other sources, also where their size and time are those of before", async () => {
    const path = join(built, "verify/checks/dead-rule.ts");
    const source = readFileSync(path, "utf8");
    const { atime, mtime } = statSync(path);
    const change = (title: string) => {
      writeFileSync(
        path,
        source.replace(/title: "(.*)"/, (_, was) => `title: "${title.padEnd(was.length)}"`),
      );
      utimesSync(path, atime, mtime);
    };
    change("One");
    expect(explain()).toContain("One");
    change("Two");
    expect(explain()).toContain("Two");
    // From then on no content is read until the file system says that something has changed.
    await setTimeout(2500);
    expect(explain()).toContain("Two");
    expect(kept("sources.stamp")).toHaveLength(1);
    expect(explain()).toContain("Two");
    change("Ten");
    expect(explain()).toContain("Ten");
    writeFileSync(path, source);
    expect(explain()).not.toContain("Ten");
    writeFileSync(join(built, "verify/checks/new-file.ts"), "");
    const before = kept(".js").length;
    explain();
    expect(kept(".js")).toHaveLength(before + 1);
    rmSync(join(built, "verify/checks/new-file.ts"));
  });

  test.skipIf("enableCompileCache" in Module)("is kept as compiled, and damage to that is seen", () => {
    rmSync(join(built, ".build"), { recursive: true });
    const words = explain();
    const [name = ""] = kept("explain.cache");
    const path = join(built, ".build", name);
    const compiled = readFileSync(path);
    for (const damaged of [compiled.subarray(0, 1000), Buffer.concat([compiled, Buffer.alloc(1)]), ""]) {
      writeFileSync(path, damaged);
      expect(explain()).toBe(words);
      expect(readFileSync(path).length).toBeGreaterThan(10_000);
    }
    const flipped = readFileSync(path);
    flipped[5000] = ~(flipped[5000] ?? 0);
    writeFileSync(path, flipped);
    expect(explain()).toBe(words);
    expect(readFileSync(path).equals(flipped)).toBe(false);
  });
});

/** What stands around a block that is no file of its own: the names that the pages say they use. */
const around = (block: string) => `
import type { Construct } from "constructs";
import * as project from "eks-pod-security-groups";
import {
  EksClusterRole, ModuleCall, moduleStacks, PodBaseline, podToPod, RootStack, run, SecurityGroupPolicy, VpcCni,
  VpcCniAddon, Workload,
} from "eks-pod-security-groups";

interface Given {
  place: { vpcId: string; platform: string };
  groups: { k8sWorker: string; k8sIngress: string };
  baseline: PodBaseline;
  orders: Workload;
}

declare class Shop extends RootStack {
  constructor(scope: Construct, id: string);
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
  for (const { page, line, text, file } of blocksFor("compiled")) {
    const name = file ?? `${page.replaceAll("/", "-").replace(".md", "")}-${line}.ts`;
    writeFileSync(join(folder, name), text.startsWith("import ") ? text : around(text));
  }
  expect(run(folder, tsc, "-p", folder)).toBe("");
});

test("npm pack by itself packs nothing that was built before, and what it packs says so", () => {
  const folder = temporaryFolder();
  run(built, "npm", "run", "package", "--silent", "--", "--pack-destination", folder);
  const [tarball = ""] = readdirSync(folder);
  expect(run(folder, "tar", "-tzf", tarball)).toContain("package/dist/command.js\n");
  run(folder, process.execPath, join(built, "bin/eks-pod-security-groups.cjs"), "--version");
  rmSync(join(folder, tarball));

  run(built, "npm", "pack", "--silent", "--pack-destination", folder);
  run(folder, "tar", "-xzf", tarball);
  const installed = join(folder, "package/bin/eks-pod-security-groups.cjs");
  const { status, stderr } = spawnSync(process.execPath, [installed, "--version"], { encoding: "utf8" });
  expect([status, stderr]).toEqual([
    2,
    "This package was packed without being built: `npm run package` builds and packs it.\n",
  ]);
});
