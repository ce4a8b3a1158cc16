import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { isJson, type Json } from "../../../io/json";
import type { Report } from "../../../verify/checks/model";
import { compare, FORMAT_VERSION, type RenderOptions, render } from "../../../verify/report";
import {
  article,
  empty,
  endpoint,
  finding,
  flow,
  group,
  report,
  rule,
  suppressed,
  tcp,
  troubled,
  verdict,
} from "./reports";

/** A report with every kind of thing that a report can hold. */
const everything: Report = report({
  path: "-",
  kind: "plan",
  mode: "standard",
  cni: "addon",
  groups: [group("sg-1", { name: "orders" })],
  rules: [
    rule("a.all", "sg-1", "egress", "::/0", { protocol: "all" }),
    rule("a.icmp", "sg-1", "egress", "10.0.0.0/8", { protocol: "icmp", type: 3, code: -1 }),
    rule("a.other", "sg-1", "egress", { kind: "prefix-list", id: "pl-1" }, { protocol: "other", number: 50 }),
    rule("a.list", "sg-1", "egress", { kind: "prefix-list", id: "pl-2", entries: ["10.0.0.0/8"] }, tcp(1)),
    {
      address: "a.unknown",
      form: "inline",
      direction: "ingress",
      unknownTraffic: { argument: "to_port", expression: "var.port" },
      peer: { kind: "unknown", expression: "data.aws_security_group.x.id", candidates: ["sg-1"] },
      source: { file: "-" },
    },
  ],
  verdicts: [
    verdict(
      flow("f", "deny", endpoint("a", ["sg-1"]), endpoint("b", [], ["internet"]), [tcp(1)]),
      "holds-if",
    ),
  ],
  findings: [finding(), { check: "c", severity: "information", address: "x", message: "y" }],
  suppressed: [suppressed("because")],
  notes: ["n"],
});

const SETS: Record<string, { reports: Report[]; options?: Partial<RenderOptions> }> = {
  "the article's module": { reports: [article()] },
  "a root with troubles, and what changed": {
    reports: [troubled(), article()],
    options: { difference: compare([article("module.rds_mysql.")], [troubled()]) },
  },
  "everything that a report can hold, all of it new": {
    reports: [everything],
    options: { difference: compare([empty("-")], [everything]) },
  },
  "a file with a space in an absolute path": {
    reports: [
      report({
        findings: [finding({ source: { file: "/srv/my modules/a#b.tf", line: 1 } })],
        suppressed: [suppressed("x", { source: { file: "./a b/ü.tf" } })],
      }),
    ],
    options: { catalogue: [{ id: "one-sided-rule", severity: "information", title: "What", why: "Why." }] },
  },
  "a stack without groups": { reports: [empty()] },
  nothing: { reports: [] },
};

