import type { Each, Value } from "../../expression/value";

/** Where something stands in the input. */
export interface Source {
  /** The path as the user would open it: relative to the working directory, or `-` for standard input. */
  readonly file: string;
  /** The first line, from 1, where it is known. */
  readonly line?: number;
  /**
   * Of what stands in a module that `terraform init` fetched: where in there. File and line are then those of the call in
   * the user's own configuration.
   */
  readonly inside?: Omit<Source, "inside">;
}

/** What is written beside a block so that a finding at it does not count. */
export interface Ignore {
  /** The id of a check, as it is written. */
  readonly check: string;
  readonly reason: string;
  /** Where it is written. */
  readonly source: Source;
  /** Where the block stands that it is beside; absent where it is beside none. */
  readonly block?: Source;
}

/** A resource or data source of the input, in one instance. */
export interface Resource {
  /** The absolute address: `module.a["b"].aws_security_group.pods[0]`. */
  readonly address: string;
  /** The path of its module: `module.a["b"]`, or "" for the root. */
  readonly module: string;
  readonly mode: "managed" | "data";
  /** Such as `aws_security_group`. */
  readonly type: string;
  readonly name: string;
  readonly values: { readonly [argument: string]: Value };
  /** In a state: the values as it spells them, where `values` spells some otherwise. */
  readonly recorded?: { readonly [argument: string]: Value };
  /** In configuration: what Terraform refuses about the way in which it is written. */
  readonly misfits?: readonly Misfit[];
  /** In configuration: the keys of `each.value` that its arguments do not read. */
  readonly unread?: readonly string[];
  /** In configuration: the arguments whose changes Terraform leaves to others (`lifecycle { ignore_changes }`); `all` is all. */
  readonly ignoredChanges?: readonly string[];
  /** In configuration: Terraform fails in the place of destroying it (`lifecycle { prevent_destroy }`). */
  readonly preventsDestroy?: true;
  /** In a state: the next apply replaces it, because its creation failed midway or somebody said so (`terraform taint`). */
  readonly isTainted?: true;
  /** The configuration of its provider, as the root names it (`aws.west`), where it is not the default one and known. */
  readonly provider?: string;
  /** Whether it exists is not known: its `count` or `for_each`, or that of its module, could not be evaluated. */
  readonly isUncertain?: boolean;
  readonly source: Source;
}

/** An object of the Kubernetes API, by whatever resource it is applied, or as a manifest has it. */
export interface KubernetesObject {
  /** The address of the resource that applies it; of a manifest `NAMESPACE/KIND/NAME`, or `KIND/NAME` where it names no namespace. */
  readonly address: string;
  /** What it is, with the keys of YAML; a part of it or the whole may be unknown. */
  readonly body: Value;
  /** Whether it exists is not known. */
  readonly isUncertain?: boolean;
  /** Whether a manifest has it: what is no id of a group there may be filled in before it is applied. */
  readonly isManifest?: true;
  readonly source: Source;
  /** Absent where there is no text of YAML. */
  readonly lineOf?: LineOf;
}

/**
 * The line on which a part of an object stands, told by what it is: the same object. It takes a second parse of the text, so that
 * few are asked for it.
 */
export type LineOf = (part: Value) => number | undefined;

/** A part of an object: what an answer points to. */
export interface ObjectPart {
  readonly object: Pick<KubernetesObject, "source" | "lineOf">;
  readonly part: Value;
}

/** A chart that Helm installs. */
export interface HelmRelease {
  readonly address: string;
  /** The name of the chart, without its repository: `aws-vpc-cni`. */
  readonly chart: string;
  /** What is given in place of the chart's own values. A part of it or the whole may be unknown. */
  readonly values: Value;
  readonly isUncertain?: boolean;
  readonly source: Source;
}

/** What Terraform refuses about a resource for the way in which it is written. */
export type Misfit =
  | NoList
  /** An item of a list, by its index. */
  | (IncompleteItem & { readonly index: number })
  | StrangeArgument
  | LateInstances
  | FailedArgument;

/** `ingress` or `egress` as an attribute that is no list. */
export interface NoList {
  readonly kind: "no-list";
  readonly argument: string;
}

/** An item of `ingress = [...]` or `egress = [...]` that does not give every attribute. */
export interface IncompleteItem {
  readonly kind: "incomplete";
  readonly argument: string;
  readonly missing: readonly string[];
  /** What it gives instead, each with the attribute that is meant. */
  readonly meant?: readonly (readonly [given: string, meant: string])[];
}

