import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Construct } from "constructs";
import { describe, expect, inject, test } from "vitest";
import { ExampleAws } from "../../clusters/example";
import { EksClusterRoleStack } from "../../modules/eks-cluster-role";
import { RdsMysqlStack } from "../../modules/rds-mysql";
import { RootStack } from "../../synth/root-stack";
import { synthesize } from "../../synth/synthesize";
import { filesIn } from "../support/folders";
import { blocksFor } from "../support/pages";
import { ANSWERS } from "./support/answers";
import { cluster } from "./support/cluster";
import { ensureCni, ensurePolicies, kubectlIn } from "./support/kubernetes";
import { git, repository } from "./support/repository";
import { awsStage, kubernetesStage } from "./support/stage";
import { awsEnvironment, command, Terraform, tryCommand, workFolder } from "./support/terraform";

const { copy, reason } = awsStage();
const cli = inject("cli");
const kubernetes = kubernetesStage();
const noKubernetes = kubernetes.reason ?? inject("kubernetesProvider").reason;

/** Terraform as users run it, which installs and starts its providers itself. */
const terraformIn = (folder: string) => new Terraform(folder, awsEnvironment());

const cdktf = (folder: string, ...args: string[]) =>
  command(folder, "npx", ["cdktf", ...args], awsEnvironment());

const DEPLOY = ["--auto-approve", "--skip-provider-lock"];

describe.skipIf(reason)("the root example-aws", () => {
  test.skipIf(cli.reason)("is deployed and destroyed by the cdktf CLI", () => {
    const folder = repository();
    const { prerequisites, file } = cluster();
    const options = ["example-aws", ...DEPLOY, `--var-file=${file}`];

    const deployed = cdktf(folder, "deploy", ...options);
    expect(deployed).toContain("16 added, 0 changed, 0 destroyed");
    // The outputs of the module, passed on.
    expect(deployed).toMatch(/pods_security_group_id = sg-[0-9a-f]{17}/);

    // The state lies outside of the folder that the CLI may delete, and both tools see it.
    expect(existsSync(join(folder, "terraform.example-aws.tfstate"))).toBe(true);
    const root = terraformIn(join(folder, "cdktf.out/stacks/example-aws"));
    const { status, output } = root.plan(`-var-file=${file}`);
    expect(output).toContain("No changes.");
    expect(status).toBe(0);
    expect(root.state().filter((address) => !address.includes(".data."))).toHaveLength(16);

    // Whatever deploying left behind is ignored by git, and what was committed has not changed.
    expect(git(folder, "status", "--porcelain")).toBe("");

    // Alone, because example-kubernetes, which depends on it, was not deployed.
    cdktf(folder, "destroy", ...options, "--ignore-missing-stack-dependencies");
    expect(root.state()).toStrictEqual([]);
    prerequisites.destroy();
  });

  test("is applied by Terraform alone, without node: the JSON is all that it needs", () => {
    const folder = workFolder();
    cpSync(join(copy, "cdktf.out"), join(folder, "cdktf.out"), { recursive: true });
    const { prerequisites, file } = cluster();
    const root = terraformIn(folder);
    const chdir = "-chdir=cdktf.out/stacks/example-aws";
    root.run(chdir, "init");
    root.run(chdir, "apply", "-auto-approve", `-var-file=${file}`);
    expect(root.try(chdir, "plan", "-detailed-exitcode", `-var-file=${file}`).status).toBe(0);
    expect(readdirSync(folder)).toContain("terraform.example-aws.tfstate");
    root.run(chdir, "destroy", "-auto-approve", `-var-file=${file}`);
    prerequisites.destroy();
  });

  test("refuses a wrong value, by the validation of the module, before anything is planned", () => {
    const folder = workFolder();
    cpSync(join(copy, "cdktf.out"), join(folder, "cdktf.out"), { recursive: true });
    const { prerequisites, file } = cluster();
    const values = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...values, name: "sg-orders", vpc_id: "subnet-0a1b2c3d" }));
    const { status, output } = terraformIn(join(folder, "cdktf.out/stacks/example-aws"))
      .init()
      .plan(`-var-file=${file}`);
    expect(status).toBe(1);
    expect(output).toContain("The name must not start with sg-, which AWS reserves for ids.");
    expect(output).toContain("The VPC's id must be vpc- and 8 or 17 hexadecimal digits.");
    prerequisites.destroy();
  });
});

function stateBucket(): Terraform {
  const folder = workFolder();
  const configuration = {
    // The emulator answers under one host name, not one for each bucket.
    provider: { aws: { s3_use_path_style: true } },
    resource: { aws_s3_bucket: { states: { bucket_prefix: "states-", force_destroy: true } } },
    output: { bucket: { value: "${aws_s3_bucket.states.bucket}" } },
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  const terraform = terraformIn(folder).init();
  terraform.apply();
  return terraform;
}

/** Another team's root, which needs the id of the pods' group. */
class Reader extends RootStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const group = this.remoteState("prod-aws").output("pods_security_group_id");
    this.addOutput("pods", group, "Id of the pods' group.");
  }
}