/** Refuses keys that the schema does not name, which a reader of the format would have to ignore. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isJson(schema)) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return schema["type"] === "object" ? { ...inner, additionalProperties: false } : inner;
}

describe("JSON", () => {
  const schema = JSON.parse(readFileSync(join(__dirname, "../../../schemas/report.json"), "utf8")) as Json;
  const validator = z.fromJSONSchema(closed(schema) as Parameters<typeof z.fromJSONSchema>[0]);

  test.each(Object.entries(SETS))("%s is as schemas/report.json says", (_, { reports, options }) => {
    const document = JSON.parse(render(reports, "json", { color: false, ...options }));
    expect(validator.safeParse(document).error?.issues).toBeUndefined();
    expect(document.format_version).toBe(FORMAT_VERSION);
  });

  test.each([
    ["a status of another name", (text: string) => text.replaceAll('"holds"', '"fine"')],
    ["a key that is not documented", (text: string) => text.replaceAll('"expect"', '"expected"')],
    ["a port that is none", (text: string) => text.replaceAll("3306", "70000")],
    ["the next major version", (text: string) => text.replace(`"${FORMAT_VERSION}"`, '"2.0"')],
  ])("the schema refuses %s", (_, spoil) => {
    const spoiled = JSON.parse(spoil(render([article()], "json", { color: false })));
    expect(validator.safeParse(spoiled).success).toBe(false);
  });
});

describe("SARIF", () => {
  const validator = z.fromJSONSchema(sarifSchema());

  test.each(Object.entries(SETS))("%s is valid", (_, { reports, options }) => {
    const log = JSON.parse(render(reports, "sarif", { color: false, ...options }));
    expect(validator.safeParse(log).error?.issues).toBeUndefined();
  });

  test("the schema refuses a level that it does not know", () => {
    const spoiled = render([article()], "sarif", { color: false }).replace('"warning"', '"bad"');
    expect(validator.safeParse(JSON.parse(spoiled)).success).toBe(false);
  });

  const results = (reports: Report[]) =>
    (JSON.parse(render(reports, "sarif", { color: false })) as { runs: [{ results: Json[] }] }).runs[0]
      .results;

  test("has a result for each broken flow and each finding, with its level", () => {
    expect(results([troubled()]).map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual([
      "broken-flow error",
      "broken-flow error",
      "broken-flow error",
      "open-to-the-world error",
      "one-sided-rule warning",
      "wide-rule note",
      "duplicate-name error",
    ]);
    expect(results([article()])).toHaveLength(1);
  });

  test("says where: the line of a finding, of the rule that opens a flow, of the group that lacks a rule", () => {
    const places = results([troubled()]).map(
      ({ locations }) => (locations as Json[])[0]?.["physicalLocation"],
    );
    const place = (uri: string, startLine?: number) => ({
      artifactLocation: { uri },
      ...(startLine && { region: { startLine } }),
    });
    expect(places).toEqual([
      place("cdktf.out/stacks/rds-mysql/cdk.tf.json", 40),
      place("cdktf.out/stacks/rds-mysql/cdk.tf.json", 40),
      place("cdktf.out/stacks/rds-mysql/cdk.tf.json", 12),
      place("live/eu-west-1/main.tf", 12),
      place("cdktf.out/stacks/rds-mysql/cdk.tf.json", 148),
      place("live/eu-west-1/bastion.tf"),
      place("live/eu-west-1/bastion.tf", 3),
    ]);
  });

  test("keeps suppressed findings, with the reason", () => {
    expect(results([troubled()]).at(-1)?.["suppressions"]).toEqual([
      {
        kind: "external",
        justification: "The bastion is gone with the next release, see the ticket OPS-17.",
      },
    ]);
  });

  test("writes paths as URIs, and none for standard input", () => {
    const uri = (file: string) => {
      const [result] = results([report({ findings: [finding({ source: { file, line: 3 } })] })]);
      const [location] = (result as { locations: Json[] }).locations;
      return JSON.stringify(location?.["physicalLocation"] ?? null);
    };
    expect(uri("./a b/100%#.tf")).toContain('"a%20b/100%25%23.tf"');
    expect(uri("../x.tf")).toContain('"../x.tf"');
    expect(uri("/srv/a b.tf")).toContain('"file:///srv/a%20b.tf"');
    expect(uri("-")).toBe("null");
  });

  test("carries the catalogue's help of the checks that it names", () => {
    const catalogue = [
      {
        id: "one-sided-rule",
        severity: "warning" as const,
        title: "What is wrong",
        why: "Why it matters.",
        reference: "https://example.com/1",
      },
      { id: "not-found", severity: "error" as const, title: "Unused", why: "Unused." },
    ];
    const log = JSON.parse(render([article()], "sarif", { color: false, catalogue }));
    expect(log.runs[0].tool.driver.rules).toEqual([
      {
        id: "one-sided-rule",
        shortDescription: { text: "What is wrong" },
        help: { text: "Why it matters. See https://example.com/1" },
        helpUri: "https://example.com/1",
        defaultConfiguration: { level: "warning" },
      },
    ]);
  });
});

/** The published schema. zod takes `uri-reference` for an absolute address, so that one format is left out. */
function sarifSchema(): Parameters<typeof z.fromJSONSchema>[0] {
  const path = createRequire(__filename).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  return JSON.parse(readFileSync(path, "utf8"), (key, value) =>
    key === "format" && value === "uri-reference" ? undefined : value,
  );
}
