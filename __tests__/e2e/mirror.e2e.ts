/** A mirror of providers on a machine without a network, for Terraform and for OpenTofu: docs/versions.md says how it looks. */
import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blocksFor } from "../support/pages";
import { awsStage } from "./support/stage";
import { environment, Terraform, workFolder } from "./support/terraform";

const { pluginCache, reason } = awsStage();
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

describe.skipIf(reason)("a folder as a mirror", () => {
  test("serves the provider of both registries, each from a folder of its own", () => {
    const mirror = workFolder();
    const provider = providerIn(pluginCache);
    for (const registry of REGISTRIES) {
      const version = join(mirror, registry, "hashicorp/aws", provider.version);
      mkdirSync(version, { recursive: true });
      // Only the last folder may be a link.
      symlinkSync(provider.path, join(version, provider.platform));
    }

    const folder = workFolder();
    const [documented = ""] = blocksFor("mirror").map(({ text }) => text);
    const configuration = join(folder, "mirror.tfrc");
    writeFileSync(configuration, documented.replace("/opt/terraform-providers", mirror));
    expect(documented).toContain("/opt/terraform-providers");
    // The provider of the registry that the program has by default, and each by its full name.
    for (const source of ["hashicorp/aws", ...REGISTRIES.map((registry) => `${registry}/hashicorp/aws`)]) {
      const root = join(folder, source.replaceAll("/", "-"));
      mkdirSync(root);
      const required_providers = { aws: { source } };
      writeFileSync(join(root, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
      const terraform = new Terraform(root, environment({ TF_CLI_CONFIG_FILE: configuration }));
      expect(terraform.run("init", "-no-color"), source).toContain(`aws v${provider.version}`);
    }
  });
});

/** The AWS provider where Terraform keeps what it has installed: at `HOST/NAMESPACE/NAME/VERSION/PLATFORM`. */
function providerIn(plugins: string): { version: string; platform: string; path: string } {
  const [host = ""] = readdirSync(plugins);
  const versions = join(plugins, host, "hashicorp/aws");
  const [version = ""] = readdirSync(versions);
  const [platform = ""] = readdirSync(join(versions, version));
  return { version, platform, path: realpathSync(join(versions, version, platform)) };
}