/** An argument that there is not, with the one that is meant; `within` the blocks of a name. */
export interface StrangeArgument {
  readonly kind: "strange-argument";
  readonly argument: string;
  readonly meant: string;
  readonly within?: string;
}

/** An argument that Terraform certainly cannot evaluate. */
export interface FailedArgument {
  readonly kind: "failed-argument";
  readonly argument: string;
  readonly expression: string;
  /** A sentence without its point. */
  readonly why?: string;
  /** The module call that it stands in, where it is not the resource's own. */
  readonly module?: string;
}

/** A `count` or `for_each` that hangs on what resources of the same configuration are when they are made. */
export interface LateInstances {
  readonly kind: "late-instances";
  readonly argument: "count" | "for_each";
  /** What it goes by, as far as it is not known. */
  readonly expression: string;
  /** The addresses of the resources that it hangs on. */
  readonly resources: readonly string[];
  /** Where the state is kept elsewhere: it may hold these, so that what they are is known. */
  readonly mayBeMade?: true;
  /** The module call that it stands in, where it is not the resource's own. */
  readonly module?: string;
}

export interface ModuleInput {
  readonly address: string;
  /** The folder of its files; absent for one that was not read, or by the arguments of its call. */
  readonly folder?: string;
  /** Whether `terraform init` fetches its files, so that a change of them is lost. */
  readonly isFetched?: true;
  /**
   * For a module that was not read: what its call says, with its `source`, by the names of the arguments. It may add rules to
   * the groups that it is given.
   */
  readonly passed?: { readonly [argument: string]: Value };
  readonly source: Source;
}

/** Stands in an expression for the key of an instance that the input does not tell. */
export const UNKNOWN_KEY = "KEY";

/** What an expression in a module gives: `module.x["a"].group_id`, `var.group_id`, or a resource or a module. */
export interface NamedValue {
  readonly expression: string;
  /** Of a resource or a module its address. */
  readonly value: Value;
}

/** That an object or a module has got another address, or is let go: absolute addresses, as they are written. */
export interface Relocation {
  readonly from: string;
  /** Absent where it is let go. */
  readonly to?: string;
}

/** What a reader makes of an input. */
export interface Input {
  readonly kind: "configuration" | "plan" | "state";
  /** The path as it was given, or `-`. */
  readonly path: string;
  readonly resources: readonly Resource[];
  /** The objects of manifests that stand beside it. */
  readonly manifests?: readonly KubernetesObject[];
  /** What ids and placeholders of manifests stand for, as they are written there: addresses, expressions or ids. */
  readonly groupWords?: ReadonlyMap<string, string>;
  /** Module calls, by their absolute addresses, with the folder that each leads to where it is a local one. */
  readonly modules: readonly ModuleInput[];
  /**
   * In configuration: what is declared, absolute and without keys of instances (`var.name`, `data.aws_vpc.main`,
   * `module.a.aws_security_group.pods`), also where `count` makes none of it.
   */
  readonly declared?: ReadonlySet<string>;
  /** In configuration: what its `moved` and `removed` blocks say. */
  readonly relocations?: readonly Relocation[];
  /** Values of the root's variables and locals, for endpoints that are named by an expression. */
  readonly evaluate: (expression: string, module?: string, each?: Each) => Value;
  /**
   * What may name a security group in the files of a module: its own groups, its variables, and the outputs of the modules
   * that it calls. In a plan only outputs and variables that are certainly one id. A state does not know them.
   */
  readonly namesIn?: (module: string) => readonly NamedValue[];
  /**
   * In configuration: whether an argument of a resource hangs on the default of a variable of the root, in whose place
   * another value may be given.
   */
  readonly hangsOnDefault?: (address: string, argument: string) => boolean;
  /** In configuration: addresses without keys of resources that need each other in a circle. */
  readonly cycles?: readonly (readonly string[])[];
  /** In configuration: the findings that are meant, as its files say beside their blocks. */
  readonly ignores?: readonly Ignore[];
  /** What could not be read or evaluated and matters to the verdicts, one sentence each. */
  readonly notes: readonly string[];
  /** In a plan: what Terraform would do to a resource, by its address (`create`, `delete`, `update`, `no-op`). */
  readonly actions?: Readonly<Record<string, readonly string[]>>;
  /** In a plan: the values before, by the resource's address. */
  readonly before?: Readonly<Record<string, Readonly<Record<string, Value>>>>;
}
