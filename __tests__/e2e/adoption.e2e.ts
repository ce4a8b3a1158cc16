import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAll } from "./support/sample";
import { awsStage } from "./support/stage";
import { Terraform, workFolder } from "./support/terraform";

const { copy, reason } = awsStage();
const stack = (name: string) => join(copy, "cdktf.out/stacks", name);

/** A team's root with hand-written HCL in the article's style, applied. */
function runningTeam(): { terraform: Terraform; replace: (file: string, from: string, to: string) => void } {
  const folder = workFolder();
  cpSync(join(copy, "__tests__/e2e/fixtures/article"), folder, { recursive: true });
  const terraform = new Terraform(folder).init();
  terraform.apply();
  const replace = (file: string, from: string, to: string) => {
    const before = readFileSync(join(folder, file), "utf8");
    expect(before).toContain(from);
    writeFileSync(join(folder, file), before.replace(from, to));
  };
  return { terraform, replace };
}

/** The HCL that a module's document gives for resources that stood in the root. */
function documentedMove(module: string): string {
  const readme = readFileSync(join(stack(module), "README.md"), "utf8");
  const block = [...readme.matchAll(/```hcl\n([\s\S]*?)\n```/g)].find((match) =>
    match[1]?.startsWith("moved"),
  );
  if (!block?.[1]) throw new Error(`the document of ${module} has no moved block`);
  return block[1];
}

describe.skipIf(reason)("a team that runs the article's HCL adopts the synthesized modules", () => {
  test("a hand-written module: the source is swapped, and the plan has no changes", () => {
    const { terraform, replace } = runningTeam();
    const before = terraform.state();
    expect(before.filter((address) => address.startsWith("module.rds_mysql."))).toHaveLength(14);

    replace("workload.tf", '"./modules/rds-mysql"', JSON.stringify(stack("rds-mysql")));
    const { status, output } = terraform.init().plan();

    expect(output).toContain("No changes. Your infrastructure matches the configuration.");
    expect(status).toBe(0);
    terraform.apply();
    expect(terraform.state()).toStrictEqual(before);
    terraform.destroy();
  });

  test("attachments that stood in the root itself: one moved block, and nothing is added, changed or destroyed", () => {
    const { terraform } = runningTeam();
    rmSync(join(terraform.folder, "cluster-role.tf"));
    const call = `module "eks_cluster_role" {
  source            = ${JSON.stringify(stack("eks-cluster-role"))}
  cluster_role_name = aws_iam_role.cluster.name
}`;
    writeFileSync(join(terraform.folder, "adopted.tf"), `${call}\n\n${documentedMove("eks-cluster-role")}\n`);

    const { output } = terraform.init().plan();
    expect(output.match(/has moved to/g)).toHaveLength(3);
    expect(output).toContain("Plan: 0 to add, 0 to change, 0 to destroy.");
    terraform.apply();
    expect(terraform.plan().status).toBe(0);
    terraform.destroy();
  });

  // The generated estates have such blocks, too.
  test.runIf(isAll)("resources of the workload that stood in the root itself: a moved block for each", () => {
    const folder = workFolder();
    const fixture = join(copy, "__tests__/e2e/fixtures/article");
    // The hand-written module as a root: its resources have no module in their addresses.
    cpSync(join(fixture, "modules/rds-mysql/main.tf"), join(folder, "main.tf"));
    cpSync(join(fixture, "prerequisites.tf"), join(folder, "prerequisites.tf"));
    const locals = { name: "orders", platform: "shop", vpc_id: "${aws_vpc.cluster.id}" };
    const groups = {
      k8s_worker: "${aws_security_group.worker.id}",
      k8s_ingress: "${aws_security_group.ingress.id}",
    };
    const asRoot = readFileSync(join(folder, "main.tf"), "utf8").replaceAll("var.", "local.");
    writeFileSync(join(folder, "main.tf"), asRoot);
    writeFileSync(
      join(folder, "root.tf.json"),
      JSON.stringify({
        data: { aws_region: { current: {} } },
        locals: { ...locals, security_groups: groups },
      }),
    );
    const terraform = new Terraform(folder).init();
    terraform.apply();
    const addresses = terraform.state().filter((address) => /\.(rds|pods|worker_)/.test(address));
    expect(addresses).toHaveLength(13);

    rmSync(join(folder, "main.tf"));
    writeFileSync(
      join(folder, "root.tf.json"),
      JSON.stringify({
        module: { rds_mysql: { source: stack("rds-mysql"), ...locals, security_groups: groups } },
        moved: addresses.map((from) => ({ from, to: `module.rds_mysql.${from}` })),
      }),
    );
    const { output } = terraform.init().plan();
    expect(output).toContain("Plan: 0 to add, 0 to change, 0 to destroy.");
    terraform.apply();
    expect(terraform.plan().status).toBe(0);
    terraform.destroy();
  });
});
