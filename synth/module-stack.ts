import type { TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { InputError } from "../io/errors";
import type { AnyModuleContract, ModuleContract } from "./contract";
import { OLDEST_TERRAFORM } from "./minimum-terraform";
import { RequiredProvider } from "./required-provider";
import { PlainStack } from "./stack";

/** A portable Terraform module: variables in, outputs out, no provider configuration, no backend. */
export abstract class ModuleStack<
  Values extends object = Record<string, unknown>,
  Output extends string = string,
> extends PlainStack {
  readonly contract: AnyModuleContract;
  /** The declared variables, by name. */
  protected readonly variables: Readonly<Record<keyof Values, TerraformVariable>>;

  constructor(scope: Construct, id: string, contract: ModuleContract<Values, Output>) {
    super(scope, id, contract.minimumTerraform ?? OLDEST_TERRAFORM);
    this.contract = contract as unknown as AnyModuleContract;
    new RequiredProvider(this, contract.provider);
    this.variables = Object.fromEntries(
      Object.entries(this.contract.variables).map(([name, spec]) => [name, this.addVariable(name, spec)]),
    ) as Record<keyof Values, TerraformVariable>;
    this.addPreconditions();
  }

  private addPreconditions(): void {
    const { preconditions = [] } = this.contract;
    for (const address of new Set(preconditions.map(({ on }) => on))) {
      const own = preconditions.filter(({ on }) => on === address);
      this.addOverride(
        `${address.startsWith("data.") ? "" : "resource."}${address}.lifecycle.precondition`,
        own.map(({ condition, message }) => ({ condition: `\${${condition}}`, error_message: message })),
      );
    }
  }

  /**
   * @throws InputError always: a module is not deployed, so that it waits for nothing
   */
  override addDependency(dependency: TerraformStack): void {
    throw new InputError([
      `a module is not deployed and cannot depend on "${dependency.node.id}": let the root that calls it depend on it`,
    ]);
  }

  /**
   * Adds every output that the contract promises.
   *
   * @throws InputError for one that the contract does not know
   */
  protected addOutputs(values: Readonly<Record<Output, unknown>>): void {
    for (const [name, value] of Object.entries(values)) {
      const description = Object.hasOwn(this.contract.outputs, name)
        ? this.contract.outputs[name]
        : undefined;
      if (description === undefined) {
        throw new InputError([`output "${name}" is not in the contract of module "${this.contract.name}"`]);
      }
      this.addOutput(name, value, description);
    }
  }
}
