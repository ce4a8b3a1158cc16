import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { z } from "zod";
import { type Backend, backendBlock, backendSchema, type CheckedBackend, strictly } from "./backend";
import type { ModuleContract, VariableSpec } from "./contract";
import { InputError, parseInput } from "./errors";
import type { ModuleCall, ModuleValues } from "./module-call";
import { PlainStack } from "./stack";

export interface RootStackOptions {
  /** Where the state is kept. Default: a local file in the project's folder, `terraform.NAME.tfstate`. */
  readonly backend?: Backend | undefined;
  /** Names of the stacks of this app that are deployed first. */
  readonly dependsOn?: readonly string[] | undefined;
}

interface CheckedOptions {
  readonly backend: CheckedBackend;
  readonly dependsOn: readonly string[];
}

const optionsSchema: z.ZodType<CheckedOptions, RootStackOptions> = z.strictObject(
  {
    backend: backendSchema.prefault({ type: "local" }),
    dependsOn: z
      .array(z.string("must be the name of a stack"), "must be a list of names of stacks")
      .readonly()
      .default([]),
  },
  strictly("backend, dependsOn"),
);

/**
 * A root that `cdktf deploy`, `terraform apply` or a workspace runs: a subclass adds its provider's
 * configuration and calls modules with `ModuleCall`.
 *
 * @throws InputError naming every wrong option
 */
export abstract class RootStack extends PlainStack {
  /** Names of the stacks that are deployed first. They may be declared later than this one. */
  readonly dependsOnStacks: string[];

  constructor(scope: Construct, id: string, options: RootStackOptions = {}) {
    const { backend, dependsOn } = checkedOptions(options);
    const { block, minimumTerraform } = backendBlock(id, backend);
    super(scope, id, minimumTerraform);
    for (const [name, value] of Object.entries(block)) this.addOverride(`terraform.${name}`, value);
    this.dependsOnStacks = [...dependsOn];
  }

  /** cdktf's way to say `dependsOn`. Circles are found when synthesizing, where all stacks are known. */
  override addDependency(dependency: TerraformStack): void {
    const name = dependency.node.id;
    if (!this.dependsOnStacks.includes(name)) this.dependsOnStacks.push(name);
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

function checkedOptions(options: RootStackOptions): CheckedOptions {
  try {
    return parseInput("options", optionsSchema, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // An option is named as it is written: `backend.type`.
    throw new InputError(error.problems.map((problem) => problem.replace(/^options\./, "")));
  }
}
