import { type ITerraformDependable, TerraformHclModule, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import type { ModuleContract } from "./contract";
import { InputError } from "./errors";
import { textIn } from "./text";

export interface ModuleCallOptions {
  /** The name of the module's stack in this app, when it is not the contract's. */
  readonly stack?: string;
  readonly dependsOn?: ITerraformDependable[];
  /** Provider configurations other than the root's default ones. */
  readonly providers?: TerraformProvider[];
}

/** A value for each variable of a module: plain text and data, or tokens. Optional ones may be left out. */
export type ModuleValues<Values> = { readonly [Name in keyof Values]: Values[Name] };

/**
 * Calls a module of the same app by its relative folder (`source = "../rds-mysql"`), so that the written
 * JSON works wherever the whole `stacks` folder is. Text in the values reaches the module as text.
 *
 * @throws InputError naming every variable that is missing or unknown
 */
export class ModuleCall<Values extends object, Output extends string> extends TerraformHclModule {
  /** The stack that it calls. */
  readonly stackName: string;

  constructor(
    scope: Construct,
    id: string,
    readonly contract: ModuleContract<Values, Output>,
    values: ModuleValues<Values>,
    options: ModuleCallOptions = {},
  ) {
    checkNames(id, contract, values);
    const stackName = options.stack ?? contract.name;
    super(scope, id, {
      source: `../${stackName}`,
      // Without it cdktf would copy the module into an asset folder.
      skipAssetCreationFromLocalModules: true,
      variables: textIn(values) as Record<string, unknown>,
      ...(options.dependsOn && { dependsOn: options.dependsOn }),
      ...(options.providers && { providers: options.providers }),
    });
    this.stackName = stackName;
  }

  /** A reference to an output of the module, as a string token. */
  output(name: Output): string {
    if (!(name in this.contract.outputs)) {
      throw new InputError([
        `module "${this.contract.name}" has no output "${name}"; it has ${Object.keys(this.contract.outputs).join(", ") || "none"}`,
      ]);
    }
    return Token.asString(this.interpolationForOutput(name));
  }
}

function checkNames<Values extends object, Output extends string>(
  id: string,
  { name, variables }: ModuleContract<Values, Output>,
  values: object,
): void {
  const known = Object.keys(variables);
  const isSet = (key: string) => (values as Record<string, unknown>)[key] !== undefined;
  const missing = known.filter((key) => variables[key as keyof Values].default === undefined && !isSet(key));
  const unknown = Object.keys(values).filter((key) => !known.includes(key));
  const call = `module call "${id}"`;
  const problems = [
    ...missing.map((key) => `${call}: module "${name}" needs a value for "${key}"`),
    ...unknown.map(
      (key) => `${call}: module "${name}" has no variable "${key}"; it has ${known.join(", ") || "none"}`,
    ),
  ];
  if (problems.length > 0) throw new InputError(problems);
}
