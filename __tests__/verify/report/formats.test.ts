import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import { compare, type Format, render } from "../../../verify/report";
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

const FORMATS: Format[] = ["text", "json", "sarif", "markdown", "mermaid"];

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
      /BROKEN {4}RQ3 +pods -> database +TCP 3306\n +out of pods +no rule admits TCP 3306\n/,
    );
    expect(text).toContain('resource "aws_security_group_rule" "pods_egress_tcp_3306_to_database" {');
    expect(text).toMatch(
      /BROKEN {4}closed-4 +internet -\/-> database +all traffic\n +opened by +aws_security_group_rule\.debug\n/,
    );
    expect(text).toContain("Suppressed: The bastion is gone with the next release");
  });

  test("shows broken flows first, and the others as they are stated", () => {
    const ids = [
      ...render([troubled()], "text", { color: false }).matchAll(/^ {2}(?:BROKEN|holds)(?: if| +) +(\S+)/gm),
    ];
    expect(ids.map(([, id]) => id)).toEqual(["RQ3", "metrics", "closed-4", "RQ1", "RQ2", "closed-5"]);
  });

  test("does not blame a group that is declared elsewhere for a flow that is broken here", () => {
    const metrics = render([troubled()], "text", { color: false }).split("metrics")[1]?.split("BROKEN")[0];
    expect(metrics).not.toContain("out of worker");
    expect(metrics).toMatch(/if +var\.security_groups\["k8s_worker"\] permits egress/);
  });

  test("says that flows are missing where there are groups", () => {
    const text = render([article("", { verdicts: [] })], "text", { color: false });
    expect(text).toContain("No flows are stated. verify --init writes flows.yaml");
    expect(render([empty()], "text", { color: false })).toContain("no security groups");
  });

  test("names rules of another module or type in full", () => {
    const text = render([troubled()], "text", { color: false });
    expect(text).toContain("Short names are those of module.rds_mysql.aws_security_group_rule.NAME");
    expect(text).toMatch(/opened by +aws_security_group_rule\.debug/);
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

  test.each(HOSTILE)("%j stays inside of its label in Mermaid", (text) => {
    const lines = render([named(text)], "mermaid", { color: false })
      .trimEnd()
      .split("\n");
    const label = '"[\\p{L}\\p{N} _.,:/()+=#;<>-]+"';
    const node = new RegExp(`^  n\\d+(\\[${label}\\]|\\(\\(${label}\\)\\))$`, "u");
    const edge = new RegExp(`^  n\\d+ -\\.->\\|${label}\\| n\\d+$`, "u");
    expect(lines[0]).toBe("flowchart LR");
    expect(lines.slice(1).filter((line) => !node.test(line) && !edge.test(line))).toEqual([]);
    expect(lines.join("").replaceAll("<br>", "")).not.toMatch(/<|(?<![-.])>/);
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
          flow(`f${index}`, "allow", endpoint(`a${index}`, ["a"]), endpoint("b", ["b"]), [tcp(1)]),
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
      expect(markdown).toContain("This is too much for one comment");
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
    expect(comment(longest)).not.toContain("too much for one comment");
    expect(comment(longest + 1)).toContain("too much for one comment");
  });

  test("a comment draws the flows that changed when it cannot draw all", () => {
    const before = large(1);
    const after = large(0);
    const mermaid = render([after], "mermaid", { color: false, difference: compare([before], [after]) });
    expect(arrows(mermaid)).toBe(1);
    expect(mermaid).toContain("RQ3: TCP 3306");
  });
});
