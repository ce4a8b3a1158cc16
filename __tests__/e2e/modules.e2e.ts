import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { eksClusterRole } from "../../modules/eks-cluster-role/contract";
import { rdsMysql } from "../../modules/rds-mysql/contract";
import { securityGroupPolicy } from "../../modules/security-group-policy/contract";
import { vpcCni } from "../../modules/vpc-cni/contract";
import { vpcCniAddon } from "../../modules/vpc-cni-addon/contract";
import type { AnyModuleContract } from "../../terraform/contract";
import type { Json } from "../../terraform/json";
import { Terraform, workFolder } from "./support/terraform";

const { copy, reason } = inject("aws");

const MODULES = [
  rdsMysql,
  eksClusterRole,
  securityGroupPolicy,
  vpcCni,
  vpcCniAddon,
] as unknown as AnyModuleContract[];

/** Why the tests of a module cannot run: its provider is mocked, but Terraform must have it. */
const reasons = { aws: reason, kubernetes: inject("kubernetesProvider").reason };

/** A consumer's copy of a committed module's folder. */
function moduleCopy(name: string): string {
  const folder = workFolder();
  cpSync(join(copy, "cdktf.out/stacks", name), folder, { recursive: true });
  return folder;
}

/** Those of some runs of the validations' tests that fail. */
function failedAlone(folder: string, names: readonly string[]): string[] {
  // Each in a file of its own: a failing run skips the rest of its file.
  const { run, ...shared } = readJson(join(folder, "tests/validation.tftest.json"));
  for (const name of names) {
    const own = run.filter((entry: object) => name in entry);
    expect(own).toHaveLength(1);
    writeFileSync(join(folder, `tests/${name}.tftest.json`), JSON.stringify({ ...shared, run: own }));
  }
  const filters = names.map((name) => `-filter=tests/${name}.tftest.json`);
  const { output } = new Terraform(folder).init().try("test", "-no-color", ...filters);
  const failed = names.filter((name) => output.includes(`run "${name}"... fail`));
  expect(output).toContain(`${names.length - failed.length} passed, ${failed.length} failed.`);
  return failed;
}

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));

describe.each(["aws", "kubernetes"] as const)("a consumer's copy of a module for %s", (provider) => {
  const modules = MODULES.filter((module) => module.provider === provider);
  const tests = test.skipIf(reasons[provider]);

  tests.each(modules)("$name is valid, and its own tests pass", ({ name }) => {
    const terraform = new Terraform(moduleCopy(name)).init();
    expect(terraform.run("validate", "-no-color")).toContain("The configuration is valid.");
    expect(terraform.run("test", "-no-color")).toMatch(/Success! \d+ passed, 0 failed\./);
  });

  const validations = modules.flatMap(({ name, variables }) =>
    Object.entries(variables).flatMap(([variable, { validations = [] }]) =>
      validations.map((validation, index) => ({ name, variable, index, ...validation })),
    ),
  );

  tests.each(validations)(
    "$name needs validation $index of $variable: without it its tests fail",
    (mutant) => {
      const folder = moduleCopy(mutant.name);
      const configuration = readJson(join(folder, "cdk.tf.json"));
      const [deleted] = configuration.variable[mutant.variable].validation.splice(mutant.index, 1);
      expect(deleted.error_message).toBe(mutant.message);
      if (configuration.variable[mutant.variable].validation.length === 0) {
        delete configuration.variable[mutant.variable].validation;
      }
      writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(configuration));

      const names = Object.keys(mutant.refused).map((label) => `refuses_${label}`);
      expect(failedAlone(folder, names)).toStrictEqual(names);
    },
  );

  const preconditions = modules.flatMap(({ name, preconditions = [] }) =>
    preconditions.map((precondition) => ({ name, ...precondition })),
  );

  tests.each(preconditions)("$name needs the precondition: $message", ({ name, on, message, refused }) => {
    const folder = moduleCopy(name);
    const configuration = readJson(join(folder, "cdk.tf.json"));
    const [type, label] = on.split(".") as [string, string];
    const { lifecycle } = configuration.resource[type][label];
    const kept = lifecycle.precondition.filter((one: Json) => one["error_message"] !== message);
    expect(kept).toHaveLength(lifecycle.precondition.length - 1);
    lifecycle.precondition = kept;
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(configuration));

    const names = Object.keys(refused).map((label) => `refuses_${label}`);
    expect(failedAlone(folder, names)).toStrictEqual(names);
  });
});

