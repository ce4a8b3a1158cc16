import { join } from "node:path";
import { expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import { ratchet } from "../../../verify/compare";
import { type CheckHelp, compare, type Format, type RenderOptions, render } from "../../../verify/report";
import { article, empty, troubled } from "./reports";

/**
 * The files in `golden/` are what a user sees, byte by byte; the formatter leaves their endings alone. After a change
 * that is meant, renew them and read the difference: `npx vitest run --project pure __tests__/verify/report -u`
 */
const FORMATS: Record<Format, string> = {
  text: "txt",
  json: "json.txt",
  sarif: "sarif",
  markdown: "md",
  junit: "junit.xml",
  mermaid: "mmd",
};

const catalogue: CheckHelp[] = [
  {
    id: "one-sided-rule",
    severity: "warning",
    title: "A rule without its other half",
    why: "A rule whose other half is missing admits nothing.",
    reference: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  },
];

const before = article("module.rds_mysql.", { path: "base/live/eu-west-1" });

/** A report of which the outage, one finding and something that is cured are known. */
function beside(): Report {
  const one = troubled();
  const options = { noAssumptions: false };
  const { all } = ratchet({ ...one, verdicts: one.verdicts.slice(0, 3) }, undefined, "known.yaml", options);
  const cured = { of: "dead-rule", place: "aws_security_group.old", severity: "warning" as const, about: [] };
  const known = { ...all, findings: [...all.findings.slice(0, 1), cured] };
  return ratchet(one, known, "known.yaml", options).report;
}

const CASES: Record<string, { reports: Report[]; options?: Partial<RenderOptions> }> = {
  article: { reports: [article()] },
  troubled: { reports: [troubled()], options: { difference: compare([before], [troubled()]) } },
  empty: { reports: [empty()] },
  several: { reports: [article(), empty(), troubled()] },
  "troubled-all": {
    reports: [troubled()],
    options: { all: true, width: 72, exit: { code: 1, words: "3 flows are broken" } },
  },
  known: { reports: [beside()] },
  unchanged: { reports: [article()], options: { difference: compare([article()], [article()]) } },
};

for (const [name, { reports, options }] of Object.entries(CASES)) {
  test.each(Object.entries(FORMATS))(`${name} as %s`, async (format, extension) => {
    const output = render(reports, format as Format, { color: false, catalogue, ...options });
    await expect(output).toMatchFileSnapshot(join(__dirname, "golden", `${name}.${extension}`));
  });
}

test("troubled as text in colour", async () => {
  const output = render([troubled()], "text", { color: true });
  await expect(output).toMatchFileSnapshot(join(__dirname, "golden", "troubled.color.txt"));
});
