import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flowIdText } from "../../../verify/expect/flow-id";
import { fixOf } from "../../../verify/report";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";
import { MODULE_CURES, writeCase } from "./module-cures";

describe("a file with the missing rules mends the flows that it names, and no others", () => {
  test.each(MODULE_CURES)("$what", async (one) => {
    const folder = temporaryFolder();
    writeCase(folder, one);
    const before = await verify(folder);
    const { text, flows, left } = fixOf(before);
    const broken = before.verdicts.filter(({ status }) => status === "broken");
    expect(flows.length + left.length).toBe(broken.length);
    expect(text !== undefined).toBe(flows.length > 0);
    if (text !== undefined) writeFileSync(join(folder, "missing.tf"), text);

    const after = await verify(folder);
    const statuses = new Map(after.verdicts.map(({ flow, status }) => [flowIdText(flow.id), status]));
    for (const { flow, isConditional } of flows)
      expect(statuses.get(flow)).toBe(isConditional ? "holds-if" : "holds");
    for (const { flow, why } of left)
      expect([statuses.get(flow), why]).toEqual(["broken", expect.any(String)]);
    expect(after.findings.filter(({ check }) => /refused-rule|mixed-rule-forms/.test(check))).toEqual([]);
  });
});