describe.skipIf(reason)("a root with its state in S3", () => {
  test("is applied, read by another root, and planned empty from another place", () => {
    const { prerequisites, file } = cluster();
    const states = stateBucket();

    const outdir = workFolder();
    const backend = {
      type: "s3",
      bucket: states.outputs()["bucket"] as string,
      key: "aws.tfstate",
      region: "eu-west-1",
    } as const;
    synthesize(
      {
        "eks-cluster-role": (app, id) => new EksClusterRoleStack(app, id),
        "rds-mysql": (app, id) => new RdsMysqlStack(app, id),
        "prod-aws": (app, id) => new ExampleAws(app, id, { backend }),
        reader: (app, id) => new Reader(app, id),
      },
      outdir,
    );
    const root = () => {
      const folder = workFolder();
      cpSync(outdir, folder, { recursive: true });
      const terraform = terraformIn(join(folder, "stacks/prod-aws"));
      terraform.run("init", "-no-color", "-backend-config=use_path_style=true");
      return terraform;
    };
    const applied = root();
    applied.apply(`-var-file=${file}`);
    const reader = join(workFolder(), "reader");
    cpSync(join(outdir, "stacks/reader"), reader, { recursive: true });
    const configuration = JSON.parse(readFileSync(join(reader, "cdk.tf.json"), "utf8"));
    // The emulator's, as in the backend.
    configuration.data.terraform_remote_state.prod_aws.config.use_path_style = true;
    // Its own state need not outlive the test.
    configuration.terraform.backend.local = {};
    writeFileSync(join(reader, "cdk.tf.json"), JSON.stringify(configuration));
    const reading = terraformIn(reader).init();
    reading.apply();
    expect(reading.outputs()["pods"]).toBe(applied.outputs()["pods_security_group_id"]);
    const elsewhere = root();
    expect(elsewhere.plan(`-var-file=${file}`).status).toBe(0);
    elsewhere.destroy(`-var-file=${file}`);
    prerequisites.destroy();
    states.destroy();
  });
});

describe.skipIf(reason ?? cli.reason ?? noKubernetes)("both roots", () => {
  test("are deployed by name, in their order, and destroyed together", () => {
    const kubectl = kubectlIn(kubernetes.kubectl, kubernetes.kubeconfig);
    const removeCni = ensureCni(kubectl, copy);
    const removePolicies = ensurePolicies(kubectl, copy);
    const folder = repository();
    const { prerequisites, file } = cluster();
    const env = awsEnvironment({ KUBE_CONFIG_PATH: kubernetes.kubeconfig });
    const options = ["example-aws", "example-kubernetes", ...DEPLOY, `--var-file=${file}`];

    const output = command(folder, "npx", ["cdktf", "deploy", ...options], env);
    expect(output).toContain("16 added, 0 changed, 0 destroyed");
    // Three settings of the CNI, and the policy.
    expect(output).toContain("4 added, 0 changed, 0 destroyed");
    expect(output.indexOf("16 added")).toBeLessThan(output.indexOf(" 4 added,"));
    expect(git(folder, "status", "--porcelain")).toBe("");

    command(folder, "npx", ["cdktf", "destroy", ...options], env);
    prerequisites.destroy();
    removePolicies();
    removeCni();
  });
});

describe.skipIf(reason)("docs/deploy.md", () => {
  const blocks = blocksFor("deploy").map((block) => ({
    ...block,
    reason: block.text.includes("cdktf deploy") ? cli.reason : undefined,
  }));

  test.for(blocks)("$page:$line deploys the values of the page", ({ text, reason }, { skip }) => {
    skip(reason !== undefined, reason);
    const folder = repository();
    const { prerequisites, file } = cluster();
    const given = JSON.parse(readFileSync(file, "utf8"));
    for (const { file = "", text } of blocksFor("values", "docs/deploy.md")) {
      const keys = Object.keys(JSON.parse(text));
      writeFileSync(
        join(folder, file),
        JSON.stringify(Object.fromEntries(keys.map((key) => [key, given[key]]))),
      );
    }
    // Without a cluster, the first stage.
    const lines = text.split("\n").filter((line) => !noKubernetes || !line.includes("kubernetes"));
    const env = awsEnvironment({ KUBE_CONFIG_PATH: kubernetes.kubeconfig });
    const script = ["-euo", "pipefail", "-c", `${ANSWERS}${lines.join("\n")}`];
    const said = command(folder, "bash", script, env);
    expect(said).toMatch(/16 added, 0 changed, 0 destroyed/);
    expect(said).not.toContain("Value for undeclared variable");
    prerequisites.destroy();
  });
});

describe.skipIf(cli.reason)("cdktf synth", () => {
  test("writes the bytes that npm run synth writes, which are the committed ones", () => {
    const folder = repository();
    const committed = filesIn(join(folder, "cdktf.out"));
    cdktf(folder, "synth");
    expect(filesIn(join(folder, "cdktf.out"))).toStrictEqual(committed);
    expect(git(folder, "status", "--porcelain")).toBe("");
  });

  test("fails and changes nothing when a stack cannot be synthesized", () => {
    const folder = repository();
    const main = readFileSync(join(folder, "main.ts"), "utf8");
    const broken = main.replace(/new ExampleKubernetes\(.*\)/, '{ throw new Error("no cluster"); }');
    expect(broken).not.toBe(main);
    writeFileSync(join(folder, "main.ts"), broken);
    const committed = filesIn(join(folder, "cdktf.out"));
    const { status, output } = tryCommand(folder, "npx", ["cdktf", "synth"]);
    expect(status).toBe(1);
    expect(output).toContain('stack "example-kubernetes": no cluster');
    expect(filesIn(join(folder, "cdktf.out"))).toStrictEqual(committed);
  });
});
