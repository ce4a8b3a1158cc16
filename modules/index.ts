import { given, InputError } from "../io/errors";
import type { StackFactory, Stacks } from "../synth/synthesize";
import { MODULES, type ModuleName } from "./registry";
import { type RuleFormOptions, ruleFormOf } from "./shared/rule-form";

/**
 * The stacks of modules by their names, for an app whose roots call them: `run({ ...moduleStacks(["pod-group",
 * "msk"]), … })`. A module that there is not is said when the app is synthesized, with whatever else is wrong.
 *
 * @param options the form of the rules, the same for all: modules add rules to each other's groups
 * @throws InputError for names that are no list, and for wrong options
 */
export function moduleStacks(names: readonly ModuleName[], options?: RuleFormOptions): Stacks {
  const list: unknown = names;
  if (!Array.isArray(list)) {
    throw new InputError([`moduleStacks: must be a list of names of modules (${given(names)})`]);
  }
  // Here already, for the modules without rules, too.
  ruleFormOf(options);
  return Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(MODULES, name) ? MODULES[name].stack(options) : unknownModule]),
  );
}

const unknownModule: StackFactory = (_app, name) => {
  const known = Object.keys(MODULES).sort().join(", ");
  throw new InputError([`there is no module "${name}"; there are ${known}`]);
};
