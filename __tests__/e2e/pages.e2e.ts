import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { describe, expect, inject, test } from "vitest";
import { moduleStacks } from "../../modules";
import { synthesize } from "../../synth/synthesize";
import { blocksFor, configurationIn, pagesFor, pageText } from "../support/pages";
import { cluster } from "./support/cluster";
import { awsStage } from "./support/stage";
import { command, environment, Terraform, workFolder } from "./support/terraform";

const { copy } = awsStage();
const reasons = { aws: awsStage().reason, kubernetes: inject("kubernetesProvider").reason };

/**
 * The committed modules in a folder of the test's own. Where the Kubernetes provider cannot be installed, those that need
 * it are there without their resources: their calls, validations and outputs are Terraform's to judge all the same.
 */
function modules(): string {
  const stacks = join(workFolder(), "stacks");
  cpSync(join(copy, "cdktf.out/stacks"), stacks, { recursive: true });
  if (reasons.kubernetes === undefined) return stacks;
  for (const name of ["vpc-cni", "security-group-policy"]) {
    const file = join(stacks, name, "cdk.tf.json");
    const { resource: _, terraform, ...rest } = JSON.parse(readFileSync(file, "utf8"));
    const { required_providers: __, ...kept } = terraform;
    writeFileSync(file, JSON.stringify({ ...rest, terraform: kept }));
  }
  return stacks;
}

describe.each(pagesFor("terraform"))("%s", (page) => {
  test.skipIf(reasons.aws)("has Terraform that is valid", () => {
    const terraform = new Terraform(workFolder());
    const files = configurationIn(page, modules());
    for (const [name, text] of Object.entries(files)) writeFileSync(join(terraform.folder, name), text);
    expect(terraform.run("init", "-backend=false", "-no-color")).toContain("successfully initialized");
    expect(terraform.run("validate", "-no-color")).toContain("The configuration is valid.");
  });

  test.skipIf(inject("terraform").reason)("has Terraform in its own format", () => {
    const terraform = new Terraform(workFolder());
    for (const { text, line } of blocksFor("terraform", page))
      writeFileSync(join(terraform.folder, `line-${line}.tf`), text);
    const { status, output } = terraform.try("fmt", "-check", "-diff");
    expect(status, output).toBe(0);
  });
});

/** What a plan makes of a resource. */
interface Change {
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

describe.skipIf(reasons.aws)("docs/rules.md, from one form of rules to the other", () => {
  test("as the page says, rules are forgotten and imported, and none is missing for a moment", () => {
    const { prerequisites, workload } = cluster();
    const terraform = new Terraform(workFolder());
    const write = (name: string, text: string) => writeFileSync(join(terraform.folder, name), text);
    const group = (name: string) => ({ name, description: name, vpc_id: workload("")["vpc_id"] });
    const groups = { client: group("client"), server: group("server") };
    write("groups.tf.json", JSON.stringify({ resource: { aws_security_group: groups } }));

    // The page's block, of the groups that are there.
    const classic = workFolder();
    synthesize(moduleStacks(["pod-to-pod"], { ruleForm: "classic" }), classic);
    const documented = (stacks: string) =>
      Object.values(configurationIn("docs/rules.md", stacks))
        .filter((block) => block.includes("removed {"))
        .join("")
        .replace('"sg-0a1b2c3d4e5f60004"', "aws_security_group.client.id")
        .replace('"sg-0a1b2c3d4e5f60005"', "aws_security_group.server.id");
    const [call = ""] = documented(join(classic, "stacks")).split("removed {");
    write("main.tf", call);
    terraform.init().apply();

    const { values } = JSON.parse(terraform.run("show", "-json"));
    const rules = values.root_module.child_modules[0].resources as {
      name: string;
      values: Record<string, string>;
    }[];
    const idOf = (name: string) =>
      rules.find((rule) => rule.name === name)?.values["security_group_rule_id"] ?? "";
    for (const { text } of blocksFor("rules", "docs/rules.md")) {
      const listed = command(terraform.folder, "bash", ["-euo", "pipefail", "-c", text]);
      for (const { name } of rules.filter(({ name }) => /_tcp_/.test(name))) {
        expect(listed).toMatch(new RegExp(`\\.${name}\\[.*\\t${idOf(name)}$`, "m"));
      }
    }
    const after = documented(join(copy, "cdktf.out/stacks"))
      .replace("sgr-0a1b2c3d4e5f60001", idOf("client_egress_tcp_to_server"))
      .replace("sgr-0a1b2c3d4e5f60002", idOf("server_ingress_tcp_from_client"));
    write("main.tf", after);

    // As Terraform and as OpenTofu end it.
    const plans = [
      ...pageText("docs/rules.md")
        .replaceAll("\n", " ")
        .matchAll(/`(Plan: [^`]*)`/g),
    ].map(([, plan]) => plan);
    expect(plans.map((plan) => plan?.replace(/.* 0 to add, .*(?=0 to destroy)/, ""))).toStrictEqual([
      "0 to destroy.",
      "0 to destroy, 2 to forget.",
    ]);
    expect(plans).toContain(/^Plan: .*$/m.exec(terraform.init().plan("-out=tfplan").output)?.[0]);
    const { resource_changes } = JSON.parse(terraform.run("show", "-json", "tfplan"));
    for (const { address, change } of resource_changes as { address: string; change: Change }[]) {
      // The emulator does not know the description of a rule whose source is a group.
      const changed = ["tags", "tags_all", "description"].map((name) => [name, change.after?.[name]]);
      if (change.before && change.after) {
        expect({ ...change.before, ...Object.fromEntries(changed) }, address).toStrictEqual(change.after);
      }
    }
    terraform.apply();
    expect(terraform.plan()).toMatchObject({ status: 0 });
    terraform.destroy();
    prerequisites.destroy();
  });
});

test.skipIf(inject("terraform").reason)("docs/policies.md shows the YAML that its call gives", async () => {
  const [, text = ""] = Object.entries(configurationIn("docs/policies.md", "stacks"))[0] ?? [];
  const { module } = await parse("page.tf", text);
  const { source, check, ...values } = module.orders_policy[0];
  const {
    resource,
    terraform: _,
    ...rest
  } = JSON.parse(readFileSync(join(copy, "cdktf.out", source, "cdk.tf.json"), "utf8"));
  // Without its resource, the module needs no provider.
  const terraform = new Terraform(workFolder(), environment());
  writeFileSync(join(terraform.folder, "main.tf.json"), JSON.stringify(rest));
  const given = { ...values, create: false, security_group_ids: ["sg-0a1b2c3d4e5f60004"] };
  writeFileSync(join(terraform.folder, "values.auto.tfvars.json"), JSON.stringify(given));
  terraform.init().apply();
  const shown = blocksFor("manifest", "docs/policies.md").map(({ text }) => text);
  expect(shown).toStrictEqual([terraform.outputs()["manifest_yaml"]]);
});
