/** Resources of Terraform as a test has them, and the forms in which the verifier may be given them. */

/** An attribute of another resource: an expression in a configuration, and its value in a state. */
export class Reference {
  constructor(
    readonly address: string,
    readonly attribute = "id",
  ) {}

  get expression(): string {
    return `${this.address}.${this.attribute}`;
  }
}

/** Text with references in it, as `${TYPE.NAME.ATTRIBUTE}`. */
export class Template {
  constructor(readonly text: string) {}
}

export type Block = Readonly<Record<string, unknown>>;

/** Resources by their addresses, `TYPE.NAME`. */
export type Resources = Readonly<Record<string, Block>>;

/** The files of an input, by their paths, and the one that is verified where that is no folder. */
export interface Form {
  readonly files: Readonly<Record<string, unknown>>;
  readonly path?: string;
}

/** Each form by its name. */
export const TERRAFORM_FORMS: Readonly<Record<string, (resources: Resources) => Form>> = {
  HCL: (resources) => ({ files: { "main.tf": hclOf(resources) } }),
  ".tf.json": (resources) => ({ files: { "main.tf.json": configurationOf(resources) } }),
  "plan JSON": (resources) => ({ files: { "plan.json": planOf(resources) }, path: "plan.json" }),
  "state JSON": (resources) => ({ files: { "state.json": stateOf(resources) }, path: "state.json" }),
};

function parts(address: string): { readonly type: string; readonly name: string } {
  const [type = "", name = ""] = address.split(".");
  return { type, name };
}

/** A configuration in JSON. */
export function configurationOf(resources: Resources): object {
  const types = new Map<string, Record<string, unknown>>();
  for (const [address, body] of Object.entries(resources)) {
    const { type, name } = parts(address);
    types.set(type, { ...types.get(type), [name]: mapped(body, ({ expression }) => `\${${expression}}`) });
  }
  return { resource: Object.fromEntries(types) };
}

/** A value with something in the place of each reference; what looks like an expression is text. */
function mapped(value: unknown, of: (reference: Reference) => unknown, escaped = true): unknown {
  if (value instanceof Reference) return of(value);
  if (value instanceof Template)
    return value.text.replace(REFERENCE, (_, ...at) => String(of(referenceAt(at))));
  if (typeof value === "string") return escaped ? value.replaceAll(/([$%])\{/g, "$1$1{") : value;
  if (Array.isArray(value)) return value.map((item) => mapped(item, of, escaped));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item, of, escaped)]));
}

const REFERENCE = /\$\{(\w+\.\w+)\.(\w+)\}/g;

function referenceAt([address = "", attribute = ""]: readonly string[]): Reference {
  return new Reference(address, attribute);
}

function hclOf(resources: Resources): string {
  return Object.entries(resources)
    .map(([address, body]) => {
      const { type, name } = parts(address);
      return `resource "${type}" "${name}" {\n${hclBody(body)}\n}\n`;
    })
    .join("\n");
}

/** Lists of objects are blocks, as in all resources of this estate but for what is in `manifest`. */
function hclBody(body: Block): string {
  return Object.entries(body)
    .map(([name, value]) =>
      Array.isArray(value) && value.length > 0 && value.every(isBlock)
        ? value.map((block) => `${name} {\n${hclBody(block)}\n}`).join("\n")
        : `${name} = ${hcl(value)}`,
    )
    .join("\n");
}

function isBlock(value: unknown): value is Block {
  if (value instanceof Reference || value instanceof Template) return false;
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hcl(value: unknown): string {
  if (value instanceof Reference) return value.expression;
  if (value instanceof Template) return JSON.stringify(value.text);
  if (Array.isArray(value)) return `[${value.map(hcl).join(", ")}]`;
  if (isBlock(value)) {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)} = ${hcl(item)}`);
    return `{ ${entries.join(", ")} }`;
  }
  return JSON.stringify(mapped(value, String));
}

/** What a provider answers for an attribute: an id that is none of another resource. */
function answered({ address, attribute }: Reference): string {
  const { type } = parts(address);
  const digest = [...address].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  const hex = digest.toString(16).padStart(17, "0");
  if (attribute === "name") return parts(address).name;
  return attribute === "id" && type === "aws_security_group" ? `sg-${hex}` : `${attribute}-${hex}`;
}

function known(address: string, body: Block): Block {
  return {
    id: answered(new Reference(address)),
    arn: answered(new Reference(address, "arn")),
    ...(mapped(body, answered, false) as Block),
  };
}

interface State {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly values: { readonly root_module: { readonly resources: readonly object[] } };
}

function valuesOf(resources: Resources): State["values"] {
  return {
    root_module: {
      resources: Object.entries(resources).map(([address, body]) => ({
        address,
        mode: "managed",
        ...parts(address),
        values: known(address, body),
      })),
    },
  };
}

/** Resources with the values of what they refer to. */
export function resolved(resources: Resources): Resources {
  return Object.fromEntries(
    Object.entries(resources).map(([address, body]) => [address, mapped(body, answered, false) as Block]),
  );
}

/** A state, as `terraform show -json` prints it. */
export function stateOf(resources: Resources): State {
  return { format_version: "1.0", terraform_version: "1.11.4", values: valuesOf(resources) };
}

/** The plan of a change to what is applied: all ids are known, and the configuration has what names them. */
function planOf(resources: Resources): object {
  const entries = Object.entries(resources);
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: valuesOf(resources),
    resource_changes: entries.map(([address, body]) => ({
      address,
      mode: "managed",
      ...parts(address),
      change: {
        actions: ["no-op"],
        before: known(address, body),
        after: known(address, body),
        after_unknown: {},
      },
    })),
    configuration: {
      root_module: {
        resources: entries.map(([address, body]) => ({
          address,
          mode: "managed",
          ...parts(address),
          expressions: expressionsOf(body),
        })),
      },
    },
  };
}

/** What a plan says of arguments: constants, and of everything else what it refers to. */
function expressionsOf(body: Block): object {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (Array.isArray(value) && value.length > 0 && value.every(isBlock))
        return [name, value.map(expressionsOf)];
      const references = referencesIn(value).flatMap(({ address, expression }) => [expression, address]);
      return [name, references.length > 0 ? { references } : { constant_value: value }];
    }),
  );
}

function referencesIn(value: unknown): Reference[] {
  if (value instanceof Reference) return [value];
  if (value instanceof Template)
    return [...value.text.matchAll(REFERENCE)].map(([, ...at]) => referenceAt(at));
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(referencesIn) : [];
}
