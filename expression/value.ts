/**
 * A value that the input does not determine. Two unknowns with one expression are the same value; two with
 * different ones may or may not be.
 */
export class Unknown {
  readonly #parts: readonly (string | Unknown)[] | undefined;

  /**
   * @param expression where it comes from, in one canonical spelling that is absolute: references to resources
   *   carry their module (`module.rds_mysql.aws_security_group.pods.id`, `var.security_groups["k8s_worker"]`,
   *   `data.aws_vpc.main.id`), indexes are written `["key"]` or `[0]`
   * @param parts of text that is known in part
   */
  constructor(
    readonly expression: string,
    parts?: readonly (string | Unknown)[],
  ) {
    this.#parts = parts;
  }

  /** Of text that is known in part, such as a template: what is known of it, and what is not, in order. */
  get parts(): readonly (string | Unknown)[] | undefined {
    return this.#parts;
  }
}

/** What an argument is after evaluation. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Unknown
  | readonly Value[]
  | { readonly [key: string]: Value };

/** What `each` means in an expression that is evaluated for the elements of a map or a set. */
export interface Each {
  readonly key: Value;
  readonly value: Value;
}
