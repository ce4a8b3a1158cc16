import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Construct } from "constructs";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { ExampleAws } from "../../clusters/example";
import { moduleStacks } from "../../modules";
import type { CloudBackend } from "../../synth/backend";
import { RootStack } from "../../synth/root-stack";
import { synthesize } from "../../synth/synthesize";
import { blocksFor, pageText } from "../support/pages";
import { cluster } from "./support/cluster";
import { tryCommandBeside } from "./support/proxy";
import { git } from "./support/repository";
import { awsStage } from "./support/stage";
import { attachedEnvironment, awsEnvironment, command, TERRAFORM, workFolder } from "./support/terraform";
import { type TerraformCloud, terraformCloud } from "./support/terraform-cloud";

const { copy, reason } = awsStage();

const notHere =
  process.platform === "linux"
    ? inject("terraform").reason
    : "Terraform takes the certificate of a test's server by SSL_CERT_FILE, which Go reads on Linux alone";

/** Terraform in a folder, logged in to the server of a test, which answers meanwhile. */
function terraformAt(folder: string, cloud: TerraformCloud) {
  const env = { ...attachedEnvironment(), ...cloud.env };
  const attempt = (...args: string[]) => tryCommandBeside(folder, TERRAFORM, args, env);
  const run = async (...args: string[]) => {
    const { status, output } = await attempt(...args);
    if (status !== 0) throw new Error(`terraform ${args.join(" ")} exited with ${status}\n${output}`);
    return output;
  };
  return { run, attempt };
}

const backendOf = ({ hostname, organization }: TerraformCloud, name: string): CloudBackend => ({
  type: "cloud",
  hostname,
  organization,
  workspaces: { name },
});

/** The root of another team, which needs the id of the pods' group. */
class Reader extends RootStack {
  constructor(scope: Construct, id: string, aws: string, backend: CloudBackend) {
    super(scope, id, { backend });
    this.addOutput("pods", this.remoteState(aws).output("pods_security_group_id"), "Id of the pods' group.");
  }
}

describe.skipIf(reason ?? notHere)("example-aws with its state in Terraform Cloud", () => {
  test("is planned, applied, planned empty, and read by the root of another workspace", async () => {
    const cloud = await terraformCloud();
    cloud.addWorkspace("orders-aws", { executionMode: "local" });
    cloud.addWorkspace("reader", { executionMode: "local" });
    const outdir = workFolder();
    synthesize(
      {
        ...moduleStacks(["eks-cluster-role", "rds-mysql"]),
        "example-aws": (app, id) => new ExampleAws(app, id, { backend: backendOf(cloud, "orders-aws") }),
        reader: (app, id) => new Reader(app, id, "example-aws", backendOf(cloud, "reader")),
      },
      outdir,
    );
    const { prerequisites, file } = cluster();
    const values = `-var-file=${file}`;
    const root = terraformAt(join(outdir, "stacks/example-aws"), cloud);

    expect(await root.run("init", "-no-color")).toContain("successfully initialized");
    expect(await root.run("plan", "-no-color", values)).toContain(
      "Plan: 16 to add, 0 to change, 0 to destroy.",
    );
    const applied = await root.run("apply", "-no-color", "-auto-approve", values);
    expect(applied).toContain("16 added, 0 changed, 0 destroyed");
    const again = await root.attempt("plan", "-no-color", "-detailed-exitcode", values);
    expect(again.output).toContain("No changes.");
    expect(again.status).toBe(0);

    const resources = cloud.stateOf("orders-aws")?.resources.filter(({ mode }) => mode === "managed");
    expect(resources?.flatMap(({ instances }) => instances)).toHaveLength(16);
    expect(cloud.workspaces.get("orders-aws")).toMatchObject({ isLocked: false, configurations: [] });
    expect(
      readdirSync(outdir, { recursive: true }).filter((path) => /tfstate$/.test(String(path))),
    ).toStrictEqual(
      // Where the state is, and no state.
      [join("stacks/example-aws/.terraform/terraform.tfstate")],
    );

    const reader = terraformAt(join(outdir, "stacks/reader"), cloud);
    await reader.run("init", "-no-color");
    await reader.run("apply", "-no-color", "-auto-approve");
    const outputs = async ({ run }: typeof root) => JSON.parse(await run("output", "-json"));
    expect((await outputs(reader)).pods.value).toBe((await outputs(root)).pods_security_group_id.value);

    await root.run("destroy", "-no-color", "-auto-approve", values);
    expect(cloud.stateOf("orders-aws")?.resources).toStrictEqual([]);
    // Terraform asked for nothing that the server does not know: only a workspace without a state says so.
    const unanswered = cloud.requests.filter(({ status }) => status >= 400);
    expect(unanswered.filter(({ call }) => !call.includes("/current-state-version"))).toStrictEqual([]);
    prerequisites.destroy();
  }, 900_000);
});

/** A root with one resource that needs no provider, as the smallest thing that has a state. */
class Small extends RootStack {
  constructor(scope: Construct, id: string, backend?: CloudBackend) {
    super(scope, id, { backend });
    this.addOverride("variable.region", { default: "eu-west-1" });
    this.addOverride("resource.terraform_data.small", { input: "${var.region}" });
  }
}

/** A project with a small root in the place of example-aws, as the commands of the page take it. */
function project(backend?: CloudBackend, folder = workFolder()): { folder: string; root: string } {
  synthesize({ "example-aws": (app, id) => new Small(app, id, backend) }, join(folder, "cdktf.out"));
  const values = { region: "eu-central-1" };
  writeFileSync(join(folder, "example-aws.tfvars.json"), JSON.stringify(values));
  return { folder, root: join(folder, "cdktf.out/stacks/example-aws") };
}

