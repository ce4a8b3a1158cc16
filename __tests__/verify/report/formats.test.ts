import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import type { Endpoint } from "../../../verify/expect/model";
import type { Verdict } from "../../../verify/judge/model";
import { compare, type Format, type Limits, render } from "../../../verify/report";
import {
  article,
  empty,
  endpoint,
  finding,
  flow,
  group,
  report,
  suppressed,
  tcp,
  troubled,
  verdict,
} from "./reports";

const FORMATS: Format[] = ["text", "json", "sarif", "markdown", "junit", "mermaid"];

describe("every format", () => {
  test.each(FORMATS)("%s ends with one newline and gives colour to text alone", (format) => {
    for (const reports of [[article()], [troubled()], [empty()], []]) {
      expect(render(reports, format, { color: false })).toMatch(/[^\n]\n$/);
      expect(render(reports, format, { color: true }).includes("\u001b")).toBe(format === "text");
    }
  });

  test.each(FORMATS)("%s gives the same bytes in whatever order things were found", (format) => {
    const shuffled = <T>(items: readonly T[]) =>
      fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
    const original = troubled();
    const expected = render([original], format, { color: false });
    fc.assert(
      fc.property(
        shuffled(original.groups),
        shuffled(original.rules),
        shuffled(original.findings),
        (groups, rules, findings) => {
          const other = { ...original, groups, rules, findings };
          expect(render([other], format, { color: false })).toBe(expected);
        },
      ),
      { numRuns: 20 },
    );
  });
});

/** The first suite of a report in JUnit XML, as a reader of it sees it. */
function suiteOf(xml: string) {
  const isArray = (name: string) => ["testsuite", "testcase"].includes(name);
  const read = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", isArray }).parse(xml);
  return read.testsuites.testsuite[0];
}

describe("junit", () => {
  const suite = (limits?: Limits) => {
    const { tests, failures, skipped, testcase } = suiteOf(
      render([troubled()], "junit", { color: false, ...(limits && { limits }) }),
    );
    return { numbers: [tests, failures, skipped].map(Number), cases: testcase as Record<string, unknown>[] };
  };

  test("counts what it holds, and fails for what the run fails for", () => {
    const { numbers, cases } = suite();
    const failed = cases.filter((one) => "failure" in one);
    expect(numbers).toEqual([cases.length, failed.length, cases.filter((one) => "skipped" in one).length]);
    const { verdicts, findings } = troubled();
    const broken = verdicts.filter(({ status }) => status === "broken").length;
    const errors = findings.filter(({ severity }) => severity === "error").length;
    expect(failed).toHaveLength(broken + errors);
  });

  test("fails for warnings, and for flows that depend on something else, where these count", () => {
    const failures = (limits?: Limits) => suite(limits).numbers[1] ?? Number.NaN;
    const { verdicts, findings } = troubled();
    const warnings = findings.filter(({ severity }) => severity === "warning").length;
    const conditional = verdicts.filter(({ status }) => status === "holds-if").length;
    expect([warnings, conditional]).not.toContain(0);
    expect(failures({ failOn: "warning", noAssumptions: false }) - failures()).toBe(warnings);
    expect(failures({ failOn: "error", noAssumptions: true }) - failures()).toBe(conditional);
    const errors = findings.filter(({ severity }) => severity === "error").length;
    expect(failures() - failures({ failOn: "never", noAssumptions: false })).toBe(errors);
  });

  test("has a test that was skipped where no flow is stated", () => {
    const [first] = suiteOf(render([empty()], "junit", { color: false })).testcase;
    expect(first).toMatchObject({ name: "flows", skipped: { message: "No flow is judged: no flows.yaml." } });
  });
});

