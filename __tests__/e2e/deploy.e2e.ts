import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { filesIn } from "../support/folders";
import { command, Terraform, tryCommand, workFolder } from "./support/terraform";

const { copy, reason } = inject("aws");

/** Applies what a cluster has before, and returns the values of `example-aws` as a file. */
function valuesFile(): { prerequisites: Terraform; file: string } {
  const folder = workFolder();
  cpSync(join(copy, "__tests__/e2e/fixtures/article/prerequisites.tf"), join(folder, "prerequisites.tf"));
  const output = {
    vpc: { value: "${aws_vpc.cluster.id}" },
    worker: { value: "${aws_security_group.worker.id}" },
    ingress: { value: "${aws_security_group.ingress.id}" },
    role: { value: "${aws_iam_role.cluster.name}" },
  };
  writeFileSync(join(folder, "outputs.tf.json"), JSON.stringify({ output }));
  const prerequisites = new Terraform(folder).init();
  prerequisites.apply();
  const { vpc, worker, ingress, role } = prerequisites.outputs();
  const file = join(folder, "values.tfvars.json");
  writeFileSync(
    file,
    JSON.stringify({
      region: "eu-west-1",
      name: "orders",
      platform: "shop",
      vpc_id: vpc,
      cluster_role_name: role,
      security_groups: { k8s_worker: worker, k8s_ingress: ingress },
    }),
  );
  return { prerequisites, file };
}

/** A clone-like copy of the repository, of the test's own: the CLI leaves states and plans in it. */
function repository(): string {
  const folder = workFolder();
  cpSync(copy, folder, { recursive: true, verbatimSymlinks: true });
  git(folder, "init", "--quiet");
  git(folder, "add", ".");
  git(folder, "commit", "--quiet", "--message", "Clone");
  return folder;
}

const git = (folder: string, ...args: string[]) =>
  command(folder, "git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args]);

const cdktf = (folder: string, ...args: string[]) => command(folder, "npx", ["cdktf", ...args]);

describe.skipIf(reason)("the root example-aws", () => {
  test("is deployed and destroyed by the cdktf CLI", () => {
    const folder = repository();
    const { prerequisites, file } = valuesFile();
    const options = ["example-aws", "--auto-approve", "--skip-provider-lock", `--var-file=${file}`];

    const deployed = cdktf(folder, "deploy", ...options);
    expect(deployed).toContain("16 added, 0 changed, 0 destroyed");
    // The outputs of the module, passed on.
    expect(deployed).toMatch(/pods_security_group_id = sg-[0-9a-f]{17}/);

    // The state lies outside of the folder that the CLI may delete, and both tools see it.
    expect(existsSync(join(folder, "terraform.example-aws.tfstate"))).toBe(true);
    const root = new Terraform(join(folder, "cdktf.out/stacks/example-aws"));
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
    const { prerequisites, file } = valuesFile();
    const root = new Terraform(folder);
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
    const { prerequisites, file } = valuesFile();
    const values = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...values, name: "sg-orders", vpc_id: "subnet-0a1b2c3d" }));
    const { status, output } = new Terraform(join(folder, "cdktf.out/stacks/example-aws"))
      .init()
      .plan(`-var-file=${file}`);
    expect(status).toBe(1);
    expect(output).toContain("The name must not start with sg-, which AWS keeps for ids.");
    expect(output).toContain("The VPC's id must be vpc- and 8 or 17 hexadecimal digits.");
    prerequisites.destroy();
  });
});

describe.skipIf(reason)("cdktf synth", () => {
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
    const broken = main.replace("new VpcCni(app, id)", '{ throw new Error("no cluster"); }');
    expect(broken).not.toBe(main);
    writeFileSync(join(folder, "main.ts"), broken);
    const committed = filesIn(join(folder, "cdktf.out"));
    const { status, output } = tryCommand(folder, "npx", ["cdktf", "synth"]);
    expect(status).toBe(1);
    expect(output).toContain('stack "vpc-cni": no cluster');
    expect(filesIn(join(folder, "cdktf.out"))).toStrictEqual(committed);
  });
});
