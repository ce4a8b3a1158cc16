import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initialFlows } from "../../../verify/ask/init";
import { takeInventory } from "../../../verify/inventory";
import { readInput } from "../../../verify/read";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";

/** All folders with Terraform of this repository that somebody may start from. */
const ROOTS = ["cdktf.out/stacks", "examples"];

test("what --init writes for this repository's stacks and examples is read again, the same everywhere", async () => {
  const elsewhere = temporaryFolder();
  for (const root of ROOTS) cpSync(root, join(elsewhere, root), { recursive: true });
  const flows: Record<string, number> = {};
  for (const folder of ROOTS.flatMap(terraformFoldersIn)) {
    const text = await initialFlows(takeInventory(await readInput(folder)));
    expect(await initialFlows(takeInventory(await readInput(join(elsewhere, folder)))), folder).toBe(text);

    const file = join(elsewhere, "flows.yaml");
    writeFileSync(file, text);
    const { verdicts, notes } = await verify(folder, { flows: file });
    const own = verdicts.filter(({ flow }) => flow.id.module === "");
    expect(
      own.filter(({ status }) => status === "broken").map(({ flow }) => flow.id.name),
      folder,
    ).toStrictEqual(namesOfMissing(text));
    expect(own, folder).toHaveLength([...text.matchAll(/: "?allow /g)].length);
    expect(
      notes.filter((note) => note.includes("left out")),
      folder,
    ).toStrictEqual([]);
    flows[folder] = own.length;
  }
  expect(Object.keys(flows).length).toBeGreaterThan(15);
  expect(flows["cdktf.out/stacks/rds-mysql"]).toBeGreaterThan(4);
});

/** The flows that are marked as needed and missing, as in the examples of faults: these are broken. */
function namesOfMissing(text: string): string[] {
  return [...text.matchAll(/^ {2}(\S+): .*# MISSING: /gm)].map(([, name = ""]) => name);
}

/** The folders below one that hold Terraform files themselves. */
function terraformFoldersIn(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tf(\.json)?$/.test(entry.name))
    .map(({ parentPath }) => parentPath)
    .filter((folder, index, all) => all.indexOf(folder) === index)
    .sort();
}
