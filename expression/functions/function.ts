import type { Value } from "../value";

/** What a function gives where Terraform refuses to go on: `one(["a", "b"])`. */
export const REFUSED = Symbol("refused");

/**
 * A function of Terraform, on arguments whose references are expanded. It gives nothing where they are not known, or
 * not what it takes here.
 */
export type TerraformFunction = (args: readonly Value[]) => Value | typeof REFUSED | undefined;
