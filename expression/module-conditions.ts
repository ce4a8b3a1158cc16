import { evaluateData, type Scope } from "./evaluate";
import { converted, typeOf } from "./types";
import { Unknown, type Value } from "./value";

/** A rule of a module's input. */
export interface Condition {
  /** As Terraform's JSON has it: `${…}`. */
  readonly condition: string;
  /** What Terraform says where it is false. */
  readonly message: string;
}

/** A variable of a module, as far as conditions need it. */
export interface ConditionedVariable {
  /** A type constraint, such as `map(string)`. */
  readonly type: string;
  readonly default?: Value;
  readonly validations?: readonly Condition[];
}

/** A condition that is false. */
export interface FailedCondition {
  /** The variable whose validation it is; absent for a precondition. */
  readonly variable?: string;
  readonly message: string;
}

/**
 * The conditions of a module that are false for the values of a call, as Terraform evaluates them when it plans. Of what is not
 * known none is false.
 *
 * @param values by the names of variables; those that are not given have their default
 * @returns failed validations; the preconditions only where no validation fails: on top of a wrong value they would only confuse
 */
export function failedConditions(
  variables: Readonly<Record<string, ConditionedVariable>>,
  preconditions: readonly Condition[],
  values: Readonly<Record<string, Value>>,
): FailedCondition[] {
  const known = Object.fromEntries(
    Object.entries(variables).map(([name, { type, default: otherwise = null }]) => [
      name,
      // Terraform takes the default for a null, too, where null is not the default itself: such a variable is not nullable.
      converted(values[name] ?? otherwise, typeOf(type)),
    ]),
  );
  const scope: Scope = {
    label: "",
    name: (name) => (name === "var" ? known : new Unknown(name)),
  };
  const isFalse = ({ condition }: Condition) => evaluateData(condition, scope) === false;
  const failed = Object.entries(variables).flatMap(([variable, { validations = [] }]) =>
    // Terraform evaluates no validation of a null, and has its own words for it.
    known[variable] === null || known[variable] instanceof Unknown
      ? []
      : validations.filter(isFalse).map(({ message }) => ({ variable, message })),
  );
  return failed.length > 0 ? failed : preconditions.filter(isFalse).map(({ message }) => ({ message }));
}
