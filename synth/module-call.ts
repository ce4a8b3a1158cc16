import {
  type ITerraformDependable,
  TerraformHclModule,
  type TerraformProvider,
  TerraformStack,
  Token,
} from "cdktf";
import type { Construct } from "constructs";
import { InputError } from "../io/errors";
import { isJson } from "../io/json";
import { refusedValues } from "./check-values";
import type { AnyModuleContract, ModuleContract, VariableSpec } from "./contract";
import { identifierProblems, PlainStack } from "./stack";
import { collectText, textIn } from "./text";

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
 * JSON works wherever the whole `stacks` folder is. Text in the values reaches the module as text. The call's
 * address is `module.` and its id, in whatever scope it is.
 *
 * @throws InputError naming every variable that is missing or unknown, every value that is no plain data or that the
 * module's validations and preconditions refuse, and an id that is no identifier of Terraform
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
    refusePlainStack(scope, id);
    const variables = checkedValues(id, contract as unknown as AnyModuleContract, values);
    const stackName = options.stack ?? contract.name;
    super(scope, id, {
      source: `../${stackName}`,
      // Without it cdktf would copy the module into an asset folder.
      skipAssetCreationFromLocalModules: true,
      variables,
      ...(options.dependsOn && { dependsOn: options.dependsOn }),
      ...(options.providers && { providers: options.providers }),
    });
    // Below another construct, cdktf would make up an address with a hash.
    this.overrideLogicalId(id);
    this.stackName = stackName;
  }

  /**
   * A reference to an output of the module, as a string token.
   *
   * @throws InputError for one that the module does not have
   */
  output(name: Output): string {
    if (!Object.hasOwn(this.contract.outputs, name)) {
      throw new InputError([
        `module "${this.contract.name}" has no output "${name}"; it has ${Object.keys(this.contract.outputs).join(", ") || "none"}`,
      ]);
    }
    return Token.asString(this.interpolationForOutput(name));
  }
}

/** A stack of cdktf would be written without the module. */
function refusePlainStack(scope: Construct, id: string): void {
  const stack = TerraformStack.of(scope);
  if (stack instanceof PlainStack) return;
  throw new InputError([
    `module call "${id}" is in stack "${stack.node.id}", a TerraformStack of cdktf: app.synth() would write the call without its module. Let the stack extend RootStack, and call run({ "${stack.node.id}": YourClass }) instead of app.synth()`,
  ]);
}

/** The values as text, for a call whose id and values are right. */
function checkedValues(id: string, contract: AnyModuleContract, values: unknown): Record<string, unknown> {
  const problems = problemsOfCall(id, contract, values);
  if (problems.length > 0) throw new InputError(problems);
  return textIn(values) as Record<string, unknown>;
}

/**
 * What is wrong with a call, one sentence each.
 *
 * @param call what each sentence calls it
 */
export function problemsOfCall(
  id: string,
  contract: AnyModuleContract,
  values: unknown,
  call = `module call "${id}"`,
): readonly string[] {
  const { name, variables } = contract;
  if (!isJson(values)) return [`${call}: its values must be an object`];
  const isMissing = ([key, spec]: [string, VariableSpec]) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return spec.default === undefined && (value === undefined || (value === null && !spec.isNullable));
  };
  const unknown = Object.keys(values).filter((key) => !Object.hasOwn(variables, key));
  const names = Object.keys(variables).join(", ") || "none";
  const problems = [
    ...identifierProblems("the id of a module call", id),
    ...Object.entries(variables)
      .filter(isMissing)
      .map(([key]) => `${call}: module "${name}" needs a value for "${key}"`),
    ...unknown.map((key) => `${call}: module "${name}" has no variable "${key}"; it has ${names}`),
  ];
  collectText(values, `${call}: values`, problems);
  if (problems.length > 0) return problems;
  return refusedValues(contract, values).map((problem) => `${call}: ${problem}`);
}
