import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Construct } from "constructs";
import { describe, expect, inject, test } from "vitest";
import { ExampleAws } from "../../clusters/example";
import { moduleStacks } from "../../modules";
import type { CloudBackend } from "../../synth/backend";
import { RootStack } from "../../synth/root-stack";
import { synthesize } from "../../synth/synthesize";
import { cluster } from "./support/cluster";
import { tryCommandBeside } from "./support/proxy";
import { git } from "./support/repository";
import { awsEnvironment, command, workFolder } from "./support/terraform";
import { type TerraformCloud, terraformCloud } from "./support/terraform-cloud";

const { copy, reason } = inject("aws");

const notHere =
  process.platform === "linux"
    ? inject("terraform").reason
    : "Terraform takes the certificate of a test's server by SSL_CERT_FILE, which Go reads on Linux alone";

/** Terraform in a folder, logged in to the server of a test, which answers meanwhile. */
function terraformAt(folder: string, cloud: TerraformCloud, more: NodeJS.ProcessEnv = {}) {
  const env = awsEnvironment({ ...cloud.env, ...more });
  const attempt = (...args: string[]) => tryCommandBeside(folder, "terraform", args, env);
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
    this.addOverride("resource.terraform_data.small", { input: "one" });
  }
}

describe.skipIf(reason ?? notHere)("a root that moves from a local state to Terraform Cloud", () => {
  const small = (project: string, backend?: CloudBackend) =>
    synthesize({ small: (app, id) => new Small(app, id, backend) }, join(project, "cdktf.out"));

  test("takes its state along from the folder in which it was applied, and starts empty in a fresh clone", async () => {
    const cloud = await terraformCloud();
    cloud.addWorkspace("small", { executionMode: "local" });
    const project = workFolder();
    const folder = join(project, "cdktf.out/stacks/small");
    small(project);
    const root = terraformAt(folder, cloud);
    await root.run("init", "-no-color");
    await root.run("apply", "-no-color", "-auto-approve");
    expect(existsSync(join(project, "terraform.small.tfstate"))).toBe(true);

    small(project, backendOf(cloud, "small"));
    const clone = workFolder();
    cpSync(join(project, "cdktf.out/stacks/small/cdk.tf.json"), join(clone, "cdk.tf.json"));
    const fresh = terraformAt(clone, cloud);
    expect(await fresh.run("init", "-no-color")).toContain("successfully initialized");
    expect(await fresh.run("plan", "-no-color")).toContain("Plan: 1 to add");

    const refused = await root.attempt("init", "-no-color", "-migrate-state");
    expect(refused.status).toBe(1);
    expect(refused.output).toContain(
      "The -migrate-state option is for migration between state backends only",
    );
    const env = awsEnvironment({ ...cloud.env, TF_INPUT: "1" });
    const migrated = await tryCommandBeside(folder, "sh", ["-c", "echo yes | terraform init -no-color"], env);
    expect(migrated.output).toContain("Should Terraform migrate your existing state?");
    expect(migrated.status, `${migrated.output}${JSON.stringify(cloud.requests)}`).toBe(0);
    const { status, output } = await root.attempt("plan", "-no-color", "-detailed-exitcode");
    expect(output).toContain("No changes.");
    expect(status).toBe(0);
    expect((await fresh.attempt("plan", "-no-color", "-detailed-exitcode")).output).toContain("No changes.");
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
    const workspace = cloud.addWorkspace("small");
    const project = workFolder();
    cpSync(copy, project, { recursive: true, verbatimSymlinks: true });
    git(project, "init", "--quiet");
    synthesize(
      { small: (app, id) => new Small(app, id, backendOf(cloud, "small")) },
      join(project, "another"),
    );
    cpSync(join(project, "another/stacks/small"), join(project, "cdktf.out/stacks/small"), {
      recursive: true,
    });
    // Which versions of the providers a run takes.
    writeFileSync(join(project, "cdktf.out/stacks/small/.terraform.lock.hcl"), "# locked\n");
    const committed = command(project, "git", ["ls-files", "--others", "cdktf.out"])
      .split("\n")
      .filter(Boolean);
    // What deploying leaves behind.
    for (const path of ["terraform.tfstate", "plan", "terraform.tfstate.backup"])
      writeFileSync(join(project, "cdktf.out/stacks/rds-mysql", path), "secret");
    writeFileSync(join(project, "terraform.example-aws.tfstate"), "secret");
    const root = terraformAt(join(project, "cdktf.out/stacks/small"), cloud);
    await root.run("init", "-no-color");

    // Terraform ships the folder in which it was started, and finds no module there.
    await root.attempt("plan", "-no-color");
    expect(shipped(workspace.configurations.at(-1)).sort()).toStrictEqual([
      ".terraform.lock.hcl",
      "cdk.tf.json",
    ]);
    workspace.workingDirectory = "cdktf.out/stacks/small";
    const planned = await root.attempt("plan", "-no-color");
    expect(planned.output).toContain("this server runs nothing");
    expect(shipped(workspace.configurations.at(-1)).sort()).toStrictEqual(committed.sort());
  });

  test("is refused an apply where its workspace is connected to a repository", async () => {
    const cloud = await terraformCloud();
    cloud.addWorkspace("small", { isConnected: true });
    const project = workFolder();
    synthesize({ small: (app, id) => new Small(app, id, backendOf(cloud, "small")) }, project);
    const root = terraformAt(join(project, "stacks/small"), cloud);
    await root.run("init", "-no-color");
    const { status, output } = await root.attempt("apply", "-no-color", "-auto-approve");
    expect(output).toContain("Apply not allowed for workspaces with a VCS connection");
    expect(status).toBe(1);
  });
});
