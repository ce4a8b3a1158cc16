/** A rule that a variable's value must follow, checked by Terraform before it plans. */
export interface Validation<T> {
  /** A Terraform expression over this variable alone. Unknown values make it unknown, never false. */
  readonly condition: string;
  /** What is accepted, as a full sentence (Terraform wants a capital letter and a full stop). */
  readonly message: string;
  /**
   * Values that this validation alone refuses, by the name of the test run that tries it.
   * The module's committed tests are made of them.
   */
  readonly refused: Readonly<Record<string, T>>;
}

/** An input of a module: what Terraform is told of it, and what its document and its tests need. */
export interface VariableSpec<T = unknown> {
  /** A Terraform type constraint, such as `string` or `object({ a = string })`. */
  readonly type: string;
  readonly description: string;
  /** Makes the variable optional. `null` is a default too. */
  readonly default?: T;
  /** A value that every validation accepts: used in the document's example and in the tests. */
  readonly example: T;
  readonly validations?: readonly Validation<T>[];
  /** Values at the edge of what is accepted, by the name of the test run that tries it. */
  readonly accepted?: Readonly<Record<string, T>>;
}

/** The inputs of a module, by name, for the shape of its values. */
export type VariableSpecs<Values> = {
  readonly [Name in keyof Values]-?: VariableSpec<Exclude<Values[Name], undefined>>;
};
