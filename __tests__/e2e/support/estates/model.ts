import type { Json } from "../../../../io/json";

/** A block of Terraform: values as its JSON syntax has them, with references as `${…}`. */
export interface Block {
  readonly kind: "resource" | "data" | "variable" | "output" | "module" | "moved" | "import";
  /** Of a resource and of data. */
  readonly type?: string;
  /** Of what is moved or imported, which has none in Terraform: what tells it from others. */
  readonly name: string;
  readonly values: Json;
}

/** What a group is to its team; groups of others are not adopted. */
export type Role = "article" | "pods" | "service" | "other" | "others";

/** The form in which a group has its rules. */
export type Form = "classic" | "per-rule" | "inline";

/** A group that drifts once its estate runs. */
export interface Drift {
  readonly form: Form;
  /** What somebody does by hand. */
  readonly changes: readonly ("added" | "removed" | "described")[];
  /** Which side is right. */
  readonly side: "live" | "configuration";
  /** The address of the group. */
  readonly group: string;
  /** Those of its rules. */
  readonly rules: readonly string[];
}

/** A generated estate: what a root has of it, and the modules that the root calls, each in a folder of its name. */
export interface Estate {
  readonly syntax: "hcl" | "json";
  readonly root: readonly Block[];
  /** What the root has of it when it is applied for the first time. */
  readonly first: readonly Block[];
  /** What the second apply imports. */
  readonly imports: readonly Block[];
  readonly modules: Readonly<Record<string, readonly Block[]>>;
  /** Of each group, and of rules that nobody adopts, by their addresses without keys. */
  readonly roles: Readonly<Record<string, Role>>;
  /** What must be said of groups that the module made for them does not hold, and of what is left, by their addresses without keys. */
  readonly reasons: Readonly<Record<string, RegExp>>;
  /** The forms that adoption is asked to give to the rules of groups, by the addresses of these. */
  readonly rules: Readonly<Record<string, "per-rule">>;
  /** The group of it that drifts. */
  readonly drift?: Drift;
}

export const resource = (type: string, name: string, values: Json): Block => ({
  kind: "resource",
  type,
  name,
  values,
});

/** The address of a block without keys, such as `module.web.aws_security_group.web`. */
export function addressOf({ kind, type, name }: Block, call?: string): string {
  const own = { resource: `${type}.${name}`, data: `data.${type}.${name}` } as Record<string, string>;
  return [...(call === undefined ? [] : [`module.${call}`]), own[kind] ?? `${kind}.${name}`].join(".");
}

/**
 * The estate without what was adopted: what its team does by hand. Outputs of modules go with the groups that they name.
 *
 * @param adopted addresses without keys
 * @param referenceTo the expression in the root that takes the place of one, such as `aws_security_group.web.id`
 */
export function withoutAdopted(
  estate: Estate,
  adopted: ReadonlySet<string>,
  referenceTo: (old: string) => string,
): Estate {
  const left = (blocks: readonly Block[], call?: string) =>
    blocks.filter((block) => !adopted.has(addressOf(block, call)));
  const gone = [...adopted].filter((address) => /^aws_(default_)?security_group\./.test(address));
  const replaced = (text: string) =>
    gone.reduce(
      (words, address) =>
        words.replace(
          new RegExp(`\\b${address.replaceAll(".", "\\.")}(\\["[^"]*"\\]|\\[\\d+\\])?\\.id\\b`, "g"),
          referenceTo,
        ),
      text,
    );
  return {
    ...estate,
    root: left(estate.root).map((block) => ({ ...block, values: mapTexts(block.values, replaced) as Json })),
    modules: Object.fromEntries(
      Object.entries(estate.modules).map(([call, blocks]) => [
        call,
        left(blocks, call).filter(({ kind }) => kind !== "output"),
      ]),
    ),
  };
}

/** A value with each text in it changed. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
