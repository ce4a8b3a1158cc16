import type { Json } from "../../../../io/json";

/**
 * What a module makes of its arguments, as far as verdicts hang on it, in Terraform's JSON syntax
 * (https://developer.hashicorp.com/terraform/language/syntax/json). Its addresses are those of the module itself, so that whatever
 * names them means the same before and after `terraform init`. What is left out is not known to callers.
 */
export interface ModuleModel {
  readonly content: Json;
  /** The modules that it calls, by the names of the calls. */
  readonly calls?: Readonly<Record<string, ModuleModel>>;
}

/** A module of a public registry whose calls are read by their arguments where its files are not there. */
export interface PublicModule {
  /** Its name in the registry, with its namespace and its provider: `terraform-aws-modules/eks/aws`. */
  readonly name: string;
  /** The first version that the model is right for. */
  readonly since: string;
  /** The newest version of each major version that the model was held against, the oldest first. */
  readonly newest: readonly string[];
  /** Arguments with which a call is not read, each with the reason: they may make anything, or Terraform rejects them. */
  readonly unread: (has: (version: string) => boolean) => Readonly<Record<string, string>>;
  /** @param has whether the version of the call is a given one or a later one */
  readonly model: (has: (version: string) => boolean) => ModuleModel;
  /** Modules inside of it that are called by themselves, too, by their paths: `modules/fargate-profile`. */
  readonly submodules?: Readonly<Record<string, (has: (version: string) => boolean) => ModuleModel>>;
}

/** A template of one expression. */
export function expression(text: string): string {
  return `\${${text}}`;
}

/** Variables by their names, each with its type and its default. */
export function variables(types: Readonly<Record<string, readonly [type: string, fallback: unknown]>>): Json {
  return Object.fromEntries(
    Object.entries(types).map(([name, [type, fallback]]) => [name, { type, default: fallback }]),
  );
}

/** Variables for which null stands for the default, as `variables` has them. */
export function nonNull(variables: Json): Json {
  return Object.fromEntries(
    Object.entries(variables).map(([name, body]) => [name, { ...(body as Json), nullable: false }]),
  );
}

/** Outputs by their names, each with its expression. */
export function outputs(values: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value: expression(value) }]),
  );
}
