/**
 * A value that the input does not determine. Two unknowns with one expression are the same value; two with
 * different ones may or may not be.
 */
export class Unknown {
  /**
   * @param expression where it comes from, in one canonical spelling that is absolute: references to resources
   *   carry their module (`module.rds_mysql.aws_security_group.pods.id`, `var.security_groups["k8s_worker"]`,
   *   `data.aws_vpc.main.id`), indexes are written `["key"]` or `[0]`
   */
  constructor(readonly expression: string) {}
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
