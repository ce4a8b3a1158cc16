import type { AnyModuleContract, ModuleContract } from "../synth/contract";
import type { StackFactory } from "../synth/synthesize";
import type { RuleFormOptions } from "./shared/rule-form";

/** A module as the registry knows it: what its folder's `index.ts` gives. */
export interface Module {
  readonly contract: AnyModuleContract;
  /** What it is, in the few words of a table. Modules with the same words stand in one row. */
  readonly summary: string;
  /** Makes its stack. A module without rules, or with rules of one form alone, takes no options. */
  readonly stack: (options?: RuleFormOptions) => StackFactory;
}

/** A module of a contract, whatever the types of its values. */
export function moduleOf<Values extends object, Output extends string>(
  contract: ModuleContract<Values, Output>,
  rest: Omit<Module, "contract">,
): Module {
  return { contract: contract as unknown as AnyModuleContract, ...rest };
}
