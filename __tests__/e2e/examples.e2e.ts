import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { FAULTS, ROOTS, synthesizeApps } from "../support/examples";
import { awsStage } from "./support/stage";
import { Terraform } from "./support/terraform";

const { copy } = awsStage();
const reasons = { aws: awsStage().reason, kubernetes: inject("kubernetesProvider").reason };

beforeAll(() => synthesizeApps(copy));

describe.each([...ROOTS, ...FAULTS])("$folder", ({ folder, provider }) => {
  test.skipIf(reasons[provider])("is what Terraform accepts", () => {
    const terraform = new Terraform(join(copy, folder));
    terraform.run("init", "-backend=false", "-no-color");
    expect(terraform.run("validate", "-no-color")).toContain("The configuration is valid.");
  });
});

test.skipIf(reasons.aws)("the examples are formatted as Terraform does", () => {
  const { status, output } = new Terraform(join(copy, "examples")).try(
    "fmt",
    "-check",
    "-diff",
    "-recursive",
  );
  expect(status, output).toBe(0);
});
