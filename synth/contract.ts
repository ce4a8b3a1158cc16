import type { Json } from "../io/json";
import type { CniManagement } from "../network/cni";
import type { ModuleFlows } from "./flows";
import type { ProviderName } from "./providers";

/** What a module promises to those who call it. Its names are a public contract. */
export interface ModuleContract<Values extends object, Output extends string> {
  /** The name under which the module is committed: its stack's and its folder's. */
  readonly name: string;
  /** What it is for: the first paragraph of its document, in Markdown. */
  readonly purpose: string;
  readonly provider: ProviderName;
  /** The oldest Terraform that has everything the module uses. Default: 1.1, for `nullable`. */
  readonly minimumTerraform?: string;
  readonly variables: VariableSpecs<Values>;
  /** Descriptions of the outputs, by name. */
  readonly outputs: Readonly<Record<Output, string>>;
  /** How it runs the cluster's CNI, if it does: recorded in the `flows.yaml` of the root that calls it. */
  readonly cni?: CniManagement;
  /** Names of modules that no root of the same cluster may call beside it: its own, where one call is enough. */
  readonly excludes?: readonly string[];
  /** The variable that names the cluster: calls for different ones exclude nothing. */
  readonly clusterVariable?: string;
  /** What must be true of several variables together. Needs Terraform 1.2. */
  readonly preconditions?: readonly Precondition[];
  /** Which resources carry which requirement; a table of the module's document. */
  readonly requirements?: readonly ModuleRequirement[];
  /** Further calls for the document, by what they are for: values besides those of the first call. */
  readonly usages?: Readonly<Record<string, Json>>;
  /** What to do with what the module creates, in Markdown. */
  readonly nextStep?: string;
  /** What to read besides, and why: names of modules, and pages such as `docs/rules.md`. */
  readonly related?: Readonly<Record<string, string>>;
  /** Further sections of the document, in Markdown, by their headings. */
  readonly notes?: Readonly<Record<string, string>>;
  /** The flows that must and must not work, for the `flows.yaml` beside the module's JSON. */
  readonly flows?: ModuleFlows;
  /** Tests for `terraform test` beyond those of the validations, by the name of their file. */
  readonly tests?: Readonly<Record<string, ModuleTest>>;
}

export interface ModuleRequirement {
  readonly key: string;
  readonly requirement: string;
  /** The names of the resources that carry it. */
  readonly resources: readonly string[];
}

/** A contract whatever its values: what documents, tests and the writer need of it. */
export type AnyModuleContract = ModuleContract<Record<string, unknown>, string>;

/** A rule that a variable's value must follow, checked by Terraform before it plans. */
export interface Validation<T> {
  /** A Terraform expression over this variable alone. Unknown values make it unknown, never false. */
  readonly condition: string;
  /** What is accepted, as a full sentence (Terraform wants a capital letter and a full stop). */
  readonly message: string;
  /**
   * Values that this validation alone refuses, by what they are. The module's committed tests are made of them; a
   * run tries one value of each variable.
   */
  readonly refused: Readonly<Record<string, T>>;
}

/** A rule that several variables must follow together, checked by Terraform when it plans a resource. */
export interface Precondition {
  /** The address of the resource that carries it. */
  readonly on: string;
  /** A Terraform expression. */
  readonly condition: string;
  /** What is accepted, as a full sentence. */
  readonly message: string;
  /** Values of variables that this precondition alone refuses, by the name of the test run that tries them. */
  readonly refused: Readonly<Record<string, Json>>;
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
  /** Whether null is a value that callers may give, although there is no default: they must decide. */
  readonly isNullable?: boolean;
  readonly validations?: readonly Validation<T>[];
  /** Values at the edge of what is accepted, by what they are. */
  readonly accepted?: Readonly<Record<string, T>>;
}

/** The inputs of a module, by name, for the shape of its values. */
export type VariableSpecs<Values> = {
  readonly [Name in keyof Values]-?: VariableSpec<Exclude<Values[Name], undefined>>;
};

/** The examples of the variables that have no default: a call that every validation accepts. */
export function exampleValues(variables: AnyModuleContract["variables"]): Json {
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([, spec]) => spec.default === undefined)
      .map(([name, spec]) => [name, spec.example]),
  );
}

/** A check inside a run of `terraform test`. */
export interface Assertion {
  /** A Terraform expression. */
  readonly condition: string;
  readonly message: string;
}

export interface TestRun {
  readonly name: string;
  /** For the reader: what the run is about, beyond its name. */
  readonly note?: string;
  readonly command: "plan" | "apply";
  /** Variables other than those of the examples. */
  readonly variables?: Json;
  readonly assert?: readonly Assertion[];
  /** What must be refused, such as `var.name`. */
  readonly expectFailures?: readonly string[];
}

/** A file of tests for a module, with its provider mocked. */
export interface ModuleTest {
  /** Values that the mocked provider gives to the computed attributes of data sources, by type. */
  readonly data?: Readonly<Record<string, Json>>;
  /** Values that it gives to the computed attributes of single resources, by address. */
  readonly resources?: Readonly<Record<string, Json>>;
  /** Variables of all runs besides those of the examples. */
  readonly variables?: Json;
  readonly runs: readonly TestRun[];
}
