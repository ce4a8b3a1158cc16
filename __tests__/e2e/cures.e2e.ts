import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Report } from "../../verify/checks/model";
import { flowIdText } from "../../verify/expect/flow-id";
import { fixOf } from "../../verify/report";
import { verify } from "../../verify/verify";
import { FAMILY_CASES, flowsYaml } from "../verify/judge/family-cases";
import { MODULE_CURES, writeCase } from "../verify/report/module-cures";
import { pasteCures } from "../verify/support/paste";
import { awsStage } from "./support/stage";
import { Terraform, workFolder } from "./support/terraform";

const { reason } = awsStage();

/** Cases with a flow that rules would let through. */
const CURABLE = FAMILY_CASES.filter(({ flows }) =>
  Object.values(flows).some(([flow, expected]) => flow.startsWith("allow ") && expected === "broken"),
);

describe.skipIf(reason)(
  "what a broken flow lacks, added as it is proposed, is what Terraform takes and the flow needs",
  () => {
    test.each(CURABLE)("$what", async (one) => {
      const folder = workFolder();
      writeFileSync(join(folder, "main.tf"), one.hcl);
      writeFileSync(join(folder, "flows.yaml"), flowsYaml(one));
      const before = await verify(folder);
      const cured = before.verdicts.filter(({ cures }) => cures.length > 0);
      expect(cured.length).toBeGreaterThan(0);
      pasteCures(folder, before);

      new Terraform(folder).init().run("validate", "-no-color");
      const after = new Map(
        (await verify(folder)).verdicts.map((verdict) => [flowIdText(verdict.flow.id), verdict.status]),
      );
      for (const { flow } of cured) expect(after.get(flowIdText(flow.id)), flowIdText(flow.id)).toBe("holds");
    });
  },
);

/** One folder with a module for each case, because Terraform takes seconds to load the provider. */
async function withCures(cure: (folder: string, report: Report) => void): Promise<Terraform> {
  const folder = workFolder();
  for (const [index, one] of MODULE_CURES.entries()) {
    const own = join(folder, `case${index}`);
    mkdirSync(own);
    writeCase(own, one);
    cure(own, await verify(own));
    const variables = Object.values(one.files).join("").includes('variable "create" { type = bool }');
    const call = `module "case${index}" {\n  source = "./case${index}"\n${variables ? "  create = true\n" : ""}}\n`;
    appendFileSync(join(folder, "main.tf"), call);
  }
  return new Terraform(folder).init();
}

test.skipIf(reason)(
  "the same of groups inside of modules: Terraform takes what is pasted where the report says",
  async () => {
    (await withCures(pasteCures)).run("validate", "-no-color");
  },
);

test.skipIf(reason)("what --fix writes is valid, and formatted as terraform fmt does", async () => {
  const written: string[] = [];
  const terraform = await withCures((folder, report) => {
    const { text } = fixOf(report);
    if (text === undefined) return;
    written.push(join(folder, "missing.tf"));
    writeFileSync(join(folder, "missing.tf"), text);
  });
  expect(written.length).toBeGreaterThan(MODULE_CURES.length / 3);
  terraform.run("validate", "-no-color");
  expect(terraform.try("fmt", "-check", "-diff", ...written)).toMatchObject({ status: 0 });
});