describe("text", () => {
  test("fits into 100 columns, but for what cannot be broken", () => {
    for (const line of render([article(), troubled(), empty()], "text", { color: false }).split("\n")) {
      expect(line.trimStart().includes(" ") ? line.length : 0).toBeLessThanOrEqual(112);
    }
    for (const line of render([article()], "text", { color: false }).split("\n")) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  test("names the rules of a flow, every missing half and the cure", () => {
    const text = render([troubled()], "text", { color: false });
    expect(text).toMatch(
      /BROKEN {4}RQ3 +pods -> database +TCP 3306\n +pods egress +no rule allows TCP 3306\n/,
    );
    expect(text).toContain('resource "aws_security_group_rule" "pods_egress_tcp_3306_to_database" {');
    expect(text).toMatch(
      /BROKEN {4}closed-4 +internet -\/-> database +all traffic\n +opened by +aws_security_group_rule\.debug\n/,
    );
    expect(text).toContain("Suppressed: The bastion is gone with the next release");
  });

  test("shows broken flows first, then what depends on something else, and the others as they are stated", () => {
    const text = (more: { all: boolean }) => render([troubled()], "text", { color: false, ...more });
    const ids = [...text({ all: true }).matchAll(/^ {2}(?:BROKEN|holds)(?: if| +) +(\S+)/gm)];
    expect(ids.map(([, id]) => id)).toEqual(["RQ3", "metrics", "closed-4", "RQ2", "RQ1", "closed-5"]);
  });

  test("does not blame a group that is declared elsewhere for a flow that is broken here", () => {
    const metrics = render([troubled()], "text", { color: false }).split("metrics")[1]?.split("BROKEN")[0];
    expect(metrics).not.toContain("worker egress");
    expect(metrics).toMatch(/if +var\.security_groups\["k8s_worker"\] allows egress/);
  });

  test("says in its first line that nothing was checked, and how flows are stated, where there are groups", () => {
    const text = render([article("", { verdicts: [] })], "text", { color: false });
    expect(text).toMatch(/^Nothing was checked between groups: [^\n]* 2 groups, /);
    expect(text.match(/Nothing was checked/g)).toHaveLength(1);
    expect(text).toContain(
      "No flows are declared: `eks-pod-security-groups init cdktf.out/stacks/rds-mysql` writes flows.yaml",
    );
    expect(render([empty()], "text", { color: false })).toContain("no security groups");
  });

  test("names every rule in full, whatever module it is in", () => {
    const text = render([troubled()], "text", { color: false });
    expect(text).toContain("module.rds_mysql.aws_security_group_rule.rds_ingress_from_pods\n");
    expect(text).toMatch(/opened by +aws_security_group_rule\.debug/);
  });

  test("counts healthy flows, and lists them when all are asked for", () => {
    const short = render([troubled(), article()], "text", { color: false });
    expect(short).not.toMatch(/^ {2}holds {4}/m);
    expect(short).toContain("\n2 flows hold; --all shows them.\n");
    expect(short).toContain("\n8 flows hold.\n");
    const all = render([troubled(), article()], "text", { color: false, all: true });
    expect(all.match(/^ {2}holds {4}/gm)).toHaveLength(10);
    expect(all).not.toContain("--all");
  });

  test("says in one line that a thousand flows hold", () => {
    const text = render([{ ...large(0, 1_000), path: "live" }], "text", { color: false });
    expect(text).toContain("enforcing mode strict): 1,000 flows hold; --all shows them\n");
    expect(text.split("\n")).toHaveLength(4);
  });

  test("ends with the summary and the exit code, where a terminal stops", () => {
    const exit = { code: 1, words: "3 flows are broken, 1 finding is an error" };
    const lines = render([troubled()], "text", { color: false, exit }).trimEnd().split("\n");
    expect(lines.slice(-2)).toEqual([
      "6 flows: 3 broken, 1 holds if …, 2 hold. Findings: 1 error, 1 warning, 1 information, 1 suppressed.",
      "Exit code 1: 3 flows are broken, 1 finding is an error.",
    ]);
  });

  test("shows inputs with something broken first", () => {
    const paths = ["b", "c", "d", "a"];
    const healthy = report({ path: "b", groups: [group("g")], verdicts: [article().verdicts[0] as Verdict] });
    const inputs = [healthy, empty("c"), { ...article(), path: "d" }, { ...troubled(), path: "a" }];
    expect(inputs.map(({ path }) => path)).toEqual(paths);
    const text = render(inputs, "text", { color: false });
    expect([...text.matchAll(/^([abcd]) {2}\(/gm)].map(([, path]) => path)).toEqual(["a", "d", "b", "c"]);
  });

  test("names the command that explains a check once, however many findings it has", () => {
    const findings = ["a", "b", "c"].map((name) => finding({ address: `aws_security_group_rule.${name}` }));
    const unused = finding({ check: "tcp-early-demux", severity: "information", isOfUnusedFeature: true });
    const one = report({
      findings: [...findings, unused],
      suppressed: [suppressed("x", { check: "wide-rule" })],
    });
    const text = render([one, { ...one, path: "other" }], "text", { color: false });
    expect(text.match(/eks-pod-security-groups explain \S+$/gm)).toEqual(
      ["one-sided-rule", "tcp-early-demux", "wide-rule"].map((id) => `eks-pod-security-groups explain ${id}`),
    );
  });

  test("shows what broke first of what changed, and findings of one check together", () => {
    const difference = compare([article("module.rds_mysql.")], [troubled()]);
    const text = render([troubled()], "text", { color: false, difference });
    expect(text.indexOf("closes (was holds, now broken)")).toBeLessThan(text.indexOf("      gone"));
    const checks = [...text.matchAll(/^ {2}(?:error|warning|info) +(\S+)/gm)].map(([, check]) => check);
    expect(checks).toEqual(["open-to-the-world", "one-sided-rule", "wide-rule", "duplicate-name"]);
  });

  test("says what a flow is for where it is broken, and of every flow when all is asked for", () => {
    const described = (status: Verdict["status"], all: boolean) => {
      const { flow: of } = troubled().verdicts[3] as Verdict;
      const one = report({ groups: [group("g")], verdicts: [verdict(of, status)] });
      return render([one], "text", { color: false, all }).includes("Prometheus scrapes the exporters");
    };
    const statuses = ["broken", "holds-if", "holds"] as const;
    expect(statuses.map((status) => described(status, false))).toEqual([true, false, false]);
    expect(statuses.map((status) => described(status, true))).toEqual([true, true, true]);
  });

  test("tells a suppressed finding by its reason, and in full when all is asked for", () => {
    const one = report({ suppressed: [suppressed("Kept for now.", { message: "It carries no traffic." })] });
    expect(render([one], "text", { color: false })).toContain("Suppressed: Kept for now.");
    expect(render([one], "text", { color: false })).not.toContain("It carries no traffic.");
    expect(render([one], "text", { color: false, all: true })).toContain("It carries no traffic.");
  });

  describe("long names", () => {
    const MODULE = `module.${"platform_".repeat(6)}network.module.${"workload_".repeat(5)}orders["eu-west-1/blue"]`;
    const rule = `${MODULE}.aws_vpc_security_group_ingress_rule.database_ingress_from_pods["orders"]`;
    const cure = "terraform state show -no-color 'module.a[\"b\"].aws_security_group_rule.c' # and then look";
    const id = { module: "", name: "service", key: `${"orders-".repeat(12)}blue` };
    const of = flow(
      "short",
      "allow",
      endpoint("pods", [`${MODULE}.pods`]),
      endpoint("db", [`${MODULE}.db`]),
      [tcp(1)],
    );
    const long = endpoint(`pods_of_${"the_workload_".repeat(5)}orders`, ["g"]);
    const flows = [of, { ...of, id }, { ...of, id: { ...id, key: "x" }, from: long }];
    const named = report({
      path: `live/${"eu-west-1/".repeat(9)}orders`,
      groups: [group("g")],
      verdicts: flows.map((one) => verdict(one, "broken", { into: [rule], outMissing: [tcp(1)] })),
      findings: [finding({ address: rule, message: `It is open. Run \`${cure}\` and see that it is.` })],
    });

    test.each([40, 72, 100, 160])("are whole and alone where they do not fit, in %i columns", (width) => {
      const text = render([named], "text", { color: false, width });
      for (const name of [rule, `service["${id.key}"]`, long.name, `\`${cure}\``, named.path]) {
        expect(text).toContain(name);
      }
      // Longer are only lines of one name, which stays whole to be copied; a label may introduce a cure's.
      const isOneName = (line: string) =>
        !/ (?=(?:[^`]*`[^`]*`)*[^`]*$)/.test(line.trim().replace(/^(BROKEN|error|More:) +/, ""));
      const tooLong = text.split("\n").filter((line) => line.length > width && !isOneName(line));
      expect(tooLong.filter((line) => !/explain/.test(line))).toEqual([]);
    });

    test("make no column of short names wide", () => {
      const text = render([named], "text", { color: false });
      expect(text).toMatch(/^ {2}BROKEN {4}short {2}pods -> db {2}TCP 1$/m);
    });
  });
});

describe("Markdown", () => {
  test("names the command that explains a check, and leads to its page where the project has an address", () => {
    const checksPage = "https://example.com/docs/checks.md";
    const markdown = render([troubled()], "markdown", { color: false, checksPage });
    expect(markdown).toContain("`eks-pod-security-groups explain CHECK`");
    expect(markdown).toContain(`[\`open-to-the-world\`](${checksPage}#open-to-the-world)`);
    expect(render([troubled()], "markdown", { color: false })).not.toContain("](");
  });
});

describe("Mermaid", () => {
  const mermaid = (verdicts: Verdict[], groups = [group("sg-pods"), group("sg-db")]) =>
    render([report({ verdicts, groups })], "mermaid", { color: false });
  const between = (id: string, from: Endpoint, to: Endpoint) =>
    verdict(flow(id, "allow", from, to, [tcp(5432)]), "holds");
  const [pods, db] = [endpoint("pods", ["sg-pods"]), endpoint("db", ["sg-db"])];

  test("draws one node for a group, whatever a module and the root that calls it name it", () => {
    const orders = { ...pods, name: "orders" };
    const text = mermaid([
      between("a", pods, db),
      between("module.x/b", orders, db),
      between("c", db, orders),
    ]);
    expect(text.match(/^ {2}n\d+\W/gm)).toHaveLength(4);
    expect(text).toContain('["pods / orders"]');
    expect(text.match(/-->/g)).toHaveLength(2);
  });

  test("draws a node each for two groups of one name, and says which they are", () => {
    const text = mermaid([between("a", pods, db), between("b", { ...pods, groups: ["sg-2"] }, db)]);
    expect(text).toContain('["pods<br>sg-pods"]');
    expect(text).toContain('["pods<br>sg-2"]');
  });

  test("draws a group and another one beside it as an interface of its own", () => {
    const both = endpoint("pods", ["sg-shared", "sg-pods"]);
    expect(mermaid([between("a", both, db), between("b", pods, db)]).match(/^ {2}n\d+\[/gm)).toHaveLength(3);
  });

  test.each([
    ["what carries the group", [group("sg-db", { roles: new Set(["database"] as const) })], "orders"],
    ["its name in the flows of a module", [group("sg-db")], "database"],
    ["the name of a data service", [group("sg-db")], "postgres"],
  ])("draws a database as one: by %s", (_, groups, name) => {
    expect(mermaid([between("a", pods, { ...db, name })], groups)).toContain(`[("${name}")]`);
  });

  test("draws what is no database as a box, and addresses as a circle", () => {
    const text = mermaid([between("a", pods, endpoint("internet", [], ["internet"]))]);
    expect(text).toContain('["pods"]');
    expect(text).toContain('(("internet"))');
  });

  test("has names without character codes, but for what would end a label", () => {
    const named = { ...pods, name: 'module.a["b/c"].pods {x} (y) #7 100% it\'s' };
    expect(mermaid([between("a", named, db)])).toContain(
      '["module.a[#quot;b/c#quot;].pods {x} (y) #7 100% it\'s"]',
    );
  });

  test("keeps an entity whole where Mermaid takes the line for a style and its last semicolon away", () => {
    expect(mermaid([between("a", { ...pods, name: 'lifestyle["a:b"]' }, db)])).toContain(
      '["lifestyle[#quot;a:b#quot;;]"]',
    );
  });
});

/** A report in which every text of the input is this. */
function named(text: string): Report {
  const own = group(text);
  const doubt = { kind: "direction", direction: "egress", expression: text } as const;
  const ends = [endpoint(text, [text]), endpoint(`${text} 2`, [])] as const;
  return report({
    path: text,
    groups: [own],
    verdicts: [
      verdict(flow(text, "allow", ...ends, [tcp(1)], text), "broken", {
        outMissing: [tcp(1)],
        conditions: [{ kind: "is", fact: { kind: "rule", rule: text, doubt } }],
      }),
      verdict(flow(`${text}2`, "deny", ...ends, [tcp(2)], text), "broken", { openedBy: [text, `${text}2`] }),
    ],
    findings: [finding({ check: text, address: text, message: text })],
    suppressed: [suppressed(text, { address: text, message: text })],
    notes: [text],
  });
}

const HOSTILE = [
  '"',
  "|",
  "a | b",
  "`",
  "``` \n# heading",
  "line\nbreak",
  "\r\n\u2028",
  "<script>alert(1)</script>",
  "<!-- comment",
  "[link](https://example.com)",
  'var.groups["k8s_worker"]',
  "]",
  ")]",
  "%%{init: {}}%%",
  "end",
  "#quot;",
  "&quot;",
  "\\",
  "\\|",
  "$x$",
  "@someone",
  "#17",
  "*bold* _it_ ~~no~~",
  "\u001b[31mred",
  "\u202eevil",
  "~~~",
  " ",
];

describe("texts of the input that mean something to a format", () => {
  test.each(HOSTILE)("%j is no control sequence in a terminal", (text) => {
    const output = render([named(text)], "text", { color: false });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
  });

  test.each([...HOSTILE, "a\u0000b", "\ud800", "]]>", "a\tb\r\nc", "<failure/>&amp;"])(
    "%j is text in JUnit",
    (text) => {
      const xml = render([named(text)], "junit", { color: false });
      expect(XMLValidator.validate(xml)).toBe(true);
      const cases = suiteOf(xml).testcase;
      expect(cases).toHaveLength(
        suiteOf(render([named("plain")], "junit", { color: false })).testcase.length,
      );
    },
  );

  test.each(HOSTILE)("%j stays inside of its label in Mermaid", (text) => {
    const lines = render([named(text)], "mermaid", { color: false })
      .trimEnd()
      .split("\n");
    // Whatever ends a label, is HTML, Markdown, a directive or a formula is an entity: tried with Mermaid 11.17.
    const label = '"(?:[^"&<>`*\\\\%$#]|#[a-z]+;|#(?!\\w+;)|%(?!%)|\\$(?!\\$)|<br>)+"';
    const node = new RegExp(`^  n\\d+(\\[${label}\\]|\\(\\(${label}\\)\\))$`, "u");
    const edge = new RegExp(`^  n\\d+ -\\.->\\|${label}\\| n\\d+$`, "u");
    expect(lines[0]).toBe("flowchart LR");
    expect(lines.slice(1).filter((line) => !node.test(line) && !edge.test(line))).toEqual([]);
    expect(lines.join("").replaceAll("<br>", "")).not.toMatch(/<|(?<![-.])>/);
    expect(lines.join("")).not.toMatch(/#\d+;/);
  });

  test.each(HOSTILE)("%j is text in Markdown, in tables and lists", (text) => {
    const output = render([named(text)], "markdown", { color: false });
    const outsideOfFences = output.replace(/^ *(`{3,})[\s\S]*?^ *\1$/gm, "");
    const markup = outsideOfFences.replace(/<\/?code>|<br>/g, "").replace(/`[^`\n]+`/g, "");
    expect(markup).not.toMatch(/[<>]script|<!--|\[link\]|\$x\$|@someone|#17|\*bold\*|~~no/);
    const rows = outsideOfFences.split("\n").filter((line) => line.startsWith("| :"));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row.match(/\|/g)).toHaveLength(6);
    expect(outsideOfFences.split("\n").filter((line) => line.startsWith("#")).length).toBe(5);
  });

  test.each(HOSTILE)("%j comes through JSON and SARIF as it is", (text) => {
    const json = JSON.parse(render([named(text)], "json", { color: false }));
    expect(json.reports[0].flows[0].id).toBe(text);
    expect(json.reports[0].findings[0].message).toBe(text);
    const sarif = JSON.parse(render([named(text)], "sarif", { color: false }));
    expect(sarif.runs[0].results[2].message.text).toBe(text);
  });
});

/** Flows share the lists of their traffic, as those of a file do. */
const MYSQL = [tcp(3306)];

/** Far more flows than GitHub shows, of which some are broken. */
function large(broken: number, flows = 3_000): Report {
  const verdicts = Array.from({ length: flows }, (_, index) => {
    const pods = `module.workload_${index}.aws_security_group.pods`;
    const rds = `module.workload_${index}.aws_security_group.rds`;
    const of = flow(
      `module.workload_${index}/RQ3`,
      "allow",
      endpoint(`pods of workload ${index}`, [pods]),
      endpoint(`database of workload ${index}`, [rds]),
      MYSQL,
    );
    return index < broken
      ? verdict(of, "broken", { outMissing: MYSQL })
      : verdict(of, "holds", {
          out: [`module.workload_${index}.aws_security_group_rule.pods_egress_to_rds`],
          into: [`module.workload_${index}.aws_security_group_rule.rds_ingress_from_pods`],
        });
  });
  return report({ verdicts, groups: [group("sg")] });
}

describe("what GitHub renders and accepts", () => {
  const arrows = (mermaid: string) => mermaid.match(/ (-->|-\.->)\|/g)?.length ?? 0;

  test.each([
    { flows: 10, broken: 1, drawn: 10, says: undefined },
    { flows: 3_000, broken: 0, drawn: 0, says: "none is broken or changed" },
    { flows: 3_000, broken: 7, drawn: 7, says: "only the broken and changed ones are drawn (7)" },
    {
      flows: 3_000,
      broken: 2_700,
      drawn: undefined,
      says: "of the 2,700 broken or changed flows are drawn",
    },
  ])("a diagram of $flows flows, $broken broken", ({ flows, broken, drawn, says }) => {
    const mermaid = render([large(broken, flows)], "mermaid", { color: false });
    expect(mermaid.length).toBeLessThanOrEqual(50_000);
    expect(arrows(mermaid)).toBeLessThanOrEqual(500);
    if (drawn === undefined) expect(arrows(mermaid)).toBeGreaterThan(100);
    else expect(arrows(mermaid)).toBe(drawn);
    if (says) expect(mermaid).toContain(says);
    else expect(mermaid).not.toContain("remark");
  });

  test("500 arrows are drawn, 501 are not", () => {
    const small = (number: number) => {
      const verdicts = Array.from({ length: number }, (_, index) =>
        verdict(
          flow(`f${index}`, "allow", endpoint(`a${index}`, [`a${index}`]), endpoint("b", ["b"]), [tcp(1)]),
          "holds",
        ),
      );
      return render([report({ verdicts })], "mermaid", { color: false });
    };
    expect(arrows(small(500))).toBe(500);
    expect(arrows(small(501))).toBe(0);
  });

  test("flows between the same endpoints share an arrow", () => {
    const ends = [endpoint("a", ["a"]), endpoint("b", ["b"])] as const;
    const verdicts = Array.from({ length: 600 }, (_, index) =>
      verdict(flow(`f${index}`, "allow", ...ends, [tcp(index)]), "holds"),
    );
    expect(arrows(render([report({ verdicts })], "mermaid", { color: false }))).toBe(1);
  });

  test.each([0, 7, 2_700])(
    "a comment on 3,000 flows, %i broken, is not too long",
    (broken) => {
      const noisy = {
        ...large(broken),
        findings: Array.from({ length: 2_000 }, (_, index) =>
          finding({ address: `aws_security_group.g${index}` }),
        ),
        notes: Array.from({ length: 2_000 }, (_, index) => `module.m${index} is not read.`),
      };
      const difference = compare([large(0)], [noisy]);
      const markdown = render([noisy], "markdown", { color: false, difference });
      expect(markdown.length).toBeLessThanOrEqual(65_536);
      expect(markdown).toContain("The report is too long for one comment");
      expect(markdown).toMatch(/And [\d,]+ more findings that did not fit/);
      expect(markdown.match(/^\| :x: \*\*broken\*\*/gm)?.length ?? 0).toBeGreaterThanOrEqual(
        Math.min(broken, 7),
      );
      expect(markdown).not.toContain(":white_check_mark:");
    },
    30_000,
  );

  test("a comment is whole up to GitHub's 65,536 characters, and cut from there on", () => {
    const comment = (length: number) =>
      render([report({ notes: ["n".repeat(length)] })], "markdown", { color: false });
    const longest = 65_536 - comment(1).length + 1;
    expect(comment(longest)).toHaveLength(65_536);
    expect(comment(longest)).not.toContain("too long for one comment");
    expect(comment(longest + 1)).toContain("too long for one comment");
  });

  test("a comment draws the flows that changed when it cannot draw all", () => {
    const before = large(1);
    const after = large(0);
    const mermaid = render([after], "mermaid", { color: false, difference: compare([before], [after]) });
    expect(arrows(mermaid)).toBe(1);
    expect(mermaid).toContain("RQ3: TCP 3306");
  });
});
