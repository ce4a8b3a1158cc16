import { Token } from "cdktf";
import { type Condition, failedConditions } from "../expression/module-conditions";
import { Unknown, type Value } from "../expression/value";
import { given } from "../io/errors";
import { isJson, type Json } from "../io/json";
import { misfits } from "./check-types";
import type { AnyModuleContract } from "./contract";
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
  const asData = ({ condition, message }: Condition) => ({ condition: `\${${condition}}`, message });
  return failedConditions(
    Object.fromEntries(
      Object.entries(variables).map(([name, { type, default: otherwise = null, validations = [] }]) => [
        name,
        { type, default: withUnknowns(otherwise, `var.${name}`), validations: validations.map(asData) },
      ]),
    ),
    preconditions.map(asData),
    Object.fromEntries(
      Object.keys(variables).map((name) => [name, withUnknowns(values[name] ?? null, `var.${name}`)]),
    ),
  ).map(({ variable, message }) =>
    variable === undefined ? message : `${variable}: ${message} (${given(values[variable])})`,
  );
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
