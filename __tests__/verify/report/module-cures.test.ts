import { describe, expect, test } from "vitest";
import { render } from "../../../verify/report";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";
import { pasteCures } from "../support/paste";
import { MODULE_CURES, writeCase } from "./module-cures";

describe("a rule to add between groups of which one is inside of a module is written for where it belongs", () => {
  test.each(MODULE_CURES)("$what", async (one) => {
    const folder = temporaryFolder();
    writeCase(folder, one);
    const before = await verify(folder);
    expect(before.verdicts.map(({ status }) => status)).not.toContain("holds");
    const text = render([before], "text", { color: false }).replace(/^ {14}/gm, "");
    for (const words of one.says) expect(text).toContain(words);
    const added = text.split("add:\n").slice(1).join("");
    for (const words of one.never ?? []) expect(added).not.toContain(words);

    // What is to be completed by hand comes to nothing before.
    if (added.includes("KEY")) return;
    pasteCures(folder, before);
    const after = await verify(folder);
    expect(after.verdicts.map(({ status }) => status)).not.toContain("broken");
    expect(after.findings.filter(({ check }) => check === "refused-rule")).toEqual([]);
  });
});
