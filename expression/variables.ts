/**
 * References to the variables of a module, of those alone that it has.
 *
 * @typeParam Values the module's inputs
 * @returns for a name the reference as a Terraform expression, such as `var.ports`
 */
export function variablesOf<Values extends object>(): (name: keyof Values & string) => string {
  return variableNamed;
}

/** The reference to a variable whose name is a parameter: for parts that modules share under names of their own. */
export function variableNamed(name: string): string {
  return `var.${name}`;
}