describe.skipIf(reason)("a module for AWS", () => {
  test("is planned in one go with what its inputs come from: no validation fails on an unknown value", () => {
    const folder = workFolder();
    cpSync(join(copy, "__tests__/e2e/fixtures/article/prerequisites.tf"), join(folder, "prerequisites.tf"));
    const source = (name: string) => join(copy, "cdktf.out/stacks", name);
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({
        resource: { terraform_data: { name: { input: "orders" } } },
        module: {
          rds_mysql: {
            source: source("rds-mysql"),
            name: "${terraform_data.name.output}",
            platform: "${terraform_data.name.output}",
            vpc_id: "${aws_vpc.cluster.id}",
            security_groups: {
              k8s_worker: "${aws_security_group.worker.id}",
              k8s_ingress: "${aws_security_group.ingress.id}",
            },
          },
          eks_cluster_role: {
            source: source("eks-cluster-role"),
            cluster_role_name: "${aws_iam_role.cluster.name}",
          },
        },
      }),
    );
    const { status, output } = new Terraform(folder).init().plan();
    expect(output).toContain("Plan: 21 to add, 0 to change, 0 to destroy.");
    expect(status).toBe(2);
  });

  test("is tested by a consumer who mocks the provider with the values of the module's document", () => {
    const folder = workFolder();
    cpSync(join(copy, "__tests__/e2e/fixtures/article"), folder, { recursive: true });
    useModule(folder, join(copy, "cdktf.out/stacks/rds-mysql"));
    const snippet = codeBlock(join(copy, "cdktf.out/stacks/rds-mysql/README.md"), "mock_provider");
    const file = join(folder, "root.tftest.hcl");
    const terraform = new Terraform(folder);
    const run = 'run "everything" {\n  command = apply\n}\n';

    writeFileSync(file, `${snippet}\n${run}`);
    expect(terraform.init().run("test", "-no-color")).toContain("Success! 1 passed, 0 failed.");

    // Without the values, the made-up ids are refused: the document's advice is needed.
    writeFileSync(file, `mock_provider "aws" {}\n${run}`);
    const { status, output } = terraform.try("test", "-no-color");
    expect(status).toBe(1);
    expect(output).toContain("must be vpc- and 8 or 17 hexadecimal digits");
  });

  test.each(MODULES.map(({ name }) => name))("%s documents calls that are formatted", (name) => {
    const folder = workFolder();
    const blocks = codeBlocks(join(copy, "cdktf.out/stacks", name, "README.md"));
    expect(blocks.length).toBeGreaterThan(0);
    for (const [index, block] of blocks.entries()) writeFileSync(join(folder, `${index}.tf`), `${block}\n`);
    new Terraform(folder).run("fmt", "-check", "-diff");
  });
});

/** Swaps the source of the fixture's module call. */
function useModule(folder: string, source: string): void {
  const file = join(folder, "workload.tf");
  const before = readFileSync(file, "utf8");
  const after = before.replace('"./modules/rds-mysql"', JSON.stringify(source));
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

function codeBlocks(document: string): string[] {
  return [...readFileSync(document, "utf8").matchAll(/```hcl\n([\s\S]*?)\n```/g)].map(
    (match) => match[1] as string,
  );
}

function codeBlock(document: string, word: string): string {
  const block = codeBlocks(document).find((candidate) => candidate.includes(word));
  if (!block) throw new Error(`${document} has no HCL with ${word}`);
  return block;
}
