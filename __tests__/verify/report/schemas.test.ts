import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { isJson, type Json } from "../../../io/json";
import type { Report } from "../../../verify/checks/model";
import { compare, FORMAT_VERSION, type RenderOptions, render } from "../../../verify/report";
import { temporaryFolder } from "../../support/folders";
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
      artifactLocation: { uri, uriBaseId: "%SRCROOT%" },
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
    expect(uri("/srv/a b.tf")).toContain('{"uri":"file:///srv/a%20b.tf"}');
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
        help: {
          text: "Why it matters. See https://example.com/1\nMore: eks-pod-security-groups explain one-sided-rule",
        },
        defaultConfiguration: { level: "warning" },
      },
    ]);
  });

  test("leads to the page of a check where the project has an address, and of nothing else", () => {
    const catalogue = [{ id: "one-sided-rule", severity: "warning" as const, title: "What", why: "Why." }];
    const checksPage = "https://example.com/docs/checks.md";
    const log = JSON.parse(render([troubled()], "sarif", { color: false, catalogue, checksPage }));
    const rules = log.runs[0].tool.driver.rules as { id: string; helpUri?: string }[];
    expect(rules.flatMap(({ id, helpUri }) => (helpUri === undefined ? [] : [[id, helpUri]]))).toEqual([
      ["one-sided-rule", `${checksPage}#one-sided-rule`],
    ]);
  });

  describe("has paths in the repository, from wherever it is asked", () => {
    /** Where a file of the folder `repository/live/eu` is said to be, asked in some folder. */
    const placeIn = (cwd: string, file: string) => {
      const before = process.cwd();
      process.chdir(cwd);
      try {
        const [result] = results([report({ findings: [finding({ source: { file } })] })]);
        const [location] = (result as { locations: { physicalLocation?: Json }[] }).locations;
        return location?.physicalLocation?.["artifactLocation"];
      } finally {
        process.chdir(before);
      }
    };
    const workFolder = () => {
      const folder = realpathSync(temporaryFolder());
      mkdirSync(join(folder, "repository/live/eu"), { recursive: true });
      mkdirSync(join(folder, "other"));
      writeFileSync(join(folder, "repository/live/eu/main.tf"), "");
      return folder;
    };
    const inRoot = (uri: string) => ({ uri, uriBaseId: "%SRCROOT%" });

    test.each([
      ["its root", "repository", "live/eu/main.tf"],
      ["a folder of it", "repository/live/eu", "main.tf"],
      ["a folder beside the file's", "repository/live", "../live/eu/main.tf"],
      ["another folder", "other", "../repository/live/eu/main.tf"],
    ])("%s", (_, cwd, file) => {
      const folder = workFolder();
      mkdirSync(join(folder, "repository/.git"));
      expect(placeIn(join(folder, cwd), file)).toEqual(inRoot("live/eu/main.tf"));
    });

    test("a worktree, whose .git is a file", () => {
      const folder = workFolder();
      writeFileSync(join(folder, "repository/.git"), "gitdir: elsewhere\n");
      expect(placeIn(join(folder, "repository/live"), "eu/main.tf")).toEqual(inRoot("live/eu/main.tf"));
    });

    test("a submodule is part of the repository that is checked out", () => {
      const folder = workFolder();
      mkdirSync(join(folder, "repository/.git"));
      writeFileSync(join(folder, "repository/live/.git"), "gitdir: ../.git/modules/live\n");
      expect(placeIn(join(folder, "repository"), "live/eu/main.tf")).toEqual(inRoot("live/eu/main.tf"));
    });

    test("a link to the repository, and an absolute path", () => {
      const folder = workFolder();
      mkdirSync(join(folder, "repository/.git"));
      symlinkSync(join(folder, "repository"), join(folder, "link"));
      const file = join(folder, "link/live/eu/main.tf");
      expect(placeIn(join(folder, "repository"), file)).toEqual(inRoot("live/eu/main.tf"));
    });

    test("outside of any, the working directory counts, and a file outside of that has its whole address", () => {
      const folder = workFolder();
      expect(placeIn(join(folder, "repository"), "live/eu/main.tf")).toEqual(inRoot("live/eu/main.tf"));
      expect(placeIn(join(folder, "other"), "../repository/live/eu/main.tf")).toEqual({
        uri: pathToFileURL(join(folder, "repository/live/eu/main.tf")).href,
      });
    });
  });
});

/** The published schema. zod takes `uri-reference` for an absolute address, so that one format is left out. */
function sarifSchema(): Parameters<typeof z.fromJSONSchema>[0] {
  const path = createRequire(__filename).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  return JSON.parse(readFileSync(path, "utf8"), (key, value) =>
    key === "format" && value === "uri-reference" ? undefined : value,
  );
}
