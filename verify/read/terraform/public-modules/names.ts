/** A module as its source names it. */
export interface ModuleName {
  /** Its name in a public registry, with its namespace and its provider: `terraform-aws-modules/eks/aws`. */
  readonly name: string;
  /** The path of a module inside of it: `modules/karpenter`. */
  readonly submodule?: string;
  /** Of its repository: the revision that the source asks for, or nothing where it asks for none. */
  readonly revision?: string;
}

const REGISTRY =
  /^(?:registry\.(?:terraform\.io|opentofu\.org)\/)?([\w-]+\/[\w-]+\/[\w-]+?)(?:\/\/([\w/-]+))?$/;
const REPOSITORY =
  /^(?:git::)?(?:(?:https|ssh):\/\/(?:git@)?|git@)?github\.com[/:]([\w-]+)\/terraform-([\w]+)-([\w-]+?)(?:\.git)?(?:\/\/([\w/-]+))?(?:\?ref=([^&]*))?$/;

/**
 * The module of a public registry that a source names, by the registry or by the repository that the registry takes it from
 * (https://developer.hashicorp.com/terraform/registry/modules/publish#requirements); undefined for any other source.
 */
export function moduleNamed(source: string): ModuleName | undefined {
  const [, registered, inside] = REGISTRY.exec(source) ?? [];
  if (registered !== undefined) return { name: registered, ...(inside && { submodule: inside }) };
  const [, owner, provider, repository, submodule, revision = ""] = REPOSITORY.exec(source) ?? [];
  if (owner === undefined) return undefined;
  return { name: `${owner}/${repository}/${provider}`, ...(submodule && { submodule }), revision };
}
