import type { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { InputError } from "./errors";
import { type ProviderName, RequiredProvider } from "./providers";
import { PlainStack } from "./stack";
import type { ModuleTest } from "./terraform-tests";
import type { VariableSpecs } from "./variables";

/** What a module promises to those who call it. Its names are a public contract. */
export interface ModuleContract<Values extends object, Output extends string> {
  /** The name under which the module is committed: its stack's and its folder's. */
  readonly name: string;
  /** What it is for: the first paragraph of its document, in Markdown. */
  readonly purpose: string;
  readonly provider: ProviderName;
  readonly variables: VariableSpecs<Values>;
  /** Descriptions of the outputs, by name. */
  readonly outputs: Readonly<Record<Output, string>>;
  /** Which resources carry which requirement; a table of the module's document. */
  readonly requirements?: readonly ModuleRequirement[];
  /** Further sections of the document, in Markdown, by their headings. */
  readonly notes?: Readonly<Record<string, string>>;
  /** Tests for `terraform test` beyond those of the validations, by the name of their file. */
  readonly tests?: Readonly<Record<string, ModuleTest>>;
}

export interface ModuleRequirement {
  readonly key: string;
  readonly requirement: string;
  /** Addresses inside the module. */
  readonly addresses: readonly string[];
}

/** A contract whatever its values: what documents, tests and the writer need of it. */
export type AnyModuleContract = ModuleContract<Record<string, unknown>, string>;

/**
 * A portable Terraform module: variables in, outputs out, no provider configuration, no backend.
 *
 * It needs Terraform 1.1 for `nullable`.
 */
export abstract class ModuleStack<
  Values extends object = Record<string, unknown>,
  Output extends string = string,
> extends PlainStack {
  readonly contract: AnyModuleContract;
  /** The declared variables, by name. */
  protected readonly variables: Readonly<Record<keyof Values, TerraformVariable>>;

  constructor(scope: Construct, id: string, contract: ModuleContract<Values, Output>) {
    super(scope, id, "1.1");
    this.contract = contract as unknown as AnyModuleContract;
    new RequiredProvider(this, contract.provider);
    this.variables = Object.fromEntries(
      Object.entries(this.contract.variables).map(([name, spec]) => [name, this.addVariable(name, spec)]),
    ) as Record<keyof Values, TerraformVariable>;
  }

  /**
   * Adds every output that the contract promises.
   *
   * @throws InputError for one that the contract does not know
   */
  protected addOutputs(values: Readonly<Record<Output, unknown>>): void {
    for (const [name, value] of Object.entries(values)) {
      const description = this.contract.outputs[name];
      if (description === undefined) {
        throw new InputError([`output "${name}" is not in the contract of module "${this.contract.name}"`]);
      }
      this.addOutput(name, value, description);
    }
  }
}
