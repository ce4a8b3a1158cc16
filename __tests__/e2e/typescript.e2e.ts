/** The ways of a user of TypeScript: the packed package in a project of their own, which is tested, synthesized and deployed. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, inject, test } from "vitest";
import { APPS } from "../support/examples";
import { blocksFor, blocksOf } from "../support/pages";
import { ANSWERS } from "./support/answers";
import { run } from "./support/build";
import { cluster } from "./support/cluster";
import { fromRegistry, installOffline, linkLibraries, packProject } from "./support/package";
import { awsStage } from "./support/stage";
import { awsEnvironment, command, tryCommand, workFolder } from "./support/terraform";

const { tarball } = packProject();
const reason = awsStage().reason ?? inject("cli").reason;

/** The ids of a reader's own cluster in place of those that are made up. */
function withIdsOf(place: Record<string, unknown>, text: string): string {
  const { vpc_id, security_groups } = place as {
    vpc_id: string;
    security_groups: Record<string, string>;
  };
  return text
    .replaceAll("vpc-0a1b2c3d4e5f60000", vpc_id)
    .replaceAll("sg-0a1b2c3d4e5f60001", security_groups["k8s_worker"] ?? "")
    .replaceAll("sg-0a1b2c3d4e5f60002", security_groups["k8s_ingress"] ?? "");
}

const bash = (text: string) => ["-euo", "pipefail", "-c", `${ANSWERS}${text}`];

/** Types a block in a folder. @returns what it printed, without colours */
const typed = (folder: string, text: string) =>
  stripVTControlCharacters(command(folder, "bash", bash(text), awsEnvironment()));

describe.skipIf(reason)("docs/typescript.md", () => {
  const page = "docs/typescript.md";

  test("is walked from an empty folder to a deployed root, and a test that fails when cdktf.out is not what the code says", () => {
    const folder = workFolder();
    const { workload, prerequisites } = cluster();
    installOffline(tarball, folder);
    linkLibraries(folder);
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write("package.json", "{}");
    for (const { file = "", text } of [...blocksFor("project"), ...blocksFor("compiled", page)])
      write(file, withIdsOf(workload("orders"), text));

    const said = blocksFor("typed", page).map(({ text }) => typed(folder, text));
    const all = said.join("\n");
    expect(all).toContain("Generated Terraform code for the stacks: mysql, pod-group, pod-to-pod, shop");
    expect(all).toMatch(/Tests +1 passed/);
    expect(all).toMatch(/^cdktf\.out\/stacks\/shop {2}\(configuration, enforcing mode strict\)$/m);
    expect(all).toMatch(/Resources: \d+ added, 0 changed, 0 destroyed/);

    // The construct of the page, in a root of its own, with the root that it reads.
    write(
      "main.ts",
      `import { RootStack, run } from "eks-pod-security-groups";
import { Team } from "./team";
class Network extends RootStack {
  constructor(app: any, id: string) { super(app, id); this.addOutput("vpc_id", "vpc-0a1b2c3d", "The VPC."); }
}
class Shop extends RootStack {
  constructor(app: any, id: string) { super(app, id); new Team(this, "team"); }
}
run({ network: Network, team: Shop }, "other");\n`,
    );
    expect(typed(folder, "npx tsx main.ts")).toMatch(/^team +root/m);

    write("cdktf.out/stacks/shop/cdk.tf.json", "{}\n");
    const { status, output } = tryCommand(folder, "bash", bash("npx vitest run"), awsEnvironment());
    expect(status).toBe(1);
    expect(output).toContain("stacks/shop/cdk.tf.json differs (- committed, + synthesized)");
    prerequisites.destroy();
  });
});

describe.skipIf(reason)("examples/typescript", () => {
  /** Unpacked beside an installed package, with the ids of a cluster that exists. */
  function unpacked(place: Record<string, unknown>): string {
    const folder = join(workFolder(), "typescript");
    mkdirSync(folder);
    installOffline(tarball, folder);
    linkLibraries(folder);
    run(folder, "tar", "-xzf", tarball, "--strip-components", "3", "package/examples/typescript");
    for (const app of APPS) {
      const path = join(folder, basename(app), "stacks.ts");
      writeFileSync(path, withIdsOf(place, readFileSync(path, "utf8")));
    }
    return folder;
  }

  test.each(APPS)("%s is what its README says: synthesized, tested and deployed", (app) => {
    const { workload, prerequisites } = cluster();
    const folder = join(unpacked(workload("orders")), basename(app));
    const [block] = blocksOf(readFileSync(join(folder, "README.md"), "utf8"));
    // The emulator has no managed add-ons, and the second root of a cluster needs its API.
    const isAws = (line: string) => !/deploy shop-(aws|kubernetes)/.test(line);
    const lines = (block?.text ?? "").split("\n").filter(isAws);
    const said = typed(folder, lines.join("\n"));
    expect(said).toMatch(/Tests +[234] passed/);
    if (lines.some((line) => line.includes("deploy")))
      expect(said).toMatch(/Resources: \d\d added, 0 changed, 0 destroyed/);
    prerequisites.destroy();
  });

  test("its own settings of the compiler accept it", () => {
    const folder = unpacked({ vpc_id: "vpc-0a1b2c3d", security_groups: {} });
    expect(typed(folder, "npx tsc --noEmit")).toBe("");
  });
});

describe("npm finds packages that go together", () => {
  // Resolved, not downloaded: a conflict is found all the same.
  const RESOLVE = 'npm() { command npm "$@" --package-lock-only; }\n';

  test.for(blocksFor("install"))("$page:$line", ({ text }, { skip }) => {
    const folder = workFolder();
    run(folder, "cp", tarball, ".");
    const reason = fromRegistry(folder, "bash", "-euc", `${RESOLVE}${text}`);
    skip(reason !== undefined, reason);
    const lock = run(
      folder,
      "sh",
      "-c",
      "cat package-lock.json typescript/package-lock.json 2>/dev/null; true",
    );
    for (const name of ["cdktf", "cdktf-cli", "vitest", "eks-pod-security-groups"])
      expect(lock).toContain(`"node_modules/${name}": {`);
  });
});
