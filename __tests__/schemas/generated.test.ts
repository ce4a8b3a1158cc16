import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { isJson } from "../../io/json";
import { generatedFiles, generatedPictures } from "../../schemas/generated";
import { flowsFileSchema } from "../../verify/read/flows/schema";
import { PROJECT } from "../support/project";

const read = (path: string) => readFileSync(join(PROJECT, path), "utf8");

describe("generated files", () => {
  test.each(Object.entries(generatedFiles()))("%s is current", (path, content) => {
    expect(read(path), `${path}: run \`npm run generate\` and review the difference`).toBe(content);
  });

  test("docs/report.svg shows what the command says today", async () => {
    for (const [path, content] of Object.entries(await generatedPictures())) {
      expect(read(path), `${path}: run \`npm run generate\` and look at the difference`).toBe(content);
    }
  });

  test("docs/report-schema.json is a copy of schemas/report.json", () => {
    expect(read("docs/report-schema.json")).toBe(read("schemas/report.json"));
  });
});

describe("schemas/flows.json", () => {
  const schema = JSON.parse(read("schemas/flows.json"));
  const validator = z.fromJSONSchema(schema);
  const problems = (text: string) => validator.safeParse(parse(text)).error?.issues;

  const committed = ["cdktf.out", "clusters", "examples", "__tests__/verify/cases"].flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /(^|[/\\])flows\.yaml$/.test(path))
      .map((path) => join(folder, path)),
  );

  test.each(committed)("accepts %s", (path) => {
    expect(problems(read(path))).toBeUndefined();
  });

  const ALL = `
format: 1
mode: standard
cni: addon
groups_per_interface: 16
nodes: nodes
endpoints:
  nodes: { group: var.nodes, on_nodes: true }
  office: 192.0.2.0/24
  both: { groups: [aws_security_group.a, aws_security_group.b], cidrs: "\${var.cidr}" }
flows:
  one: allow office -> both TCP 443
  two: { flow: deny both -> internet, description: Nothing leaves., required: [nodes], when: var.on, for_each: var.ports }
suppress:
  - { check: dead-rule, address: aws_security_group_rule.x, reason: OPS-17, when: var.on, with_policies: true }
`;

  test("accepts every key, as reading does", () => {
    expect(problems(ALL)).toBeUndefined();
    expect(flowsFileSchema.safeParse(parse(ALL)).error?.issues).toBeUndefined();
  });

  test.each([
    ["another format", "format: 2"],
    ["no format", "mode: strict"],
    ["a key that is none", "format: 1\nflow: {}"],
    ["a mode that is none", "format: 1\nmode: lax"],
    ["a quota that AWS does not give", "format: 1\ngroups_per_interface: 17"],
    ["half a group", "format: 1\ngroups_per_interface: 5.5"],
    ["an endpoint with another key", "format: 1\nendpoints: { a: { cidr: 10.0.0.0/8 } }"],
    ["an endpoint without text", 'format: 1\nendpoints: { a: "" }'],
    ["no group of several", "format: 1\nendpoints: { a: { groups: [] } }"],
    ["a flow that says only what it is for", "format: 1\nflows: { a: { description: b } }"],
    ["a list of flows", "format: 1\nflows: [allow a -> b]"],
    ["a suppression without a reason", "format: 1\nsuppress: [{ check: dead-rule, address: a }]"],
    ["a suppression with an empty reason", 'format: 1\nsuppress: [{ check: a, address: b, reason: "" }]'],
  ])("refuses %s, as reading does", (_, text) => {
    expect(problems(text)).not.toBeUndefined();
    expect(flowsFileSchema.safeParse(parse(text)).success).toBe(false);
  });

  test("says of every key what it is for", () => {
    expect(keysWithoutWords(schema)).toStrictEqual([]);
  });
});

/** The keys that a schema names and does not describe, as paths. */
function keysWithoutWords(schema: unknown, path = ""): string[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => keysWithoutWords(one, path));
  if (!isJson(schema)) return [];
  const { properties = {}, ...rest } = schema as { properties?: Record<string, { description?: string }> };
  return [
    ...Object.entries(properties).flatMap(([key, one]) => [
      ...(one.description ? [] : [`${path}/${key}`]),
      ...keysWithoutWords(one, `${path}/${key}`),
    ]),
    ...Object.values(rest).flatMap((one) => keysWithoutWords(one, path)),
  ];
}
