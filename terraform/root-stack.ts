import type { Construct } from "constructs";
import { type Backend, backendBlock, backendSchema } from "./backend";
import type { ModuleContract, VariableSpec } from "./contract";
import { parseInput } from "./errors";
import type { ModuleCall, ModuleValues } from "./module-call";
import { PlainStack } from "./stack";

export interface RootStackOptions {
  /** Where the state is kept. Default: a local file in the project's folder, `terraform.NAME.tfstate`. */
  readonly backend?: Backend;
  /** Names of the stacks of this app that are deployed first. */
  readonly dependsOn?: readonly string[];
}

/**
 * A root that `cdktf deploy`, `terraform apply` or a workspace runs: a subclass adds its provider's
 * configuration and calls modules with `ModuleCall`.
 *
 * @throws InputError naming every wrong option
 */
export abstract class RootStack extends PlainStack {
  /** Names of the stacks that are deployed first. They may be declared later than this one. */
  readonly dependsOnStacks: readonly string[];

  constructor(scope: Construct, id: string, options: RootStackOptions = {}) {
    const backend = parseInput("backend", backendSchema, options.backend ?? { type: "local" });
    const { block, minimumTerraform } = backendBlock(id, backend);
    super(scope, id, minimumTerraform);
    for (const [name, value] of Object.entries(block)) this.addOverride(`terraform.${name}`, value);
    this.dependsOnStacks = options.dependsOn ?? [];
  }

  /**
   * Declares the variables of a module as the root's own, and returns the references to pass on. Their
   * validations are left to the module, which makes them in any case.
   */
  protected addVariablesOf<Values extends object, Output extends string>(
    contract: ModuleContract<Values, Output>,
  ): ModuleValues<Values> {
    const specs = Object.entries<VariableSpec>(contract.variables as Record<string, VariableSpec>);
    return Object.fromEntries(
      specs.map(([name, spec]) => [name, this.addVariable(name, { ...spec, validations: [] }).value]),
    ) as ModuleValues<Values>;
  }

  /** Passes the outputs of a called module on, under their own names. */
  protected addOutputsOf<Values extends object, Output extends string>(
    call: ModuleCall<Values, Output>,
  ): void {
    for (const [name, description] of Object.entries<string>(call.contract.outputs)) {
      this.addOutput(name, call.output(name as Output), description);
    }
  }
}
