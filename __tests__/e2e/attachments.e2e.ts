import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { COMPUTED_ATTRIBUTES, MADE_UP_ATTRIBUTES } from "../../aws/computed-attributes";
import { INTERFACES, NO_INTERFACES } from "../../verify/inventory/interfaces/table";
import { Terraform, workFolder } from "./support/terraform";

/** The schema of a block or of an attribute, as far as `terraform providers schema -json` is read here. */
interface Schema {
  readonly type?: unknown;
  readonly optional?: boolean;
  readonly required?: boolean;
  readonly computed?: boolean;
  readonly attributes?: Readonly<Record<string, Schema>>;
  readonly nested_type?: Schema;
  readonly block_types?: Readonly<Record<string, { readonly block: Schema }>>;
}

const { reason } = inject("terraform");
const TEXTS = ["string", ["set", "string"], ["list", "string"]].map((type) => JSON.stringify(type));

/** The arguments at and below a schema, as paths, that may hold text or a list of texts. */
function argumentsOf(schema: Schema, path: readonly string[] = []): string[] {
  const nested = [
    ...Object.entries(schema.attributes ?? {}),
    ...Object.entries(schema.block_types ?? {}).map(([name, { block }]) => [name, block] as const),
    ...Object.entries(schema.nested_type?.attributes ?? {}),
  ];
  const below = nested.flatMap(([name, child]) => argumentsOf(child, [...path, name]));
  const isGiven = schema.optional === true || schema.required === true;
  return isGiven && TEXTS.includes(JSON.stringify(schema.type)) ? [path.join("."), ...below] : below;
}

/** The resources of the AWS provider, by their types. */
function resourceSchemas(): Readonly<Record<string, { readonly block: Schema }>> {
  const folder = workFolder();
  const aws = { source: "hashicorp/aws", version: "5.100.0" };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: { aws } } }));
  const schemas = JSON.parse(new Terraform(folder).init().run("providers", "schema", "-json"));
  // It is called by the registry of Terraform, or of OpenTofu.
  const [provider] = Object.values<{ resource_schemas: ReturnType<typeof resourceSchemas> }>(
    schemas["provider_schemas"],
  );
  return provider?.resource_schemas ?? {};
}

describe.skipIf(reason)("what puts groups on interfaces", () => {
  test("is every argument of the AWS provider that names groups, or is left out with a reason", () => {
    const types = resourceSchemas();

    const found = Object.entries(types).flatMap(([type, { block }]) =>
      argumentsOf(block)
        .filter((path) => path.includes("security_group"))
        .map((path) => `${type}.${path}`),
    );
    const known = [
      ...Object.entries(INTERFACES).flatMap(([type, { groups }]) => groups.map((path) => `${type}.${path}`)),
      ...Object.keys(NO_INTERFACES),
    ];

    expect(found.length).toBeGreaterThan(100);
    expect(known.sort()).toStrictEqual(found.sort());
  });

  test.each(Object.entries(NO_INTERFACES))("%s is left out: %s", (_, why) => {
    expect(why).toMatch(/^[a-z].{10,}[^.]$/);
  });
});

describe.skipIf(reason)("what a resource has only when it is made", () => {
  test("is computed or required in every type that has it, else computed where nothing is given", () => {
    const types = resourceSchemas();
    const having = (name: string) =>
      Object.entries(types).flatMap(([type, { block }]) => {
        const attribute = block.attributes?.[name];
        return attribute === undefined ? [] : [{ address: `${type}.${name}`, ...attribute }];
      });
    const listed = [...COMPUTED_ATTRIBUTES].map((name) => ({ name, all: having(name) }));
    const ofNoType = listed.filter(({ all }) => all.length === 0).map(({ name }) => name);
    const mayBeNull = listed
      .flatMap(({ all }) => all)
      .filter(({ computed, required }) => computed !== true && required !== true);
    const madeUp = Object.entries(MADE_UP_ATTRIBUTES).flatMap(([type, names]) =>
      names.map((name) => ({ type, name })),
    );
    const prefixed = Object.entries(types).flatMap(([type, { block }]) =>
      Object.entries(block.attributes ?? {}).flatMap(([prefix, { optional }]) => {
        const name = prefix.replace(/_prefix$/, "");
        return optional === true && name !== prefix && block.attributes?.[name] ? [{ type, name }] : [];
      }),
    );
    const given = [...madeUp, ...prefixed].filter(
      ({ type, name }) => types[type]?.block.attributes?.[name]?.computed !== true,
    );

    expect(ofNoType).toStrictEqual([]);
    expect(mayBeNull.map(({ address }) => address)).toStrictEqual([]);
    expect(prefixed.length).toBeGreaterThan(10);
    expect(given).toStrictEqual([]);
  });
});
