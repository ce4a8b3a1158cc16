import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { flowIdText } from "../../verify/expect/flow-id";
import { cureTerraform } from "../../verify/report/cure-terraform";
import { verify } from "../../verify/verify";
import { FAMILY_CASES, flowsYaml } from "../verify/judge/family-cases";
import { Terraform, workFolder } from "./support/terraform";

const { reason } = inject("aws");

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
      const groups = new Map(before.groups.map((group) => [group.key, group]));
      const cured = before.verdicts.filter(({ cures }) => cures.length > 0);
      expect(cured.length).toBeGreaterThan(0);
      const cures = new Set(
        cured.flatMap((verdict) => verdict.cures.map((cure) => cureTerraform(groups, cure))),
      );
      writeFileSync(join(folder, "cures.tf"), [...cures].join("\n"));

      new Terraform(folder).init().run("validate", "-no-color");
      const after = new Map(
        (await verify(folder)).verdicts.map((verdict) => [flowIdText(verdict.flow.id), verdict.status]),
      );
      for (const { flow } of cured) expect(after.get(flowIdText(flow.id)), flowIdText(flow.id)).toBe("holds");
    });
  },
);
