import { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { PROVIDERS, type ProviderName } from "./providers";

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