describe.skipIf(reason ?? notHere)("docs/terraform-cloud.md", () => {
  const [started = "", migrated = ""] = blocksFor("cloud").map(({ text }) => text);
  beforeAll(() => expect(blocksFor("cloud")).toHaveLength(2));
  const shell = (folder: string, script: string, cloud: TerraformCloud, more: NodeJS.ProcessEnv = {}) => {
    const env = awsEnvironment({ ...cloud.env, TF_CLI_ARGS: "-no-color", ...more });
    return tryCommandBeside(folder, "bash", ["-euo", "pipefail", "-c", script], env);
  };

  test("starts runs from the project's folder, with the values of a file", async () => {
    const cloud = await terraformCloud();
    const remote = cloud.addWorkspace("remote", { workingDirectory: "cdktf.out/stacks/example-aws" });
    cloud.addWorkspace("local", { executionMode: "local" });
    const planned = await shell(project(backendOf(cloud, "remote")).folder, started, cloud);
    expect(planned.output).toContain("this server runs nothing");
    expect(remote.runs.at(-1)?.["variables"]).toStrictEqual([{ key: "region", value: '"eu-central-1"' }]);
    expect((await shell(project(backendOf(cloud, "local")).folder, started, cloud)).output).toContain(
      "Plan: 1 to add",
    );
  });

  test("takes the state along from the folder of the last apply, while a fresh clone starts empty", async () => {
    const cloud = await terraformCloud();
    cloud.addWorkspace("orders-aws", { executionMode: "local" });
    const { folder, root } = project();
    const before = terraformAt(folder, cloud);
    await before.run(`-chdir=${root}`, "init");
    await before.run(
      `-chdir=${root}`,
      "apply",
      "-auto-approve",
      `-var-file=${folder}/example-aws.tfvars.json`,
    );
    expect(existsSync(join(folder, "terraform.example-aws.tfstate"))).toBe(true);

    const backend = backendOf(cloud, "orders-aws");
    project(backend, folder);
    expect((await shell(project(backend).folder, started, cloud)).output).toContain("Plan: 1 to add");
    const refused = await before.attempt(`-chdir=${root}`, "init", "-no-color", "-migrate-state");
    const [said = ""] = /(?<=fails: `)[^`]*/.exec(pageText("docs/terraform-cloud.md")) ?? [];
    expect(said).toContain("-migrate-state");
    expect(refused.output.replaceAll("\n", " ")).toContain(said);
    expect(refused.status).toBe(1);

    const { status, output } = await shell(folder, `echo yes | (\n${migrated})`, cloud, { TF_INPUT: "1" });
    expect(output).toMatch(/Should (?:Terraform|OpenTofu) migrate your existing state\?/);
    expect(output).toContain("No changes.");
    expect(status).toBe(0);
    expect((await shell(project(backend).folder, started, cloud)).output).toContain("No changes.");
  });
});

describe.skipIf(reason ?? notHere)("a run that the CLI starts in Terraform Cloud", () => {
  /** The files in the archive that was uploaded last. */
  const shipped = (archive: Buffer | undefined) => {
    const file = join(workFolder(), "configuration.tar.gz");
    writeFileSync(file, archive ?? "");
    return command(workFolder(), "tar", ["-tzf", file])
      .split("\n")
      .filter((path) => path && !path.endsWith("/"));
  };

  test("gets the committed output and nothing else, once its workspace knows the working directory", async () => {
    const cloud = await terraformCloud();
    const workspace = cloud.addWorkspace("orders-aws");
    const folder = workFolder();
    cpSync(copy, folder, { recursive: true, verbatimSymlinks: true });
    git(folder, "init", "--quiet");
    const small = project(backendOf(cloud, "orders-aws"));
    cpSync(join(small.root, "cdk.tf.json"), join(folder, "cdktf.out/stacks/example-aws/cdk.tf.json"));
    // Which versions of the providers a run takes.
    writeFileSync(join(folder, "cdktf.out/stacks/example-aws/.terraform.lock.hcl"), "# locked\n");
    const committed = command(folder, "git", ["ls-files", "--others", "cdktf.out"])
      .split("\n")
      .filter(Boolean);
    // What deploying leaves behind.
    for (const path of ["terraform.tfstate", "plan", "terraform.tfstate.backup"])
      writeFileSync(join(folder, "cdktf.out/stacks/rds-mysql", path), "secret");
    writeFileSync(join(folder, "terraform.example-aws.tfstate"), "secret");
    const root = terraformAt(join(folder, "cdktf.out/stacks/example-aws"), cloud);
    await root.run("init", "-no-color");

    // Terraform ships the folder in which it was started, and finds no module there.
    await root.attempt("plan", "-no-color");
    expect(shipped(workspace.configurations.at(-1)).sort()).toStrictEqual([
      ".terraform.lock.hcl",
      "cdk.tf.json",
    ]);
    workspace.workingDirectory = "cdktf.out/stacks/example-aws";
    const planned = await root.attempt("plan", "-no-color");
    expect(planned.output).toContain("this server runs nothing");
    expect(shipped(workspace.configurations.at(-1)).sort()).toStrictEqual(committed.sort());
  });

  test("is refused an apply where its workspace is connected to a repository", async () => {
    const cloud = await terraformCloud();
    cloud.addWorkspace("orders-aws", { isConnected: true });
    const root = terraformAt(project(backendOf(cloud, "orders-aws")).root, cloud);
    await root.run("init", "-no-color");
    const { status, output } = await root.attempt("apply", "-no-color", "-auto-approve");
    expect(output).toContain("Apply not allowed for workspaces with a VCS connection");
    expect(status).toBe(1);
  });
});
