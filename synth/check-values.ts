import { Token } from "cdktf";
import { evaluateData, type Scope } from "../expression/evaluate";
import { converted, typeOf } from "../expression/types";
import { Unknown, type Value } from "../expression/value";
import { given } from "../io/errors";
import { isJson, type Json } from "../io/json";
import { misfits } from "./check-types";
import type { AnyModuleContract, VariableSpec } from "./contract";
import { holdsToken } from "./text";

/**
 * What Terraform would refuse of the values of a module call, by the module's own validations and preconditions:
 * evaluated here, so that a wrong value is found when synthesizing. What depends on references is left to Terraform.
 *
 * @param values as they are given: plain data, with tokens for what is only known later
 * @returns one sentence for each problem: the variable, the module's message, what was given
 */
export function refusedValues({ variables, preconditions = [] }: AnyModuleContract, values: Json): string[] {
  const wrongTypes = Object.entries(variables).flatMap(([name, { type }]) =>
    values[name] === undefined ? [] : misfits(name, type, withUnknowns(values[name], `var.${name}`)),
  );
  // A condition over a value of another type says nothing, or something else.
  if (wrongTypes.length > 0) return wrongTypes;
  const known = Object.fromEntries(
    Object.entries(variables).map(([name, spec]) => [name, typedValue(name, spec, values)]),
  );
  const scope: Scope = {
    label: "",
    name: (name) => (name === "var" ? known : new Unknown(name)),
  };
  const isFalse = (condition: string) => evaluateData(`\${${condition}}`, scope) === false;
  const refused = Object.entries(variables).flatMap(([name, { validations = [] }]) =>
    // Terraform evaluates no validation of a null, and has its own words for it. Of what is not known none is false.
    known[name] === null || known[name] instanceof Unknown
      ? []
      : validations
          .filter(({ condition }) => isFalse(condition))
          .map(({ message }) => `${name}: ${message} (${given(values[name])})`),
  );
  // On top of a wrong value a contradiction would only confuse.
  if (refused.length > 0) return refused;
  return preconditions.filter(({ condition }) => isFalse(condition)).map(({ message }) => message);
}

function typedValue(name: string, spec: VariableSpec, values: Json): Value {
  // Terraform takes the default for a null, too, where null is not the default itself: such a variable is not nullable.
  const value = values[name] ?? spec.default ?? null;
  return converted(withUnknowns(value, `var.${name}`), typeOf(spec.type));
}

/** Data with the references in it as what they are here: not known. */
function withUnknowns(value: unknown, path: string): Value {
  if (Token.isUnresolved(value)) return new Unknown(path);
  if (Array.isArray(value)) return value.map((item, index) => withUnknowns(item, `${path}[${index}]`));
  if (isJson(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, withUnknowns(item, `${path}["${key}"]`)]),
    );
  }
  return holdsToken(value) ? new Unknown(path) : (value as string | number | boolean | null);
}
