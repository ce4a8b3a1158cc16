import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMITTED_MODULE_NAMES, COMMITTED_MODULES } from "../../modules/registry";
import { exampleValues } from "../../synth/contract";
import { problemsOfCall } from "../../synth/module-call";
import { PROJECT } from "../support/project";

/*
 * The document of each module, for somebody who has never seen the code.
 */
describe.each(COMMITTED_MODULE_NAMES)("the document of %s", (name) => {
  const { contract } = COMMITTED_MODULES[name];
  const folder = join(PROJECT, "cdktf.out/stacks", name);
  const text = readFileSync(join(folder, "README.md"), "utf8");

  test("has the sections of a call, from the usage to what to do next", () => {
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(
      expect.arrayContaining([
        "Usage",
        "Next step",
        "Inputs",
        "Limits of the inputs",
        "Outputs",
        "Notes",
        "Related",
      ]),
    );
    expect(headings.indexOf("Usage")).toBeLessThan(headings.indexOf("Next step"));
    expect(new Set(headings).size).toBe(headings.length);
  });

  test("shows two usages or more, which the module accepts", () => {
    const usages = [{}, ...Object.values(contract.usages ?? {})];
    expect(usages.length).toBeGreaterThan(1);
    for (const values of usages) {
      expect(
        problemsOfCall("usage", contract, { ...exampleValues(contract.variables), ...values }),
      ).toStrictEqual([]);
    }
    expect(text.split(`source = "./modules/${name}"`).length).toBeGreaterThan(usages.length);
  });

  test("names no tag of the project, and says once how to pin a commit of a fork", () => {
    expect(text).not.toMatch(/\?ref=v/);
    expect(text.split("?ref=").length).toBe(2);
  });

  test("has one line for each input, with its limits in a section below", () => {
    const inputs = text.slice(text.indexOf("## Inputs"), text.indexOf("## Limits of the inputs"));
    expect(inputs).not.toContain("<br>");
    expect(inputs.match(/^\| `/gm)).toHaveLength(Object.keys(contract.variables).length);
  });

  test("draws the flows that the module allows, if it has any", () => {
    expect(text.includes("```mermaid")).toBe(contract.flows !== undefined);
  });

  test("links to what is there", () => {
    const links = [...text.matchAll(/\]\((\.\.\/[^)#]*)/g)].map(([, path]) => path as string);
    expect(links.length).toBeGreaterThan(1);
    for (const path of links) expect(existsSync(join(folder, path)), path).toBe(true);
  });
});
