import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { configurationIn, PAGES, type Page } from "../support/pages";
import { Terraform, workFolder } from "./support/terraform";

const { copy } = inject("aws");
const reasons = { aws: inject("aws").reason, kubernetes: inject("kubernetesProvider").reason };

/** Pages whose modules need the Kubernetes provider, too. */
const ON_KUBERNETES: readonly Page[] = ["policies", "cni"];

describe.each(PAGES)("docs/%s.md", (page) => {
  const reason = reasons.aws ?? (ON_KUBERNETES.includes(page) ? reasons.kubernetes : undefined);
  test.skipIf(reason)("has Terraform that is valid", () => {
    const terraform = new Terraform(workFolder());
    const files = configurationIn(page, join(copy, "cdktf.out/stacks"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(terraform.folder, name), text);
    expect(terraform.run("init", "-backend=false", "-no-color")).toContain("successfully initialized");
    expect(terraform.run("validate", "-no-color")).toContain("The configuration is valid.");
  });

  test.skipIf(inject("terraform").reason)("has Terraform in its own format", () => {
    const terraform = new Terraform(workFolder());
    for (const [name, text] of Object.entries(configurationIn(page, "stacks"))) {
      writeFileSync(join(terraform.folder, name), text);
    }
    expect(terraform.try("fmt", "-check", "-diff")).toStrictEqual({ status: 0, output: "" });
  });
});
