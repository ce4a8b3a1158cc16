import { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

/**
 * The providers that the stacks use, each with its full source and the range of versions that carry what
 * they use: `data.aws_region.name` exists in 5 and 6; `kubernetes_env` is the same in 2.38 and 3.
 * A range, because the exact version is the caller's to lock.
 */
export const PROVIDERS = {
  aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" },
  kubernetes: { source: "hashicorp/kubernetes", version: ">= 2.38, < 4.0" },
} as const;

export type ProviderName = keyof typeof PROVIDERS;

/**
 * States that a module needs a provider, and configures none: a provider block inside a module would make
 * it unfit for `count`, `for_each` and `depends_on`. The caller's configuration is inherited.
 */
export class RequiredProvider extends TerraformProvider {
  constructor(
    scope: Construct,
    private readonly provider: ProviderName,
  ) {
    super(scope, `provider_${provider}`, {
      terraformResourceType: provider,
      // The name under which cdktf's own validation looks for the provider of a resource.
      terraformGeneratorMetadata: { providerName: provider },
    });
  }

  override toTerraform() {
    return { terraform: { required_providers: { [this.provider]: PROVIDERS[this.provider] } } };
  }
}
