/*
 * Options of TypeScript are written in camelCase, variables of modules and their attributes in snake_case. The one
 * follows from the other: `k8sWorker` is `k8s_worker`, `cidrIpv4` is `cidr_ipv4`.
 */

/** The option that sets a variable or an attribute. */
export function optionName(variable: string): string {
  return variable.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The variable or the attribute that an option sets. */
export function variableName(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
